//! What was not taken, and why.

use std::sync::Arc;

/// Why something was not taken.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Octets come from nobody who is a partner.
    Stranger,
    /// From a partner whose roster or key does not count now.
    NotBelieved,
    /// More than a partner may send in that time; not looked at.
    Flood,
    /// Longer than anything of its kind.
    Oversize,
    /// No message, or a part of it is missing.
    Malformed,
    /// No seal, or the seal is broken.
    Unsigned,
    /// Signed with another key than that of the partner.
    WrongKey,
    /// Made by another node than the partner's.
    WrongOrigin,
    /// For another node.
    WrongRecipient,
    /// Of an epoch that is over, or one that cannot have begun.
    WrongEpoch,
    /// There already, octet for octet.
    Replayed,
    /// There already, with other octets.
    Equivocated,
    /// It does not follow what is before it.
    BrokenChain,
    /// So far ahead that it is asked for again when what is before it is there.
    TooFarAhead,
    /// Of a time that has not come.
    FutureDated,
    /// An item outside its limits.
    BadItem,
    /// An item whose label does not name this owner, or of an owner who is not known.
    NotReleasable,
    /// An item that is given on without its owner's grant and seal.
    NotGranted,
    /// An item that is there already, by another way.
    Duplicate,
    /// An own item when the disk is too far behind: not accepted.
    Busy,
    /// Damaged on this disk.
    Damaged,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::Stranger,
        Self::NotBelieved,
        Self::Flood,
        Self::Oversize,
        Self::Malformed,
        Self::Unsigned,
        Self::WrongKey,
        Self::WrongOrigin,
        Self::WrongRecipient,
        Self::WrongEpoch,
        Self::Replayed,
        Self::Equivocated,
        Self::BrokenChain,
        Self::TooFarAhead,
        Self::FutureDated,
        Self::BadItem,
        Self::NotReleasable,
        Self::NotGranted,
        Self::Duplicate,
        Self::Busy,
        Self::Damaged,
    ];

    /// The word in metrics, logs and the audit.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stranger => "stranger",
            Self::NotBelieved => "not_believed",
            Self::Flood => "flood",
            Self::Oversize => "oversize",
            Self::Malformed => "malformed",
            Self::Unsigned => "unsigned",
            Self::WrongKey => "wrong_key",
            Self::WrongOrigin => "wrong_origin",
            Self::WrongRecipient => "wrong_recipient",
            Self::WrongEpoch => "wrong_epoch",
            Self::Replayed => "replayed",
            Self::Equivocated => "equivocated",
            Self::BrokenChain => "broken_chain",
            Self::TooFarAhead => "too_far_ahead",
            Self::FutureDated => "future_dated",
            Self::BadItem => "bad_item",
            Self::NotReleasable => "not_releasable",
            Self::NotGranted => "not_granted",
            Self::Duplicate => "duplicate",
            Self::Busy => "busy",
            Self::Damaged => "damaged",
        }
    }

    /// Whether it happens between honest nodes on a bad link; such is counted, not audited.
    pub const fn is_usual(self) -> bool {
        matches!(self, Self::Replayed | Self::TooFarAhead | Self::Duplicate | Self::Busy)
    }
}

/// Something was not taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// From whom; `None` for an own item.
    pub from: Option<Arc<str>>,
    /// Why.
    pub reason: Reason,
    /// What is known of it: a value and where it stood.
    pub detail: String,
}

/// Somebody has to look.
#[derive(Clone, Debug, PartialEq)]
pub enum Alarm {
    /// A partner signed two different frames for the same place. Both are kept as evidence.
    Equivocation {
        /// The partner.
        partner: Arc<str>,
        /// The epoch.
        epoch: u64,
        /// The place in it.
        sequence: u64,
    },
    /// A partner signed a frame that does not follow what it signed before.
    BrokenChain {
        /// The partner.
        partner: Arc<str>,
        /// The epoch.
        epoch: u64,
        /// The place in it.
        sequence: u64,
    },
    /// A partner's receipt names a frame that was not made so.
    FalseReceipt {
        /// The partner.
        partner: Arc<str>,
        /// The epoch.
        epoch: u64,
        /// The place in it.
        sequence: u64,
    },
    /// A record on this disk is not what was written.
    DamagedRecord {
        /// Its key.
        key: Vec<u8>,
    },
    /// A partner's clock is far off.
    Clock {
        /// The partner.
        partner: Arc<str>,
        /// How far ahead of this node's.
        ahead_s: f64,
    },
}
