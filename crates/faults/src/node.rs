//! A node of a run: an exchange, its disk, its clock, and the engine that takes what is delivered.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::Time;
use share::exchange::{Exchange, Partner, RestoreError, Sabotage, Setup, keys, records};
use share::frame::Frame;
use share::identity::{NodeKey, NodePublic};
use share::item::ItemId;
use share::store::Table as Stored;

use crate::chance::Chance;
use crate::disk::Disk;
use crate::table::Table;

/// The beginning of all runs.
pub const BEGIN: Time = Time::from_tai_ns(1_700_000_000_000_000_000);

/// What the engine of a node has: items by name, and from whom.
pub type Engine = BTreeMap<ItemId, Arc<str>>;

/// A node.
#[derive(Debug)]
pub struct Node {
    pub owner: Arc<str>,
    pub seed: [u8; 32],
    pub public: NodePublic,
    pub disk: Disk,
    /// `None` while it is stopped.
    pub exchange: Option<Exchange>,
    pub table: Table,
    pub offset_s: f64,
    pub engine: Engine,
    /// Not before this does the disk sync.
    pub stalled_until_s: f64,
    /// Stops at a write: how many more, and whether that one is still appended.
    pub crash_at_write: Option<(u32, bool, f64)>,
    /// Counts starts, so that answers to an earlier one are not taken for this one's.
    pub start: u64,
    /// Whether its disk broke its promise by now.
    pub is_damaged: bool,
}

/// The owner of a node.
pub fn owner(node: usize) -> Arc<str> {
    ["alfa", "bravo", "carol", "delta"][node].into()
}

/// The seed of a node's key.
pub fn key_seed(node: usize) -> [u8; 32] {
    std::array::from_fn(|at| (node * 41 + at * 7 + 1) as u8)
}

impl Node {
    /// A node that has not started.
    pub fn new(number: usize, nodes: usize, seed: u64, offset_s: f64) -> Self {
        let owner = owner(number);
        let partners: Vec<_> = (0..nodes).filter(|other| *other != number).map(self::owner).collect();
        let mut chance = Chance::new(seed.wrapping_add(number as u64), "first table");
        let table = Table::draw(&mut chance, &owner, &partners, 1, true);
        let key_seed = key_seed(number);
        Self {
            public: NodeKey::from_seed(&key_seed).public(),
            seed: key_seed,
            owner,
            disk: Disk::default(),
            exchange: None,
            table,
            offset_s,
            engine: Engine::new(),
            stalled_until_s: 0.0,
            crash_at_write: None,
            start: 0,
            is_damaged: false,
        }
    }

    /// What its clock says.
    pub fn now(&self, at_s: f64) -> Time {
        BEGIN.plus_s(at_s + self.offset_s)
    }

    /// Starts it with what is on its disk; the engine takes what is in the inbox.
    ///
    /// Errors: what the exchange says when it cannot begin.
    pub fn begin(&mut self, at_s: f64, partners: Vec<Partner>, sabotage: Option<Sabotage>) -> Result<(), RestoreError> {
        let setup = Setup {
            owner: self.owner.clone(),
            key: NodeKey::from_seed(&self.seed),
            partners: partners.clone(),
            rules: Box::new(self.table.clone()),
        };
        let state = self.disk.read(&keys::state());
        let mut exchange = Exchange::restore(setup, &state, self.now(at_s))?;
        if let Some(how) = sabotage {
            exchange.sabotage(how);
        }
        self.exchange = Some(exchange);
        self.start += 1;
        self.engine = self.replay(&partners);
        Ok(())
    }

    /// What the frames in the inbox hold, as the engine takes it at a start.
    fn replay(&self, partners: &[Partner]) -> Engine {
        let mut engine = Engine::new();
        let keys_of = |owner: &str| {
            let known = partners.iter().filter(|partner| *partner.owner == *owner);
            known.map(|partner| &partner.key).collect::<Vec<_>>()
        };
        for (key, value) in self.disk.table(Stored::Inbox).filter(|(key, _)| key[0] == b'F') {
            let Ok(record) = records::decode::<records::FrameRecord>(key, value) else {
                continue;
            };
            let from = key[1..].split(|octet| *octet == 0).next().unwrap_or_default();
            let Some(partner) = partners.iter().find(|partner| partner.owner.as_bytes() == from) else {
                continue;
            };
            let Ok(frame) = Frame::open(&record.sealed, &partner.key) else {
                continue;
            };
            for carried in &frame.items {
                let Ok(arrived) = carried.item(&partner.owner, keys_of) else {
                    continue;
                };
                if arrived.item.label.releasable_to.contains(&self.owner) {
                    engine.entry(arrived.id).or_insert_with(|| partner.owner.clone());
                }
            }
        }
        engine
    }
}
