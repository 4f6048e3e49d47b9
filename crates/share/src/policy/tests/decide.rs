//! Tiers, holds, onward release, labels.

use super::*;

fn decided(policy: &Policy, partner: &str, subject: &Subject, after_s: f64) -> Decision {
    policy.decide(partner, Purpose::Warning, subject, subject.time + after_s)
}

#[test]
fn nothing_is_given_that_no_rule_permits() {
    for rules in [
        "",
        "// only a comment",
        "@id(\"a\") forbid (principal, action, resource);",
    ] {
        let decision = decided(&policy(rules), "korea", &subject(), 0.1);
        assert_eq!(decision.tier, Tier::Nothing, "{rules}");
        assert!(!decision.failed);
        assert_eq!(decision.again, None);
        assert_eq!(decision.label.releasable_to.len(), 1);
    }
}

#[test]
fn strangers_get_nothing() {
    let all = policy("@id(\"a\") permit (principal, action, resource);");
    assert_eq!(decided(&all, "korea", &subject(), 0.1).tier, Tier::Plot);
    for partner in ["japan", "Korea", "", "china"] {
        assert_eq!(decided(&all, partner, &subject(), 0.1).tier, Tier::Nothing, "{partner}");
    }
    let unlisted = Subject {
        sensor: "east".into(),
        ..subject()
    };
    assert_eq!(decided(&all, "korea", &unlisted, 0.1).tier, Tier::Nothing);
}

#[test]
fn a_withdrawn_partner_gets_nothing() {
    let agreement = JAPAN.replace("sensors", "withdrawn = [\"korea\"]\nsensors");
    let rules = "@id(\"a\") permit (principal == Partner::\"korea\", action, resource);
                 @id(\"b\") permit (principal == Partner::\"usa\", action, resource);";
    let policy = Policy::new(&files(&agreement, rules, PLACES)).unwrap();
    assert_eq!(decided(&policy, "korea", &subject(), 0.1).tier, Tier::Nothing);
    let usa = decided(&policy, "usa", &subject(), 0.1);
    assert_eq!(usa.tier, Tier::Plot);
    assert!(!usa.label.releasable_to.contains("korea"));
}

#[test]
fn the_strongest_permitted_tier_goes_out_and_what_is_forbidden_takes_more_with_it() {
    let (eq, up_to) = (
        |t: &str| format!("== Action::\"{t}\""),
        |t: &str| format!("in Action::\"{t}\""),
    );
    let named = |s: String| s.replace(['=', '"', ':'], "");
    let rule = |effect: &str, scope: String| {
        format!(
            "@id(\"{effect} {}\") {effect} (principal, action {scope}, resource);",
            named(scope.clone())
        )
    };
    let cases: [(Vec<String>, Tier, Vec<Tier>); 8] = [
        (vec![rule("permit", eq("plot"))], Tier::Plot, vec![Tier::Plot]),
        (
            vec![rule("permit", up_to("coarse"))],
            Tier::Coarse,
            vec![Tier::Coarse, Tier::Track, Tier::Warning],
        ),
        (
            vec![rule("permit", eq("track")), rule("permit", eq("warning"))],
            Tier::Track,
            vec![Tier::Track, Tier::Warning],
        ),
        (
            vec![rule("permit", up_to("plot")), rule("forbid", eq("plot"))],
            Tier::Coarse,
            vec![Tier::Coarse, Tier::Track, Tier::Warning],
        ),
        (
            vec![rule("permit", up_to("plot")), rule("forbid", eq("track"))],
            Tier::Warning,
            vec![Tier::Warning],
        ),
        (
            vec![rule("permit", eq("plot")), rule("forbid", eq("coarse"))],
            Tier::Nothing,
            vec![],
        ),
        (
            vec![rule("permit", up_to("plot")), rule("forbid", up_to("plot"))],
            Tier::Nothing,
            vec![],
        ),
        (
            vec![rule("permit", eq("warning")), rule("forbid", eq("plot"))],
            Tier::Warning,
            vec![Tier::Warning],
        ),
    ];
    for (rules, tier, tiers) in cases {
        let text = rules.join("\n");
        let decision = decided(&policy(&text), "usa", &subject(), 0.0);
        assert_eq!(decision.tier, tier, "{text}");
        assert_eq!(decision.tiers.most_first().collect::<Vec<_>>(), tiers, "{text}");
    }
}

#[test]
fn the_longest_hold_counts_and_onward_needs_all() {
    let rules = r#"
        @id("now") @onward("true")
        permit (principal, action == Action::"plot", resource);
        @id("later") @hold_s("30.5")
        permit (principal == Partner::"korea", action == Action::"plot", resource);
    "#;
    let policy = policy(rules);
    let (s, usa) = (subject(), decided(&policy, "usa", &subject(), 0.0));
    assert_eq!(
        (usa.tier, usa.hold_s, usa.onward, usa.again),
        (Tier::Plot, 0.0, true, None)
    );
    assert!(usa.label.onward);
    assert_eq!(ids(&usa.because), ["now"]);
    let held = decided(&policy, "korea", &s, 30.4);
    assert_eq!((held.tier, held.again), (Tier::Nothing, Some(s.time + 30.5)));
    let out = decided(&policy, "korea", &s, 30.5);
    assert_eq!((out.tier, out.hold_s, out.onward), (Tier::Plot, 30.5, false));
    assert_eq!(ids(&out.because), ["later", "now"]);
    // Each is in a release group of its own: they do not have the same at the same time.
    let group = |decision: &Decision| {
        decision
            .label
            .releasable_to
            .iter()
            .map(|o| o.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (group(&usa), group(&out)),
        (vec!["japan".into(), "usa".into()], vec!["japan".into(), "korea".into()])
    );
}

#[test]
fn less_goes_out_while_more_is_held_back_but_never_a_plot_after_its_coarse_form() {
    let rules = |less: &str| {
        format!(
            "@id(\"less\") permit (principal, action == Action::\"{less}\", resource);
             @id(\"more\") @hold_s(\"60\") permit (principal, action == Action::\"plot\", resource);"
        )
    };
    let s = subject();
    let first = decided(&policy(&rules("track")), "usa", &s, 0.0);
    assert_eq!((first.tier, first.again), (Tier::Track, Some(s.time + 60.0)));
    assert_eq!(decided(&policy(&rules("track")), "usa", &s, 60.0).tier, Tier::Plot);
    let coarse = decided(&policy(&rules("coarse")), "usa", &s, 0.0);
    assert_eq!((coarse.tier, coarse.again), (Tier::Coarse, None));
}

#[test]
fn rules_can_open_with_age() {
    let rules = "@id(\"old\") permit (principal, action == Action::\"plot\", resource) when { resource.age_s >= 600 };
                 @id(\"not too old\") forbid (principal, action, resource) when { resource.age_s > 3600 };";
    let (policy, s) = (policy(rules), subject());
    let young = decided(&policy, "usa", &s, -3.0);
    assert_eq!((young.tier, young.again), (Tier::Nothing, Some(s.time + 600.0)));
    assert_eq!(decided(&policy, "usa", &s, 599.999).tier, Tier::Nothing);
    assert_eq!(decided(&policy, "usa", &s, 600.0).tier, Tier::Plot);
    assert_eq!(decided(&policy, "usa", &s, 3600.9).tier, Tier::Plot);
    let old = decided(&policy, "usa", &s, 3601.0);
    assert_eq!((old.tier, old.again), (Tier::Nothing, None));
    assert_eq!(ids(&old.stopped_by), ["not too old"]);
}

#[test]
fn a_label_names_all_who_are_given_the_same() {
    let policy = policy("@id(\"a\") permit (principal, action in Action::\"coarse\", resource);");
    let exercise = Subject {
        exercise: true,
        ..subject()
    };
    let decision = decided(&policy, "korea", &exercise, 0.0);
    let names: Vec<&str> = decision.label.releasable_to.iter().map(|o| &**o).collect();
    assert_eq!(names, ["japan", "korea", "usa"]);
    assert_eq!(
        (&*decision.label.policy, decision.label.exercise, decision.label.onward),
        ("trilat-demo", true, false)
    );
}

#[test]
fn what_is_made_of_several_sensors_goes_out_as_far_as_each_may() {
    let rules = r#"
        @id("north") permit (principal, action, resource in Sensor::"north");
        @id("west") @hold_s("10") @onward("true") permit (principal, action in Action::"track", resource in Sensor::"west");
    "#;
    let policy = policy(rules);
    let with = |others: &[&str]| Subject {
        others: others.iter().map(|o| (*o).into()).collect(),
        ..subject()
    };
    assert_eq!(decided(&policy, "usa", &with(&[]), 0.0).tier, Tier::Plot);
    let both = decided(&policy, "usa", &with(&["west"]), 0.0);
    assert_eq!((both.tier, both.again), (Tier::Nothing, Some(subject().time + 10.0)));
    let both = decided(&policy, "usa", &with(&["west"]), 10.0);
    assert_eq!((both.tier, both.hold_s, both.onward), (Tier::Track, 10.0, false));
    assert_eq!(
        decided(&policy, "usa", &with(&["west", "south"]), 10.0).tier,
        Tier::Nothing
    );
    assert_eq!(decided(&policy, "usa", &with(&["elsewhere"]), 10.0).tier, Tier::Nothing);
}

#[test]
fn area_height_phase_and_purpose_count() {
    let rules = r#"
        @id("high") permit (principal, action == Action::"plot", resource in Area::"strait")
        when { resource has height_m && resource.height_m >= 50000 && resource.phase != Phase::"surface"
               && context.purpose == Purpose::"warning" };
    "#;
    let policy = policy(rules);
    let tier = |subject: &Subject, purpose| policy.decide("usa", purpose, subject, subject.time).tier;
    let s = subject();
    assert_eq!(tier(&s, Purpose::Warning), Tier::Plot);
    assert_eq!(tier(&s, Purpose::Protection), Tier::Nothing);
    let place = |lat, lon, height| Some(Geodetic::from_degrees(lat, lon, height));
    let placed = |lat, lon, height| Subject {
        place: place(lat, lon, height),
        ..subject()
    };
    let phased = |word: Option<&str>| Subject {
        phase: word.map(Into::into),
        ..subject()
    };
    for (other, expected) in [
        (placed(34.5, 129.5, 49_999.9), Tier::Nothing),
        (placed(34.5, 129.5, 50_000.0), Tier::Plot),
        (placed(33.0, 129.5, 90_000.0), Tier::Plot),
        (placed(32.5, 129.5, 90_000.0), Tier::Nothing),
        (
            Subject {
                place: None,
                ..subject()
            },
            Tier::Nothing,
        ),
        (placed(f64::NAN, 129.5, 90_000.0), Tier::Nothing),
        (phased(Some("surface")), Tier::Nothing),
        (phased(None), Tier::Plot),
        (phased(Some("no such phase")), Tier::Plot),
    ] {
        assert_eq!(tier(&other, Purpose::Warning), expected, "{other:?}");
    }
}
