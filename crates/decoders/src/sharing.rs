//! What partners send: seals, frames, items, rosters.

use std::sync::Arc;

use geo::Time;
use share::audit::{Marks, Parties, Verifier, portable};
use share::digest::{Book, BookLimits, Circle, Comparison, DigestMessage};
use share::encode::{body_octets, body_of};
use share::exchange::{keys, records};
use share::frame::Frame;
use share::identity::{Certificate, NodeId, NodeKey};
use share::roster::{Roll, SealedRoster, Taken};
use share::seal::{Context, claimed_signer, open, peek, seal as sign};

/// Bytes of any kind as the payload of a frame: no panic, and what is read is signed and read again.
pub fn frames(bytes: &[u8]) {
    let _ = Frame::peek(bytes);
    if let Ok(frame) = Frame::of_payload(bytes) {
        let key = NodeKey::from_seed(&[7; 32]);
        if let Ok(sealed) = frame.seal(&key) {
            assert_eq!(
                Frame::open(&sealed, &key.public()).expect("what was signed can be opened"),
                frame
            );
        }
        for item in &frame.items {
            let _ = item.item(&"alfa".into(), |_| Vec::new());
        }
    }
}

/// Bytes of any kind as an item: no panic, and what is taken has no other form.
pub fn items(bytes: &[u8]) {
    if let Ok(body) = body_of(bytes) {
        assert_eq!(body_octets(&body), bytes);
    }
}

/// Octets of any kind as a sealed message: no panic; nothing is taken but what the key signed, in its one form.
pub fn seal(octets: &[u8]) {
    let key = NodeKey::from_seed(&[7; 32]);
    for context in Context::ALL {
        // Nobody but the key's holder makes what opens: here nobody signed, but the line below.
        assert!(open(octets, &key.public(), context).is_err());
        let peeked = peek(octets, context);
        assert_eq!(claimed_signer(octets, context).is_ok(), peeked.is_ok());
        if let Ok((_, payload)) = peeked {
            assert!(payload.len() <= context.payload_octets_max());
        }
    }
    if let Ok(sealed) = sign(&key, Context::Receipt, octets) {
        assert_eq!(
            open(&sealed, &key.public(), Context::Receipt).ok().as_deref(),
            Some(octets)
        );
    }
    if let Ok(text) = std::str::from_utf8(octets) {
        if let Ok(id) = text.parse::<NodeId>() {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        assert!(NodeKey::from_pem(text).is_err() || text.contains("PRIVATE KEY"));
    }
}

/// Octets of any kind as a roster, unsigned and signed by a hostile owner: no panic; what is taken is in its one form,
/// can be shown, and is taken by a roll once at most.
pub fn roster(octets: &[u8]) {
    let _ = SealedRoster::open(octets);
    if let Ok(text) = std::str::from_utf8(octets) {
        let _ = SealedRoster::from_text(text);
    }
    if let Ok(certificate) = Certificate::from_der(octets) {
        let _ = certificate.facts();
    }
    let key = NodeKey::from_seed(&[1; 32]);
    let Ok(sealed) = sign(&key, Context::Roster, octets) else {
        return;
    };
    let Ok(roster) = SealedRoster::open(&sealed) else {
        return;
    };
    // What was taken says the same when it is written again.
    assert_eq!(**roster.octets(), *sealed);
    let again = roster.roster().seal(&key).expect("it was taken");
    assert_eq!(again, roster);
    let text = roster.to_text().expect("text");
    assert_eq!(SealedRoster::from_text(&text).ok(), Some(roster.clone()));
    let _ = roster.roster().to_string();
    let mut roll = Roll::new();
    roll.pin(&roster.roster().owner, key.id()).expect("a name of an owner");
    let now = roster.roster().issued;
    if roll.take(&sealed, now).is_ok() {
        assert!(matches!(roll.take(&sealed, now), Ok(Taken::Same { .. })));
    }
    for entry in &roster.roster().nodes {
        let _ = roll.signer(&roster.roster().owner, entry.id(), Time::from_tai_ns(0));
        let _ = roll.signer(&roster.roster().owner, entry.id(), now);
    }
    let _ = roll.due(now, 86_400.0);
}

/// Octets of any kind as a word about pictures: no panic; what is understood has one meaning; what is answered can be
/// understood.
pub fn digests(octets: &[u8]) {
    let Ok(message) = DigestMessage::decode(octets) else {
        return;
    };
    let again = DigestMessage::decode(&message.encode());
    assert_eq!(again.as_ref(), Ok(&message));
    let mut book = Book::new(BookLimits::default());
    let circle = Circle {
        members: ["alfa", "bravo"].map(Arc::from).into(),
        exercise: false,
    };
    book.settle(&circle, Time::from_tai_ns(i64::MAX));
    let mut comparison = Comparison::new("alfa".into(), "bravo".into());
    for answer in comparison.hear(message, &mut book).into_iter().flatten() {
        DigestMessage::decode(&answer.encode()).expect("what is answered is understood");
    }
    comparison.drain();
}

/// Octets of any kind as a value of the log: no panic, for an auditor neither, and nothing of it counts as good.
pub fn log_values(octets: &[u8]) {
    let key = keys::of_frame(keys::Kind::Frame, "bravo", 7, 1);
    let sealed_in = records::value(&key, octets);
    let public = NodeKey::from_seed(&[1; 32]).public();
    let mut verifier = Verifier::new(Parties {
        partner: "bravo".into(),
        origins: vec![public],
        recipients: vec![public],
    });
    let frame = records::FrameRecord {
        sealed: octets.to_vec(),
        marks: octets.to_vec(),
    };
    for value in [octets.to_vec(), sealed_in, records::encode(&key, &frame)] {
        let _ = records::Entry::of(&key, &value);
        let _ = records::decode::<records::Given>(&key, &value).map(|given| given.places().count());
        let _ = records::decode::<records::Have>(&key, &value);
        verifier.frame(&key, &value);
        verifier.receipt(&keys::of_epoch(keys::Kind::Receipt, "bravo", 7), &value);
    }
    let verdict = verifier.finish();
    assert_eq!((verdict.frames, verdict.receipts), (0, 0), "nobody signed it");
    if let Some(marks) = Marks::of_octets(octets) {
        let _ = marks.first_change(octets);
        assert_eq!(marks.octets(), octets);
    }
}

/// Octets of any kind as a file of an audit: no panic; nothing passes but what its owner sealed.
pub fn audit_export(octets: &[u8]) {
    let Ok(report) = portable::verify(octets) else { return };
    let mut findings = report.audited.iter().map(|one| &one.verdict.findings);
    if report.faults.is_empty() && findings.all(Vec::is_empty) {
        let sealed = crate::seeds("audit_export");
        assert!(
            sealed.iter().any(|sealed| sealed == octets),
            "a file that nobody sealed"
        );
    }
}

/// Octets of any kind as a file of the folder of keys: no panic, and what is read is written and read again.
pub fn keyring(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else { return };
    if let Ok(key) = NodeKey::from_pem(text) {
        let again = NodeKey::from_pem(&key.to_pem().expect("a key can be written"));
        assert_eq!(again.expect("what was written can be read").id(), key.id());
    }
    if let Ok(certificate) = Certificate::from_pem(text) {
        let _ = certificate.facts();
    }
    if let Ok(roster) = SealedRoster::from_text(text) {
        let text = roster.to_text().expect("what was read can be written");
        assert_eq!(SealedRoster::from_text(&text).ok(), Some(roster));
    }
}
