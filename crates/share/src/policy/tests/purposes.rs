//! No rule can permit a purpose other than warning and protection.

use super::*;
use crate::policy::ask::{Asker, GUARD_ID, Question};
use crate::policy::kind::Seen;
use cedar_policy::{Authorizer, Context, Decision as Verdict, EntityUid, Request, RestrictedExpression};

/// Rules that try.
const HOSTILE: [&str; 5] = [
    // Everything to everybody, for whatever purpose.
    "@id(\"a\") permit (principal, action, resource);",
    // The same, with a condition that is always true.
    "@id(\"a\") permit (principal, action, resource) when { true };",
    // Whatever the purpose is not.
    "@id(\"a\") permit (principal, action, resource) when { context.purpose != Purpose::\"warning\" };",
    // Not the one and not the other, so anything else.
    "@id(\"a\") permit (principal, action, resource)
       unless { [Purpose::\"warning\", Purpose::\"protection\"].contains(context.purpose) || resource.exercise };
     @id(\"b\") permit (principal, action, resource);",
    // One that does forbid something else, to be the only forbid that counts.
    "@id(\"a\") forbid (principal, action, resource) when { resource.exercise && !resource.exercise };
     @id(\"b\") permit (principal is Partner, action in Action::\"plot\", resource is Subject);",
];

/// Purposes there are not.
const OTHERS: [&str; 12] = [
    "targeting",
    "engagement",
    "fire control",
    "fire-control",
    "interception",
    "guidance",
    "intelligence",
    "Warning",
    "WARNING",
    "warning ",
    "protection\u{0}",
    "",
];

fn seen() -> Seen {
    Seen {
        sensor: "north".into(),
        areas: vec!["strait".into()],
        height_m: Some(100_000),
        phase: "coast",
        exercise: false,
    }
}

/// The first wall: a question for another purpose is none. All purposes × tiers × partners × hostile rules.
#[test]
fn the_schema_takes_no_other_purpose() {
    let mut tried = 0;
    for text in HOSTILE {
        // Rules that can never be true are refused as such; the guard's test has them, too.
        let Ok(policy) = Policy::new(&files(JAPAN, text, PLACES)) else {
            continue;
        };
        for partner in ["korea", "usa", "japan", "", "stranger"] {
            for purpose in OTHERS {
                let seen = seen();
                let question = Question {
                    partner,
                    purpose,
                    seen: &seen,
                    age_s: 0,
                };
                for answer in policy.asker.ask(&question) {
                    tried += 1;
                    assert!(!answer.allows, "{text} {partner} {purpose}");
                    assert_eq!(answer.failed.len(), 1, "a question for {purpose:?} is refused as such");
                }
            }
        }
    }
    assert!(tried >= 3 * 5 * OTHERS.len() * Tier::SOME.len(), "{tried}");
}

/// The second wall: asked past the schema, the guard forbids, by name.
#[test]
fn the_guard_forbids_any_other_purpose() {
    let mut reached = 0;
    for text in HOSTILE {
        // Read as rules alone: what the schema of the files refuses is tried here, too.
        let mut faults = Vec::new();
        let file = Text {
            name: "a.cedar".into(),
            text: text.into(),
        };
        let rules = rules::read(&file, &mut faults);
        assert!(faults.is_empty(), "{faults:?}");
        let asker = Asker::new(&rules);
        let uid = |ty: &str, id: &str| -> EntityUid {
            EntityUid::from_type_name_and_id(ty.parse().expect("a type"), cedar_policy::EntityId::new(id))
        };
        let entities = asker.entities(&seen(), 0).expect("entities");
        for partner in ["korea", "usa", "japan", "stranger"] {
            for tier in Tier::SOME {
                for purpose in OTHERS.into_iter().chain(Purpose::ALL.map(Purpose::name)) {
                    let purpose_is = RestrictedExpression::new_entity_uid(uid("Purpose", purpose));
                    let context = Context::from_pairs([("purpose".to_owned(), purpose_is)]).expect("a context");
                    let (principal, action) = (uid("Partner", partner), uid("Action", tier.name()));
                    let request = Request::new(principal, action, uid("Subject", "this"), context, None);
                    let request = request.expect("without a schema, anything is a question");
                    let response = Authorizer::new().is_authorized(&request, asker.rules(), &entities);
                    let is_ours = Purpose::ALL.iter().any(|known| known.name() == purpose);
                    if is_ours {
                        reached += usize::from(response.decision() == Verdict::Allow);
                        continue;
                    }
                    assert_eq!(response.decision(), Verdict::Deny, "{text} {partner} {tier} {purpose}");
                    let because: Vec<String> = response.diagnostics().reason().map(ToString::to_string).collect();
                    assert!(because.contains(&GUARD_ID.to_owned()), "{because:?}");
                }
            }
        }
    }
    assert!(reached > 50, "the hostile rules do permit what they may: {reached}");
}

/// A rule that names another purpose is refused when it is read.
#[test]
fn no_rule_names_another_purpose() {
    for purpose in OTHERS.into_iter().filter(|purpose| !purpose.contains('\u{0}')) {
        let rule = format!(
            "@id(\"a\") permit (principal, action, resource) when {{ context.purpose == Purpose::\"{purpose}\" }};"
        );
        let error = Policy::new(&files(JAPAN, &rule, PLACES)).expect_err(&rule);
        let is_refused = |fault: &Fault| matches!(fault.reason, Reason::Schema(_));
        assert!(error.faults.iter().any(is_refused), "{error}");
    }
}

/// No file can take the guard's name, and so its place.
#[test]
fn the_guard_cannot_be_replaced() {
    let rule = format!("@id(\"{GUARD_ID}\") permit (principal, action, resource);");
    let error = Policy::new(&files(JAPAN, &rule, PLACES)).expect_err("a reserved name");
    assert_eq!(error.faults[0].reason, Reason::Id);
}

/// What callers can ask for is exactly what the schema has.
#[test]
fn purposes_are_those_of_the_schema() {
    let line = SCHEMA
        .lines()
        .find(|line| line.starts_with("entity Purpose"))
        .expect("a line");
    let words: Vec<String> = Purpose::ALL
        .iter()
        .map(|purpose| format!("{:?}", purpose.name()))
        .collect();
    assert_eq!(line, format!("entity Purpose enum [{}];", words.join(", ")));
}
