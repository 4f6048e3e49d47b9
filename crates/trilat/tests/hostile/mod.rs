//! A partner with a valid certificate and its own key, that sends what no honest node does: through the real link, to a
//! node that runs. Everything is refused, counted by reason and audited, and what is good still arrives.

mod tap;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use geo::{Geodetic, Time};
use node::config::Config;
use node::keyring::Keyring;
use node::link::zenoh::{Limits, LinkConfig, Way, ZenohLink};
use node::link::{Lane, Link, LinkEvent, NotSent};
use node::store::{DiskStore, StoreOptions};
use plot::{Measurement, Plot, PositionFix, Sigmas};
use share::encode::body_octets;
use share::exchange::limits::{
    AUDIT_PER_S, BUDGET_SAVED_S, BUDGET_SEALS_PER_S, PARCEL_PARTS_MAX, SKEW_S_MAX, WINDOW_FRAMES,
};
use share::exchange::{Reason, records};
use share::frame::{Carried, FRAME_OCTETS_MAX, Frame, Hash};
use share::identity::{NodeId, NodeKey};
use share::item::{Body, Classification, Item, Label};
use share::seal::{Context, seal};
use share::store::{Range, Table};
use wire::messages::{Control, Heads, Message, Parcel, Receipt, Told};

use crate::nodes::{Federation, now, until};

/// What came on a lane.
type Octets = (Lane, Vec<u8>);

/// Charlie's side of the link to alpha, in the hands of this test.
struct Hostile {
    link: Option<ZenohLink<LinkEvent>>,
    heard: Option<JoinHandle<()>>,
    is_up: Arc<AtomicBool>,
    receipts: Arc<Mutex<Vec<Receipt>>>,
    /// Every message, as it was when the link had decrypted it.
    messages: Arc<Mutex<Vec<Octets>>>,
    key: NodeKey,
    alpha: NodeId,
    bravo: NodeId,
    /// The last good frame.
    epoch: u64,
    sequence: u64,
    previous: Hash,
    plots: u32,
}

impl Hostile {
    fn open(federation: &Federation) -> Self {
        let keyring = Keyring::open(&federation.path("charlie", "")).expect("charlie's folder");
        let config = Config::read(&federation.path("charlie", "node.toml")).expect("charlie's configuration");
        let partner = config
            .partners
            .iter()
            .find(|partner| &*partner.name == "alpha")
            .expect("a partner");
        let paths = keyring.paths();
        let link = LinkConfig {
            me: "charlie".into(),
            partner: "alpha".into(),
            certificate: paths.certificate(),
            key: paths.node_key(),
            authority: paths.authorities("alpha"),
            way: Way::Direct {
                listen: partner.listen.clone(),
                connect: partner.connect.clone(),
            },
            limits: Limits::default(),
        };
        let id = |owner: &str| {
            let roster = keyring.roll().roster(owner).expect("it is known").roster();
            roster.nodes.first().expect("it has a node").id()
        };
        let (to, events) = sync_channel(1024);
        let (is_up, receipts) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let messages = Arc::new(Mutex::new(Vec::new()));
        let (up, got, all) = (is_up.clone(), receipts.clone(), messages.clone());
        let heard = std::thread::spawn(move || {
            for event in events {
                match event {
                    LinkEvent::Up { .. } => up.store(true, Ordering::Release),
                    LinkEvent::Down { .. } => up.store(false, Ordering::Release),
                    LinkEvent::Octets { lane, octets, .. } => {
                        let parcel = Parcel::decode(&octets[..]).expect("alpha is honest");
                        let open = |sealed: &Vec<u8>| share::seal::peek(sealed, Context::Receipt).ok();
                        let payloads = parcel.receipts.iter().filter_map(open).map(|(_, payload)| payload);
                        let mut got = got.lock().expect("no panic");
                        got.extend(payloads.filter_map(|payload| Receipt::decode(&payload[..]).ok()));
                        all.lock().expect("no panic").push((lane, octets));
                    }
                }
            }
        });
        let key = keyring.node_key().expect("charlie's key");
        let (alpha, bravo, epoch) = (id("alpha"), id("bravo"), 10);
        Self {
            link: Some(ZenohLink::open(&link, to).expect("the link opens")),
            heard: Some(heard),
            is_up,
            receipts,
            messages,
            previous: Hash::opening(key.id(), alpha, epoch),
            key,
            alpha,
            bravo,
            epoch,
            sequence: 0,
            plots: 0,
        }
    }

    fn send(&self, parcel: &Parcel) {
        self.send_octets(parcel.encode_to_vec());
    }

    fn send_octets(&self, octets: Vec<u8>) {
        until("the link takes it", || {
            let sent = self.link.as_ref().expect("it is open").send(Lane::Live, octets.clone());
            assert!(!matches!(sent, Err(NotSent::Long { .. })), "{sent:?}");
            sent.is_ok()
        });
    }

    fn frames(&self, frames: Vec<Vec<u8>>) {
        self.send(&Parcel {
            frames,
            ..Parcel::default()
        });
    }

    /// A plot that nobody else has, for some owners.
    fn item(&mut self, origin: &str, to: &[&str], onward: bool, time: Time) -> Item {
        self.plots += 1;
        let plot = Plot {
            time,
            sensor: format!("{origin}-radar").into(),
            measurement: Measurement::Position(PositionFix {
                geodetic: Geodetic::from_degrees(30.0 + f64::from(self.plots) * 1e-3, 130.0, 5e4),
                velocity: None,
            }),
            sigmas: Sigmas::default(),
            snr_db: None,
            target: None,
            truth: None,
        };
        Item {
            origin: origin.into(),
            label: Label {
                policy: "charlie-1".into(),
                classification: Classification::Restricted,
                releasable_to: to.iter().map(|owner| Arc::from(*owner)).collect(),
                exercise: true,
                onward,
            },
            body: Body::Plot(Box::new(plot)),
        }
    }

    fn good_item(&mut self) -> Carried {
        let item = self.item("charlie", &["alpha", "charlie"], false, now());
        Carried::of(&item, &self.key).expect("a short item")
    }

    /// The frame that would follow, with some items.
    fn next(&self, items: Vec<Carried>) -> Frame {
        Frame {
            origin: self.key.id(),
            recipient: self.alpha,
            epoch: self.epoch,
            sequence: self.sequence + 1,
            previous: self.previous,
            sent: now(),
            items,
        }
    }

    fn sealed(&self, frame: &Frame) -> Vec<u8> {
        frame.seal(&self.key).expect("a short frame")
    }

    /// Sends the frame that follows; it counts.
    fn send_good(&mut self, items: Vec<Carried>) -> Vec<u8> {
        let sealed = self.sealed(&self.next(items));
        self.sequence += 1;
        self.previous = Hash::of(&sealed);
        self.frames(vec![sealed.clone()]);
        sealed
    }

    /// Changes the frame that would follow, and sends it instead.
    fn send_changed(&mut self, change: impl FnOnce(&Self, &mut Frame)) {
        let items = vec![self.good_item()];
        let mut frame = self.next(items);
        change(self, &mut frame);
        self.frames(vec![self.sealed(&frame)]);
    }

    fn close(mut self) {
        self.link.take().expect("it is open").close();
        self.heard.take().expect("it runs").join().expect("no panic");
    }
}

/// How often what charlie sent was refused, by reason.
fn rejects(metrics: &str) -> BTreeMap<String, u64> {
    let of = |line: &str| {
        let rest = line.strip_prefix("trilat_rejects_total{partner=\"charlie\",reason=\"")?;
        let (reason, count) = rest.split_once("\"} ")?;
        Some((reason.to_owned(), count.trim().parse().ok()?))
    };
    metrics.lines().filter_map(of).collect()
}

/// What alpha's audit says of charlie, in words, and how much it counts without a word for each.
fn audited(federation: &Federation) -> (BTreeSet<String>, u64) {
    let options = StoreOptions {
        create: false,
        ..StoreOptions::default()
    };
    let store = DiskStore::open(&federation.path("alpha", "store"), options).expect("the node has ended");
    let all = Range {
        table: Table::Audit,
        from: vec![],
        to: vec![0xff],
        entries_max: usize::MAX,
        octets_max: usize::MAX,
    };
    let entries = store.read(&all).expect("the log can be read").into_iter();
    let records = entries.map(|(key, value)| records::decode::<records::AuditRecord>(&key, &value).expect("whole"));
    let of_charlie: Vec<_> = records.filter(|record| record.partner == "charlie").collect();
    let uncounted = of_charlie.iter().map(|record| record.uncounted).sum();
    (of_charlie.into_iter().map(|record| record.what).collect(), uncounted)
}

/// Everything that is wrong with one frame or one item, each with the reason for which it is refused.
fn send_what_is_wrong(hostile: &mut Hostile, other: &NodeKey) -> Vec<(Reason, u64)> {
    let first = vec![hostile.good_item()];
    let first = hostile.send_good(first);
    let mut sent = Vec::new();
    let mut is = |reason, count| sent.push((reason, count));

    // Longer than any frame, and more parts than any message; the link carries both.
    hostile.frames(vec![vec![0; FRAME_OCTETS_MAX * 2]]);
    hostile.frames(vec![vec![1]; PARCEL_PARTS_MAX + 1]);
    is(Reason::Oversize, 2);
    // Cut off: the message, and the frame within.
    let whole = Parcel {
        frames: vec![first.clone()],
        ..Parcel::default()
    };
    let whole = whole.encode_to_vec();
    hostile.send_octets(whole[..whole.len() / 2].to_vec());
    hostile.send_octets(vec![0xff; 100]);
    is(Reason::Malformed, 2);
    hostile.frames(vec![first[..first.len() / 2].to_vec()]);
    // Without a signature that holds.
    let mut unsigned = first.clone();
    *unsigned.last_mut().expect("it is long") ^= 1;
    hostile.frames(vec![unsigned]);
    is(Reason::Unsigned, 2);
    let items = vec![hostile.good_item()];
    let by_other = hostile.next(items).seal(other).expect("a short frame");
    hostile.frames(vec![by_other]);
    is(Reason::WrongKey, 1);
    hostile.send_changed(|hostile, frame| frame.origin = hostile.bravo);
    is(Reason::WrongOrigin, 1);
    hostile.send_changed(|hostile, frame| frame.recipient = hostile.bravo);
    is(Reason::WrongRecipient, 1);
    hostile.send_changed(|_, frame| frame.epoch -= 1);
    is(Reason::WrongEpoch, 1);
    hostile.frames(vec![first]);
    is(Reason::Replayed, 1);
    hostile.send_changed(|_, frame| frame.sequence -= 1);
    is(Reason::Equivocated, 1);
    hostile.send_changed(|_, frame| frame.previous = Hash([7; 32]));
    is(Reason::BrokenChain, 1);
    hostile.send_changed(|_, frame| frame.sequence += 2 * WINDOW_FRAMES);
    is(Reason::TooFarAhead, 1);
    hostile.send_changed(|_, frame| frame.sent = frame.sent + 10.0 * SKEW_S_MAX);
    is(Reason::FutureDated, 2);
    send_bad_items(hostile, other);
    is(Reason::BadItem, 1);
    is(Reason::NotReleasable, 1);
    is(Reason::NotGranted, 1);
    is(Reason::Duplicate, 1);
    sent
}

/// A good frame of which only the first item is good.
fn send_bad_items(hostile: &mut Hostile, other: &NodeKey) {
    let later = now() + 10.0 * SKEW_S_MAX;
    let good = hostile.good_item();
    let future = hostile.item("charlie", &["alpha", "charlie"], false, later);
    let not_for_alpha = hostile.item("charlie", &["bravo", "charlie"], false, now());
    let forged = hostile.item("bravo", &["alpha", "bravo", "charlie"], true, now());
    let Carried::Plain { label, .. } = &good else {
        panic!("it is not given on")
    };
    let mut body = body_octets(&not_for_alpha.body);
    body.truncate(body.len() / 2);
    let bad = Carried::Plain {
        label: label.clone(),
        body,
    };
    let of = |item: &Item, key: &NodeKey| Carried::of(item, key).expect("a short item");
    // In bravo's name, with a seal that says it is bravo's and is broken.
    let Carried::Sealed(mut forged) = of(&forged, other) else {
        panic!("it is given on")
    };
    *forged.last_mut().expect("it is long") ^= 1;
    let items = vec![
        good.clone(),
        good,
        of(&future, &hostile.key),
        of(&not_for_alpha, &hostile.key),
        bad,
        Carried::Sealed(forged),
    ];
    hostile.send_good(items);
}

/// Controls and receipts that are none of charlie's to send.
fn send_wrong_words(hostile: &Hostile) -> Vec<(Reason, u64)> {
    let heads = |origin: NodeId, recipient: NodeId| Control {
        origin: origin.0.to_vec(),
        recipient: recipient.0.to_vec(),
        sent_tai_ns: now().tai_ns(),
        told: Some(Told::Heads(Heads::default())),
        echo: None,
    };
    let me = hostile.key.id();
    let sealed =
        |control: Control| seal(&hostile.key, Context::Control, &control.encode_to_vec()).expect("a short control");
    let receipt = Receipt {
        origin: hostile.bravo.0.to_vec(),
        recipient: me.0.to_vec(),
        hash: vec![0; 32],
        ..Receipt::default()
    };
    let receipt = seal(&hostile.key, Context::Receipt, &receipt.encode_to_vec()).expect("a short receipt");
    hostile.send(&Parcel {
        controls: vec![
            sealed(heads(hostile.bravo, hostile.alpha)),
            sealed(heads(me, hostile.bravo)),
            // Heads of an epoch before the one that goes on.
            sealed(heads(me, hostile.alpha)),
        ],
        receipts: vec![receipt],
        ..Parcel::default()
    });
    vec![
        (Reason::WrongOrigin, 1),
        (Reason::WrongRecipient, 2),
        (Reason::WrongEpoch, 1),
    ]
}

#[test]
fn what_no_honest_partner_sends_is_refused_counted_and_audited_and_the_link_goes_on() {
    let federation = Federation::new("hostile");
    let bravo = Keyring::open(&federation.path("bravo", "")).expect("bravo's folder");
    let bravo = bravo.node_key().expect("bravo's key");
    let alpha = federation.start("alpha");
    let mut hostile = Hostile::open(&federation);
    until("alpha is reached", || hostile.is_up.load(Ordering::Acquire));
    alpha.until("charlie is reached", |status| status.partners[1].is_up);

    let mut expected: BTreeMap<Reason, u64> = BTreeMap::new();
    let wrong = send_what_is_wrong(&mut hostile, &bravo).into_iter();
    for (reason, count) in wrong.chain(send_wrong_words(&hostile)) {
        *expected.entry(reason).or_default() += count;
    }
    let is_there = |expected: &BTreeMap<Reason, u64>| {
        let counted = rejects(&alpha.get("/metrics").expect("it answers"));
        expected
            .iter()
            .all(|(reason, count)| counted.get(reason.name()) == Some(count))
    };
    until("all are refused and counted", || is_there(&expected));
    alpha.until("the two good ones arrived", |status| {
        status.partners[1].plots_received == 2
    });

    // More than anybody may send: what is beyond is not looked at, and counted to the last.
    let seals = 2.0 * BUDGET_SEALS_PER_S * BUDGET_SAVED_S;
    let parcels = (seals / PARCEL_PARTS_MAX as f64) as u64;
    for _ in 0..parcels {
        hostile.frames(vec![vec![1]; PARCEL_PARTS_MAX]);
    }
    until("the flood is counted", || {
        let counted = rejects(&alpha.get("/metrics").expect("it answers"));
        let looked_at = counted["unsigned"] - expected[&Reason::Unsigned];
        let flood = counted.get("flood").copied().unwrap_or(0);
        flood > 0 && looked_at + flood * PARCEL_PARTS_MAX as u64 == parcels * PARCEL_PARTS_MAX as u64
    });

    // As soon as it keeps within its bounds again it is heard.
    until("a good one arrives", || {
        let items = vec![hostile.good_item()];
        hostile.send_good(items);
        alpha.status().partners[1].plots_received > 2
    });
    until("and has its receipt", || {
        let receipts = hostile.receipts.lock().expect("no panic");
        receipts
            .iter()
            .any(|receipt| receipt.epoch == hostile.epoch && receipt.sequence >= 2)
    });
    assert!(alpha.status().partners[1].is_up);
    // Of a flood the audit has a few words; the next one that it may have counts the others.
    let since = now();
    until("a word more may be written", || {
        let items = vec![hostile.good_item()];
        let by_other = hostile.next(items).seal(&bravo).expect("a short frame");
        hostile.frames(vec![by_other]);
        now().since_s(since) > 2.0 / AUDIT_PER_S
    });
    hostile.close();
    assert_eq!(alpha.terminate(), Some(0));
    let (audited, uncounted) = audited(&federation);
    assert!(uncounted as f64 > BUDGET_SEALS_PER_S, "{uncounted}");
    for reason in expected.into_keys().filter(|reason| !reason.is_usual()) {
        assert!(
            audited.contains(reason.name()),
            "{} is not in {audited:?}",
            reason.name()
        );
    }
    assert!(
        audited.contains("alarm"),
        "two frames for one place raise an alarm: {audited:?}"
    );
}
