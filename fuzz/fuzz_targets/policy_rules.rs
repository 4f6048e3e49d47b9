//! Bytes of any kind as rules: no panic, no overflow of the stack, and nothing is given for what is no rule.
#![no_main]

use geo::{Geodetic, Time};
use share::policy::{AGREEMENT, Agreement, Files, Policy, Text};
use share::release::{Purpose, Subject, Tier};

libfuzzer_sys::fuzz_target!(|rules: &str| {
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
});
