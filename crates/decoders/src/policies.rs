//! What an owner writes and signs about release.

use std::sync::LazyLock;

use geo::{Geodetic, Time};
use share::identity::NodeKey;
use share::policy::version::History;
use share::policy::{AGREEMENT, AREAS, Agreement, Files, Policy, Spot, Text};
use share::release::{Purpose, Subject, Tier};
use share::seal::{Context, seal};

static KEY: LazyLock<NodeKey> = LazyLock::new(|| NodeKey::from_seed(&[7; 32]));

/// Bytes of any kind as an agreement: no panic, and what is read is written and read again.
pub fn policy_agreement(octets: &[u8]) {
    let Ok(agreement) = std::str::from_utf8(octets) else {
        return;
    };
    let read = |text: &str| {
        let files = Files::new([Text {
            name: AGREEMENT.into(),
            text: text.into(),
        }])
        .ok()?;
        Some(Policy::new(&files).ok()?.agreement().clone())
    };
    if let Some(mut agreement) = read(agreement) {
        // Instants are written to the second.
        let whole = |time: geo::Time| {
            format!("{time:.0}")
                .parse::<geo::Time>()
                .expect("what was written can be read")
        };
        agreement.dated = whole(agreement.dated);
        agreement.from = whole(agreement.from);
        assert_eq!(read(&agreement.to_toml()).as_ref(), Some(&agreement));
    }
}

/// Bytes of any kind as areas: no panic, and every area can be asked about any place.
pub fn policy_areas(octets: &[u8]) {
    let Ok(areas) = std::str::from_utf8(octets) else {
        return;
    };
    let agreement = Agreement::first("japan", &["korea"], &["north"], Time::from_tai_ns(0) + 2e9);
    let text = |name: &str, text: &str| Text {
        name: name.into(),
        text: text.into(),
    };
    let Ok(files) = Files::new([text(AGREEMENT, &agreement.to_toml()), text(AREAS, areas)]) else {
        return;
    };
    let Ok(policy) = Policy::new(&files) else {
        return;
    };
    for area in policy.areas() {
        for (lat, lon) in [(0.0, 0.0), (90.0, 0.0), (-90.0, 0.0), (38.0, 180.0), (38.0, -180.0)] {
            area.holds(&Spot::new(Geodetic::from_degrees(lat, lon, 0.0)));
        }
        assert!(area.is_within(area) && !area.is_apart_from(area));
    }
}

/// Bytes of any kind as rules: no panic, no overflow of the stack, and nothing is given for what is no rule.
pub fn policy_rules(octets: &[u8]) {
    let Ok(rules) = std::str::from_utf8(octets) else {
        return;
    };
    let agreement = Agreement::first("japan", &["korea", "usa"], &["north"], Time::from_tai_ns(0) + 2e9);
    let text = |name: &str, text: &str| Text {
        name: name.into(),
        text: text.into(),
    };
    let Ok(files) = Files::new([text(AGREEMENT, &agreement.to_toml()), text("release.cedar", rules)]) else {
        return;
    };
    let Ok(policy) = Policy::new(&files) else {
        return;
    };
    let subject = Subject {
        sensor: "north".into(),
        others: Vec::new(),
        time: agreement.from,
        place: Some(Geodetic::from_degrees(38.0, 134.0, 1e5)),
        phase: None,
        exercise: false,
    };
    for partner in ["korea", "usa", "stranger"] {
        let decision = policy.decide(partner, Purpose::Warning, &subject, subject.time + 1.0);
        assert!(!decision.failed, "rules that compare do not fail");
        assert!(decision.tier == Tier::Nothing || !decision.because.is_empty());
    }
}

/// Bytes of any kind as what was signed as a version: no panic, and only its one form is taken.
pub fn policy_version(payload: &[u8]) {
    // Unsigned bytes end at the seal; these are signed, by an owner that signs anything.
    let Ok(octets) = seal(&KEY, Context::Policy, payload) else {
        return;
    };
    let mut history = History::new("japan", &[KEY.public()]);
    if history.accept(&octets).is_ok() {
        assert_eq!(history.versions().len(), 1);
        assert!(
            history.accept(&octets).is_ok(),
            "a version that is known is found again"
        );
    }
}
