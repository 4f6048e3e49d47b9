//! A roster is read as it was signed, or refused.

use coset::cbor::value::Value;
use proptest::prelude::*;
use toml::de::{DeTable, DeValue};

use super::cbor::{bytes, instant, text, to_octets, uint};
use super::sample::*;
use super::*;
use crate::seal::SealError;

fn japan() -> Roster {
    first("japan", &key(1), &key(11))
}

/// One with everything in it.
fn full() -> (SealedRoster, NodeKey) {
    let one = japan().seal(&key(1)).unwrap();
    let mut roster = handed_over(&one, &key(1), &key(2));
    roster.nodes.push(NodeEntry {
        role: Role::Standby,
        ..entry("japan", &key(2), &key(12))
    });
    roster.nodes.sort_by_key(|entry| entry.key);
    let reasons = Reason::ALL.iter().zip([31, 32, 33, 34]);
    let revoked = reasons.map(|(reason, seed)| Revocation {
        key: key(seed).id(),
        at: at(1),
        reason: *reason,
    });
    roster.revoked = revoked.collect();
    roster.revoked.sort_by_key(|revocation| revocation.key);
    (roster.seal(&key(2)).unwrap(), key(2))
}

#[test]
fn what_was_signed_is_read_as_octets_and_as_text() {
    for sealed in [japan().seal(&key(1)).unwrap(), full().0] {
        assert_eq!(SealedRoster::open(sealed.octets()).unwrap(), sealed);
        let text = sealed.to_text().unwrap();
        assert!(text.starts_with("-----BEGIN TRILAT ROSTER-----\n"), "{text}");
        assert_eq!(SealedRoster::from_text(&text).unwrap(), sealed);
        // Mail may change how lines end.
        assert_eq!(SealedRoster::from_text(&text.replace('\n', "\r\n")).unwrap(), sealed);
    }
    assert_eq!(*japan().seal(&key(1)).unwrap().roster().as_ref(), japan());
}

#[test]
fn a_change_of_any_octet_is_refused() {
    let (sealed, _) = full();
    for place in 0..sealed.octets().len() {
        for change in [1, 0x80] {
            let mut octets = sealed.octets().to_vec();
            octets[place] ^= change;
            assert!(SealedRoster::open(&octets).is_err(), "octet {place} ^ {change}");
        }
    }
}

#[test]
fn every_beginning_and_anything_behind_is_refused() {
    let (sealed, _) = full();
    for length in 0..sealed.octets().len() {
        assert!(SealedRoster::open(&sealed.octets()[..length]).is_err(), "{length}");
    }
    assert!(SealedRoster::open(&[sealed.octets(), &[0][..]].concat()).is_err());
}

#[test]
fn the_text_for_people_is_toml_and_tells_all() {
    let (sealed, root) = full();
    let text = sealed.roster().to_string();
    let table = DeValue::Table(DeTable::parse(&text).expect(&text).into_inner());
    assert_eq!(table["owner"].get_ref().as_str(), Some("japan"));
    assert!(table["version"].get_ref().is_integer());
    assert_eq!(table["root"].get_ref().as_str(), Some(&*root.id().to_string()));
    for (list, entries) in [("node", 2), ("revoked", 4), ("authority", 2), ("handover", 1)] {
        assert_eq!(table[list].get_ref().as_array().unwrap().len(), entries, "{list}");
    }
    for time in ["issued", "expires"] {
        assert!(table[time].get_ref().is_datetime(), "{time}");
    }
}

#[test]
fn one_that_nobody_would_take_is_not_signed() {
    type Change = fn(&mut Roster);
    let cases: [(&str, Change); 19] = [
        ("the name of an owner", |r| r.owner = "a/b".into()),
        ("the name of an owner has 1 to", |r| r.owner = "".into()),
        ("version 0", |r| r.version = 0),
        ("version 2", |r| r.version = 2),
        ("version 1", |r| r.previous = Some(Fingerprint([0; 32]))),
        ("cannot end", |r| r.expires = r.issued),
        ("cannot end", |r| r.expires = r.issued + LIFE_MAX_S + 1.0),
        ("nodes of the roster are not in order", |r| r.nodes.push(r.nodes[0])),
        ("revoked keys of the roster are not in order", |r| {
            let one = Revocation {
                key: key(9).id(),
                at: at(0),
                reason: Reason::Lost,
            };
            r.revoked = vec![one, one];
        }),
        ("cannot be valid", |r| {
            r.nodes[0].validity.until = r.nodes[0].validity.from
        }),
        ("listed as a node", |r| r.nodes[0].key = r.root),
        ("hand over to another root first", |r| {
            r.revoked = vec![Revocation {
                key: r.root.id(),
                at: at(0),
                reason: Reason::Stolen,
            }];
        }),
        ("authority of", |r| r.authorities.clear()),
        ("authority of", |r| r.authorities.push(r.authorities[0].clone())),
        ("authority of", |r| r.authorities.push(authority("japan", &key(5)))),
        ("authority of", |r| {
            r.authorities[0] = certificate("japan", &key(1), &key(11))
        }),
        ("an authority of the roster", |r| {
            r.authorities[0] = Certificate::from_der(&[1, 2, 3]).unwrap()
        }),
        ("nodes in one roster", |r| r.nodes = vec![r.nodes[0]; NODES_MAX + 1]),
        ("revoked keys in one roster", |r| {
            r.revoked = vec![
                Revocation {
                    key: key(9).id(),
                    at: at(0),
                    reason: Reason::Lost
                };
                REVOKED_MAX + 1
            ];
        }),
    ];
    for (why, change) in cases {
        let mut roster = japan();
        change(&mut roster);
        let error = roster.seal(&key(1)).unwrap_err().to_string();
        assert!(error.contains(why), "{why}: {error}");
    }
    let error = japan().seal(&key(2)).unwrap_err();
    assert!(matches!(error, RosterError::Root { .. }), "{error}");
}

#[test]
fn handovers_that_do_not_lead_to_the_root_are_refused() {
    let by = |owner: &str, from: u8, to: u8| Handover::seal(owner, &key(from), key(to).public(), at(0)).unwrap();
    for (why, handovers) in [
        ("another owner", vec![by("korea", 3, 1)]),
        ("leads to another key", vec![by("japan", 3, 4)]),
        ("does not begin", vec![by("japan", 3, 4), by("japan", 5, 1)]),
        ("come back", vec![by("japan", 1, 3), by("japan", 3, 1)]),
        ("come back", vec![by("japan", 1, 1)]),
        (
            "later",
            vec![Handover::seal("japan", &key(3), key(1).public(), at(1)).unwrap()],
        ),
    ] {
        let mut roster = japan();
        roster.handovers = handovers;
        let error = roster.seal(&key(1)).unwrap_err().to_string();
        assert!(error.contains(why), "{why}: {error}");
    }
}

/// A roster as values, field by field, to change what the types do not let change.
fn values(roster: &Roster) -> Vec<Value> {
    let octets = roster.to_cbor().unwrap();
    let value: Value = coset::cbor::de::from_reader(&octets[..]).unwrap();
    value.into_array().unwrap()
}

fn signed(payload: &[u8]) -> Vec<u8> {
    seal::seal(&key(1), Context::Roster, payload).unwrap()
}

#[test]
fn properly_signed_nonsense_is_refused_with_its_field() {
    let list = |values: Vec<Value>| Value::Array(values);
    let node = |field: usize, value: Value| {
        let mut node = values(&japan())[9].as_array().unwrap()[0].as_array().unwrap().clone();
        node[field] = value;
        list(vec![list(node)])
    };
    let revoked = |key: usize, reason: u64| list(vec![list(vec![bytes(&vec![0; key]), instant(at(0)), uint(reason)])]);
    let cases: [(usize, Value, &str); 21] = [
        (0, uint(2), "format 2"),                          // of a later program
        (0, text("1"), "format"),                          // a text where a number is
        (1, bytes(b"japan"), "owner"),                     // octets where text is
        (1, text(&"a".repeat(10_000)), "10000 letters"),   // a name that fills a log
        (1, text("ja\npan"), "'\\n'"),                     // a name that forges a line of a log
        (2, Value::Integer((-1).into()), "version"),       // before the first
        (2, Value::Float(1.0), "version"),                 // equal to 1, but another encoding
        (3, bytes(&[0; 31]), "previous"),                  // too short for a digest
        (4, uint(u64::MAX), "issued"),                     // beyond all time
        (5, Value::Null, "expires"),                       // never ends
        (6, bytes(&[0; 32]), "weak"),                      // a key under which anything is signed
        (7, list(vec![bytes(b"x")]), "COSE"),              // no handover
        (7, list(vec![bytes(b"x"); 65]), "65 handovers"),  // so many that verifying them takes long
        (8, list(vec![text("x")]), "authority"),           // no octets
        (8, list(vec![bytes(&[0; 5000])]), "5000 octets"), // longer than any certificate
        (9, node(0, bytes(&[0; 33])), "node.key"),         // too long for a key
        (9, node(4, uint(7)), "node.role"),                // an unknown role
        (9, list(vec![list(vec![])]), "node.key"),         // a node without anything
        (10, revoked(16, 9), "revoked.reason"),            // an unknown reason
        (10, revoked(15, 0), "revoked.key"),               // too short for a name
        (10, Value::Map(vec![]), "revoked"),               // no list
    ];
    for (field, value, why) in cases {
        let mut fields = values(&japan());
        fields[field] = value;
        let octets = signed(&to_octets(&Value::Array(fields)).unwrap());
        let error = SealedRoster::open(&octets).unwrap_err().to_string();
        assert!(error.contains(why), "field {field}, {why}: {error}");
        assert!(error.len() < 300 && !error.contains('\n'), "{error}");
    }
}

#[test]
fn properly_signed_but_in_another_form_is_refused() {
    let good = japan().to_cbor().unwrap();
    assert!(SealedRoster::open(&signed(&good)).is_ok());
    let mut longer = values(&japan());
    longer.push(uint(0));
    let mut shorter = values(&japan());
    shorter.pop();
    let deep = (0..64).fold(uint(0), |value, _| Value::Array(vec![value]));
    for (why, payload) in [
        ("no CBOR", Vec::new()),
        ("no CBOR", vec![0xff]),
        ("behind", [&good[..], &[0]].concat()),
        // The array's head says eleven in two octets instead of one.
        ("shortest", [&[0x98, 11], &good[1..]].concat()),
        // An array without a stated length.
        ("shortest", [&[0x9f], &good[1..], &[0xff]].concat()),
        ("as long", to_octets(&Value::Array(longer)).unwrap()),
        ("revoked", to_octets(&Value::Array(shorter)).unwrap()),
        ("an array", to_octets(&uint(1)).unwrap()),
        ("no CBOR", to_octets(&deep).unwrap()),
        // Says that four thousand million fields follow.
        ("no CBOR", vec![0x9a, 0xff, 0xff, 0xff, 0xff, 1]),
    ] {
        let error = SealedRoster::open(&signed(&payload)).unwrap_err().to_string();
        assert!(error.contains(why), "{why}: {error}");
    }
}

#[test]
fn signed_for_another_purpose_or_by_another_key_is_no_roster() {
    let payload = japan().to_cbor().unwrap();
    let frame = seal::seal(&key(1), Context::Control, &payload).unwrap();
    assert!(matches!(
        SealedRoster::open(&frame),
        Err(RosterError::Seal(SealError::Signature { .. }))
    ));
    let other = seal::seal(&key(2), Context::Roster, &payload).unwrap();
    assert!(matches!(
        SealedRoster::open(&other),
        Err(RosterError::Seal(SealError::Signer { .. }))
    ));
}

#[test]
fn text_that_is_no_roster_says_so() {
    let text = japan().seal(&key(1)).unwrap().to_text().unwrap();
    for (text, why) in [
        (String::new(), "BEGIN TRILAT ROSTER"),
        (text.replace("ROSTER", "ROOSTER"), "TRILAT ROOSTER"),
        (text[..text.len() / 2].to_owned(), "BEGIN TRILAT ROSTER"),
        (key(1).to_pem().unwrap().to_string(), "PRIVATE KEY"),
    ] {
        let error = SealedRoster::from_text(&text).unwrap_err().to_string();
        assert!(error.contains(why), "{why}: {error}");
    }
}

proptest! {
    #[test]
    fn any_signed_octets_are_refused_without_a_panic(payload in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(SealedRoster::open(&signed(&payload)).is_err());
    }

    #[test]
    fn a_signed_roster_with_an_octet_changed_is_taken_in_its_one_form_only(
        place in any::<prop::sample::Index>(),
        octet: u8,
    ) {
        // Signed after the change: the owner itself is hostile.
        let mut payload = japan().to_cbor().unwrap();
        let place = place.index(payload.len());
        payload[place] = octet;
        if let Ok(sealed) = SealedRoster::open(&signed(&payload)) {
            prop_assert_eq!(sealed.roster().to_cbor().unwrap(), payload);
        }
    }
}
