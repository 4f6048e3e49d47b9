//! An owner's old root key gives way to a new one, by its own signature.
//!
//! ```text
//!   COSE_Sign1 by the old root, context trilat/v1/handover, over
//!   [ 1,              format
//!     owner,          text
//!     from,           32 octets: the old root
//!     to,             32 octets: the new root
//!     at ]            TAI nanoseconds since 1970
//! ```
//!
//! A roster carries all of them, so a partner that missed the change can follow from the root it knows to the one that
//! signs now.

use std::sync::Arc;

use coset::cbor::value::Value;
use geo::Time;

use super::cbor::{Fields, bytes, instant, text, to_octets, uint};
use super::{Roster, RosterError};
use crate::identity::{NodeKey, NodePublic};
use crate::seal::{self, Context};

/// The statement by which one root key gives way to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// Whose keys they are.
    pub owner: Arc<str>,
    /// The key that gives way, and signs this.
    pub from: NodePublic,
    /// The key that follows.
    pub to: NodePublic,
    /// When it was signed.
    pub at: Time,
    octets: Arc<[u8]>,
}

impl Handover {
    /// Hands over from one root key to another.
    ///
    /// Errors: [`RosterError::Form`], [`RosterError::Seal`]: faults of the program.
    pub fn seal(owner: &str, from: &NodeKey, to: NodePublic, at: Time) -> Result<Self, RosterError> {
        let fields = vec![
            uint(super::cbor::FORMAT),
            text(owner),
            bytes(from.public().octets()),
            bytes(to.octets()),
            instant(at),
        ];
        let octets = seal::seal(from, Context::Handover, &to_octets(&Value::Array(fields))?)?;
        Self::open(&octets)
    }

    /// Reads a statement that the key named in it signed.
    ///
    /// Errors: [`RosterError`].
    pub(super) fn open(octets: &[u8]) -> Result<Self, RosterError> {
        let (_, payload) = seal::peek(octets, Context::Handover)?;
        let mut fields = Fields::read(&payload, "handover")?;
        let handover = Self {
            owner: fields.text("owner")?.into(),
            from: fields.key("from")?,
            to: fields.key("to")?,
            at: fields.instant("at")?,
            octets: octets.into(),
        };
        fields.end()?;
        seal::open(octets, &handover.from, Context::Handover)?;
        Ok(handover)
    }

    /// The signed octets.
    pub(super) fn octets(&self) -> &[u8] {
        &self.octets
    }
}

/// Whether the handovers of a roster form one way, of its owner, that ends at its root and comes by no key twice.
pub(super) fn check(roster: &Roster) -> Result<(), RosterError> {
    let wrong = |what| {
        let (owner, root) = (roster.owner.to_string(), roster.root.id());
        Err(RosterError::Handover { owner, root, what })
    };
    let handovers = &roster.handovers;
    if handovers.iter().any(|handover| handover.owner != roster.owner) {
        return wrong("one is of another owner");
    }
    if handovers.iter().any(|handover| handover.at > roster.issued) {
        return wrong("one is later than the roster");
    }
    if !handovers.windows(2).all(|pair| pair[0].to == pair[1].from) {
        return wrong("one does not begin where the one before ends");
    }
    if handovers.last().is_some_and(|last| last.to != roster.root) {
        return wrong("the last leads to another key");
    }
    let mut from: Vec<_> = handovers.iter().map(|handover| handover.from).collect();
    from.push(roster.root);
    from.sort_unstable();
    if !from.is_sorted_by(|one, next| one < next) {
        return wrong("they come back to a key that gave way");
    }
    Ok(())
}
