//! A node of a run: an exchange, its disk, its clock, and the engine that takes what is delivered.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use geo::Time;
use share::exchange::limits::Limits;
use share::exchange::{Exchange, OwnItem, Partner, RestoreError, Sabotage, Setup, keys, records};
use share::frame::{Arrived, Frame};
use share::identity::{NodeId, NodeKey, NodePublic};
use share::item::ItemId;
use share::store::{Batch, Range, Table as Stored};

use crate::chance::Chance;
use crate::disk::Disk;
use crate::plan::Plan;
use crate::table::Table;

/// The beginning of all runs.
pub const BEGIN: Time = Time::from_tai_ns(1_700_000_000_000_000_000);

/// What the engine of a node has: items by name, and from whom.
pub type Engine = BTreeMap<ItemId, Arc<str>>;

/// What waits for a full disk, in order.
#[derive(Debug)]
pub enum Waiting {
    Batch(u64, Batch),
    /// It has to see the batches before it.
    Read(u64, Vec<Range>),
}

/// What a node knows of another's keys.
#[derive(Clone, Debug)]
pub struct View {
    pub key: NodePublic,
    pub earlier: Vec<NodePublic>,
    /// Whether its roster and that key count now.
    pub is_believed: bool,
}

/// A node.
#[derive(Debug)]
pub struct Node {
    pub owner: Arc<str>,
    pub seed: [u8; 32],
    pub public: NodePublic,
    /// Keys that it had before.
    pub earlier: Vec<NodePublic>,
    /// Keys that it had before and that were stolen.
    pub stolen: Vec<NodePublic>,
    /// What it knows of all nodes' keys.
    pub views: Vec<View>,
    pub relay: bool,
    pub bounds: Limits,
    pub disk: Disk,
    /// `None` while it is stopped.
    pub exchange: Option<Exchange>,
    pub table: Table,
    /// What holds from when on, by its clock.
    pub next_tables: Vec<(Time, Table)>,
    pub offset_s: f64,
    pub engine: Engine,
    /// Not before this does the disk sync.
    pub stalled_until_s: f64,
    /// Not before this does the disk take anything.
    pub full_until_s: f64,
    pub waiting: VecDeque<Waiting>,
    /// Own items that came back and were not offered again yet.
    pub recovered: VecDeque<OwnItem>,
    /// The last batch that the exchange wanted written, and the last that it was told to be durable.
    pub written: u64,
    pub durable: u64,
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

/// The seed of a node's key; of the next one, after so many others.
pub fn key_seed(node: usize, before: usize) -> [u8; 32] {
    std::array::from_fn(|at| (node * 41 + before * 101 + at * 7 + 1) as u8)
}

impl Node {
    /// A node that has not started.
    pub fn new(number: usize, plan: &Plan) -> Self {
        let (nodes, seed, offset_s) = (plan.nodes, plan.seed, plan.offsets_s[number]);
        let owner = owner(number);
        let partners: Vec<_> = (0..nodes).filter(|other| *other != number).map(self::owner).collect();
        let mut chance = Chance::new(seed.wrapping_add(number as u64), "first table");
        let table = Table::draw(&mut chance, &owner, &partners, 1, true);
        let key_seed = key_seed(number, 0);
        let view = |node| View {
            key: NodeKey::from_seed(&self::key_seed(node, 0)).public(),
            earlier: Vec::new(),
            is_believed: true,
        };
        Self {
            public: NodeKey::from_seed(&key_seed).public(),
            seed: key_seed,
            earlier: Vec::new(),
            stolen: Vec::new(),
            views: (0..nodes).map(view).collect(),
            relay: plan.relay,
            bounds: plan.bounds,
            owner,
            disk: Disk::default(),
            exchange: None,
            table,
            next_tables: Vec::new(),
            offset_s,
            engine: Engine::new(),
            stalled_until_s: 0.0,
            full_until_s: 0.0,
            waiting: VecDeque::new(),
            recovered: VecDeque::new(),
            written: 0,
            durable: 0,
            crash_at_write: None,
            start: 0,
            is_damaged: false,
        }
    }

    /// What its clock says.
    pub fn now(&self, at_s: f64) -> Time {
        BEGIN.plus_s(at_s + self.offset_s)
    }

    /// The partners, as it knows them.
    pub fn partners(&self) -> Vec<Partner> {
        let partner = |(number, view): (usize, &View)| Partner {
            owner: owner(number),
            key: view.key,
            earlier: view.earlier.clone(),
            relay: self.relay,
            is_believed: view.is_believed,
        };
        let all = self.views.iter().enumerate().map(partner);
        all.filter(|partner| partner.owner != self.owner).collect()
    }

    /// Whether it had a key, which was stolen.
    pub fn is_stolen(&self, id: NodeId) -> bool {
        self.stolen.iter().any(|key| key.id() == id)
    }

    /// All keys that it has and that are good.
    pub fn keys(&self) -> impl Iterator<Item = &NodePublic> {
        std::iter::once(&self.public).chain(&self.earlier)
    }

    /// Takes another key. A stolen one is not among the earlier ones, which are good.
    pub fn rekey(&mut self, number: usize, is_stolen: bool) {
        let before = self.earlier.len() + self.stolen.len() + 1;
        if is_stolen {
            self.stolen.push(self.public);
        } else {
            self.earlier.push(self.public);
        }
        self.seed = key_seed(number, before);
        self.public = NodeKey::from_seed(&self.seed).public();
    }

    /// Lets the last table hold whose time has come; those given before it never will.
    pub fn turn_table(&mut self, now: Time) {
        if let Some(at) = self.next_tables.iter().rposition(|(from, _)| *from <= now) {
            let turned = self.next_tables.drain(..=at).next_back();
            self.table = turned.map_or_else(|| self.table.clone(), |(_, table)| table);
        }
    }

    /// Starts it with what is on its disk; the engine takes what is in the inbox.
    ///
    /// Errors: what the exchange says when it cannot begin.
    pub fn begin(&mut self, at_s: f64, sabotage: Option<Sabotage>) -> Result<(), RestoreError> {
        self.turn_table(self.now(at_s));
        let setup = Setup {
            owner: self.owner.clone(),
            key: NodeKey::from_seed(&self.seed),
            partners: self.partners(),
            rules: Box::new(self.table.clone()),
            earlier: self.earlier.clone(),
            limits: self.bounds,
        };
        let state = self.disk.read(&keys::state());
        let mut exchange = Exchange::restore(setup, &state, self.disk.last_item(), self.now(at_s))?;
        if let Some(how) = sabotage {
            exchange.sabotage(how);
        }
        self.exchange = Some(exchange);
        self.start += 1;
        (self.written, self.durable) = (0, 0);
        self.engine = self.replay();
        Ok(())
    }

    /// What the frames in the inbox hold, as the engine takes it at a start: those items that were taken.
    fn replay(&self) -> Engine {
        let mut engine = Engine::new();
        for (partner, arrived) in self.items(Stored::Inbox) {
            let key = keys::of_item(arrived.item.time(), arrived.id);
            if self.disk.durable(Stored::Inbox, &key).is_some() {
                engine.entry(arrived.id).or_insert(partner);
            }
        }
        engine
    }

    /// The items of all frames in the inbox or the outbox that are for both ends, with the partner. Seals were verified
    /// before they were logged.
    pub fn items(&self, table: Stored) -> Vec<(Arc<str>, Arrived)> {
        let mut all = Vec::new();
        for (key, value) in self.disk.table(table).filter(|(key, _)| key[0] == b'F') {
            let Ok(record) = records::decode::<records::FrameRecord>(key, value) else {
                continue;
            };
            let partner = key[1..].split(|octet| *octet == 0).next().unwrap_or_default();
            let partner: Arc<str> = String::from_utf8_lossy(partner).into();
            let Ok(frame) = Frame::peek(&record.sealed) else {
                continue;
            };
            let origin = if table == Stored::Inbox { &partner } else { &self.owner };
            let to = if table == Stored::Inbox { &self.owner } else { &partner };
            for carried in &frame.items {
                let Ok(arrived) = carried.peek(origin) else { continue };
                if arrived.item.label.releasable_to.contains(to) {
                    all.push((partner.clone(), arrived));
                }
            }
        }
        all
    }
}
