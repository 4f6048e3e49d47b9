//! A tap: the end of a real link in the place of a partner, that keeps every octet of every lane after decryption. It
//! shows that what is withheld from a partner leaves nothing there: no name, no identity, and no message more or less.
//!
//! Messages to a partner come of what it sends, of what it is given, and of time. So alpha's time is cut where it says
//! its heads, which it does every ten seconds to a partner that has everything: in each such span charlie gives alpha
//! one plot, and what alpha says until the next heads is compared, message by message: lane, kind and length. In some
//! spans alpha measures nothing, in others all the time, for bravo alone.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::TcpStream;

use geo::{Geodetic, Time};
use node::link::Lane;
use plot::Sensor;
use share::frame::Carried;
use share::item::{Body, Item};
use share::seal::{Context, peek};
use wire::messages::{Control, Message, Parcel, Told};

use super::Hostile;
use crate::nodes::{Federation, now, until};

/// What nobody but bravo is told.
const TARGET: &str = "withheld-target";
const SENSOR: &str = "alpha-radar";
const FOR_BRAVO: &str = "\
@id(\"for bravo\")
permit (principal == Partner::\"bravo\", action in Action::\"plot\", resource);
";

/// Alpha's plots of one object, 100 ms apart and of now.
fn plot(number: u64) -> String {
    let range_m = 60_000 + 20 * number;
    format!(
        "{{\"time\":\"{:.6}\",\"sensor\":{SENSOR:?},\"range_m\":{range_m},\"azimuth_deg\":90.5,\"elevation_deg\":8.25,\
         \"target\":\"{TARGET}-{number}\"}}\n",
        now()
    )
}

/// A message that the tap heard: on which lane, what is in it, how long it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Heard {
    lane: &'static str,
    parts: Vec<String>,
    octets: usize,
}

impl Heard {
    fn of((lane, octets): &(Lane, Vec<u8>)) -> Self {
        let parcel = Parcel::decode(&octets[..]).expect("alpha is honest");
        let mut parts = vec!["frame".to_owned(); parcel.frames.len()];
        parts.extend(vec!["returned".to_owned(); parcel.returned.len()]);
        parts.extend(vec!["receipt".to_owned(); parcel.receipts.len()]);
        parts.extend(vec!["roster".to_owned(); parcel.rosters.len()]);
        parts.extend(parcel.controls.iter().map(|sealed| {
            let (_, payload) = peek(sealed, Context::Control).expect("a control");
            match Control::decode(&payload[..]).expect("a control").told {
                Some(Told::Heads(_)) => "heads".to_owned(),
                Some(Told::Request(_)) => "request".to_owned(),
                Some(Told::Return(_)) => "return".to_owned(),
                Some(Told::Note(note)) => format!("note of topic {}", note.topic),
                None => "nothing".to_owned(),
            }
        }));
        Self {
            lane: lane.name(),
            parts,
            octets: octets.len(),
        }
    }

    fn is_heads(&self) -> bool {
        self.parts == ["heads"]
    }
}

/// What was heard so far.
fn heard(tap: &Hostile) -> Vec<Heard> {
    tap.messages.lock().expect("no panic").iter().map(Heard::of).collect()
}

/// The place of the next heads from a place on, once they are there; something is done while they are awaited.
fn heads_from(tap: &Hostile, from: usize, mut meanwhile: impl FnMut()) -> usize {
    let mut found = None;
    until("alpha says its heads", || {
        meanwhile();
        let heads = heard(tap).iter().skip(from).position(Heard::is_heads);
        found = heads.map(|place| from + place);
        found.is_some()
    });
    found.expect("it was found")
}

/// All that alpha says from its heads at a place up to the next, and where those are.
fn span(tap: &mut Hostile, at: usize, meanwhile: impl FnMut()) -> (Vec<Heard>, usize) {
    let items = vec![tap.good_item()];
    tap.send_good(items);
    let next = heads_from(tap, at + 1, meanwhile);
    let mut said = heard(tap)[at + 1..=next].to_vec();
    // Told each half minute, whatever happens.
    said.retain(|heard| heard.parts != ["roster"]);
    // Two that are due together may change places.
    said.sort_unstable();
    (said, next)
}

/// Whether octets are in any message, or in any of a list of values.
fn is_in<'o>(all: impl IntoIterator<Item = &'o Vec<u8>>, octets: &[u8]) -> bool {
    all.into_iter()
        .any(|one| one.windows(octets.len()).any(|part| part == octets))
}

/// The octets of all that bravo's log has: keys and values.
fn log_of_bravo(federation: &Federation) -> Vec<Vec<u8>> {
    let store = crate::audit::open(federation, "bravo");
    let tables = share::store::Table::ALL.into_iter();
    let entries = tables.flat_map(|table| crate::audit::entries(&store, table));
    entries.flat_map(|(key, value)| [key, value]).collect()
}

/// What was withheld can be found where it was given, and in no message to charlie.
fn is_with_bravo_alone(federation: &Federation, messages: &[Vec<u8>], plots: u64) {
    let log = log_of_bravo(federation);
    for word in [TARGET, SENSOR] {
        assert!(is_in(&log, word.as_bytes()), "{word} can be found where it is");
        assert!(!is_in(messages, word.as_bytes()), "{word} was sent to charlie");
    }
    let ids = crate::items_in_log(federation, "bravo");
    assert!(ids.len() as u64 > plots, "{} items", ids.len());
    for id in &ids {
        assert!(
            !is_in(messages, id),
            "the name of an item, {id:02x?}, was sent to charlie"
        );
    }
}

#[test]
fn what_is_withheld_leaves_no_octet_and_no_message_on_any_lane() {
    let federation = Federation::new("tapped");
    federation.rules("alpha", FOR_BRAVO);
    federation.edit("alpha", "node.toml", |text| text.replace("# lag_s = 10", "lag_s = 1"));
    let alpha = federation.start("alpha");
    let bravo = federation.start("bravo");
    alpha.until("bravo is reached", |status| status.partners[0].is_up);
    let mut tap = Hostile::open(&federation);
    alpha.until("the tap is reached", |status| status.partners[1].is_up);
    let mut feed: TcpStream = alpha.feed();
    let (mut number, mut last): (u64, Time) = (0, now());
    // The first span has what is said once; with its sensor charlie's plots are in the picture that both share.
    let at = heads_from(&tap, 0, || ());
    let sensor = Item {
        body: Body::Sensor(Box::new(Sensor::new(
            "charlie-radar",
            "charlie",
            Geodetic::from_degrees(30.0, 130.0, 0.0),
        ))),
        ..tap.item("charlie", &["alpha", "charlie"], false, now())
    };
    let sensor = Carried::of(&sensor, &tap.key).expect("a short item");
    tap.send_good(vec![sensor]);
    let (_, at) = span(&mut tap, at, || ());
    let (idle, at) = span(&mut tap, at, || ());
    let measure = || {
        if now() - last > 0.1 {
            (last, number) = (now(), number + 1);
            feed.write_all(plot(number).as_bytes()).expect("the feed takes it");
        }
    };
    let (withheld, at) = span(&mut tap, at, measure);
    let (idle_again, _) = span(&mut tap, at, || ());
    assert!(number > 50, "{number} plots");
    bravo.until("bravo has them all", |status| {
        status.partners[0].plots_received == number && status.partners[0].missing == 0
    });
    // Receipt, what alpha says of the picture that it shares with charlie, heads.
    let parts: BTreeSet<&str> = idle.iter().flat_map(|heard| &heard.parts).map(String::as_str).collect();
    assert_eq!(
        parts,
        BTreeSet::from(["heads", "note of topic 1", "receipt"]),
        "{idle:#?}"
    );
    assert_eq!(withheld, idle);
    assert_eq!(idle_again, idle);

    let messages: Vec<Vec<u8>> = {
        let all = tap.messages.lock().expect("no panic");
        all.iter().map(|(_, octets)| octets.clone()).collect()
    };
    // The same eyes see it where it is given.
    federation.rules("alpha", crate::ALL);
    alpha.until("the version holds", |status| status.policy.holds.version == 3);
    number += 1;
    feed.write_all(plot(number).as_bytes()).expect("the feed takes it");
    let given = format!("{TARGET}-{number}");
    until("the tap hears of what is given", || {
        let all = tap.messages.lock().expect("no panic");
        is_in(all.iter().map(|(_, octets)| octets), given.as_bytes())
    });
    bravo.until("bravo has it too", |status| {
        status.partners[0].plots_received >= number && status.store.waiting == 0
    });
    tap.close();
    for node in [alpha, bravo] {
        assert_eq!(node.terminate(), Some(0));
    }
    is_with_bravo_alone(&federation, &messages, number);
}
