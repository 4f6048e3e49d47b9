//! Items as octets, and back with every limit checked.
//!
//! An item has one form as octets: what decodes to it in another is refused, so that nobody can send the same plot
//! twice under two names.

mod check;
mod label;
mod plot;
mod report;
mod sensor;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use sha2::{Digest, Sha256};
use wire::messages::{self, Message};

pub use check::ItemError;
pub(crate) use label::{label_of, label_to};

use crate::item::{Body, Item, ItemId};

/// Octets of the longest body.
pub const BODY_OCTETS_MAX: usize = 8 * 1024;
/// Corners of the largest ground area.
pub const CORNERS_MAX: usize = 256;
/// Owners to whom one item may be releasable.
pub const OWNERS_MAX: usize = 16;

/// Returns the octets of a body.
pub fn body_octets(body: &Body) -> Vec<u8> {
    let item = match body {
        Body::Sensor(sensor) => messages::Item::Sensor(sensor::to_wire(sensor)),
        Body::Plot(plot) => messages::Item::Plot(plot::to_wire(plot)),
        Body::Coarse(coarse) => messages::Item::Coarse(report::coarse_to(coarse)),
        Body::Track(track) => messages::Item::Track(report::track_to(track)),
        Body::Warning(warning) => messages::Item::Warning(report::warning_to(warning)),
    };
    messages::Body { item: Some(item) }.encode_to_vec()
}

/// Returns the body that octets are of.
///
/// Errors: [`ItemError`], which names field and value; also for octets that are not the one form of what they say.
pub fn body_of(octets: &[u8]) -> Result<Body, ItemError> {
    if octets.len() > BODY_OCTETS_MAX {
        return Err(ItemError::TooLong {
            field: "body",
            octets: octets.len(),
            octets_max: BODY_OCTETS_MAX,
        });
    }
    let message = messages::Body::decode(octets)?;
    if message.encoded_len() != octets.len() || message.encode_to_vec() != octets {
        return Err(ItemError::OtherForm);
    }
    Ok(match message.item.ok_or(ItemError::Missing { field: "item" })? {
        messages::Item::Sensor(sensor) => Body::Sensor(Box::new(sensor::of_wire(sensor)?)),
        messages::Item::Plot(plot) => Body::Plot(Box::new(plot::of_wire(plot)?)),
        messages::Item::Coarse(coarse) => Body::Coarse(report::coarse_of(&coarse)?),
        messages::Item::Track(track) => Body::Track(Box::new(report::track_of(track)?)),
        messages::Item::Warning(warning) => Body::Warning(report::warning_of(warning)?),
    })
}

/// Names an item by its owner and the octets of its body.
pub fn item_id(origin: &str, body_octets: &[u8]) -> ItemId {
    let mut digest = Sha256::new();
    digest.update(b"trilat/v1/item\0");
    digest.update([u8::try_from(origin.len()).unwrap_or(u8::MAX)]);
    digest.update(origin);
    digest.update(body_octets);
    let digest = digest.finalize();
    ItemId(std::array::from_fn(|at| digest[at]))
}

impl Item {
    /// Names the item by its content: its owner and body.
    pub fn id(&self) -> ItemId {
        item_id(&self.origin, &body_octets(&self.body))
    }

    /// When it was measured, or what it says holds; for a sensor, which has no time, the beginning.
    pub fn time(&self) -> geo::Time {
        self.body.time()
    }
}

impl Body {
    /// When it was measured, or what it says holds; for a sensor, which has no time, the beginning.
    pub fn time(&self) -> geo::Time {
        match self {
            Self::Sensor(_) => geo::Time::from_tai_ns(0),
            Self::Plot(plot) => plot.time,
            Self::Coarse(coarse) => coarse.time,
            Self::Track(track) => track.time,
            Self::Warning(warning) => warning.time,
        }
    }
}

/// Takes a name out of a message.
fn name(field: &'static str, text: String) -> Result<Arc<str>, ItemError> {
    check::name(field, &text)?;
    Ok(text.into())
}
