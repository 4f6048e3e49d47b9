//! The laws, and an eavesdropper who reads all octets. It knows the tables, not the machine.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use geo::Time;
use share::exchange::{Delivered, OwnItem, keys, records};
use share::frame::{Carried, Frame, Hash};
use share::identity::{NodeId, NodePublic};
use share::item::{Body, Item, ItemId};
use share::seal::{Context, claimed_signer};
use share::store::Table as Stored;
use wire::messages::{Control, Message, Parcel, Receipt, Told};

use crate::node::{Node, owner};
use crate::table::{SENSORS, Tier, Verdict, coarsened, sensor_name};

/// A law was broken.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// Which.
    pub law: &'static str,
    /// When.
    pub at_s: f64,
    /// By what.
    pub what: String,
}

/// A plot that was offered to a node.
#[derive(Clone, Debug)]
struct Original {
    node: usize,
    own: OwnItem,
    /// Its names: as it is, and coarse.
    names: [ItemId; 2],
}

/// What the eavesdropper knows.
#[derive(Debug)]
pub struct Oracle {
    nodes: usize,
    liar: Option<usize>,
    originals: Vec<Original>,
    by_name: BTreeMap<ItemId, usize>,
    /// Frames that honest nodes sent: their octets never change.
    frames: BTreeMap<(usize, usize, u64, u64), Hash>,
    /// What a thief made up, and with which key it signed.
    thefts: BTreeMap<ItemId, NodeId>,
    /// Whose key was stolen once: what it had given is decided anew, by rules that may be others by then.
    pub robbed: [bool; 4],
    /// The latest that each node's clock has said: what was released stays so when the clock goes back.
    latest: [Time; 4],
    pub delivered: u64,
    pub violation: Option<Violation>,
}

impl Oracle {
    /// Knows nothing yet.
    pub fn new(nodes: usize, liar: Option<usize>) -> Self {
        Self {
            nodes,
            liar,
            originals: Vec::new(),
            by_name: BTreeMap::new(),
            frames: BTreeMap::new(),
            thefts: BTreeMap::new(),
            robbed: [false; 4],
            latest: [Time::from_tai_ns(0); 4],
            delivered: 0,
            violation: None,
        }
    }

    /// Notes the first law that is broken.
    pub fn break_law(&mut self, at_s: f64, law: &'static str, what: String) {
        self.violation.get_or_insert(Violation { law, at_s, what });
    }

    /// A plot is offered to a node.
    pub fn on_offer(&mut self, node: usize, own: &OwnItem) {
        let origin = owner(node);
        let name = |body: &Body| share::encode::item_id(&origin, &share::encode::body_octets(body));
        let Some(place) = own.subject.place else { return };
        let names = [name(&own.body), name(&Body::Coarse(coarsened(own.subject.time, place)))];
        for name in names {
            self.by_name.insert(name, self.originals.len());
        }
        self.originals.push(Original {
            node,
            own: own.clone(),
            names,
        });
    }

    /// What was offered, of an item that came back.
    pub fn own_of(&self, item: &Item) -> Option<OwnItem> {
        self.by_name.get(&item.id()).map(|at| self.originals[*at].own.clone())
    }

    /// A node's key is stolen.
    pub fn on_robbery(&mut self, node: usize) {
        self.robbed[node] = true;
    }

    /// A thief makes up an item, and signs it with a key.
    pub fn on_theft(&mut self, item: ItemId, key: &NodePublic) {
        self.thefts.insert(item, key.id());
    }

    /// A node's clock says something.
    pub fn on_clock(&mut self, node: usize, now: Time) {
        self.latest[node] = self.latest[node].max(now);
    }

    /// Octets leave a node.
    pub fn on_send(&mut self, nodes: &[Node], from: usize, to: usize, octets: &[u8], at_s: f64) {
        if self.liar == Some(from) {
            return;
        }
        let Ok(parcel) = Parcel::decode(octets) else {
            return self.break_law(at_s, "octets are a parcel", format!("{} octets", octets.len()));
        };
        self.search(nodes, from, to, octets, at_s);
        let now = self.latest[from];
        for sealed in &parcel.frames {
            match opened(sealed, &nodes[from].public, Context::Frame).map(|payload| Frame::of_payload(&payload)) {
                Some(Ok(frame)) => self.on_frame(nodes, [from, to], &frame, sealed, now, at_s),
                Some(Err(error)) => self.break_law(at_s, "frames are within their limits", error.to_string()),
                None => {
                    let what = format!("{} to {}", owner(from), owner(to));
                    self.break_law(at_s, "frames are signed by their sender", what);
                }
            }
        }
        for sealed in &parcel.returned {
            // A frame of a stolen key is handed back, and not believed by its owner.
            let is_its = nodes[to].keys().any(|key| Frame::open(sealed, key).is_ok())
                || claimed_signer(sealed, Context::Frame).is_ok_and(|id| nodes[to].is_stolen(id));
            if !is_its {
                self.break_law(at_s, "only a partner's own frames are handed back", String::new());
            }
        }
        self.on_claims(nodes, [from, to], &parcel, at_s);
    }

    /// The name of a sensor never leaves to a partner who never gets its plots as they are.
    fn search(&mut self, nodes: &[Node], from: usize, to: usize, octets: &[u8], at_s: f64) {
        for sensor in 0..=SENSORS {
            let name = sensor_name(&owner(from), sensor);
            let may = nodes[from]
                .table
                .cell(&owner(to), &name)
                .is_some_and(|cell| cell.tier == Tier::Plot);
            if !may && memchr::memmem::find(octets, name.as_bytes()).is_some() {
                let what = format!("{name} in octets from {} to {}", owner(from), owner(to));
                self.break_law(at_s, "nothing unreleased: not even the name of its sensor", what);
            }
        }
    }

    fn on_frame(&mut self, nodes: &[Node], way: [usize; 2], frame: &Frame, sealed: &[u8], now: Time, at_s: f64) {
        let [from, to] = way;
        let hash = Hash::of(sealed);
        let place = (from, to, frame.epoch, frame.sequence);
        if *self.frames.entry(place).or_insert(hash) != hash {
            self.break_law(at_s, "history is never rewritten", format!("{place:?}"));
        }
        if frame.recipient != nodes[from].views[to].key.id() {
            self.break_law(at_s, "frames are for their recipient", format!("{place:?}"));
        }
        for carried in &frame.items {
            let keys_of = |owner_name: &str| {
                let known = nodes.iter().filter(|node| *node.owner == *owner_name);
                known
                    .flat_map(|node| node.keys().chain(&node.stolen))
                    .collect::<Vec<_>>()
            };
            let arrived = match carried.item(&owner(from), keys_of) {
                Ok(arrived) => arrived,
                Err(error) => {
                    self.break_law(at_s, "items are within their limits", error.to_string());
                    continue;
                }
            };
            let is_sealed = matches!(carried, Carried::Sealed(_));
            if let Some(why) = self.unreleased(nodes, way, &arrived.item, arrived.id, is_sealed, now) {
                let what = format!("{why} in {place:?}");
                self.break_law(at_s, "nothing unreleased", what);
            }
        }
    }

    /// Why an item may not go this way now.
    fn unreleased(
        &self,
        nodes: &[Node],
        [from, to]: [usize; 2],
        item: &Item,
        id: ItemId,
        is_sealed: bool,
        now: Time,
    ) -> Option<String> {
        let Some(original) = self.by_name.get(&id).map(|at| &self.originals[*at]) else {
            // What a liar made up and gave away to be given on is its own.
            let is_of_liar = self.liar.is_some_and(|liar| item.origin == owner(liar));
            return (!is_of_liar).then(|| format!("item {id} of {} that nobody offered", item.origin));
        };
        if !item.label.releasable_to.contains(&owner(to)) {
            return Some(format!("item {id} is {}", item.label));
        }
        if original.node != from {
            let granted = is_sealed && item.label.onward;
            return (!granted).then(|| format!("item {id} of {} without its grant", item.origin));
        }
        let Some(cell) = nodes[from].table.cell(&owner(to), &original.own.subject.sensor) else {
            return Some(format!("item {id} of a sensor that nobody gets"));
        };
        let verdict = cell.verdict(original.own.subject.time, now);
        let form = if id == original.names[0] {
            Tier::Plot
        } else {
            Tier::Coarse
        };
        match verdict {
            Verdict::Goes(Tier::Plot) => None,
            Verdict::Goes(tier) if tier == form => None,
            verdict => Some(format!("item {id} as {form:?} when it is {verdict:?}")),
        }
    }

    /// What is claimed is on disk.
    fn on_claims(&mut self, nodes: &[Node], [from, to]: [usize; 2], parcel: &Parcel, at_s: f64) {
        let (disk, key) = (&nodes[from].disk, &nodes[from].public);
        if nodes[from].is_damaged {
            return;
        }
        let payload = |sealed: &[u8], context| opened(sealed, key, context).unwrap_or_default();
        let mut claims = Vec::new();
        for sealed in &parcel.controls {
            let control = Control::decode(&payload(sealed, Context::Control)[..]).unwrap_or_default();
            if let Some(Told::Heads(heads)) = control.told {
                claims.push((Stored::Outbox, heads.epoch, heads.sequence));
            }
        }
        for sealed in &parcel.receipts {
            let receipt = Receipt::decode(&payload(sealed, Context::Receipt)[..]).unwrap_or_default();
            claims.push((Stored::Inbox, receipt.epoch, receipt.sequence));
        }
        for (table, epoch, sequence) in claims.into_iter().filter(|(_, _, sequence)| *sequence > 0) {
            for at in [1, sequence] {
                let key = keys::of_frame(keys::Kind::Frame, &owner(to), epoch, at);
                if disk.durable(table, &key).is_none() {
                    let what = format!("{} claims frame {at} of {epoch} in {table:?}", owner(from));
                    self.break_law(at_s, "durable before claimed", what);
                }
            }
        }
    }

    /// An item is delivered to a node's engine.
    pub fn on_deliver(&mut self, to: &mut Node, node: usize, delivered: &Delivered, at_s: f64) {
        self.delivered += 1;
        let key = to
            .views
            .iter()
            .zip(0..)
            .find(|(_, of)| owner(*of) == delivered.item.origin);
        let key = key.map(|(view, _)| view.key.id());
        let (engine, is_damaged) = (&mut to.engine, to.is_damaged);
        if self.liar == Some(node) {
            return;
        }
        let Delivered { id, from, item, .. } = delivered;
        // A disk that broke its promise may have lost what was here, and kept the frame.
        if engine.insert(*id, from.clone()).is_some() && !is_damaged {
            self.break_law(at_s, "nothing twice", format!("item {id} at {}", owner(node)));
        }
        if !item.label.releasable_to.contains(&owner(node)) {
            self.break_law(
                at_s,
                "nothing is taken that is not for this owner",
                format!("item {id}: {}", item.label),
            );
        }
        let original = self.by_name.get(id).map(|at| &self.originals[*at]);
        let is_of_liar = self.liar.is_some_and(|liar| item.origin == owner(liar));
        match original {
            None if self.thefts.get(id).is_some_and(|by| Some(*by) == key) => {}
            None if self.thefts.contains_key(id) => {
                let what = format!("item {id} at {}", owner(node));
                self.break_law(at_s, "a revoked key is not believed", what);
            }
            None if !is_of_liar => {
                self.break_law(
                    at_s,
                    "nothing is believed that its owner did not say",
                    format!("item {id}"),
                );
            }
            Some(original) if item.origin != owner(original.node) => {
                self.break_law(
                    at_s,
                    "nothing is believed that its owner did not say",
                    format!("item {id}"),
                );
            }
            Some(original) => {
                let [plain, coarse] = &original.names;
                // What a third gives on, its owner granted by itself.
                let direct = |name| engine.get(name) == Some(&item.origin);
                if direct(plain) && direct(coarse) && !is_of_liar && !is_damaged && !self.robbed[original.node] {
                    let what = format!("{plain} and {coarse} at {}", owner(node));
                    self.break_law(at_s, "no measurement in two forms", what);
                }
            }
            None => {}
        }
    }

    /// What is not yet where it belongs, and the law that would be broken by that.
    pub fn missing(&self, nodes: &[Node], at_s: f64) -> Option<(&'static str, String)> {
        let honest: Vec<usize> = (0..self.nodes).filter(|node| self.liar != Some(*node)).collect();
        for &at in &honest {
            if let Some(what) = foreign(&nodes[at]) {
                return Some(("an inbox holds what is for its owner", what));
            }
        }
        for &from in &honest {
            let Some(exchange) = &nodes[from].exchange else {
                return Some(("all nodes run", owner(from).to_string()));
            };
            let status = exchange.status();
            for &to in honest.iter().filter(|to| **to != from) {
                if nodes[from].is_damaged || nodes[to].is_damaged {
                    continue;
                }
                if let Some(what) = self.lost(nodes, from, to, at_s) {
                    return Some(("nothing lost", what));
                }
                let stands = status.partners.iter().find(|partner| partner.owner == owner(to));
                let is_quiet = stands.is_some_and(|stands| {
                    let is_settled = stands.waiting == 0 && !stands.is_scanning;
                    stands.acknowledged == stands.sequence && stands.epochs_open == 0 && is_settled
                });
                if !is_quiet {
                    return Some((
                        "it comes to rest",
                        format!("{} to {}: {stands:?}", owner(from), owner(to)),
                    ));
                }
                if let Some(what) = differs(&nodes[from], &nodes[to]) {
                    return Some(("both logs say the same", what));
                }
            }
        }
        None
    }

    /// A plot in the journal that is released and has not arrived.
    fn lost(&self, nodes: &[Node], from: usize, to: usize, at_s: f64) -> Option<String> {
        for (key, value) in nodes[from].disk.table(Stored::Journal) {
            let Ok(records::Entry::Own(own)) = records::Entry::of(key, value) else {
                continue;
            };
            let octets = share::encode::body_octets(&own.body);
            let original = self.by_name.get(&share::encode::item_id(&owner(from), &octets));
            let Some(original) = original.map(|at| &self.originals[*at]) else {
                continue;
            };
            let Some(cell) = nodes[from].table.cell(&owner(to), &own.subject.sensor) else {
                continue;
            };
            let goes = matches!(cell.verdict(own.subject.time, nodes[from].now(at_s)), Verdict::Goes(_));
            let is_there = original.names.iter().any(|name| nodes[to].engine.contains_key(name));
            if goes && !is_there {
                let place = u64::from_be_bytes(key.try_into().ok()?);
                return Some(format!("entry {place} of {} is not at {}", owner(from), owner(to)));
            }
        }
        None
    }
}

/// What a key signed. Everything has to name it; of the signatures one in eight is verified here: who gets them
/// verifies all, and one that does not hold would be missing there.
fn opened(sealed: &[u8], key: &NodePublic, context: Context) -> Option<Vec<u8>> {
    if sealed.last()? % 8 == 0 {
        return share::seal::open(sealed, key, context).ok();
    }
    let (signer, payload) = share::seal::peek(sealed, context).ok()?;
    (signer == key.id()).then_some(payload)
}

/// A frame in an inbox that is for another node.
fn foreign(node: &Node) -> Option<String> {
    let frames = node.disk.table(Stored::Inbox).filter(|(key, _)| key[0] == b'F');
    let sealed = frames.filter_map(|(key, value)| records::decode::<records::FrameRecord>(key, value).ok());
    let is_its = |id| node.keys().any(|key| key.id() == id) || node.is_stolen(id);
    let mut opened = sealed.filter_map(|record| Frame::peek(&record.sealed).ok());
    let other = opened.find(|frame| !is_its(frame.recipient))?;
    Some(format!("frame {} of {} at {}", other.sequence, other.epoch, node.owner))
}

/// Frames of one node in its outbox and in the other's inbox are the same octets, and those that it counts as given
/// are there.
fn differs(from: &Node, to: &Node) -> Option<String> {
    let frames = |node: &Node, table: Stored, kind: keys::Kind, partner: &Arc<str>| {
        let prefix = keys::of_partner(kind, partner);
        let of_kind = node.disk.table(table).filter(|(key, _)| key.starts_with(&prefix));
        of_kind
            .filter_map(|(key, value)| Some((keys::place_of(key)?, value.to_vec())))
            .collect::<BTreeMap<_, _>>()
    };
    let sealed = |key: &[u8], value: &[u8]| {
        records::decode::<records::FrameRecord>(key, value)
            .map(|record| record.sealed)
            .unwrap_or_default()
    };
    let sent = frames(from, Stored::Outbox, keys::Kind::Frame, &to.owner);
    let got = frames(to, Stored::Inbox, keys::Kind::Frame, &from.owner);
    for ((epoch, sequence), value) in &got {
        let theirs = sealed(
            &keys::of_frame(keys::Kind::Frame, &from.owner, *epoch, *sequence),
            value,
        );
        if claimed_signer(&theirs, Context::Frame).is_ok_and(|id| from.is_stolen(id)) {
            continue;
        }
        let ours = sent
            .get(&(*epoch, *sequence))
            .map(|value| sealed(&keys::of_frame(keys::Kind::Frame, &to.owner, *epoch, *sequence), value));
        if ours.as_ref() != Some(&theirs) {
            return Some(format!(
                "frame {sequence} of {epoch} from {} to {}",
                from.owner, to.owner
            ));
        }
    }
    let given: BTreeSet<_> = frames(from, Stored::Outbox, keys::Kind::Given, &to.owner)
        .into_keys()
        .collect();
    given
        .iter()
        .find(|place| !got.contains_key(place))
        .map(|place| format!("frame {place:?} counts as given by {} to {}", from.owner, to.owner))
}
