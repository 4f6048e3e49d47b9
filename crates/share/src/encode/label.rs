//! The label of an item, as a message and back.

use wire::messages;

use super::{ItemError, OWNERS_MAX, check, name};
use crate::item::{Classification, Label};

/// Levels of classification, by their number in messages.
const LEVELS: [Classification; 4] = [
    Classification::Unclassified,
    Classification::Restricted,
    Classification::Confidential,
    Classification::Secret,
];

/// The label as a message.
pub(crate) fn label_to(label: &Label) -> messages::Label {
    let level = LEVELS.iter().position(|level| *level == label.classification);
    messages::Label {
        policy: label.policy.to_string(),
        classification: level.unwrap_or_default() as u32,
        releasable_to: label.releasable_to.iter().map(|owner| owner.to_string()).collect(),
        exercise: label.exercise,
        onward: label.onward,
    }
}

/// The label of a message. Errors: [`ItemError`].
pub(crate) fn label_of(label: messages::Label) -> Result<Label, ItemError> {
    let owners = label.releasable_to.len();
    check::count("releasable_to", owners, owners <= OWNERS_MAX, "at most 16")?;
    let ascends = label.releasable_to.is_sorted_by(|one, next| one < next);
    check::count("releasable_to", owners, ascends, "each once, ascending")?;
    let level = usize::try_from(label.classification).ok().and_then(|at| LEVELS.get(at));
    let classification = level.ok_or(ItemError::Number {
        field: "classification",
        value: f64::from(label.classification),
        expected: "0, 1, 2 or 3",
    })?;
    Ok(Label {
        policy: name("policy", label.policy)?,
        classification: *classification,
        releasable_to: label
            .releasable_to
            .into_iter()
            .map(|owner| name("releasable_to", owner))
            .collect::<Result<_, _>>()?,
        exercise: label.exercise,
        onward: label.onward,
    })
}
