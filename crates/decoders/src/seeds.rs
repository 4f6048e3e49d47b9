//! Good octets of each decoder, made by the encoders themselves: what a fuzzer begins with, and a test changes.

use std::io::Cursor;
use std::sync::Arc;

use geo::{Geodetic, Time};
use plot::{Measurement, Plot, PositionFix, Sigmas};
use share::audit::{Marks, portable};
use share::digest::{Ask, Circle, Cycle, DigestMessage, Page, Statement};
use share::encode::body_octets;
use share::exchange::{keys, records};
use share::frame::{Carried, Frame, Hash};
use share::identity::{NodeKey, Validity, authority_certificate, node_certificate};
use share::item::{Body, Classification, Coarse, ItemId, Label};
use share::policy::shipped::{Country, of_country};
use share::policy::{Agreement, version};
use share::roster::{NodeEntry, Role, Roster};
use share::seal::{Context, peek, seal};
use share::store::Table;
use wire::messages::{Control, Echo, Epoch, Heads, Message, Note, Parcel, Receipt, Request, Told};
use wire::{Format, TableFormat, read_plots, write_plots};

const CSV: &str = "time,sensor,range_m,azimuth_deg,elevation_deg,range_rate_mps,snr_db,truth\n\
    2021-09-09T17:25:00.050Z,north,8076,34.6344,2.5,-31,12.5,a\n\
    2021-09-09T17:25:01Z,\"so,uth\",912345.5,359.9,,,,\n";
const JSON: &str = "{\"time\":\"2021-09-09T17:25:00.050Z\",\"sensor\":\"north\",\"range_m\":8076,\"azimuth_deg\":34.6}\n\
    {\"time\":\"2021-09-09T17:25:01Z\",\"sensor\":\"gps\",\"lat_deg\":40.5,\"lon_deg\":-3.25,\"height_m\":12000}\n";
const ADSB: &str = "[{\"timestamp\":1571948485000,\"latitude\":47.25,\"longitude\":8.5,\"altitude\":1000.0,\
    \"groundspeed\":140.0,\"icao24\":\"4b18b8\",\"onground\":false}]";
const SENSORS: &str = "[[sensor]]\nname = \"north\"\nowner = \"JP\"\nmeasures = [\"range\", \"azimuth\", \"elevation\"]\n\
    lat_deg = 41.3\nlon_deg = 140.1\nheight_m = 27.25\nsac = 20\nsic = 129\nscan_s = 4.0\nrange_max_m = 400000\n\
    range_sigma_m = 20.0\nazimuth_sigma_deg = 0.08\nelevation_sigma_deg = 0.1\n";
const TRACKS: &str = "time,track,kind,phase,existence,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps,plots,sensors\n\
    2021-09-09T17:25:00Z,a,update,coast,0.9,38.5,135.25,120000,10,-20,300,7,north;south\n";
const TRUTHS: &str = "time,truth,kind,phase,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps\n\
    2021-09-09T17:25:00Z,a,ballistic,boost,38.5,135.25,120000,10,-20,300\n";
/// One Mode S roll-call report, and one sector message, as radars sent them.
const REPORT: [u8; 48] = [
    0x30, 0x00, 0x30, 0xfd, 0xf7, 0x02, 0x19, 0xc9, 0x35, 0x6d, 0x4d, 0xa0, 0xc5, 0xaf, 0xf1, 0xe0, 0x02, 0x00, 0x05,
    0x28, 0x3c, 0x66, 0x0c, 0x10, 0xc2, 0x36, 0xd4, 0x18, 0x20, 0x01, 0xc0, 0x78, 0x00, 0x31, 0xbc, 0x00, 0x00, 0x40,
    0x0d, 0xeb, 0x07, 0xb9, 0x58, 0x2e, 0x41, 0x00, 0x20, 0xf5,
];
const SECTOR: [u8; 16] = [
    0x22, 0x00, 0x10, 0xf6, 0x19, 0x0e, 0x02, 0x3a, 0x69, 0x2b, 0x40, 0x88, 0x40, 0x40, 0x80, 0x00,
];
const SCENARIO: &str = include_str!("../../../scenarios/2022-01-25-cruise.toml");
const AREAS: &str = include_str!("../../share/policy/japan/areas.toml");
const RULES: &str = include_str!("../../share/policy/japan/release.cedar");

/// Good octets of a decoder by its name; none of one that is not known.
pub fn seeds(name: &str) -> Vec<Vec<u8>> {
    let text = |text: &str| vec![text.as_bytes().to_vec()];
    match name {
        "plots_csv" => text(CSV),
        "plots_jsonl" => text(JSON),
        "adsb_json" => text(ADSB),
        "feed_lines" => [CSV, JSON].map(|text| text.as_bytes().to_vec()).into(),
        "plots_parquet" => parquet().into_iter().collect(),
        "sensors_toml" => text(SENSORS),
        "asterix" | "asterix_datagram" => vec![REPORT.to_vec(), [&REPORT[..], &SECTOR].concat()],
        "pcap" => vec![capture()],
        "tracks_csv" => text(TRACKS),
        "truths_csv" => text(TRUTHS),
        "tracks_parquet" => tracks().into_iter().collect(),
        "scenario_toml" => text(SCENARIO),
        "policy_areas" => text(AREAS),
        "policy_rules" => text(RULES),
        "policy_agreement" => text(&agreement().to_toml()),
        "policy_version" => policy().into_iter().collect(),
        "node_toml" => node_toml(),
        "tokens" => tokens(),
        "backup" => backup(),
        _ => shared(name),
    }
}

fn time() -> Time {
    Time::from_tai_ns(1_700_000_000_000_000_000)
}

fn key(of: u8) -> NodeKey {
    NodeKey::from_seed(&[of; 32])
}

fn parquet() -> Option<Vec<u8>> {
    let plots = read_plots(Format::Csv, Cursor::new(CSV.as_bytes().to_vec()), "seed")
        .ok()?
        .plots;
    let mut octets = Vec::new();
    write_plots(Format::Parquet, &mut octets, &plots).ok()?;
    Some(octets)
}

fn tracks() -> Option<Vec<u8>> {
    use wire::tracks::{TrackWriter, read_tracks};
    let rows = read_tracks(TableFormat::Csv, Cursor::new(TRACKS.as_bytes().to_vec()), "seed")
        .ok()?
        .rows;
    let mut octets = Vec::new();
    let mut writer = TrackWriter::new(TableFormat::Parquet, &mut octets).ok()?;
    rows.iter().try_for_each(|row| writer.write(row)).ok()?;
    writer.finish().ok()?;
    Some(octets)
}

/// The rest of a pcap of little-endian order behind its first four octets, which the decoder's debt puts there, with
/// one UDP datagram in Ethernet and IPv4.
fn capture() -> Vec<u8> {
    let mut packet = vec![0; 12];
    packet.extend([0x08, 0x00, 0x45, 0]);
    packet.extend(((20 + 8 + REPORT.len()) as u16).to_be_bytes());
    packet.extend([0, 0, 0, 0, 64, 17, 0, 0, 127, 0, 0, 1, 239, 1, 1, 1]);
    packet.extend([0x22, 0x61, 0x22, 0x61]);
    packet.extend(((8 + REPORT.len()) as u16).to_be_bytes());
    packet.extend([0, 0]);
    packet.extend(REPORT);
    let mut octets = vec![0, 2, 0, 4, 0];
    octets.extend([0; 8]);
    octets.extend(65_535_u32.to_le_bytes());
    octets.extend(1_u32.to_le_bytes());
    octets.extend(1_600_000_000_u32.to_le_bytes());
    octets.extend([0; 4]);
    for _ in 0..2 {
        octets.extend((packet.len() as u32).to_le_bytes());
    }
    octets.extend(packet);
    octets
}

fn agreement() -> Agreement {
    Agreement::first(
        "japan",
        &["korea", "usa"],
        &["north", "south"],
        Time::from_tai_ns(0) + 2e9,
    )
}

fn policy() -> Option<Vec<u8>> {
    let files = of_country(Country::Japan, ["japan", "korea", "usa"], &agreement()).ok()?;
    let version = version::sign(&files, None, &key(7)).ok()?;
    Some(peek(&version.octets, Context::Policy).ok()?.1)
}

#[cfg(feature = "node")]
fn node_toml() -> Vec<Vec<u8>> {
    use node::config::{Template, TemplatePartner};
    let template = Template {
        owner: "japan".into(),
        exercise: true,
        values: Vec::new(),
        partners: vec![TemplatePartner {
            name: "korea".into(),
            listen: vec!["quic/127.0.0.1:7447".into()],
            connect: vec!["quic/127.0.0.2:7447".into()],
        }],
        feeds: vec![vec![
            ("name", "\"radar\"".into()),
            ("kind", "\"udp\"".into()),
            ("address", "\"239.1.1.1:8600\"".into()),
        ]],
    };
    vec![node::config::node_toml(&template).into_bytes()]
}

#[cfg(not(feature = "node"))]
fn node_toml() -> Vec<Vec<u8>> {
    Vec::new()
}

fn tokens() -> Vec<Vec<u8>> {
    let digits = "0123456789abcdef".repeat(4);
    let text = format!("# who may ask\nlee viewer {digits}\n\n  kim releaser certificate:{digits}\n");
    vec![text.into_bytes()]
}

#[cfg(feature = "node")]
fn backup() -> Vec<Vec<u8>> {
    use share::store::Write;
    let entry = |table, key: &[u8], value: &[u8]| Write {
        table,
        key: key.to_vec(),
        value: Some(value.to_vec()),
    };
    let entries = [
        entry(Table::State, b"x/in/bravo", &[1, 2, 3]),
        entry(Table::Journal, &7_u64.to_be_bytes(), &frame()),
        entry(Table::Audit, b"x", b""),
    ];
    let of = |entries: &[Write]| {
        let mut octets = Vec::new();
        let written = node::store::write_backup(&mut octets, time(), entries);
        written.map(|()| octets).ok()
    };
    [of(&entries), of(&[])].into_iter().flatten().collect()
}

#[cfg(not(feature = "node"))]
fn backup() -> Vec<Vec<u8>> {
    Vec::new()
}

/// What partners send each other, and what a node keeps of it.
fn shared(name: &str) -> Vec<Vec<u8>> {
    match name {
        "items" => bodies().iter().map(body_octets).collect(),
        "frames" => vec![frame()],
        "seal" => seal(&key(2), Context::Receipt, &receipt()).into_iter().collect(),
        "roster" => roster()
            .and_then(|roster| Some(peek(&roster, Context::Roster).ok()?.1))
            .into_iter()
            .collect(),
        "keyring" => key_files(),
        "digests" => digests().iter().map(DigestMessage::encode).collect(),
        "log_values" => log_values(),
        "audit_export" => audit_export().into_iter().collect(),
        "parcels" => controls().into_iter().chain([receipt(), frame()]).collect(),
        _ => Vec::new(),
    }
}

fn bodies() -> [Body; 2] {
    let place = Geodetic::from_degrees(38.0, 134.0, 1e5);
    let plot = Plot {
        time: time(),
        sensor: "north".into(),
        measurement: Measurement::Position(PositionFix {
            geodetic: place,
            velocity: None,
        }),
        sigmas: Sigmas::default(),
        snr_db: Some(12.0),
        target: None,
        truth: None,
    };
    let coarse = Coarse {
        time: time(),
        place,
        sigma_m: 5e3,
    };
    [Body::Plot(Box::new(plot)), Body::Coarse(coarse)]
}

/// The payload of a frame from bravo to alfa, with its items plain and sealed.
fn frame() -> Vec<u8> {
    let (origin, recipient) = (key(2), key(1).id());
    let label = |onward| Label {
        policy: "bravo-1".into(),
        classification: Classification::Restricted,
        releasable_to: ["alfa", "bravo"].map(Arc::from).into(),
        exercise: false,
        onward,
    };
    let items = bodies().into_iter().zip([false, true]).filter_map(|(body, onward)| {
        let item = share::item::Item {
            origin: "bravo".into(),
            label: label(onward),
            body,
        };
        Carried::of(&item, &origin).ok()
    });
    let frame = Frame {
        origin: origin.id(),
        recipient,
        epoch: 7,
        sequence: 1,
        previous: Hash::opening(origin.id(), recipient, 7),
        sent: time(),
        items: items.collect(),
    };
    let sealed = frame.seal(&origin).unwrap_or_default();
    peek(&sealed, Context::Frame)
        .map(|(_, payload)| payload)
        .unwrap_or_default()
}

fn receipt() -> Vec<u8> {
    let receipt = Receipt {
        origin: key(1).id().0.to_vec(),
        recipient: key(2).id().0.to_vec(),
        epoch: 7,
        sequence: 3,
        hash: vec![1; 32],
        sent_tai_ns: time().tai_ns(),
        closed: true,
        beyond: vec![5],
    };
    receipt.encode_to_vec()
}

fn controls() -> Vec<Vec<u8>> {
    let request = Request {
        epoch: 7,
        from: 1,
        to: 9,
    };
    let heads = Heads {
        epoch: 7,
        sequence: 3,
        open: vec![Epoch { epoch: 5 }],
    };
    let note = Note {
        topic: 1,
        octets: vec![1, 2],
    };
    let all = [
        Told::Heads(heads),
        Told::Request(request),
        Told::Return(request),
        Told::Note(note),
    ];
    let control = |told| Control {
        origin: key(2).id().0.to_vec(),
        recipient: key(1).id().0.to_vec(),
        sent_tai_ns: time().tai_ns(),
        told: Some(told),
        echo: Some(Echo {
            sent_tai_ns: time().tai_ns() - 9,
            taken_tai_ns: time().tai_ns() - 5,
        }),
    };
    let controls: Vec<_> = all
        .into_iter()
        .map(control)
        .map(|control| control.encode_to_vec())
        .collect();
    let sealed = controls
        .iter()
        .filter_map(|control| seal(&key(2), Context::Control, control).ok());
    let parcel = Parcel {
        controls: sealed.collect(),
        ..Parcel::default()
    };
    controls.into_iter().chain([parcel.encode_to_vec()]).collect()
}

fn digests() -> [DigestMessage; 3] {
    let circle = Circle {
        members: ["alfa", "bravo"].map(Arc::from).into(),
        exercise: false,
    };
    let cycle = Cycle::of(time());
    let ask = Ask {
        circle: circle.clone(),
        cycle,
        after: None,
    };
    let entries = vec![(time(), ItemId([1; 16])), (time(), ItemId([2; 16]))];
    let statement = Statement {
        circle,
        cycle,
        items: 2,
        plots: [3; 16],
        picture: [4; 16],
    };
    let page = Page {
        ask: ask.clone(),
        entries,
        is_last: true,
    };
    [
        DigestMessage::Statements(vec![statement]),
        DigestMessage::Ask(ask),
        DigestMessage::Page(page),
    ]
}

fn log_values() -> Vec<Vec<u8>> {
    let sealed = seal(&key(2), Context::Frame, &frame()).unwrap_or_default();
    let marks = Marks::of(&sealed).octets();
    let place = keys::of_frame(keys::Kind::Frame, "bravo", 7, 1);
    let given = records::encode(&place, &records::Given::of(&[3, 4, 9]));
    let record = records::FrameRecord {
        sealed,
        marks: marks.clone(),
    };
    vec![records::encode(&place, &record), given, marks]
}

fn validity() -> Validity {
    Validity {
        from: time(),
        until: time() + 86_400.0 * 30.0,
    }
}

/// The file that japan gives to somebody else: two frames to korea.
fn audit_export() -> Option<Vec<u8>> {
    let (origin, recipient) = (key(2), key(12).id());
    let rosters = [roster_of("japan", 1)?, roster_of("korea", 11)?];
    let rosters = rosters.map(|octets| share::roster::SealedRoster::open(&octets).ok());
    let mut writer = portable::Writer::new("japan", time(), rosters.iter().flatten());
    let mut previous = Hash::opening(origin.id(), recipient, 7);
    for sequence in 1..=2 {
        let frame = Frame {
            origin: origin.id(),
            recipient,
            epoch: 7,
            sequence,
            previous,
            sent: time(),
            items: Vec::new(),
        };
        let sealed = frame.seal(&origin).ok()?;
        previous = Hash::of(&sealed);
        let place = keys::of_frame(keys::Kind::Frame, "korea", 7, sequence);
        let marks = Marks::of(&sealed).octets();
        let value = records::encode(&place, &records::FrameRecord { sealed, marks });
        writer.entry(Table::Outbox, &place, &value);
    }
    writer.finish(&origin).ok()
}

fn roster() -> Option<Vec<u8>> {
    roster_of("japan", 1)
}

/// The roster of an owner whose root is the key of a number, and whose node that of the next.
fn roster_of(owner: &str, root: u8) -> Option<Vec<u8>> {
    let (root, node) = (key(root), key(root + 1));
    let certificate = node_certificate(owner, &root, &node.public(), &["127.0.0.1".to_owned()], validity()).ok()?;
    let roster = Roster {
        owner: owner.into(),
        version: 1,
        previous: None,
        issued: time(),
        expires: validity().until,
        root: root.public(),
        handovers: Vec::new(),
        authorities: vec![authority_certificate(owner, &root, validity()).ok()?],
        nodes: vec![NodeEntry {
            key: node.public(),
            certificate: certificate.fingerprint(),
            validity: validity(),
            role: Role::Main,
        }],
        revoked: Vec::new(),
    };
    Some(roster.seal(&root).ok()?.octets().to_vec())
}

fn key_files() -> Vec<Vec<u8>> {
    let mut files: Vec<Vec<u8>> = key(1).to_pem().iter().map(|pem| pem.as_bytes().to_vec()).collect();
    let certificate = authority_certificate("japan", &key(1), validity());
    files.extend(
        certificate
            .ok()
            .and_then(|own| own.to_pem().ok())
            .map(String::into_bytes),
    );
    let sealed = roster().and_then(|octets| share::roster::SealedRoster::open(&octets).ok());
    files.extend(sealed.and_then(|sealed| sealed.to_text().ok()).map(String::into_bytes));
    files.push(key(1).id().to_string().into_bytes());
    files
}
