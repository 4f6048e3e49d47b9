//! Goes through the logs of all partners, both ways.

use std::collections::BTreeMap;

use super::{Parties, Verdict, Verifier};
use crate::exchange::keys::{self, Kind};
use crate::identity::NodePublic;
use crate::roster::Roster;
use crate::store::Table;

/// Which way the frames of a log went.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

    /// Where its frames are.
    pub const fn table(self) -> Table {
        match self {
            Self::Sent => Table::Outbox,
            Self::Received => Table::Inbox,
        }
    }

    fn of(table: Table) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.table() == table)
    }
}

/// What the auditor says of one partner's frames, one way.
#[derive(Clone, Debug)]
pub struct Audited {
    /// The partner.
    pub partner: String,
    /// Which way.
    pub way: Way,
    /// What was found.
    pub verdict: Verdict,
}

/// Goes through a log twice: first what is beside the frames ([`Auditor::beside`]), then the frames, in the order of
/// tables and keys ([`Auditor::frame`]). Other entries than those are passed over.
#[derive(Debug)]
pub struct Auditor {
    owner: String,
    /// The keys of each owner, those of past nodes too.
    keys: BTreeMap<String, Vec<NodePublic>>,
    verifiers: BTreeMap<(String, Way), Verifier>,
}

impl Auditor {
    /// Begins. Keys of past nodes count as long as the rosters list them.
    pub fn new<'r>(owner: &str, rosters: impl IntoIterator<Item = &'r Roster>) -> Self {
        let keys = |roster: &Roster| roster.nodes.iter().map(|node| node.key).collect();
        let mut auditor = Self {
            owner: owner.to_owned(),
            keys: rosters
                .into_iter()
                .map(|roster| (roster.owner.to_string(), keys(roster)))
                .collect(),
            verifiers: BTreeMap::new(),
        };
        let partners: Vec<String> = auditor.keys.keys().filter(|name| **name != *owner).cloned().collect();
        for partner in partners {
            for way in Way::ALL {
                auditor.verifier(&partner, way);
            }
        }
        auditor
    }

    fn verifier(&mut self, partner: &str, way: Way) -> &mut Verifier {
        let of = |owner: &str| self.keys.get(owner).cloned().unwrap_or_default();
        let (own, theirs) = (of(&self.owner), of(partner));
        let (origins, recipients) = match way {
            Way::Sent => (own, theirs),
            Way::Received => (theirs, own),
        };
        let partner = partner.to_owned();
        let parties = Parties {
            partner: partner.clone(),
            origins,
            recipients,
        };
        let verifier = self.verifiers.entry((partner, way));
        verifier.or_insert_with(|| Verifier::new(parties))
    }

    /// The kinds of entries that are taken before the frames.
    pub const BESIDE: [Kind; 2] = [Kind::Receipt, Kind::Closed];

    /// Takes what is beside frames: receipts and last words. Returns whether it was such an entry.
    pub fn beside(&mut self, table: Table, key: &[u8], value: &[u8]) -> bool {
        match place(table, key) {
            Some((way, kind, partner)) if Self::BESIDE.contains(&kind) => {
                self.verifier(partner, way).receipt(key, value);
                true
            }
            _ => false,
        }
    }

    /// Takes a frame. Returns whether it was one.
    pub fn frame(&mut self, table: Table, key: &[u8], value: &[u8]) -> bool {
        match place(table, key) {
            Some((way, Kind::Frame, partner)) => {
                self.verifier(partner, way).frame(key, value);
                true
            }
            _ => false,
        }
    }

    /// What the auditor says of all partners, in the order of their names.
    pub fn finish(self) -> Vec<Audited> {
        let of = |((partner, way), verifier): ((String, Way), Verifier)| Audited {
            partner,
            way,
            verdict: verifier.finish(),
        };
        self.verifiers.into_iter().map(of).collect()
    }
}

/// Which way, what kind, and of which partner an entry is, if it is one of a log of frames.
fn place(table: Table, key: &[u8]) -> Option<(Way, Kind, &str)> {
    let way = Way::of(table)?;
    let (kind, partner) = keys::kind_and_partner(key)?;
    Some((way, kind, partner))
}
