//! What a review finds, and what it must not miss.

use super::*;
use crate::policy::review::{Change, Problem, changes, findings};
use proptest::prelude::*;

fn problems(rules: &str) -> Vec<(String, Problem)> {
    let found = findings(&policy(rules)).expect("few kinds");
    let is_rule = |finding: &crate::policy::review::Finding| finding.line.is_some();
    found
        .into_iter()
        .filter(is_rule)
        .map(|f| (f.at.to_string(), f.problem))
        .collect()
}

#[test]
fn an_unreachable_rule_is_found() {
    let rules = r#"
        @id("fine") permit (principal, action, resource in Area::"strait");
        @id("never") permit (principal, action, resource in Area::"strait")
        when { resource in Area::"ocean" };
        @id("nor this") permit (principal, action, resource)
        when { resource.age_s > 10 && resource.age_s < 11 };
    "#;
    let never = |id: &str| (id.to_owned(), Problem::Unreachable);
    assert_eq!(problems(rules), [never("never"), never("nor this")]);
}

#[test]
fn a_rule_for_a_purpose_of_no_node_is_said_to_release_nothing() {
    let rules = r#"
        @id("both") permit (principal == Partner::"usa", action, resource);
        @id("protect") permit (principal == Partner::"korea", action, resource)
        when { context.purpose == Purpose::"protection" };
        @id("not to protect") forbid (principal == Partner::"usa", action, resource)
        when { context.purpose != Purpose::"warning" };
    "#;
    let said = |id: &str| (id.to_owned(), Problem::NotAsked);
    assert_eq!(problems(rules), [said("protect"), said("not to protect")]);
    let found = findings(&policy(rules)).expect("few kinds");
    let nothing = |finding: &crate::policy::review::Finding| {
        (&*finding.at, &finding.problem) == ("korea", &Problem::PartnerGetsNothing)
    };
    assert!(found.iter().any(nothing), "{found:?}");
}

#[test]
fn a_permit_that_is_always_forbidden_is_a_contradiction() {
    let rules = r#"
        @id("some") permit (principal, action, resource) when { resource.exercise };
        @id("high") permit (principal == Partner::"usa", action == Action::"plot", resource)
        when { resource has height_m && resource.height_m > 50000 };
        @id("not so high") forbid (principal, action == Action::"coarse", resource)
        when { resource has height_m && resource.height_m > 40000 }
        unless { resource.exercise && principal == Partner::"korea" };
        @id("unplaced") forbid (principal, action, resource) unless { resource.located };
    "#;
    let by = vec!["not so high".into()];
    assert_eq!(problems(rules), [("high".to_owned(), Problem::Contradiction { by })]);
}

#[test]
fn a_forbid_about_places_that_plots_without_one_pass_is_found() {
    let rules = r#"
        @id("all") permit (principal, action, resource);
        @id("not there") forbid (principal, action, resource in Area::"strait");
    "#;
    let by = vec!["all".into()];
    assert_eq!(
        problems(rules),
        [("not there".to_owned(), Problem::UnknownPlacePasses { by })]
    );
    let closed = format!("{rules} @id(\"placed\") forbid (principal, action, resource) unless {{ resource.located }};");
    assert_eq!(problems(&closed), []);
}

#[test]
fn what_never_counts_is_found() {
    let rules = r#"
        @id("long") @hold_s("60") permit (principal, action == Action::"plot", resource);
        @id("short") @hold_s("30") permit (principal == Partner::"usa", action == Action::"plot", resource);
        @id("coarse") permit (principal == Partner::"korea", action == Action::"coarse", resource);
        @id("nobody has it") forbid (principal == Partner::"usa", action == Action::"warning", resource)
        when { resource.age_s < 30 };
    "#;
    let policy = policy(rules);
    let found = findings(&policy).unwrap();
    let has = |at: &str, problem: Problem| {
        assert!(
            found.iter().any(|f| *f.at == *at && f.problem == problem),
            "{at} {problem:?}: {found:#?}"
        );
    };
    has("short", Problem::HoldNeverCounts { hold_s: "30".into() });
    has("korea", Problem::CoarseFirst);
    has("korea", Problem::TierNeverReached { tier: Tier::Track });
    has("korea", Problem::TierNeverReached { tier: Tier::Plot });
    has("usa", Problem::TierNeverReached { tier: Tier::Coarse });
    has("ocean", Problem::AreaUnused);
}

fn changed(before: &str, after: &str) -> (Vec<Change>, Vec<Change>) {
    let changes = changes(&policy(before), &policy(after)).expect("few kinds");
    (changes.more, changes.less)
}

#[test]
fn a_change_is_told_in_words() {
    let before = r#"@id("a") @hold_s("30") permit (principal, action == Action::"plot", resource in Sensor::"north");"#;
    let after = r#"
        @id("a") @hold_s("30") permit (principal, action == Action::"plot", resource in Sensor::"north");
        @id("b") permit (principal == Partner::"usa", action == Action::"track", resource in Area::"strait")
        when { resource has height_m && resource.height_m >= 15000 };
    "#;
    let (more, less) = changed(before, after);
    let words: Vec<String> = more.iter().map(ToString::to_string).collect();
    assert_eq!(words, [
        "usa: sensor any that no rule names, such as \"south\"; in \"strait\"; at 15000 m and above: track (was: nothing)",
        "usa: sensor \"north\"; in \"strait\"; at 15000 m and above: track, plot from 30 s on \
         (was: nothing, plot from 30 s on)",
    ].map(|w| w.replace("any that no rule names, such as \"south\"", "any that no rule names")));
    assert_eq!(less, []);
    let (more, less) = changed(after, before);
    assert_eq!((more.len(), less.len()), (0, 2));
    assert_eq!(changed(after, after), (vec![], vec![]));
}

#[test]
fn sooner_further_and_another_shape_are_more() {
    let rule = |more: &str| format!("@id(\"a\") {more} permit (principal, action, resource in Area::\"strait\");");
    let (more, less) = changed(&rule("@hold_s(\"30\")"), &rule("@hold_s(\"29.5\")"));
    assert_eq!((more.len(), less.len()), (2, 0));
    assert_eq!(
        more[0].to_string(),
        "korea: in \"strait\": nothing, plot from 29.5 s on (was: nothing, plot from 30 s on)"
    );
    let (more, less) = changed(&rule(""), &rule("@onward(\"true\")"));
    assert_eq!((more.len(), less.len()), (2, 0));
    let wider = PLACES.replace("200e3", "210e3");
    let other = Policy::new(&files(JAPAN, &rule(""), &wider)).unwrap();
    let found = changes(&policy(&rule("")), &other).unwrap();
    let words: Vec<String> = found.more.iter().map(ToString::to_string).collect();
    assert_eq!(
        words[0],
        "korea: in \"strait\" (as it becomes) only: plot (was: nothing)"
    );
    assert_eq!(found.less, []);
    let agreement = JAPAN
        .replace("\"restricted\"", "\"unclassified\"")
        .replace(", \"south\"", "");
    let other = Policy::new(&files(&agreement, &rule(""), PLACES)).unwrap();
    let found = changes(&policy(&rule("")), &other).unwrap();
    assert_eq!(found.agreement[0], "classification: unclassified (was: restricted)");
    assert_eq!((found.more.len(), found.less.len()), (0, 2));
}

#[test]
fn too_many_kinds_are_refused_not_gone_through() {
    let heights = |from: i64| {
        let one = |h: i64| format!("resource.height_m == {}", from + 2 * h);
        (0..20).map(one).collect::<Vec<_>>().join(" || ")
    };
    let rule = |i: i64| {
        format!(
            "@id(\"{i}\") permit (principal, action, resource in Area::\"a{i}\") when {{ resource has height_m && ({}) }};",
            heights(100 * i)
        )
    };
    let area = |i: i64| format!("[[area]]\nname = \"a{i}\"\nlat_deg = {i}\nlon_deg = 0\nradius_m = 5e6\n");
    let rules = (0..12).map(rule).collect::<String>();
    let areas = (0..12).map(area).collect::<String>();
    let policy = Policy::new(&files(JAPAN, &rules, &areas)).unwrap();
    assert!(findings(&policy).is_err());
    assert!(changes(&policy, &policy).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever a subject newly gets, the review told: nothing is released that `changes` did not list.
    #[test]
    fn nothing_is_newly_released_that_was_not_told(
        before in kept::rules(),
        after in kept::rules(),
        subjects in prop::collection::vec(kept::subjects(), 12),
    ) {
        let made = [before, after].map(|text| Policy::new(&files(JAPAN, &text, PLACES)));
        let [Ok(before), Ok(after)] = made else {
            return Ok(());
        };
        let told = changes(&before, &after).expect("few kinds");
        for partner in ["korea", "usa"] {
            let gains = subjects.iter().any(|(subject, age_s)| {
                let decided = |policy: &Policy| {
                    policy.decide(partner, Purpose::Warning, subject, subject.time + *age_s)
                };
                decided(&after).tier > decided(&before).tier
            });
            let is_told = told.more.iter().any(|change| &*change.partner == partner);
            prop_assert!(is_told || !gains, "{} {:?}", partner, told);
        }
    }
}
