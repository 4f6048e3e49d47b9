//! Every example of docs/release.md is one.

use share::policy::{AGREEMENT, AREAS, Files, Policy, Text};
use share::release::{Purpose, Subject, Tier};

const DOC: &str = include_str!("../../../docs/release.md");

/// The blocks of a kind.
fn blocks(kind: &str) -> Vec<&'static str> {
    let begin = format!("```{kind}\n");
    let parts = DOC.split(begin.as_str()).skip(1);
    parts.filter_map(|part| part.split("\n```").next()).collect()
}

fn policy(agreement: &str, rules: &str) -> Policy {
    let text = |name: &str, text: &str| Text {
        name: name.into(),
        text: text.into(),
    };
    let areas = blocks("toml areas.toml").join("\n");
    let files = Files::new([
        text(AGREEMENT, agreement),
        text("release.cedar", rules),
        text(AREAS, &areas),
    ]);
    Policy::new(&files.expect("three files")).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_examples_are_an_agreement() {
    let rules = blocks("cedar").join("\n");
    let agreements = [blocks("toml agreement.toml"), blocks("toml withdrawal")].concat();
    let [now, withdrawn] = agreements[..] else {
        panic!("two agreements, not {}", agreements.len());
    };
    let [now, withdrawn] = [now, withdrawn].map(|agreement| policy(agreement, &rules));
    assert_eq!(now.rules().len(), rules.matches("@id(").count());
    let subject = |phase: &str, located: bool| Subject {
        sensor: "north".into(),
        others: Vec::new(),
        time: "2026-03-10T00:00:00Z".parse().expect("a time"),
        place: located.then(|| geo::Geodetic::from_degrees(34.5, 129.5, 20e3)),
        phase: Some(phase.into()),
        exercise: false,
    };
    let tier = |policy: &Policy, partner: &str, subject: &Subject, age_s: f64| {
        policy
            .decide(partner, Purpose::Warning, subject, subject.time + age_s)
            .tier
    };
    let (coast, cruise) = (subject("coast", true), subject("air-breathing", true));
    assert_eq!(tier(&now, "korea", &coast, 0.0), Tier::Nothing);
    assert_eq!(tier(&now, "korea", &coast, 30.0), Tier::Plot);
    assert_eq!(tier(&now, "usa", &cruise, 0.0), Tier::Track);
    assert_eq!(tier(&now, "usa", &cruise, 60.0), Tier::Plot);
    assert_eq!(tier(&now, "usa", &subject("air-breathing", false), 60.0), Tier::Warning);
    assert_eq!(tier(&withdrawn, "korea", &coast, 30.0), Tier::Nothing);
    assert_eq!(tier(&withdrawn, "usa", &cruise, 60.0), Tier::Plot);
}

/// The limits that the page states are those of the program.
#[test]
fn the_limits_are_those_of_the_program() {
    use share::policy::*;
    let limits = DOC.split("## Limits").nth(1).expect("a section").replace('\n', " ");
    let thousands = |n: usize| {
        if n < 1_000 {
            n.to_string()
        } else {
            format!("{},{:03}", n / 1_000, n % 1_000)
        }
    };
    for (number, words) in [
        (FILES_MAX, "files"),
        (FILE_BYTES_MAX >> 10, "KiB"),
        (FILES_BYTES_MAX >> 20, "MiB in all"),
        (RULES_MAX, "rules"),
        (RULE_BYTES_MAX >> 10, "KiB with"),
        (DEPTH_MAX, "brackets within brackets"),
        (OPERATORS_MAX, "operators"),
        (PARTNERS_MAX, "partners"),
        (SENSORS_MAX, "sensors"),
        (AREAS_MAX, "areas"),
        (CORNERS_MAX, "corners"),
        (RADIUS_M_MAX as usize / 1_000, "km"),
        (review::KINDS_MAX, "kinds of plots"),
    ] {
        let stated = format!("{} {words}", thousands(number));
        assert!(limits.contains(&stated), "{stated:?} in {limits}");
    }
}
