//! What a partner is given of one kind of subject, from which age on.
//!
//! Rules can speak of age, and hold back. Both together are a list of steps: from this age on, this much. The list
//! depends on nothing but the version and the kind of subject, so it is made once and kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use cedar_policy::PolicyId;

use super::ask::{Answer, Asker, Grant, Question};
use super::kind::{FixedMap, samples};
use crate::release::{Tier, Tiers};

const NS_PER_S: i64 = 1_000_000_000;

/// What is given from an age on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    /// From this age on; the first step is from the beginning of time.
    pub from_ns: i64,
    pub tier: Tier,
    pub tiers: Tiers,
    pub hold_s: f64,
    pub onward: bool,
    pub because: Arc<[Arc<str>]>,
    pub stopped_by: Arc<[Arc<str>]>,
    pub failed: bool,
}

/// All steps, in the order of age.
pub(crate) type Steps = Vec<Step>;

/// What rules bring, by their names.
pub(crate) type Grants = FixedMap<PolicyId, Grant>;

/// The steps for one partner, one purpose and one kind of subject.
///
/// `ages_s` are the literals that rules compare the age with.
pub(crate) fn steps(asker: &Asker, grants: &Grants, ages_s: &[i64], question: &Question<'_>) -> Steps {
    steps_of(grants, ages_s, |age_s| asker.ask(&Question { age_s, ..*question }))
}

/// The steps that answers at ages come to.
pub(crate) fn steps_of(grants: &Grants, ages_s: &[i64], mut answers: impl FnMut(i64) -> [Answer; 4]) -> Steps {
    let mut steps = Steps::new();
    let mut from_ns = i64::MIN;
    for (i, sample) in samples(ages_s).iter().enumerate() {
        let until_ns = until_ns(ages_s, i);
        let Some(age_s) = *sample else {
            continue;
        };
        for step in within(&answers(age_s), grants, from_ns, until_ns) {
            if steps.last().is_none_or(|last| !last.is_as(&step)) {
                steps.push(step);
            }
        }
        from_ns = until_ns;
    }
    steps
}

/// Where a cell of the age ends: an age is a whole second from its beginning to its end.
fn until_ns(ages_s: &[i64], cell: usize) -> i64 {
    let (literal, into) = (ages_s.get(cell / 2), cell % 2);
    literal.map_or(i64::MAX, |literal| (literal + into as i64) * NS_PER_S)
}

/// What is given at one age, asked anew: the same as the step of that age says.
#[cfg(test)]
pub(crate) fn at(asker: &Asker, grants: &Grants, question: &Question<'_>, age_ns: i64) -> Step {
    let answers = asker.ask(&Question {
        age_s: age_ns.div_euclid(NS_PER_S),
        ..*question
    });
    step(&answers, grants, age_ns)
}

/// The steps of one cell: one at its beginning, one at the end of each hold-back in it.
fn within(answers: &[Answer; 4], grants: &Grants, from_ns: i64, until_ns: i64) -> Steps {
    let holds = answers
        .iter()
        .filter(|answer| answer.allows)
        .map(|answer| hold_ns(answer, grants));
    let mut ages: Vec<i64> = holds
        .filter(|age| from_ns < *age && *age < until_ns)
        .chain([from_ns])
        .collect();
    ages.sort_unstable();
    ages.dedup();
    ages.into_iter().map(|age| step(answers, grants, age)).collect()
}

/// The longest hold-back of the rules that permit: a rule that is added never shortens another's.
fn hold_s(answer: &Answer, grants: &Grants) -> f64 {
    granted(answer, grants).map(|grant| grant.hold_s).fold(0.0, f64::max)
}

/// The age at which a hold-back ends. Without one, a plot goes out whatever its sensor's clock says.
fn hold_ns(answer: &Answer, grants: &Grants) -> i64 {
    match hold_s(answer, grants) {
        0.0 => i64::MIN,
        hold_s => (hold_s * NS_PER_S as f64).round() as i64,
    }
}

fn granted<'g>(answer: &'g Answer, grants: &'g Grants) -> impl Iterator<Item = &'g Grant> {
    answer.rules.iter().filter_map(|id| grants.get(id))
}

/// What the answers come to at one age.
fn step(answers: &[Answer; 4], grants: &Grants, age_ns: i64) -> Step {
    let failed: BTreeMap<&str, ()> = answers
        .iter()
        .flat_map(|answer| &answer.failed)
        .map(|id| (AsRef::<str>::as_ref(id), ()))
        .collect();
    let nothing = Step {
        from_ns: age_ns,
        tier: Tier::Nothing,
        tiers: Tiers::default(),
        hold_s: 0.0,
        onward: false,
        because: Arc::new([]),
        stopped_by: failed.keys().map(|id| Arc::from(*id)).collect(),
        failed: !failed.is_empty(),
    };
    if nothing.failed {
        return nothing;
    }
    let mut step = nothing;
    for (tier, answer) in Tier::SOME.into_iter().zip(answers) {
        if answer.allows && hold_ns(answer, grants) <= age_ns {
            step.tier = tier;
            step.tiers.insert(tier);
            step.hold_s = hold_s(answer, grants);
            step.onward = granted(answer, grants).all(|grant| grant.onward);
            step.because = granted(answer, grants).map(|grant| grant.id.clone()).collect();
        } else if !answer.allows && !answer.rules.is_empty() {
            // What is forbidden takes what is more with it.
            step.stopped_by = answer
                .rules
                .iter()
                .map(|id| Arc::from(AsRef::<str>::as_ref(id)))
                .collect();
            break;
        }
    }
    step
}

impl Step {
    /// Whether it says the same as another, from another age on.
    pub(crate) fn is_as(&self, other: &Self) -> bool {
        Self {
            from_ns: 0,
            ..self.clone()
        } == Self {
            from_ns: 0,
            ..other.clone()
        }
    }

    /// What of it another owner's copy shares: a release group is of those who are given the same at the same ages.
    fn gives(&self) -> (i64, Tier, Tiers) {
        (self.from_ns, self.tier, self.tiers)
    }
}

/// The step of an age.
pub(crate) fn of_age(steps: &Steps, age_ns: i64) -> usize {
    steps.partition_point(|step| step.from_ns <= age_ns).saturating_sub(1)
}

/// Whether two partners are given the same at the same ages.
pub(crate) fn are_alike(a: &Steps, b: &Steps) -> bool {
    let gives = |steps: &Steps| {
        let mut list: Vec<_> = steps.iter().map(Step::gives).collect();
        list.dedup_by_key(|(_, tier, tiers)| (*tier, *tiers));
        list
    };
    gives(a) == gives(b)
}

/// The next age after a step at which more is given, as far as anything may follow.
pub(crate) fn more_ns(steps: &Steps, now: usize) -> Option<i64> {
    let tier = steps[now].tier;
    if tier >= Tier::Coarse {
        return None;
    }
    steps[now + 1..]
        .iter()
        .find(|step| step.tier > tier)
        .map(|step| step.from_ns)
}

/// As far as both go, for a subject of two sensors.
pub(crate) fn least(a: &Steps, b: &Steps) -> Steps {
    let mut ages: Vec<i64> = a.iter().chain(b).map(|step| step.from_ns).collect();
    ages.sort_unstable();
    ages.dedup();
    let mut least = Steps::new();
    for from_ns in ages {
        let (x, y) = (&a[of_age(a, from_ns)], &b[of_age(b, from_ns)]);
        let tiers = x.tiers.and(y.tiers);
        let tier = tiers.most_first().next().unwrap_or(Tier::Nothing);
        let low = if x.tier <= y.tier { x } else { y };
        let both = |of: fn(&Step) -> &Arc<[Arc<str>]>| {
            let mut all: Vec<Arc<str>> = of(x).iter().chain(of(y).iter()).cloned().collect();
            all.sort_unstable();
            all.dedup();
            all.into()
        };
        least.push(Step {
            from_ns,
            tier,
            tiers,
            hold_s: if tier == Tier::Nothing {
                0.0
            } else {
                x.hold_s.max(y.hold_s)
            },
            onward: tier != Tier::Nothing && x.onward && y.onward,
            because: if tier == Tier::Nothing {
                Arc::new([])
            } else {
                both(|step| &step.because)
            },
            stopped_by: if tier < low.tier {
                both(|step| &step.stopped_by)
            } else {
                low.stopped_by.clone()
            },
            failed: x.failed || y.failed,
        });
    }
    least
}

/// Nothing at any age.
pub(crate) fn never() -> Steps {
    vec![Step {
        from_ns: i64::MIN,
        tier: Tier::Nothing,
        tiers: Tiers::default(),
        hold_s: 0.0,
        onward: false,
        because: Arc::new([]),
        stopped_by: Arc::new([]),
        failed: false,
    }]
}
