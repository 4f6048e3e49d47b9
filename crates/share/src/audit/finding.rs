//! What an auditor finds.

use std::fmt;

use super::Changed;

/// Something in a log is not as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In which epoch.
    pub epoch: u64,
    /// At which frame.
    pub sequence: u64,
    /// What.
    pub wrong: Wrong,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The record was changed; where first, counted in octets of the stored value.
    Changed(Changed),
    /// The frame is not signed by its origin, and its record was made to fit: it was written by somebody else.
    Forged(String),
    /// It is signed, and is for another place in the log, or for another node.
    Misplaced(String),
    /// It does not follow the frame before it: that one, or this, was replaced by another that its origin signed.
    BrokenChain,
    /// It is not there, and neither are those up to this one.
    Missing {
        /// The last of them.
        to: u64,
    },
    /// A receipt names another frame at this place.
    OtherThanReceipt,
    /// The receipt itself was changed or is not signed by who should have.
    BadReceipt(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { epoch, sequence, wrong } = self;
        write!(to, "epoch {epoch}, frame {sequence}: ")?;
        match wrong {
            Wrong::Changed(Changed::At(at)) => write!(to, "changed, first at octet {at} of its record"),
            Wrong::Changed(Changed::Within(from, end)) => {
                write!(to, "changed, first between octets {from} and {} of its record", end - 1)
            }
            Wrong::Changed(Changed::Unknown) => write!(to, "changed, and its marks too: where first cannot be told"),
            Wrong::Forged(why) => write!(to, "not signed by its origin, though its record fits: {why}"),
            Wrong::Misplaced(why) => write!(to, "signed, but it belongs elsewhere: {why}"),
            Wrong::BrokenChain => write!(to, "it does not follow the frame before it"),
            Wrong::Missing { to: last } if last == sequence => write!(to, "missing"),
            Wrong::Missing { to: last } => write!(to, "missing, up to frame {last}"),
            Wrong::OtherThanReceipt => write!(to, "a signed receipt names another frame here"),
            Wrong::BadReceipt(why) => write!(to, "the receipt is none: {why}"),
        }
    }
}
