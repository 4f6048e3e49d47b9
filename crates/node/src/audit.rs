//! The audit of a log on disk: it is read here and judged by `share::audit`.

use std::sync::Arc;

use share::audit::{Parties, Verdict, Verifier, frames, receipts};
use share::identity::NodePublic;
use share::roster::Roll;
use share::store::{Range, Table};

use crate::store::{Store, StoreError};

/// Which way the frames of a log went.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the partner.
    Sent,
    /// From the partner.
    Received,
}

impl Way {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sent, Self::Received];

    /// Its word, in texts and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
        }
    }

    fn table(self) -> Table {
        match self {
            Self::Sent => Table::Outbox,
            Self::Received => Table::Inbox,
        }
    }
}

/// What the auditor says of one partner's frames, one way.
#[derive(Clone, Debug)]
pub struct Audited {
    /// The partner.
    pub partner: Arc<str>,
    /// Which way.
    pub way: Way,
    /// What was found.
    pub verdict: Verdict,
}

/// Goes through the frames and receipts of all partners, both ways.
///
/// Keys of past nodes count as long as the rosters list them. Errors: [`StoreError`] where an entry cannot be read.
pub fn verify(store: &dyn Store, owner: &str, roll: &Roll) -> Result<Vec<Audited>, StoreError> {
    let own = keys_of(roll, owner);
    let mut all = Vec::new();
    for partner in roll.owners().filter(|name| ***name != *owner) {
        let theirs = keys_of(roll, partner);
        for way in Way::ALL {
            let (origins, recipients) = match way {
                Way::Sent => (own.clone(), theirs.clone()),
                Way::Received => (theirs.clone(), own.clone()),
            };
            let mut verifier = Verifier::new(Parties {
                partner: partner.to_string(),
                origins,
                recipients,
            });
            for range in receipts(way.table(), partner) {
                read(store, range, |key, value| verifier.receipt(key, value))?;
            }
            read(store, frames(way.table(), partner), |key, value| {
                verifier.frame(key, value)
            })?;
            all.push(Audited {
                partner: partner.clone(),
                way,
                verdict: verifier.finish(),
            });
        }
    }
    Ok(all)
}

fn keys_of(roll: &Roll, owner: &str) -> Vec<NodePublic> {
    let roster = roll.roster(owner).map(|sealed| sealed.roster());
    roster.map_or(Vec::new(), |roster| roster.nodes.iter().map(|node| node.key).collect())
}

/// All entries of a range, page by page.
fn read(store: &dyn Store, mut range: Range, mut take: impl FnMut(&[u8], &[u8])) -> Result<(), StoreError> {
    loop {
        let page = store.read(&range)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        range.from.clone_from(last);
        range.from.push(0);
        page.iter().for_each(|(key, value)| take(key, value));
    }
}
