//! An answer that was kept is the answer that would be given anew.

use geo::Geodetic;
use proptest::prelude::*;

use super::*;
use crate::policy::ask::Question;
use crate::policy::schedule;

/// Asks Cedar about this very subject at this very age: no kinds, no steps, nothing kept.
fn anew(policy: &Policy, partner: &str, purpose: Purpose, subject: &Subject, now: Time) -> Decision {
    let seen = policy.kinds.seen(
        &subject.sensor,
        subject.place,
        subject.phase.as_deref(),
        subject.exercise,
    );
    let question = Question {
        partner,
        purpose: purpose.name(),
        seen: &seen,
        age_s: 0,
    };
    let step = schedule::at(&policy.asker, &policy.grants, &question, age_ns(subject, now));
    Decision {
        tier: step.tier,
        tiers: step.tiers,
        hold_s: step.hold_s,
        onward: step.onward,
        because: step.because,
        stopped_by: step.stopped_by,
        label: policy.own.clone(),
        again: None,
        failed: step.failed,
    }
}

fn condition() -> impl Strategy<Value = String> {
    let number = || prop_oneof![Just(-1_i64), Just(0), Just(10_000), Just(10_001), -5_i64..30_000];
    let compare = || prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let leaf = prop_oneof![
        (compare(), number()).prop_map(|(op, n)| format!("(resource has height_m && resource.height_m {op} {n})")),
        (compare(), -3_i64..40).prop_map(|(op, n)| format!("resource.age_s {op} {n}")),
        (compare(), -3_i64..40).prop_map(|(op, n)| format!("{n} {op} resource.age_s")),
        prop::sample::select(vec!["strait", "east sea", "ocean"]).prop_map(|a| format!("resource in Area::\"{a}\"")),
        prop::sample::select(vec!["north", "west"]).prop_map(|s| format!("resource in Sensor::\"{s}\"")),
        prop::sample::select(vec!["boost", "coast", "unknown"])
            .prop_map(|p| format!("resource.phase == Phase::\"{p}\"")),
        prop::sample::select(vec!["korea", "usa"]).prop_map(|p| format!("principal == Partner::\"{p}\"")),
        Just("resource.exercise".to_owned()),
        Just("resource.located".to_owned()),
        Just("context.purpose == Purpose::\"protection\"".to_owned()),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.prop_map(|a| format!("!({a})")),
        ]
    })
}

pub(super) fn rules() -> impl Strategy<Value = String> {
    let rule = (
        prop::bool::weighted(0.7),
        prop::sample::select(vec![
            "",
            "== Action::\"plot\"",
            "in Action::\"coarse\"",
            "== Action::\"track\"",
            "== Action::\"warning\"",
        ]),
        condition(),
        prop::sample::select(vec!["0", "7", "7.5", "30"]),
        any::<bool>(),
    );
    prop::collection::vec(rule, 1..6).prop_map(|rules| {
        let one = |(i, (permits, action, when, hold, onward)): (usize, (bool, &str, String, &str, bool))| {
            let (effect, more) = if permits {
                ("permit", format!("@hold_s(\"{hold}\") @onward(\"{onward}\")"))
            } else {
                ("forbid", String::new())
            };
            format!("@id(\"{i}\") {more} {effect} (principal, action {action}, resource) when {{ {when} }};")
        };
        rules.into_iter().enumerate().map(one).collect::<Vec<_>>().join("\n")
    })
}

pub(super) fn subjects() -> impl Strategy<Value = (Subject, f64)> {
    let height = prop_oneof![
        Just(10_000.0),
        Just(9_999.999),
        Just(10_001.0),
        Just(-0.5),
        -10.0..30_000.0_f64
    ];
    let place = prop::option::weighted(0.85, (30.0..40.0_f64, 126.0..135.0_f64, height));
    let age = prop_oneof![
        Just(7.0),
        Just(7.5),
        Just(30.0),
        -5.0..45.0_f64,
        (-4_i32..42).prop_map(f64::from)
    ];
    (
        prop::sample::select(vec!["north", "west", "south"]),
        place,
        prop::sample::select(vec![None, Some("boost"), Some("coast"), Some("glide"), Some("odd")]),
        any::<bool>(),
        age,
    )
        .prop_map(|(sensor, place, phase, exercise, age_s)| {
            let place = place.map(|(lat, lon, height)| Geodetic::from_degrees(lat, lon, height));
            let subject = Subject {
                sensor: sensor.into(),
                place,
                phase: phase.map(Into::into),
                exercise,
                ..super::subject()
            };
            (subject, age_s)
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_is_what_would_be_answered(text in rules(), subjects in prop::collection::vec(subjects(), 16)) {
        // A rule that can never be true is refused by the schema: that is no policy, and nothing to compare.
        let Ok(policy) = Policy::new(&files(JAPAN, &text, PLACES)) else {
            return Ok(());
        };
        for (subject, age_s) in &subjects {
            for partner in ["korea", "usa"] {
                for purpose in Purpose::ALL {
                    let now = subject.time + *age_s;
                    let kept = policy.decide(partner, purpose, subject, now);
                    let anew = anew(&policy, partner, purpose, subject, now);
                    prop_assert_eq!(kept.tier, anew.tier, "{}\n{:?} {}", text, subject, age_s);
                    let without = |d: Decision| Decision { label: policy.own.clone(), again: None, ..d };
                    if let Some(again) = kept.again {
                        prop_assert!(again > now);
                        let then = policy.decide(partner, purpose, subject, again);
                        prop_assert!(then.tier > kept.tier, "{:?} {:?}", kept, then);
                    }
                    prop_assert_eq!(without(kept), anew, "{}\n{:?} {}", text, subject, age_s);
                }
            }
        }
    }
}

#[test]
fn a_full_store_of_kinds_is_emptied() {
    let policy = policy("@id(\"a\") permit (principal, action, resource) when { resource.exercise };");
    let kept = Arc::new(Given { partners: Vec::new() });
    let kind = policy.kinds.of("north", None, None, false).unwrap();
    for areas in 0..KINDS_KEPT_MAX as u128 {
        policy.kept.borrow_mut().insert(
            (
                Kind {
                    areas: areas + 1,
                    ..kind
                },
                Purpose::Warning,
            ),
            kept.clone(),
        );
    }
    policy.decide(
        "usa",
        Purpose::Warning,
        &Subject {
            exercise: true,
            ..subject()
        },
        subject().time,
    );
    assert_eq!(policy.kept.borrow().len(), 1);
}
