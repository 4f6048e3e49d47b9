//! Octets of any kind as a roster, unsigned and signed by a hostile owner: no panic; what is taken is in its one form,
//! can be shown, and is taken by a roll once at most.
#![no_main]

use geo::Time;
use share::identity::{Certificate, NodeKey};
use share::roster::{Roll, SealedRoster, Taken};
use share::seal::{Context, seal};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let _ = SealedRoster::open(octets);
    if let Ok(text) = std::str::from_utf8(octets) {
        let _ = SealedRoster::from_text(text);
    }
    if let Ok(certificate) = Certificate::from_der(octets) {
        let _ = certificate.facts();
    }
    let key = NodeKey::from_seed(&[1; 32]);
    let Ok(sealed) = seal(&key, Context::Roster, octets) else {
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
});
