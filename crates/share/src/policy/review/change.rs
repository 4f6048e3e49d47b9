//! What one version releases that another does not.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::super::Policy;
use super::super::schedule::{self, Steps};
use super::boxes::boxes;
use super::space::{PURPOSE, Point, ReviewError, Space};
use super::words;
use crate::release::Tier;

/// One way in which what a partner is given changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whom it is given to.
    pub partner: Arc<str>,
    /// Of what, in words.
    pub what: String,
    /// What is given by the first version, in words.
    pub before: String,
    /// What is given by the second.
    pub after: String,
}

/// All that changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What is newly released: more, sooner, or to be given on.
    pub more: Vec<Change>,
    /// What is no longer, later, or less.
    pub less: Vec<Change>,
    /// What changes of the agreement itself, in words.
    pub agreement: Vec<String>,
}

impl fmt::Display for Change {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            to,
            "{}: {}: {} (was: {})",
            self.partner, self.what, self.after, self.before
        )
    }
}

/// Compares two versions: all kinds of subjects, all partners, all ages. Errors: [`ReviewError`].
pub fn changes(before: &Policy, after: &Policy) -> Result<Changes, ReviewError> {
    let space = Space::new(&[before, after])?;
    let mut partners: Vec<Arc<str>> = before.partners().iter().chain(after.partners()).cloned().collect();
    partners.sort_unstable();
    partners.dedup();
    let mut changes = Changes {
        agreement: of_agreement(before, after),
        ..Changes::default()
    };
    for partner in partners {
        let mut more: BTreeMap<(String, String), Vec<Point>> = BTreeMap::new();
        let mut less = more.clone();
        for point in space.points() {
            let [old, new] =
                [(before, 0), (after, 1)].map(|(policy, version)| given(policy, &space, &point, version, &partner));
            let gains = is_more(&old, &new);
            if gains || is_more(&new, &old) {
                let list = if gains { &mut more } else { &mut less };
                list.entry((words::of_steps(&old), words::of_steps(&new)))
                    .or_default()
                    .push(point);
            }
        }
        changes.more.extend(told(&space, &partner, more));
        changes.less.extend(told(&space, &partner, less));
    }
    Ok(changes)
}

fn given(policy: &Policy, space: &Space, point: &Point, version: usize, partner: &Arc<str>) -> Steps {
    let purpose = space.purposes[usize::from(point[PURPOSE])];
    match space.seen(point, version) {
        Some(seen) if policy.partners().contains(partner) => policy.steps(partner, &seen, purpose),
        _ => schedule::never(),
    }
}

/// Whether at some age something is given by the second that the first does not give.
fn is_more(first: &Steps, second: &Steps) -> bool {
    let ages = first.iter().chain(second).map(|step| step.from_ns);
    ages.into_iter().any(|age| {
        let (a, b) = (
            &first[schedule::of_age(first, age)],
            &second[schedule::of_age(second, age)],
        );
        b.tiers.and(a.tiers) != b.tiers || (b.onward && !a.onward && b.tier > Tier::Nothing)
    })
}

fn told(space: &Space, partner: &Arc<str>, list: BTreeMap<(String, String), Vec<Point>>) -> Vec<Change> {
    let mut changes = Vec::new();
    for ((before, after), points) in list {
        for kinds in boxes(&points) {
            changes.push(Change {
                partner: partner.clone(),
                what: words::of_box(space, &kinds),
                before: before.clone(),
                after: after.clone(),
            });
        }
    }
    changes
}

fn of_agreement(before: &Policy, after: &Policy) -> Vec<String> {
    let (old, new) = (before.agreement(), after.agreement());
    let mut words = Vec::new();
    let mut differ = |what: &str, old: &str, new: &str| {
        if old != new {
            words.push(format!("{what}: {new} (was: {old})"));
        }
    };
    differ("owner", &old.owner, &new.owner);
    differ("policy", &old.policy, &new.policy);
    differ("classification", old.classification.name(), new.classification.name());
    let list = |names: &[Arc<str>]| names.join(", ");
    differ("partners", &list(&old.partners), &list(&new.partners));
    differ("withdrawn", &list(&old.withdrawn), &list(&new.withdrawn));
    differ("sensors", &list(&old.sensors), &list(&new.sensors));
    words
}
