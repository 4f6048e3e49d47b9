//! Items of other owners that may be given on: with their owner's seal, unchanged.

use std::sync::Arc;

use wire::messages::{Claim, Message};

use crate::encode::label_of;
use crate::seal::{self, Context};

/// Whether an item that came from one partner may be given on to another: its owner granted it, and names that
/// partner. The seal was verified when the item came.
pub fn is_for(sealed: &[u8], from: &str, to: &str, me: &str) -> bool {
    let claim = seal::peek(sealed, Context::Item)
        .ok()
        .and_then(|(_, payload)| Claim::decode(&payload[..]).ok());
    let Some(claim) = claim else { return false };
    let label = claim.label.and_then(|label| label_of(label).ok());
    label.is_some_and(|label| {
        let to: Arc<str> = to.into();
        label.onward && label.releasable_to.contains(&to) && claim.owner != *to && claim.owner != me && from != &*to
    })
}
