//! Which version holds, and which are refused.

use super::*;
use crate::identity::NodeKey;
use crate::policy::Withdrawal;
use crate::policy::version::{History, Version, VersionError, sign};

const RULE: &str = "@id(\"a\") permit (principal, action, resource);";

fn key(seed: u8) -> NodeKey {
    NodeKey::from_seed(&[seed; 32])
}

fn version(number: u32, dated: &str, from: &str) -> Files {
    let agreement = JAPAN
        .replace("version = 1", &format!("version = {number}"))
        .replace("2026-01-01T00:00:00Z", dated)
        .replace("2026-02-01T00:00:00Z", from);
    files(&agreement, RULE, PLACES)
}

fn history() -> History {
    History::new("japan", &[key(1).public(), key(2).public()])
}

fn first() -> Version {
    sign(
        &version(1, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
        None,
        &key(1),
    )
    .expect("signed")
}

fn withdraw(partner: &str, files: &Files, from: &str) -> Result<Files, PolicyError> {
    let partner = Some(partner.into());
    Withdrawal {
        partner,
        ..Withdrawal::default()
    }
    .after(files, at(from), at(from))
}

#[test]
fn the_highest_number_that_has_begun_holds() {
    let first = first();
    let second = version(2, "2026-02-10T00:00:00Z", "2026-05-01T00:00:00Z");
    let second = sign(&second, Some(&first), &key(2)).expect("signed");
    let third = withdraw("korea", &second.files, "2026-03-01T12:00:00Z").unwrap();
    let third = sign(&third, Some(&second), &key(1)).expect("signed");
    let mut history = history();
    for version in [&first, &second, &third, &third] {
        assert_eq!(history.accept(&version.octets).expect("taken"), version);
    }
    let holds = |time: &str| history.at(at(time)).map(|version| version.number);
    assert_eq!(holds("2026-01-31T23:59:59.999Z"), None);
    assert_eq!(holds("2026-02-01T00:00:00Z"), Some(1));
    assert_eq!(holds("2026-03-01T11:59:59Z"), Some(1));
    assert_eq!(holds("2026-03-01T12:00:00Z"), Some(3));
    // The version that was to begin in May never does: a later one holds by then.
    assert_eq!(holds("2026-06-01T00:00:00Z"), Some(3));
    assert_eq!(
        history.changes_at(at("2026-01-01T00:00:00Z")),
        Some(at("2026-02-01T00:00:00Z"))
    );
    assert_eq!(
        history.changes_at(at("2026-02-01T00:00:00Z")),
        Some(at("2026-03-01T12:00:00Z"))
    );
    assert_eq!(history.changes_at(at("2026-03-01T12:00:00Z")), None);
    let given = |version: &Version, partner| {
        let policy = Policy::new(&version.files).expect("a policy");
        policy
            .decide(partner, Purpose::Warning, &subject(), subject().time)
            .tier
    };
    assert_eq!(
        (given(&second, "korea"), given(&third, "korea")),
        (Tier::Plot, Tier::Nothing)
    );
    assert_eq!(given(&third, "usa"), Tier::Plot);
}

#[test]
fn what_is_not_the_next_version_is_refused_by_name() {
    let first = first();
    let second = sign(
        &version(2, "2026-02-10T00:00:00Z", "2026-02-10T00:00:00Z"),
        Some(&first),
        &key(1),
    )
    .unwrap();
    let other = sign(
        &version(2, "2026-02-11T00:00:00Z", "2026-02-11T00:00:00Z"),
        Some(&first),
        &key(1),
    )
    .unwrap();
    let third = sign(
        &version(3, "2026-02-12T00:00:00Z", "2026-02-12T00:00:00Z"),
        Some(&other),
        &key(1),
    )
    .unwrap();
    let mut history = history();
    let refused = |history: &mut History, octets: &[u8]| history.accept(octets).expect_err("refused").to_string();
    assert!(matches!(
        history.accept(&second.octets),
        Err(VersionError::Gap { number: 2, newest: 0 })
    ));
    history.accept(&first.octets).expect("taken");
    assert!(matches!(
        history.accept(&third.octets),
        Err(VersionError::Gap { number: 3, newest: 1 })
    ));
    history.accept(&second.octets).expect("taken");
    // Played again.
    assert!(matches!(
        history.accept(&first.octets),
        Err(VersionError::Older { number: 1, newest: 2 })
    ));
    // A second line of versions, and what grows on it.
    assert!(matches!(
        history.accept(&other.octets),
        Err(VersionError::Forked { number: 2, .. })
    ));
    assert!(matches!(
        history.accept(&third.octets),
        Err(VersionError::Previous { number: 3, .. })
    ));
    // Signed by a stranger; of another owner; changed after it was signed; cut; nothing at all.
    let stranger = sign(
        &version(3, "2026-02-12T00:00:00Z", "2026-02-12T00:00:00Z"),
        Some(&second),
        &key(9),
    )
    .unwrap();
    assert!(refused(&mut history, &stranger.octets).contains("cannot sign for japan"));
    let mut korea = History::new("korea", &[key(1).public()]);
    assert!(matches!(korea.accept(&first.octets), Err(VersionError::Owner { .. })));
    for at in [20, 60, first.octets.len() - 1] {
        let mut changed = first.octets.clone();
        changed[at] ^= 1;
        assert!(
            History::new("japan", &[key(1).public()]).accept(&changed).is_err(),
            "octet {at}"
        );
    }
    assert!(matches!(
        history.accept(&second.octets[..50]),
        Err(VersionError::Unsigned(_))
    ));
    assert!(matches!(history.accept(&[]), Err(VersionError::Unsigned(_))));
    assert_eq!(history.versions().len(), 2);
}

#[test]
fn a_version_cannot_be_signed_out_of_order() {
    let first = first();
    let early = version(2, "2025-12-31T00:00:00Z", "2026-02-10T00:00:00Z");
    assert!(matches!(
        sign(&early, Some(&first), &key(1)),
        Err(VersionError::Dated { .. })
    ));
    let skipped = version(3, "2026-02-10T00:00:00Z", "2026-02-10T00:00:00Z");
    assert!(matches!(
        sign(&skipped, Some(&first), &key(1)),
        Err(VersionError::Gap { .. })
    ));
    assert!(matches!(sign(&skipped, None, &key(1)), Err(VersionError::Gap { .. })));
    let bad = files(JAPAN, "permit (principal, action, resource);", PLACES);
    assert!(matches!(sign(&bad, None, &key(1)), Err(VersionError::Files(_))));
    let nobody = withdraw("china", &first.files, "2026-03-01T00:00:00Z");
    assert!(
        nobody
            .expect_err("no such partner")
            .to_string()
            .contains("unknown partner")
    );
}

#[test]
fn a_withdrawal_takes_back_what_it_says_and_no_more() {
    let first = first();
    let now = subject().time;
    let given = |files: &Files, partner: &str| {
        let policy = Policy::new(files).expect("a policy");
        policy.decide(partner, Purpose::Warning, &subject(), now).tier
    };
    let sensor = subject().sensor;
    let other = Policy::new(&first.files).unwrap().agreement().sensors.clone();
    let other = other.into_iter().find(|name| *name != sensor).expect("a second sensor");
    let of = |partner: Option<&str>, sensor: Option<&Arc<str>>, tier| Withdrawal {
        partner: partner.map(Into::into),
        sensor: sensor.cloned(),
        tier,
    };
    for (withdrawal, korea, usa) in [
        (of(Some("korea"), None, None), Tier::Nothing, Tier::Plot),
        (of(None, None, None), Tier::Nothing, Tier::Nothing),
        (of(None, None, Some(Tier::Plot)), Tier::Coarse, Tier::Coarse),
        // What is forbidden takes what is more with it.
        (of(Some("usa"), None, Some(Tier::Track)), Tier::Plot, Tier::Warning),
        (of(Some("korea"), Some(&sensor), None), Tier::Nothing, Tier::Plot),
        (of(Some("korea"), Some(&other), None), Tier::Plot, Tier::Plot),
    ] {
        let files = withdrawal.after(&first.files, now, now).expect("the next version");
        assert_eq!(
            (given(&files, "korea"), given(&files, "usa")),
            (korea, usa),
            "{withdrawal:?}"
        );
        let next = sign(&files, Some(&first), &key(1)).expect("signed");
        // A second withdrawal leaves the first as it is.
        let again = of(None, None, Some(Tier::Plot))
            .after(&next.files, now, now)
            .expect("the one after");
        assert!(
            given(&again, "korea") <= korea && given(&again, "usa") <= usa,
            "{withdrawal:?}"
        );
        assert_eq!((next.from, next.number), (now, 2));
    }
    let error = of(None, Some(&"nroth".into()), None).after(&first.files, now, now);
    assert!(
        error
            .expect_err("no such sensor")
            .to_string()
            .contains("unknown sensor")
    );
}

#[test]
fn a_version_that_was_kept_is_taken_up_though_its_signer_is_one_no_more() {
    let first = first();
    let mut history = History::new("japan", &[key(3).public()]);
    assert!(matches!(
        history.accept(&first.octets),
        Err(VersionError::Signer { .. })
    ));
    assert!(history.restore(&first.octets, key(2).public()).is_err());
    history.restore(&first.octets, key(1).public()).expect("taken");
    assert_eq!(history.versions().len(), 1);
    let second = version(2, "2026-02-10T00:00:00Z", "2026-02-10T00:00:00Z");
    let by = |signer: u8| sign(&second, Some(&first), &key(signer)).expect("signed").octets;
    assert!(matches!(history.accept(&by(1)), Err(VersionError::Signer { .. })));
    history.accept(&by(3)).expect("taken");
}
