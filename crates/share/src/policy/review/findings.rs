//! Rules that say nothing, contradict each other, or leave open what they seem to close.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use cedar_policy::PolicyId;

use super::super::ask::{Answer, Asker, Question};
use super::super::schedule::{self, Steps};
use super::super::{Policy, Rule};
use super::space::{PLACE, PURPOSE, Point, ReviewError, Space};
use crate::release::{Purpose, Tier};

/// Something that a review found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In which file.
    pub file: Arc<str>,
    /// On which line, where a rule is meant.
    pub line: Option<usize>,
    /// Which rule, area or partner.
    pub at: Arc<str>,
    /// What.
    pub problem: Problem,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No subject meets the rule's condition.
    Unreachable,
    /// Met for a purpose only that no node gives anything for.
    NotAsked,
    /// A permit that is always forbidden, and by what.
    Contradiction {
        /// The rules that forbid it.
        by: Vec<Arc<str>>,
    },
    /// A permit that never decides: others always permit more.
    NeverDecides,
    /// A forbid that forbids only what nothing permits.
    ForbidsNothing,
    /// A permit whose hold-back is never the one that counts.
    HoldNeverCounts {
        /// How long it says.
        hold_s: String,
    },
    /// A forbid about places: what is at an unknown place passes it, and is given.
    UnknownPlacePasses {
        /// The rules that give it.
        by: Vec<Arc<str>>,
    },
    /// A plot is held back longer than its coarse form, and so is never given.
    CoarseFirst,
    /// A tier that a partner never reaches.
    TierNeverReached {
        /// Which.
        tier: Tier,
    },
    /// A partner is given nothing at all.
    PartnerGetsNothing,
    /// An area that no rule names.
    AreaUnused,
}

impl Problem {
    /// Whether it is surely a mistake; else it may be meant so.
    pub fn is_mistake(&self) -> bool {
        matches!(self, Self::Unreachable | Self::Contradiction { .. })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(to, ":{line}")?;
        }
        write!(to, ": {}: {}", self.at, self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable => write!(
                to,
                "unreachable: no subject meets its condition; correct it, or remove it"
            ),
            Self::NotAsked => write!(
                to,
                "releases and stops nothing: it is not for {}, and nodes give what they give for that; leave the \
                 purpose out",
                Purpose::OF_NODES
            ),
            Self::Contradiction { by } => write!(
                to,
                "contradiction: all it permits is forbidden by {}; remove one, or make the forbid narrower",
                list(by)
            ),
            Self::NeverDecides => write!(
                to,
                "never decides how much goes out: other rules always permit more; it counts for what is less only"
            ),
            Self::ForbidsNothing => write!(to, "forbids only what nothing permits; keep it if that may change"),
            Self::HoldNeverCounts { hold_s } => {
                write!(
                    to,
                    "its hold of {hold_s} s never counts: where it permits, a rule with a longer one does, too"
                )
            }
            Self::UnknownPlacePasses { by } => write!(
                to,
                "a plot without a known place passes it, and is given by {}; forbid it with `unless {{ resource.located }}`",
                list(by)
            ),
            Self::CoarseFirst => write!(
                to,
                "its plots are held back longer than their coarse form, which goes out first, so they are never given \
                 (no measurement is given twice); hold the coarse form back as long, or forbid it"
            ),
            Self::TierNeverReached { tier } => write!(to, "is never given: {tier}"),
            Self::PartnerGetsNothing => write!(to, "is given nothing at all"),
            Self::AreaUnused => write!(to, "no rule names this area"),
        }
    }
}

fn list(names: &[Arc<str>]) -> String {
    names
        .iter()
        .map(|name| format!("{name:?}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// What is known of one rule after all kinds were gone through.
#[derive(Clone, Debug, Default)]
struct Record {
    met: bool,
    /// For the purpose of nodes.
    met_by_nodes: bool,
    /// A permit that somewhere is not forbidden; a forbid that somewhere forbids what is permitted.
    acts: bool,
    decides: bool,
    hold_counts: bool,
    forbidden_by: BTreeSet<Arc<str>>,
    met_without_place: bool,
    /// The least tier that a forbid is about.
    from: Option<Tier>,
}

/// Goes through all kinds of subjects. Errors: [`ReviewError`].
pub fn findings(policy: &Policy) -> Result<Vec<Finding>, ReviewError> {
    let space = Space::new(&[policy])?;
    let mut seen = Seen::new(policy);
    for point in space.points() {
        seen.look(&space, &point);
    }
    let mut found = seen.of_rules();
    found.extend(seen.of_partners());
    let used: BTreeSet<&str> = policy.kinds.areas.iter().map(|area| &*area.name).collect();
    let unused = policy.areas.iter().filter(|area| !used.contains(&*area.name));
    found.extend(unused.map(|area| Finding {
        file: super::super::AREAS.into(),
        line: None,
        at: area.name.clone(),
        problem: Problem::AreaUnused,
    }));
    Ok(found)
}

/// What was seen so far.
struct Seen<'a> {
    policy: &'a Policy,
    permits: Asker,
    forbids: Asker,
    records: BTreeMap<PolicyId, Record>,
    /// Per partner, the tiers that were reached.
    reached: BTreeMap<Arc<str>, BTreeSet<Tier>>,
    coarse_first: BTreeSet<Arc<str>>,
    /// What is given at an unknown place, and the most of it.
    given_without_place: BTreeMap<Arc<str>, Tier>,
}

impl<'a> Seen<'a> {
    fn new(policy: &'a Policy) -> Self {
        Self {
            policy,
            permits: Asker::new(policy.rules.iter().filter(|rule| rule.permits)),
            forbids: Asker::new(policy.rules.iter().filter(|rule| !rule.permits)),
            records: policy
                .rules
                .iter()
                .map(|rule| (PolicyId::new(&rule.id), Record::default()))
                .collect(),
            reached: policy
                .partners()
                .iter()
                .map(|partner| (partner.clone(), BTreeSet::new()))
                .collect(),
            coarse_first: BTreeSet::new(),
            given_without_place: BTreeMap::new(),
        }
    }

    fn look(&mut self, space: &Space, point: &Point) {
        let Some(seen) = space.seen(point, 0) else {
            return;
        };
        let is_placed = !space.is_unknown_place(point[PLACE]);
        let purpose = space.purposes[usize::from(point[PURPOSE])];
        let (is_of_nodes, purpose) = (purpose == Purpose::OF_NODES, purpose.name());
        for partner in self.policy.partners() {
            let (grants, ages_s) = (&self.policy.grants, &self.policy.kinds.ages_s);
            let steps = schedule::steps_of(grants, ages_s, |age_s| {
                let question = Question {
                    partner,
                    purpose,
                    seen: &seen,
                    age_s,
                };
                let (permits, forbids) = (self.permits.ask(&question), self.forbids.ask(&question));
                record(&mut self.records, &permits, &forbids, (is_placed, is_of_nodes));
                joined(permits, forbids)
            });
            if is_of_nodes && !self.policy.agreement.withdrawn.contains(partner) {
                self.note(partner, &steps, is_placed);
            }
        }
    }

    fn note(&mut self, partner: &Arc<str>, steps: &Steps, is_placed: bool) {
        let mut coarse = false;
        for step in steps {
            if coarse && step.tier == Tier::Plot {
                self.coarse_first.insert(partner.clone());
            } else {
                self.reached
                    .entry(partner.clone())
                    .or_default()
                    .extend(step.tiers.most_first());
            }
            coarse |= step.tier == Tier::Coarse;
            for id in step.because.iter() {
                if let Some(record) = self.records.get_mut(&PolicyId::new(id)) {
                    record.decides = true;
                    let own_s = self.policy.rule(id).map_or(0.0, |rule| rule.hold_s);
                    record.hold_counts |= own_s >= step.hold_s;
                }
                if !is_placed {
                    let most = self.given_without_place.entry(id.clone()).or_insert(step.tier);
                    *most = step.tier.max(*most);
                }
            }
        }
    }

    fn of_rules(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for rule in &self.policy.rules {
            let Some(record) = self.records.get(&PolicyId::new(&rule.id)) else {
                continue;
            };
            let problem = if !record.met {
                Some(Problem::Unreachable)
            } else if !record.met_by_nodes {
                Some(Problem::NotAsked)
            } else if rule.permits {
                of_permit(rule, record)
            } else if !record.acts {
                Some(Problem::ForbidsNothing)
            } else {
                let is_about_places = !rule.uses.areas.is_empty() || !rule.uses.heights_m.is_empty();
                let given = self
                    .given_without_place
                    .iter()
                    .filter(|(_, most)| Some(**most) >= record.from);
                let by: Vec<Arc<str>> = given.map(|(id, _)| id.clone()).collect();
                let passes = is_about_places && !record.met_without_place && !by.is_empty();
                passes.then_some(Problem::UnknownPlacePasses { by })
            };
            found.extend(problem.map(|problem| Finding {
                file: rule.file.clone(),
                line: Some(rule.line),
                at: rule.id.clone(),
                problem,
            }));
        }
        found
    }

    fn of_partners(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for (partner, reached) in &self.reached {
            let mut note = |problem| {
                let file = super::super::AGREEMENT.into();
                found.push(Finding {
                    file,
                    line: None,
                    at: partner.clone(),
                    problem,
                });
            };
            if reached.is_empty() {
                note(Problem::PartnerGetsNothing);
                continue;
            }
            for tier in Tier::SOME.into_iter().filter(|tier| !reached.contains(tier)) {
                note(Problem::TierNeverReached { tier });
            }
            if self.coarse_first.contains(partner) {
                note(Problem::CoarseFirst);
            }
        }
        found
    }
}

fn of_permit(rule: &Rule, record: &Record) -> Option<Problem> {
    if !record.acts {
        let by = record.forbidden_by.iter().cloned().collect();
        Some(Problem::Contradiction { by })
    } else if !record.decides {
        Some(Problem::NeverDecides)
    } else if !record.hold_counts && rule.hold_s > 0.0 {
        Some(Problem::HoldNeverCounts {
            hold_s: rule.hold_s.to_string(),
        })
    } else {
        None
    }
}

fn record(
    records: &mut BTreeMap<PolicyId, Record>,
    permits: &[Answer; 4],
    forbids: &[Answer; 4],
    (is_placed, is_of_nodes): (bool, bool),
) {
    let mut forbidden: BTreeSet<PolicyId> = BTreeSet::new();
    for tier in 0..4 {
        for id in &forbids[tier].rules {
            forbidden.insert(id.clone());
            if let Some(record) = records.get_mut(id) {
                record.met = true;
                record.met_by_nodes |= is_of_nodes;
                record.met_without_place |= !is_placed;
                let tier = Tier::SOME[tier];
                record.from = Some(record.from.map_or(tier, |from| from.min(tier)));
            }
        }
        for id in &permits[tier].rules {
            if let Some(record) = records.get_mut(id) {
                record.met = true;
                record.met_by_nodes |= is_of_nodes;
                record.acts |= forbidden.is_empty();
                record
                    .forbidden_by
                    .extend(forbidden.iter().map(|id| Arc::from(AsRef::<str>::as_ref(id))));
            }
        }
        if !permits[tier].rules.is_empty() {
            for id in &forbidden {
                if let Some(record) = records.get_mut(id) {
                    record.acts = true;
                }
            }
        }
    }
}

/// What both answers come to together, as Cedar would say it of all rules at once.
fn joined(permits: [Answer; 4], forbids: [Answer; 4]) -> [Answer; 4] {
    let mut forbids = forbids.into_iter();
    permits.map(|permit| {
        let forbid = forbids.next().unwrap_or_default();
        let failed = permit.failed.into_iter().chain(forbid.failed).collect();
        if forbid.rules.is_empty() {
            Answer {
                allows: permit.allows,
                rules: permit.rules,
                failed,
            }
        } else {
            Answer {
                allows: false,
                rules: forbid.rules,
                failed,
            }
        }
    })
}
