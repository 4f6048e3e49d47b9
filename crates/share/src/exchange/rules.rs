//! What the exchange asks of release rules.

use std::fmt;
use std::sync::Arc;

use geo::Time;

use crate::item::{Body, Item};
use crate::release::Subject;

/// An item of the owner's own, before anything is decided.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnItem {
    /// As the rules see it.
    pub subject: Subject,
    /// All of it.
    pub body: Body,
}

/// What a partner gets of an own item now.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// What goes out; `None` for nothing.
    pub item: Option<Item>,
    /// If nothing goes out: when to ask again, because the answer may be another one by then.
    pub again: Option<Time>,
}

impl Release {
    /// Nothing, now and later.
    pub const NOTHING: Self = Self {
        item: None,
        again: None,
    };
}

/// Release rules of one version.
pub trait Rules: fmt::Debug + Send {
    /// Names the version by its content: the same name, the same answers.
    fn version(&self) -> [u8; 16];

    /// What a partner gets of an own item now. The answer depends on the arguments only, and its item names the owner
    /// of this node as origin and the partner among those it is releasable to.
    fn release(&self, partner: &Arc<str>, own: &OwnItem, now: Time) -> Release;

    /// Whether what was given out once may not be given out some time later under this same version. Then what is
    /// served from the log is asked for again.
    fn can_expire(&self) -> bool {
        true
    }
}
