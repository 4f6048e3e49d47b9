//! What happens in one run, drawn from its seed.

use share::exchange::Sabotage;
use share::exchange::limits::Limits;

use crate::chance::Chance;
use crate::table::SENSORS;

/// For how long things happen; then everything is mended.
pub const CHAOS_S: f64 = 4.0;

/// How bad the links are: probabilities for one message.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Links {
    /// It is lost.
    pub drop: f64,
    /// It arrives twice.
    pub twice: f64,
    /// It is overtaken.
    pub late: f64,
    /// One of its bits is turned.
    pub flip: f64,
}

/// What a lying partner does.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Sends again what it sent or got before.
    Replay,
    /// Sends on what was meant for itself.
    WrongRecipient,
    /// Signs another frame for a place that is taken.
    Equivocate,
    /// Signs a frame with items that may not be.
    BadItems,
    /// Signs a frame of a time that has not come.
    Future,
    /// Signs a frame that does not follow.
    BrokenChain,
    /// Signs a receipt of frames that were never made.
    FalseReceipt,
    /// Sends more than anybody may.
    Flood,
    /// Sends octets that are nothing.
    Noise,
    /// Signs for another.
    Impersonate,
    /// Gives on an item of another owner, changed.
    Forge,
    /// Asks for what it may not have.
    Pry,
}

/// All lies.
pub const LIES: [Lie; 12] = [
    Lie::Replay,
    Lie::WrongRecipient,
    Lie::Equivocate,
    Lie::BadItems,
    Lie::Future,
    Lie::BrokenChain,
    Lie::FalseReceipt,
    Lie::Flood,
    Lie::Noise,
    Lie::Impersonate,
    Lie::Forge,
    Lie::Pry,
];

/// Something that happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Plots of a node's sensors: which sensor, how old.
    Feed(usize, Vec<(usize, f64)>),
    /// A node stops, and begins again so much later.
    Crash(usize, f64),
    /// A node stops at its next write but so many, before or after it, and begins again.
    CrashAtWrite(usize, u32, bool, f64),
    /// A link is cut for so long.
    Cut(usize, usize, f64),
    /// Other rules are told to a node; how generous they are, and in how many seconds they hold.
    Rules(usize, bool, f64),
    /// A node reaches nobody for so long.
    Isolate(usize, f64),
    /// What one sends to another vanishes for so long, and neither is told.
    Deaf(usize, usize, f64),
    /// A node's disk does not sync for so long.
    Stall(usize, f64),
    /// A node's disk takes nothing more for so long.
    Full(usize, f64),
    /// A node gets another key.
    Rekey(Rekey),
    /// A node does not believe another for so long: its roster ended, and the next is late.
    Doubt(usize, usize, f64),
    /// A bit turns on a node's disk.
    FlipDisk(usize),
    /// A node's clock jumps.
    Jump(usize, f64),
    /// The liar lies to somebody.
    Lie(Lie, usize),
}

/// A node gets another key: it stops, and begins again with it. The others learn it by and by.
#[derive(Clone, Debug, PartialEq)]
pub struct Rekey {
    /// Which node.
    pub node: usize,
    /// Whether the old key is in a thief's hands; then it is revoked.
    pub is_stolen: bool,
    /// For how long the node stands.
    pub down_s: f64,
    /// After how long each of the nodes learns it.
    pub learnt_s: Vec<f64>,
    /// When the thief sends something to all.
    pub thefts_s: Vec<f64>,
}

/// What is broken outside of the machines, to see that it is noticed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Slip {
    /// The picture of a node lacks one plot.
    LacksOne,
    /// Where pictures differ, another plot is named.
    NamesAnother,
}

/// What happens in one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// From which it was drawn.
    pub seed: u64,
    /// How many nodes.
    pub nodes: usize,
    /// Which of them lies.
    pub liar: Option<usize>,
    /// Which of them has a disk that breaks its promise.
    pub bad_disk: Option<usize>,
    /// How far their clocks are off.
    pub offsets_s: Vec<f64>,
    /// Whether they give on items of others.
    pub relay: bool,
    /// How bad the links are.
    pub links: Links,
    /// How much of everything a machine may have.
    pub bounds: Limits,
    /// How the machines are broken, to see that it is noticed.
    pub sabotage: Option<Sabotage>,
    /// What else is broken.
    pub slip: Option<Slip>,
    /// What happens, and when.
    pub acts: Vec<(f64, Act)>,
}

impl Plan {
    /// Draws a plan.
    pub fn draw(seed: u64) -> Self {
        let mut chance = Chance::new(seed, "plan");
        let nodes = 2 + chance.place(3);
        let liar = (nodes > 2 && chance.happens(0.3)).then(|| chance.place(nodes));
        let bad_disk = chance
            .happens(0.1)
            .then(|| chance.place(nodes))
            .filter(|node| Some(*node) != liar);
        let mut some = |probability: f64, most: f64| {
            if chance.happens(probability) {
                chance.between(0.0, most)
            } else {
                0.0
            }
        };
        let links = Links {
            drop: some(0.6, 0.3),
            twice: some(0.5, 0.2),
            late: some(0.6, 0.3),
            flip: some(0.2, 0.05),
        };
        let offsets_s = (0..nodes).map(|_| chance.between(-5.0, 5.0)).collect();
        let relay = chance.happens(0.3);
        let mut plan = Self {
            seed,
            nodes,
            liar,
            bad_disk,
            offsets_s,
            relay,
            links,
            bounds: bounds(&mut Chance::new(seed, "bounds")),
            sabotage: None,
            slip: None,
            acts: Vec::new(),
        };
        plan.draw_feeds(&mut chance);
        plan.draw_faults(&mut chance);
        plan.draw_doubts(&mut Chance::new(seed, "doubts"));
        plan.acts.sort_by(|one, other| one.0.total_cmp(&other.0));
        plan
    }

    fn draw_feeds(&mut self, chance: &mut Chance) {
        for node in 0..self.nodes {
            for _ in 0..4 + chance.place(8) {
                let plots = (0..1 + chance.place(4)).map(|_| {
                    // Some are late, so late that they are looked for on disk.
                    let age_s = if chance.happens(0.1) {
                        chance.between(10.0, 90.0)
                    } else {
                        chance.between(0.0, 0.5)
                    };
                    (chance.place(SENSORS), age_s)
                });
                let act = Act::Feed(node, plots.collect());
                self.acts.push((chance.between(0.0, CHAOS_S), act));
            }
        }
    }

    /// A node stops just after it was fed, and begins again under other rules: by them, and by what it has lost, it
    /// must not give in another form what partners have.
    fn draw_turn(&mut self, chance: &mut Chance, node: usize) {
        let (at_s, down_s) = (chance.between(0.3, CHAOS_S), chance.between(0.05, 1.0));
        let plots = (0..1 + chance.place(4)).map(|_| (chance.place(SENSORS), chance.between(0.0, 0.5)));
        self.acts.push((at_s, Act::Feed(node, plots.collect())));
        self.acts
            .push((at_s + chance.between(0.0, 0.02), Act::Crash(node, down_s)));
        let rules = Act::Rules(node, chance.happens(0.7), 0.0);
        self.acts.push((at_s + chance.between(0.0, down_s + 0.1), rules));
    }

    fn draw_doubts(&mut self, chance: &mut Chance) {
        while chance.happens(0.3) {
            let who = chance.place(self.nodes);
            let of = (who + 1 + chance.place(self.nodes - 1)) % self.nodes;
            let act = Act::Doubt(who, of, chance.between(0.05, 2.0));
            self.acts.push((chance.between(0.2, CHAOS_S), act));
        }
    }

    /// Its radars do not know that a disk is full.
    fn feed_while_full(&mut self, chance: &mut Chance, node: usize, at_s: f64, for_s: f64) {
        for _ in 0..chance.place(60) {
            let act = Act::Feed(node, vec![(chance.place(SENSORS), 0.1)]);
            self.acts.push((at_s + chance.between(0.0, for_s), act));
        }
    }

    fn draw_faults(&mut self, chance: &mut Chance) {
        let nodes = self.nodes;
        for _ in 0..chance.place(8) {
            let node = chance.place(nodes);
            let other = |chance: &mut Chance| (node + 1 + chance.place(nodes - 1)) % nodes;
            let act = match chance.place(17) {
                0 | 1 => Act::Crash(node, chance.between(0.01, 1.0)),
                2 | 3 => {
                    let writes = chance.number(0, 6) as u32;
                    Act::CrashAtWrite(node, writes, chance.happens(0.5), chance.between(0.01, 1.0))
                }
                4 | 5 => Act::Cut(node, other(chance), chance.between(0.05, 2.0)),
                6 | 7 => {
                    let in_s = if chance.happens(0.3) {
                        chance.between(0.0, 1.5)
                    } else {
                        0.0
                    };
                    Act::Rules(node, chance.happens(0.5), in_s)
                }
                8 => Act::Stall(node, chance.between(0.05, 0.8)),
                9 | 10 => Act::Full(node, chance.between(0.05, 2.0)),
                11 => Act::Isolate(node, chance.between(0.05, 2.0)),
                12 => Act::Deaf(node, other(chance), chance.between(0.05, 2.0)),
                13 => {
                    self.draw_turn(chance, node);
                    continue;
                }
                14 | 15 if self.liar != Some(node) => Act::Rekey(rekey(chance, node, nodes)),
                _ if chance.happens(0.5) && self.bad_disk.is_none() => Act::Jump(node, chance.between(-3.0, 3.0)),
                _ => match self.bad_disk {
                    Some(node) => Act::FlipDisk(node),
                    None => Act::Crash(node, chance.between(0.01, 0.2)),
                },
            };
            let at_s = chance.between(0.2, CHAOS_S);
            if let Act::Full(node, for_s) = act {
                self.feed_while_full(chance, node, at_s, for_s);
            }
            self.acts.push((at_s, act));
        }
        let Some(liar) = self.liar else { return };
        for _ in 0..2 + chance.place(6) {
            let to = (liar + 1 + chance.place(nodes - 1)) % nodes;
            let act = Act::Lie(LIES[chance.place(LIES.len())], to);
            self.acts.push((chance.between(0.3, CHAOS_S), act));
        }
    }
}

fn rekey(chance: &mut Chance, node: usize, nodes: usize) -> Rekey {
    let is_stolen = chance.happens(0.5);
    let thefts = if is_stolen { 1 + chance.place(4) } else { 0 };
    Rekey {
        node,
        is_stolen,
        down_s: chance.between(0.01, 1.0),
        learnt_s: (0..nodes).map(|_| chance.between(0.0, 1.5)).collect(),
        thefts_s: (0..thefts).map(|_| chance.between(0.0, 2.5)).collect(),
    }
}

/// In most runs a machine has all the room it wants; in the others so little that everything overflows.
fn bounds(chance: &mut Chance) -> Limits {
    let usual = Limits::default();
    if chance.happens(0.6) {
        return usual;
    }
    Limits {
        batches_unsynced_max: chance.number(3, 40),
        window_frames: chance.number(1, 10),
        scan_frames_ahead: chance.number(1, 6),
        held_max: chance.place(6),
        due_max: 1 + chance.place(5),
        hashes_max: 1 + chance.place(6),
        finals_max: 8 + chance.place(8),
        seen_max: if chance.happens(0.5) {
            chance.place(20)
        } else {
            usual.seen_max
        },
        lookups_max: 1 + chance.place(4),
    }
}
