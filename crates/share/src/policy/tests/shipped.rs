//! The agreements that come with the program.

use super::*;
use crate::policy::review::findings;
use crate::policy::shipped::{Country, common, of_country};

fn heading(owner: &str, partners: [&str; 2]) -> Agreement {
    Agreement::first(owner, &partners, &["north", "west"], at("2026-01-01T00:00:00Z"))
}

fn shipped() -> Vec<Policy> {
    let names = ["japan", "korea", "usa"];
    let made = Country::ALL.into_iter().map(|country| {
        let partners: Vec<&str> = names.into_iter().filter(|name| *name != country.name()).collect();
        let heading = heading(country.name(), [partners[0], partners[1]]);
        Policy::new(&of_country(country, names, &heading).expect("shipped files")).expect("a policy")
    });
    let common = common(&heading("elsewhere", ["here", "there"])).expect("shipped files");
    made.chain([Policy::new(&common).expect("a policy")]).collect()
}

#[test]
fn shipped_rules_have_no_mistakes() {
    for policy in shipped() {
        let found = findings(&policy).expect("few kinds");
        let rules: Vec<String> = found
            .iter()
            .filter(|f| f.line.is_some())
            .map(ToString::to_string)
            .collect();
        assert!(rules.is_empty(), "{}: {rules:#?}", policy.owner());
    }
}

/// A ballistic flight, wherever and in whatever phase, goes to all partners in full at once.
#[test]
fn what_may_reach_people_is_shared_at_once() {
    for policy in shipped() {
        for (phase, height_m) in [
            ("boost", 2e3),
            ("boost", 30e3),
            ("coast", 400e3),
            ("re-entry", 20e3),
            ("unknown", 90e3),
        ] {
            for (lat, lon) in [(40.0, 129.0), (38.0, 134.0), (36.0, 138.0), (37.0, 127.5)] {
                let subject = Subject {
                    place: Some(Geodetic::from_degrees(lat, lon, height_m)),
                    phase: Some(phase.into()),
                    ..subject()
                };
                for partner in policy.partners() {
                    let decision = policy.decide(partner, Purpose::Warning, &subject, subject.time);
                    assert_eq!(
                        decision.tier,
                        Tier::Plot,
                        "{} {partner} {phase} {height_m}",
                        policy.owner()
                    );
                    assert_eq!(decision.label.releasable_to.len(), 3);
                }
            }
        }
    }
}

#[test]
fn other_names_can_be_given() {
    let heading = heading("JP", ["KR", "US"]);
    let files = of_country(Country::Japan, ["JP", "KR", "US"], &heading).expect("shipped files");
    let policy = Policy::new(&files).expect("a policy");
    let cruise = Subject {
        place: Some(Geodetic::from_degrees(38.5, 134.0, 1e3)),
        phase: Some("air-breathing".into()),
        ..subject()
    };
    let tier = |partner| policy.decide(partner, Purpose::Warning, &cruise, cruise.time).tier;
    assert_eq!(
        (tier("US"), tier("KR"), tier("usa")),
        (Tier::Plot, Tier::Coarse, Tier::Nothing)
    );
}
