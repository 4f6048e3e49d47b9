//! What `trilat policy` prints.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use share::policy::Policy;
use share::policy::review::{Change, Changes, Finding};
use share::policy::version::Version;
use share::release::{Decision, Subject, Tier};

use crate::args::ExplainArgs;

/// What a check found.
#[derive(Clone, Debug, Serialize)]
pub struct CheckOutput {
    owner: String,
    version: u32,
    rules: usize,
    /// Unreachable rules and contradictions.
    mistakes: Vec<FindingOutput>,
    /// What may be meant so.
    remarks: Vec<FindingOutput>,
    /// With `--against` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<ChangesOutput>,
}

#[derive(Clone, Debug, Serialize)]
struct FindingOutput {
    file: String,
    line: Option<usize>,
    at: String,
    problem: String,
}

#[derive(Clone, Debug, Serialize)]
struct ChangesOutput {
    newly_released: Vec<ChangeOutput>,
    no_longer_released: Vec<ChangeOutput>,
    agreement: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct ChangeOutput {
    partner: String,
    what: String,
    before: String,
    after: String,
}

impl CheckOutput {
    /// Gathers what was found.
    pub fn new(policy: &Policy, found: &[Finding], changes: Option<&Changes>) -> Self {
        let of = |are_mistakes: bool| {
            let found = found
                .iter()
                .filter(|finding| finding.problem.is_mistake() == are_mistakes);
            found
                .map(|finding| FindingOutput {
                    file: finding.file.to_string(),
                    line: finding.line,
                    at: finding.at.to_string(),
                    problem: finding.problem.to_string(),
                })
                .collect()
        };
        let list = |changes: &[Change]| changes.iter().map(ChangeOutput::new).collect();
        Self {
            owner: policy.owner().to_string(),
            version: policy.agreement().version,
            rules: policy.rules().len(),
            mistakes: of(true),
            remarks: of(false),
            change: changes.map(|changes| ChangesOutput {
                newly_released: list(&changes.more),
                no_longer_released: list(&changes.less),
                agreement: changes.agreement.clone(),
            }),
        }
    }

    /// For programs.
    pub fn to_json(&self) -> serde_json::Result<String> {
        json(self)
    }

    /// For people.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "Version {} of {}: {} rules can be used.\n",
            self.version, self.owner, self.rules
        );
        let mut list = |title: &str, lines: Vec<String>| {
            if !lines.is_empty() {
                text.push_str(&format!("\n{title}\n"));
                lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
            }
        };
        list("Mistakes:", self.mistakes.iter().map(FindingOutput::to_text).collect());
        list(
            "Remarks (they may be meant so):",
            self.remarks.iter().map(FindingOutput::to_text).collect(),
        );
        let Some(change) = &self.change else {
            return text;
        };
        list(
            "Newly released:",
            change.newly_released.iter().map(ChangeOutput::to_text).collect(),
        );
        list(
            "No longer released:",
            change.no_longer_released.iter().map(ChangeOutput::to_text).collect(),
        );
        list("The agreement itself:", change.agreement.clone());
        if change.newly_released.is_empty() {
            text.push_str("\nNothing is newly released.\n");
        }
        text
    }
}

impl FindingOutput {
    fn to_text(&self) -> String {
        let line = self.line.map_or(String::new(), |line| format!(":{line}"));
        format!("{}{line}: {}: {}", self.file, self.at, self.problem)
    }
}

impl ChangeOutput {
    fn new(change: &Change) -> Self {
        Self {
            partner: change.partner.to_string(),
            what: change.what.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
        }
    }

    fn to_text(&self) -> String {
        format!("{}: {}: {} (was: {})", self.partner, self.what, self.after, self.before)
    }
}

/// What becomes of plots.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainOutput {
    partner: String,
    purpose: String,
    /// How many plots of each tier.
    tiers: BTreeMap<&'static str, usize>,
    plots: Vec<DecidedOutput>,
}

/// What becomes of one plot, and why.
#[derive(Clone, Debug, Serialize)]
pub struct DecidedOutput {
    time: String,
    sensor: String,
    tier: &'static str,
    /// The tiers that are permitted, most first; a plot without a full position cannot be coarse.
    permitted: Vec<&'static str>,
    hold_s: f64,
    onward: bool,
    /// When more of it is given, if ever.
    again: Option<String>,
    because: Vec<RuleOutput>,
    stopped_by: Vec<RuleOutput>,
    releasable_to: Vec<String>,
    /// In words.
    why: String,
}

/// A rule, and where it stands.
#[derive(Clone, Debug, Serialize)]
struct RuleOutput {
    rule: String,
    file: Option<String>,
    line: Option<usize>,
}

impl DecidedOutput {
    /// Puts a decision into words.
    pub fn new(policy: &Policy, partner: &str, subject: &Subject, decision: &Decision) -> Self {
        let rules = |ids: &[std::sync::Arc<str>]| -> Vec<RuleOutput> {
            let one = |id: &std::sync::Arc<str>| {
                let rule = policy.rule(id);
                RuleOutput {
                    rule: id.to_string(),
                    file: rule.map(|rule| rule.file.to_string()),
                    line: rule.map(|rule| rule.line),
                }
            };
            ids.iter().map(one).collect()
        };
        let mut output = Self {
            time: subject.time.to_string(),
            sensor: subject.sensor.to_string(),
            tier: decision.tier.name(),
            permitted: decision.tiers.most_first().map(Tier::name).collect(),
            hold_s: decision.hold_s,
            onward: decision.onward,
            again: decision.again.map(|time| time.to_string()),
            because: rules(&decision.because),
            stopped_by: rules(&decision.stopped_by),
            releasable_to: decision.label.releasable_to.iter().map(ToString::to_string).collect(),
            why: String::new(),
        };
        output.why = output.words(policy, partner, decision);
        output
    }

    fn words(&self, policy: &Policy, partner: &str, decision: &Decision) -> String {
        let agreement = policy.agreement();
        let list = |rules: &[RuleOutput]| rules.iter().map(RuleOutput::to_text).collect::<Vec<_>>().join(", ");
        let mut words = Vec::new();
        if decision.failed {
            words.push(format!("the evaluation of {} failed", list(&self.stopped_by)));
        } else if agreement.withdrawn.iter().any(|name| **name == *partner) {
            words.push("the partner is withdrawn (agreement.toml)".into());
        } else if !agreement.sensors.iter().any(|name| **name == *self.sensor) {
            words.push("the sensor is not under the agreement (agreement.toml)".into());
        } else {
            match decision.tier {
                Tier::Nothing if self.again.is_some() => {}
                Tier::Nothing if self.stopped_by.is_empty() => words.push("no rule permits it".into()),
                Tier::Nothing => {}
                _ => words.push(format!("by {}", list(&self.because))),
            }
            if !self.stopped_by.is_empty() {
                let more = if decision.tier == Tier::Nothing {
                    "stopped by"
                } else {
                    "no more because of"
                };
                words.push(format!("{more} {}", list(&self.stopped_by)));
            }
        }
        if decision.hold_s > 0.0 {
            words.push(format!("held back {} s", decision.hold_s));
        }
        words.extend(self.again.as_ref().map(|time| format!("more at {time}")));
        words.join("; ")
    }
}

impl RuleOutput {
    fn to_text(&self) -> String {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => format!("{:?} ({file}:{line})", self.rule),
            _ => format!("{:?}", self.rule),
        }
    }
}

impl ExplainOutput {
    /// Gathers decisions.
    pub fn new(args: &ExplainArgs, plots: Vec<DecidedOutput>) -> Self {
        let mut tiers = BTreeMap::new();
        for plot in &plots {
            *tiers.entry(plot.tier).or_default() += 1;
        }
        Self {
            partner: args.partner.clone(),
            purpose: args.purpose.name().to_owned(),
            tiers,
            plots,
        }
    }

    /// For programs.
    pub fn to_json(&self) -> serde_json::Result<String> {
        json(self)
    }

    /// For people.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for plot in &self.plots {
            text.push_str(&format!(
                "{}  {}  {}: {}\n",
                plot.time, plot.sensor, plot.tier, plot.why
            ));
        }
        let counts: Vec<String> = self
            .tiers
            .iter()
            .map(|(tier, count)| format!("{count} {tier}"))
            .collect();
        text.push_str(&format!(
            "\n{} for {}: {}\n",
            self.partner,
            self.purpose,
            counts.join(", ")
        ));
        text
    }
}

/// What was signed.
#[derive(Clone, Debug, Serialize)]
pub struct SignedOutput {
    file: String,
    version: u32,
    dated: String,
    from: String,
    signer: String,
    hash: String,
}

impl SignedOutput {
    /// Says what was signed.
    pub fn new(version: &Version, file: &Path) -> Self {
        Self {
            file: file.display().to_string(),
            version: version.number,
            dated: version.dated.to_string(),
            from: version.from.to_string(),
            signer: version.signer.to_string(),
            hash: version.hash.to_string(),
        }
    }

    /// For programs.
    pub fn to_json(&self) -> serde_json::Result<String> {
        json(self)
    }

    /// For people.
    pub fn to_text(&self) -> String {
        format!(
            "Signed version {} by {}, in force from {}: {}\n  {}\n",
            self.version, self.signer, self.from, self.file, self.hash
        )
    }
}

fn json(output: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string_pretty(output).map(|text| text + "\n")
}
