//! What an owner gives each partner: rules in Cedar, areas, and the agreement they belong to.
//!
//! A [`Policy`] is made of the files of one version ([`Files`]) and answers [`Policy::decide`]. It reads no clock: the
//! same files, subject and time give the same answer. Nothing is given that no rule permits; what a rule forbids takes
//! what is more with it; where the evaluation of a rule fails, nothing is given and the decision says so.
//! `docs/release.md` explains the language.
//!
//! Answers are kept. Rules can only compare (`language`), so subjects fall into kinds that no rule tells apart; each
//! kind is asked about once.

mod agreement;
mod areas;
mod ask;
mod fault;
mod files;
mod keys;
mod kind;
mod language;
pub mod review;
mod rules;
mod schedule;
pub mod shipped;
pub mod version;
mod withdraw;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use cedar_policy::{PolicyId, PolicySet, ValidationMode, Validator};
use geo::Time;
use wire::nearest;

use ask::{Asker, Grant, Question};
use kind::{FixedMap, Kind, Kinds, Seen};
use language::Uses;
use schedule::{Grants, Steps};

use crate::item::Label;
use crate::release::{Decision, Purpose, Subject, Tier};

pub use agreement::{Agreement, PARTNERS_MAX, SENSORS_MAX, instant};
pub use areas::{AREAS_MAX, Area, CORNERS_MAX, RADIUS_M_MAX, Spot};
pub use ask::{GUARD_ID, SCHEMA};
pub use fault::{Fault, PolicyError, Reason};
pub use files::{AGREEMENT, AREAS, FILE_BYTES_MAX, FILES_BYTES_MAX, FILES_MAX, Files, RULES, Text};
pub use kind::PHASES;
pub use rules::{DEPTH_MAX, HOLD_S_MAX, OPERATORS_MAX, RULE_BYTES_MAX, RULES_MAX, Rule};
pub use withdraw::{WITHDRAWN, Withdrawal};

/// How many kinds of subjects are remembered; then all are forgotten, and asked about anew.
pub const KINDS_KEPT_MAX: usize = 1 << 16;

/// One version of an owner's agreement, ready to decide.
///
/// It can be sent to another thread, but two threads do not share one: each makes its own of the same files.
#[derive(Debug)]
pub struct Policy {
    agreement: Agreement,
    rules: Vec<Rule>,
    areas: Vec<Area>,
    asker: Asker,
    grants: Grants,
    kinds: Kinds,
    /// The label of what goes to nobody.
    own: Arc<Label>,
    kept: RefCell<FixedMap<(Kind, Purpose), Arc<Given>>>,
}

/// What each partner is given of one kind of subject.
#[derive(Debug)]
struct Given {
    /// In the order of the partners.
    partners: Vec<(Steps, [Arc<Label>; 2])>,
}

impl Policy {
    /// Makes a policy of the files of a version. Errors: all that is wrong with them.
    pub fn new(files: &Files) -> Result<Self, PolicyError> {
        let mut faults = Vec::new();
        let agreement = match files.get(AGREEMENT) {
            Some(file) => agreement::read(file, &mut faults),
            None => {
                faults.push(Fault::whole(&AGREEMENT.into(), Reason::NoFile));
                None
            }
        };
        let areas = files
            .get(AREAS)
            .map_or(Vec::new(), |file| areas::read(file, &mut faults));
        let mut rules: Vec<Rule> = Vec::new();
        for file in files.rules() {
            rules.extend(rules::read(file, &mut faults));
        }
        if rules.len() > RULES_MAX {
            faults.push(Fault::whole(
                &AGREEMENT.into(),
                Reason::TooMany {
                    what: "rules",
                    max: RULES_MAX,
                },
            ));
        }
        names_differ(&rules, &mut faults);
        if let Some(agreement) = &agreement {
            are_known(&rules, agreement, &areas, &mut faults);
        }
        fits_schema(&rules, &mut faults);
        match agreement {
            Some(agreement) if faults.is_empty() => Ok(Self::of(agreement, rules, areas)),
            _ => {
                faults.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
                Err(PolicyError { faults })
            }
        }
    }

    fn of(agreement: Agreement, rules: Vec<Rule>, areas: Vec<Area>) -> Self {
        let mut uses = Uses::default();
        rules.iter().for_each(|rule| uses.extend(&rule.uses));
        let grant = |rule: &Rule| Grant {
            id: rule.id.clone(),
            hold_s: rule.hold_s,
            onward: rule.onward,
        };
        let permits = rules.iter().filter(|rule| rule.permits);
        Self {
            asker: Asker::new(&rules),
            grants: permits.map(|rule| (PolicyId::new(&rule.id), grant(rule))).collect(),
            kinds: Kinds::new(&uses, &areas, &agreement.sensors),
            own: Arc::new(label(
                &agreement,
                BTreeSet::from([agreement.owner.clone()]),
                false,
                false,
            )),
            kept: RefCell::default(),
            agreement,
            rules,
            areas,
        }
    }

    /// Who agrees on what.
    pub fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// Whose policy it is.
    pub fn owner(&self) -> &Arc<str> {
        &self.agreement.owner
    }

    /// Who can be given something.
    pub fn partners(&self) -> &[Arc<str>] {
        &self.agreement.partners
    }

    /// The rules, in the order of files and lines.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of a name.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| &*rule.id == id)
    }

    /// The named areas.
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// Whether what was given out once may not be given out some time later: only rules that speak of `age_s` can say
    /// so, since holds only end.
    pub fn can_expire(&self) -> bool {
        !self.kinds.ages_s.is_empty()
    }

    /// What a partner is given of a subject, for a purpose, now.
    ///
    /// A partner or a sensor that is not in the agreement gets nothing, and no error: who is asked must not learn more.
    pub fn decide(&self, partner: &str, purpose: Purpose, subject: &Subject, now: Time) -> Decision {
        let Some(index) = self.agreement.partners.iter().position(|known| **known == *partner) else {
            return self.decision(&schedule::never(), &self.own, subject, now);
        };
        let Some(given) = self.given(&subject.sensor, purpose, subject) else {
            return self.decision(&schedule::never(), &self.own, subject, now);
        };
        if subject.others.is_empty() {
            let (steps, labels) = &given.partners[index];
            return self.decision(steps, &labels[0], subject, now).with_onward(&labels[1]);
        }
        self.decide_together(index, given, purpose, subject, now)
    }

    /// What is made of plots of several sensors goes out only as far as each of them may.
    fn decide_together(
        &self,
        index: usize,
        first: Arc<Given>,
        purpose: Purpose,
        subject: &Subject,
        now: Time,
    ) -> Decision {
        let mut steps: Vec<Steps> = first.partners.iter().map(|(steps, _)| steps.clone()).collect();
        for sensor in &subject.others {
            let Some(given) = self.given(sensor, purpose, subject) else {
                return self.decision(&schedule::never(), &self.own, subject, now);
            };
            for (steps, (others, _)) in steps.iter_mut().zip(&given.partners) {
                *steps = schedule::least(steps, others);
            }
        }
        let labels = self.labels(&steps, subject.exercise);
        self.decision(&steps[index], &labels[index][0], subject, now)
            .with_onward(&labels[index][1])
    }

    /// What all partners are given of a subject, as far as one sensor goes; kept for its kind.
    fn given(&self, sensor: &Arc<str>, purpose: Purpose, subject: &Subject) -> Option<Arc<Given>> {
        let phase = subject.phase.as_deref();
        let kind = self.kinds.of(sensor, subject.place, phase, subject.exercise)?;
        if let Some(given) = self.kept.borrow().get(&(kind, purpose)) {
            return Some(given.clone());
        }
        let seen = self.kinds.seen(sensor, subject.place, phase, subject.exercise);
        let given = Arc::new(self.give(&seen, purpose));
        let mut kept = self.kept.borrow_mut();
        if kept.len() >= KINDS_KEPT_MAX {
            kept.clear();
        }
        kept.insert((kind, purpose), given.clone());
        Some(given)
    }

    fn give(&self, seen: &Seen, purpose: Purpose) -> Given {
        let steps: Vec<Steps> = self
            .agreement
            .partners
            .iter()
            .map(|partner| self.steps(partner, seen, purpose))
            .collect();
        let labels = self.labels(&steps, seen.exercise);
        Given {
            partners: steps.into_iter().zip(labels).collect(),
        }
    }

    fn steps(&self, partner: &Arc<str>, seen: &Seen, purpose: Purpose) -> Steps {
        if self.agreement.withdrawn.contains(partner) {
            return schedule::never();
        }
        let question = Question {
            partner,
            purpose: purpose.name(),
            seen,
            age_s: 0,
        };
        schedule::steps(&self.asker, &self.grants, &self.kinds.ages_s, &question)
    }

    /// The labels for each partner, without and with onward release. A release group is the owner and all to whom the
    /// policy gives the same at the same ages: what is in it, they all have, at the same time.
    fn labels(&self, steps: &[Steps], exercise: bool) -> Vec<[Arc<Label>; 2]> {
        let names = &self.agreement.partners;
        let group = |of: &Steps| {
            let alike = names
                .iter()
                .zip(steps)
                .filter(|(_, other)| schedule::are_alike(of, other));
            alike
                .map(|(name, _)| name.clone())
                .chain([self.agreement.owner.clone()])
                .collect::<BTreeSet<_>>()
        };
        let both = |of| [false, true].map(|onward| Arc::new(label(&self.agreement, group(of), exercise, onward)));
        steps.iter().map(both).collect()
    }

    fn decision(&self, steps: &Steps, label: &Arc<Label>, subject: &Subject, now: Time) -> Decision {
        let at = schedule::of_age(steps, age_ns(subject, now));
        let step = &steps[at];
        let again = schedule::more_ns(steps, at).map(|age_ns| subject.time.tai_ns().saturating_add(age_ns));
        Decision {
            tier: step.tier,
            tiers: step.tiers,
            hold_s: step.hold_s,
            onward: step.onward,
            because: step.because.clone(),
            stopped_by: step.stopped_by.clone(),
            label: if step.tier == Tier::Nothing {
                self.own.clone()
            } else {
                label.clone()
            },
            again: again.map(Time::from_tai_ns),
            failed: step.failed,
        }
    }
}

impl Decision {
    fn with_onward(mut self, label: &Arc<Label>) -> Self {
        if self.onward {
            self.label = label.clone();
        }
        self
    }
}

fn age_ns(subject: &Subject, now: Time) -> i64 {
    now.tai_ns().saturating_sub(subject.time.tai_ns())
}

fn label(agreement: &Agreement, releasable_to: BTreeSet<Arc<str>>, exercise: bool, onward: bool) -> Label {
    Label {
        policy: agreement.policy.clone(),
        classification: agreement.classification,
        releasable_to,
        exercise,
        onward,
    }
}

/// Notes rules of one name.
fn names_differ(rules: &[Rule], faults: &mut Vec<Fault>) {
    let mut known = BTreeSet::new();
    for rule in rules.iter().filter(|rule| !known.insert(rule.id.clone())) {
        faults.push(rule.fault(Reason::NameTwice));
    }
}

/// Notes partners, sensors and areas that are not there: a rule that forbids one of them would forbid nothing.
fn are_known(rules: &[Rule], agreement: &Agreement, areas: &[Area], faults: &mut Vec<Fault>) {
    let areas: Vec<Arc<str>> = areas.iter().map(|area| area.name.clone()).collect();
    for rule in rules {
        let kinds = [
            ("partner", &rule.uses.partners, &agreement.partners),
            ("sensor", &rule.uses.sensors, &agreement.sensors),
            ("area", &rule.uses.areas, &areas),
        ];
        for (kind, names, known) in kinds {
            for name in names
                .iter()
                .filter(|name| !known.iter().any(|known| **known == ***name))
            {
                let nearest = nearest(name, known.iter().map(|known| &**known)).map(Into::into);
                let name = name.chars().take(60).collect();
                faults.push(rule.fault(Reason::Unknown { kind, name, nearest }));
            }
        }
    }
}

/// Notes what the schema refuses, and what could not be read as it looks (mixed scripts, hidden directions).
fn fits_schema(rules: &[Rule], faults: &mut Vec<Fault>) {
    let validator = Validator::new(ask::schema().clone());
    for rule in rules {
        let Ok(alone) = PolicySet::from_policies([rule.policy.clone()]) else {
            continue;
        };
        let found = validator.validate(&alone, ValidationMode::Strict);
        for error in found.validation_errors() {
            faults.push(rule.fault(Reason::Schema(error.to_string())));
        }
        for warning in found.validation_warnings() {
            faults.push(rule.fault(Reason::Impossible(warning.to_string())));
        }
    }
}

impl Rule {
    fn fault(&self, reason: Reason) -> Fault {
        Fault {
            file: self.file.clone(),
            line: Some(self.line),
            at: Some(self.id.clone()),
            reason,
        }
    }
}

#[cfg(test)]
mod tests;
