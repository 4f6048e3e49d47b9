//! A partner that lies: it has a node like the others, its own key, and all octets that it ever sent or got.

use std::collections::BTreeMap;

use geo::{Geodetic, Time};
use share::encode::{body_octets, item_id};
use share::frame::{Carried, Frame, Hash};
use share::identity::NodeKey;
use share::item::{Classification, ItemId, Label};
use share::seal::{self, Context};
use wire::messages::{Control, Message, Parcel, Receipt, Request, Told};

use crate::acts::own_plot;
use crate::chance::Chance;
use crate::node::{Node, key_seed, owner};
use crate::plan::Lie;
use crate::table::sensor_name;

/// Parcels that a liar remembers for each way.
const OVERHEARD_MAX: usize = 200;
/// Parcels of a flood, in octets or in seals: each kind is more than a partner's budget.
const FLOOD_OCTETS: (usize, usize) = (140, 250 * 1024);
const FLOOD_SEALS: (usize, usize) = (35, 256);

/// What a liar knows.
#[derive(Debug)]
pub struct Liar {
    chance: Chance,
    overheard: BTreeMap<(usize, usize), Vec<Vec<u8>>>,
    lies: u64,
}

fn number(node: &Node) -> usize {
    (0..4).find(|other| owner(*other) == node.owner).unwrap_or_default()
}

fn parcel_of(frames: Vec<Vec<u8>>) -> Vec<u8> {
    Parcel {
        frames,
        ..Parcel::default()
    }
    .encode_to_vec()
}

impl Liar {
    /// Knows nothing yet.
    pub fn new(seed: u64) -> Self {
        Self {
            chance: Chance::new(seed, "liar"),
            overheard: BTreeMap::new(),
            lies: 0,
        }
    }

    /// Remembers what arrived somewhere.
    pub fn overhear(&mut self, from: usize, to: usize, octets: &[u8]) {
        let way = self.overheard.entry((from, to)).or_default();
        if way.len() < OVERHEARD_MAX {
            way.push(octets.to_vec());
        }
    }

    /// Something overheard on a way, if anything was.
    fn old(&mut self, from: usize, to: usize) -> Option<Vec<u8>> {
        let way = self.overheard.get(&(from, to)).filter(|way| !way.is_empty())?;
        Some(way[self.chance.place(way.len())].clone())
    }

    /// A frame of the liar's to somebody, as it was overheard.
    fn old_frame(&mut self, liar: &Node, to: &Node) -> Option<Frame> {
        let octets = self.old(number(liar), number(to))?;
        let parcel = Parcel::decode(&octets[..]).ok()?;
        Frame::open(parcel.frames.first()?, &liar.public).ok()
    }

    /// An item that the liar makes up.
    fn item(&mut self, liar: &Node, to: &Node, time: Time, good: bool) -> Carried {
        self.lies += 1;
        let place = Geodetic::from_degrees(-30.0 - self.lies as f64 * 1e-3, 20.0, 1e4);
        let own = own_plot(&sensor_name(&liar.owner, 0), time, place);
        let label = Label {
            policy: "lie".into(),
            classification: Classification::Secret,
            releasable_to: [to.owner.clone(), liar.owner.clone()].into(),
            exercise: false,
            onward: false,
        };
        let mut body = body_octets(&own.body);
        if !good {
            let at = self.chance.place(body.len());
            body[at] ^= 1 << self.chance.place(8);
        }
        Carried::Plain { label, body }
    }

    /// The frame that the liar would send next, with one item.
    fn frame(&mut self, liar: &Node, to: &Node, now: Time) -> Frame {
        let status = liar.exchange.as_ref().map(share::exchange::Exchange::status);
        let partners = status.map(|status| status.partners).unwrap_or_default();
        let stands = partners.into_iter().find(|partner| partner.owner == to.owner);
        let (epoch, sequence) = stands.map_or((1, 0), |stands| (stands.epoch, stands.sequence));
        let items = vec![self.item(liar, to, now, true)];
        let (origin, recipient) = (liar.public.id(), to.public.id());
        // Where its node would go on, without what is before; or at the beginning of an epoch that its node never had.
        let (epoch, sequence, previous) = if self.chance.happens(0.5) {
            (epoch, sequence + 1, Hash([0; 32]))
        } else {
            self.lies += 1;
            let epoch = epoch + self.lies;
            (epoch, 1, Hash::opening(origin, recipient, epoch))
        };
        Frame {
            origin,
            recipient,
            epoch,
            sequence,
            previous,
            sent: now,
            items,
        }
    }

    /// What a thief sends with a stolen key of a node, in an epoch that the node has not come to; and the item in it.
    pub fn steal(&mut self, key: [u8; 32], node: &Node, to: &Node, now: Time) -> (ItemId, Vec<u8>) {
        let key = NodeKey::from_seed(&key);
        let item = self.item(node, to, now, true);
        let Carried::Plain { body, .. } = &item else {
            return (ItemId([0; 16]), Vec::new());
        };
        let id = item_id(&node.owner, body);
        let recipient = node.views.len();
        let recipient = (0..recipient).find(|other| owner(*other) == to.owner);
        let recipient = recipient.map_or_else(|| to.public.id(), |other| node.views[other].key.id());
        let epoch = if self.chance.happens(0.5) {
            u64::MAX
        } else {
            (now.tai_ns() / 1_000_000) as u64 + self.chance.number(0, 20_000)
        };
        let frame = Frame {
            origin: key.id(),
            recipient,
            epoch,
            sequence: 1,
            previous: Hash::opening(key.id(), recipient, epoch),
            sent: now,
            items: vec![item],
        };
        let sealed = frame.seal(&key).into_iter().collect();
        (id, parcel_of(sealed))
    }

    /// Something that may be no word about pictures, instead of one that is.
    pub fn blur(&mut self, mut octets: Vec<u8>) -> Vec<u8> {
        if self.chance.happens(0.7) && !octets.is_empty() {
            let at = self.chance.place(octets.len());
            octets[at] ^= 1 << self.chance.place(8);
            octets.truncate(octets.len() - self.chance.place(octets.len().min(4)));
        }
        octets
    }

    /// The octets of a lie.
    pub fn lie(&mut self, lie: Lie, liar: &Node, to: &Node, now: Time) -> Vec<Vec<u8>> {
        let key = NodeKey::from_seed(&liar.seed);
        let seal = |frame: &Frame| {
            frame
                .seal(&key)
                .map(|sealed| parcel_of(vec![sealed]))
                .into_iter()
                .collect()
        };
        let (me, it) = (number(liar), number(to));
        match lie {
            Lie::Replay => {
                let ways = [(me, it), (it, me)];
                let (from, at) = ways[self.chance.place(2)];
                self.old(from, at).into_iter().collect()
            }
            Lie::WrongRecipient => {
                if self.chance.happens(0.5) {
                    let other = (0..4).find(|other| *other != me && *other != it).unwrap_or_default();
                    let mut frame = self.frame(liar, to, now);
                    frame.recipient = NodeKey::from_seed(&key_seed(other, 0)).id();
                    return seal(&frame);
                }
                let others: Vec<_> = self.overheard.keys().copied().filter(|(_, at)| *at == me).collect();
                let Some((from, at)) = others.get(self.chance.place(others.len())).copied() else {
                    return Vec::new();
                };
                self.old(from, at).into_iter().collect()
            }
            Lie::Equivocate => {
                let Some(mut frame) = self.old_frame(liar, to) else {
                    return Vec::new();
                };
                frame.items = vec![self.item(liar, to, now, true)];
                seal(&frame)
            }
            Lie::BadItems => {
                let mut frame = self.frame(liar, to, now);
                frame.items = (0..4).map(|at| self.item(liar, to, now, at == 0)).collect();
                // The good one is not for this owner.
                if let Some(Carried::Plain { label, .. }) = frame.items.first_mut() {
                    label.releasable_to.remove(&to.owner);
                }
                seal(&frame)
            }
            Lie::Future => {
                let mut frame = self.frame(liar, to, now);
                if self.chance.happens(0.5) {
                    frame.sent = now.plus_s(100.0);
                } else {
                    frame.items = vec![self.item(liar, to, now.plus_s(100.0), true)];
                }
                seal(&frame)
            }
            Lie::BrokenChain => seal(&self.frame(liar, to, now)),
            Lie::FalseReceipt => self.false_receipt(liar, to, now),
            Lie::Flood => {
                let (parcels, junk) = if self.chance.happens(0.3) {
                    (FLOOD_OCTETS.0, vec![vec![0; FLOOD_OCTETS.1]])
                } else {
                    (FLOOD_SEALS.0, vec![vec![0]; FLOOD_SEALS.1])
                };
                vec![parcel_of(junk); parcels]
            }
            Lie::Noise => {
                let octets = self.chance.place(2_000);
                vec![(0..octets).map(|_| self.chance.place(256) as u8).collect()]
            }
            Lie::Impersonate => self.impersonate(liar, to, now),
            Lie::Forge => self.forge(liar, to, now),
            Lie::Pry => self.pry(liar, to, now),
        }
    }

    /// A receipt of frames that were never made, or as they were not.
    fn false_receipt(&mut self, liar: &Node, to: &Node, now: Time) -> Vec<Vec<u8>> {
        let key = NodeKey::from_seed(&liar.seed);
        let closed = self.chance.happens(0.5);
        let status = to.exchange.as_ref().map(share::exchange::Exchange::status);
        let partners = status.map(|status| status.partners).unwrap_or_default();
        let epoch = partners
            .iter()
            .find(|partner| partner.owner == liar.owner)
            .map_or(0, |s| s.epoch);
        let receipt = Receipt {
            origin: to.public.id().0.to_vec(),
            recipient: liar.public.id().0.to_vec(),
            epoch: if closed { epoch.saturating_sub(1) } else { epoch },
            sequence: if self.chance.happens(0.5) { u64::MAX } else { 3 },
            hash: vec![7; 32],
            sent_tai_ns: now.tai_ns(),
            closed,
            beyond: vec![0xff; self.chance.place(200)],
        };
        let sealed = seal::seal(&key, Context::Receipt, &receipt.encode_to_vec());
        let receipts: Vec<_> = sealed.into_iter().collect();
        vec![
            Parcel {
                receipts,
                ..Parcel::default()
            }
            .encode_to_vec(),
        ]
    }

    /// Frames in the name of another, signed with the liar's key or with a stranger's.
    fn impersonate(&mut self, liar: &Node, to: &Node, now: Time) -> Vec<Vec<u8>> {
        let mut frame = self.frame(liar, to, now);
        let other = (0..4)
            .find(|other| *other != number(liar) && *other != number(to))
            .unwrap_or_default();
        frame.origin = NodeKey::from_seed(&key_seed(other, 0)).id();
        let key = if self.chance.happens(0.5) { liar.seed } else { [99; 32] };
        let sealed = frame.seal(&NodeKey::from_seed(&key));
        sealed.into_iter().map(|sealed| parcel_of(vec![sealed])).collect()
    }

    /// An item in the name of another owner: without its seal, or with one of the liar's.
    fn forge(&mut self, liar: &Node, to: &Node, now: Time) -> Vec<Vec<u8>> {
        let key = NodeKey::from_seed(&liar.seed);
        let other = owner(
            (0..4)
                .find(|other| *other != number(liar) && *other != number(to))
                .unwrap_or_default(),
        );
        let Carried::Plain { label, body } = self.item(liar, to, now, true) else {
            return Vec::new();
        };
        let Ok(body) = share::encode::body_of(&body) else {
            return Vec::new();
        };
        let item = share::item::Item {
            origin: other,
            label: Label { onward: true, ..label },
            body,
        };
        let mut frame = self.frame(liar, to, now);
        frame.items = Carried::of(&item, &key).into_iter().collect();
        // It goes on where the liar's own frames end, so that it is taken as far as its items.
        if let Some(last) = self.old_frame(liar, to) {
            frame.epoch = last.epoch + u64::from(self.chance.happens(0.5));
            if frame.epoch > last.epoch {
                frame.sequence = 1;
                frame.previous = Hash::opening(liar.public.id(), to.public.id(), frame.epoch);
            }
        }
        frame
            .seal(&key)
            .map(|sealed| parcel_of(vec![sealed]))
            .into_iter()
            .collect()
    }

    /// Requests for everything, of every epoch, forwards and back.
    fn pry(&mut self, liar: &Node, to: &Node, now: Time) -> Vec<Vec<u8>> {
        let key = NodeKey::from_seed(&liar.seed);
        let status = to.exchange.as_ref().map(share::exchange::Exchange::status);
        let partners = status.map(|status| status.partners).unwrap_or_default();
        let mut controls = Vec::new();
        for stands in partners {
            for epoch in [
                stands.epoch,
                stands.epoch.saturating_sub(1),
                stands.epoch_in,
                0,
                u64::MAX,
            ] {
                for (from, to_sequence) in [(0, u64::MAX), (1, u64::MAX), (u64::MAX, 0)] {
                    let request = Request {
                        epoch,
                        from,
                        to: to_sequence,
                    };
                    for told in [Told::Request(request), Told::Return(request)] {
                        let control = Control {
                            origin: liar.public.id().0.to_vec(),
                            recipient: to.public.id().0.to_vec(),
                            sent_tai_ns: now.tai_ns(),
                            echo: None,
                            told: Some(told),
                        };
                        controls.extend(seal::seal(&key, Context::Control, &control.encode_to_vec()));
                    }
                }
            }
        }
        vec![
            Parcel {
                controls,
                ..Parcel::default()
            }
            .encode_to_vec(),
        ]
    }
}
