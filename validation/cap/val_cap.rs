//! Our CAP messages: valid by the OASIS schema, and read by another program as they were meant.
#![expect(clippy::unwrap_used, reason = "a test; its helpers too")]

use geo::{Geodetic, Time};
use serde_json::{Value, json};
use warn::cap::{Alert, Entry, Envelope, Sender, Status, compose, feed};
use warn::life::{Kind, Reason};
use warn::text::{About, Catalogue, Zone};
use warn::{Area, Ellipse, Facts, Map, Situation};

/// A name, what the message does, whether it is an exercise, where, how large, what the object is called.
type Case = (&'static str, Kind, bool, [f64; 2], f64, &'static str);

/// The life of a warning, in earnest and as an exercise; one across the date line, one about a pole, one about an
/// object whose name would break out of its element, turn the line about and end the document.
const CASES: [Case; 8] = [
    ("alert", Kind::Alert, false, [40.8, 140.8], 150e3, "K-1"),
    ("update", Kind::Update, false, [40.8, 141.5], 90e3, "K-1"),
    ("all-clear", Kind::AllClear, false, [40.8, 140.8], 150e3, "K-1"),
    (
        "cancel",
        Kind::Cancel(Reason::NoThreat),
        false,
        [40.8, 140.8],
        150e3,
        "K-1",
    ),
    ("exercise", Kind::Alert, true, [37.5, 127.0], 120e3, "K-2"),
    ("date-line", Kind::Alert, false, [51.8, 179.9], 300e3, "K-3"),
    ("pole", Kind::Alert, true, [89.5, 10.0], 400e3, "K-4"),
    (
        "hostile",
        Kind::Alert,
        false,
        [35.7, 139.7],
        90e3,
        "]]>\u{202e}<script>alert(1)</script>&\u{0}",
    ),
];

fn message(&(name, kind, is_exercise, [lat_deg, lon_deg], major_m, object): &Case) -> Alert {
    let said: Time = "2022-10-03T22:28:30Z".parse().unwrap();
    let area = Area::new(&[Ellipse {
        weight: 1.0,
        probability: 0.95,
        centre: Geodetic::from_degrees(lat_deg, lon_deg, 0.0),
        major_m,
        minor_m: major_m / 2.0,
        azimuth_deg: 75.0,
        earliest: said + 75.0,
        latest: said + 700.0,
    }])
    .unwrap();
    let now = said + 30.0;
    let situation = Situation {
        object,
        said,
        measured: said,
        now,
        existence: 0.99,
    };
    let facts = Facts::new(&situation, &area, &[], Map::built_in());
    let number = if kind == Kind::Alert { 1 } else { 2 };
    let about = About {
        kind,
        number,
        is_exercise,
        zone: Zone::default(),
    };
    let before = [("W20221003-1.1".to_owned(), said)];
    let envelope = Envelope {
        sender: &Sender::new("warning@centre.example", "Warning Centre").unwrap(),
        identifier: &format!("W20221003-{name}.{number}"),
        warning: &format!("W20221003-{name}"),
        about: &about,
        sent: now,
        before: if number == 1 { &[] } else { &before },
        told: None,
    };
    compose(&envelope, &facts, &Catalogue::built_in().unwrap())
}

/// The files of this folder are what the schema was asked about; what is written today has to be the same.
#[test]
fn val_cap_messages_are_those_that_the_schema_has_seen() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/cap");
    let mut others = Vec::new();
    for case in &CASES {
        let (name, xml) = (case.0, message(case).to_xml());
        let seen = std::fs::read_to_string(format!("{folder}/{name}.xml")).unwrap_or_default();
        if seen != xml {
            let path = format!("{}/{name}.xml", env!("CARGO_TARGET_TMPDIR"));
            std::fs::write(&path, xml).unwrap();
            others.push(path);
        }
    }
    assert!(
        others.is_empty(),
        "others than the schema has seen: copy {others:?} here, and run check.py"
    );
}

/// What cap_tools reads in each message is what we put in.
#[test]
fn val_cap_another_program_reads_what_was_meant() {
    let expected: Value = serde_json::from_str(include_str!("expected.json")).unwrap();
    assert_eq!(expected.as_object().unwrap().len(), CASES.len());
    for case in &CASES {
        let alert = message(case);
        let infos = alert.infos.iter().map(|info| {
            let short = info.parameters.iter().filter(|(name, _)| name == "CMAMtext");
            json!({
                "language": info.language,
                "headline": info.headline,
                "short": short.map(|(_, value)| value).collect::<Vec<_>>(),
                "response": [info.response],
                "expires": info.expires,
                "codes": info.area.geocodes.iter().map(|(_, code)| code).collect::<Vec<_>>(),
                "corners": info.area.polygons.iter().map(|one| one.split(' ').count()).collect::<Vec<_>>(),
            })
        });
        let references = (!alert.references.is_empty()).then(|| alert.references.join(" "));
        let ours = json!({
            "identifier": alert.identifier,
            "sent": alert.sent,
            "status": if alert.status == Status::Exercise { "Exercise" } else { "Actual" },
            "type": format!("{:?}", alert.message_type),
            "references": references,
            "infos": infos.collect::<Vec<_>>(),
        });
        assert_eq!(ours, expected[format!("{}.xml", case.0)], "{}", case.0);
    }
}

/// What atom_syndication reads in a feed of the messages is what we put in, and where the feed itself is.
#[test]
fn val_cap_another_reader_reads_the_feed() {
    let sent: Time = "2022-10-03T22:29:00Z".parse().unwrap();
    let entries: Vec<Entry> = CASES
        .iter()
        .zip(0..)
        .map(|(case, minutes)| {
            let alert = message(case);
            Entry {
                title: alert.infos[0].headline.clone(),
                summary: format!("{} <&> {}", case.0, case.5),
                link: format!("{}.cap.xml", alert.identifier),
                identifier: alert.identifier,
                sent: sent + 60.0 * f64::from(minutes),
            }
        })
        .collect();
    let sender = Sender::new("warning@centre.example", "Warning Centre").unwrap();
    let xml = feed(&sender, "feed.xml", &entries, Zone::default());
    let read: atom_syndication::Feed = xml.parse().unwrap();
    let own: Vec<_> = read.links.iter().map(|link| (&*link.rel, &*link.href)).collect();
    assert_eq!(own, [("self", "feed.xml")]);
    assert_eq!(
        (&*read.title.value, &*read.authors[0].name),
        ("Warning Centre", sender.id())
    );
    assert_eq!(read.id, "tag:centre.example,2022:warnings");
    assert_eq!(read.updated, read.entries[0].updated);
    let theirs = read.entries.iter().map(|entry| {
        let link = &entry.links[0];
        assert_eq!(
            (&*link.rel, link.mime_type.as_deref()),
            ("alternate", Some("application/cap+xml"))
        );
        Entry {
            identifier: entry.id.rsplit(':').next().unwrap().to_owned(),
            title: entry.title.value.clone(),
            summary: entry.summary.as_ref().unwrap().value.clone(),
            sent: entry
                .updated
                .to_utc()
                .to_rfc3339()
                .replace("+00:00", "Z")
                .parse()
                .unwrap(),
            link: link.href.clone(),
        }
    });
    // What XML cannot say was left out, as in the messages.
    let ours = entries.iter().rev().map(|entry| Entry {
        summary: entry.summary.replace('\u{0}', ""),
        ..entry.clone()
    });
    assert!(theirs.eq(ours), "{xml}");
}
