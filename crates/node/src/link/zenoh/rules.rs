//! Which messages a session lets in and out: the second wall, by the name in the certificate at the other end.

use serde_json::{Value, json};

use crate::link::Lane;

/// First part of every key.
const PREFIX: &str = "trilat/v1";

/// The last part of the key of the beats that say that an end is there.
pub(super) const BEAT: &str = "beat";

/// Returns the key of what an owner sends to another: `what` is the name of a lane or [`BEAT`].
pub(super) fn key(to: &str, from: &str, what: &str) -> String {
    format!("{PREFIX}/{to}/{from}/{what}")
}

/// All keys of what an owner sends to another.
fn keys(to: &str, from: &str) -> Vec<String> {
    let lanes = Lane::ALL.into_iter().map(Lane::name);
    lanes.chain([BEAT]).map(|what| key(to, from, what)).collect()
}

fn rule(id: &str, messages: &[&str], flow: &str, keys: &[String]) -> Value {
    json!({ "id": id, "permission": "allow", "messages": messages, "flows": [flow], "key_exprs": keys })
}

fn access(rules: &[Value], subjects: &[Value], policies: &[Value]) -> Value {
    json!({
        "enabled": true,
        "default_permission": "deny",
        "rules": rules,
        "subjects": subjects,
        "policies": policies,
    })
}

/// Returns the rules of `me`'s session with `partner`, at whose other end stands a certificate of the name `end`.
///
/// `end` is the partner, or the router in between. It may put to the partner's keys for me, and listen to mine for the
/// partner, and that is all. Towards any other certificate nothing goes out.
pub(super) fn of_session(me: &str, partner: &str, end: &str) -> Value {
    let (to_me, to_partner) = (keys(me, partner), keys(partner, me));
    let rules = [
        rule("it puts", &["put"], "ingress", &to_me),
        rule("it listens", &["declare_subscriber"], "ingress", &to_partner),
        rule("I put", &["put"], "egress", &to_partner),
        rule("I listen", &["declare_subscriber"], "egress", &to_me),
    ];
    let ids: Vec<&Value> = rules.iter().map(|rule| &rule["id"]).collect();
    let subject = json!({ "id": "end", "cert_common_names": [end], "link_protocols": ["quic"] });
    let policy = json!({ "rules": ids, "subjects": ["end"] });
    access(&rules, &[subject], &[policy])
}

/// Returns the rules of a router between owners: each may put only under its own name, and listen only to what is for
/// itself.
pub(super) fn of_router(owners: &[&str]) -> Value {
    let (mut rules, mut subjects, mut policies) = (Vec::new(), Vec::new(), Vec::new());
    for owner in owners {
        let others = || owners.iter().filter(|other| *other != owner);
        let from_it: Vec<String> = others().flat_map(|other| keys(other, owner)).collect();
        let to_it: Vec<String> = others().flat_map(|other| keys(owner, other)).collect();
        let own = [
            rule(&format!("{owner} puts"), &["put"], "ingress", &from_it),
            rule(&format!("{owner} listens"), &["declare_subscriber"], "ingress", &to_it),
            rule(&format!("{owner} gets"), &["put"], "egress", &to_it),
            rule(
                &format!("{owner} is listened to"),
                &["declare_subscriber"],
                "egress",
                &from_it,
            ),
        ];
        let ids: Vec<&Value> = own.iter().map(|rule| &rule["id"]).collect();
        policies.push(json!({ "rules": ids, "subjects": [owner] }));
        subjects.push(json!({ "id": owner, "cert_common_names": [owner], "link_protocols": ["quic"] }));
        rules.extend(own);
    }
    access(&rules, &subjects, &policies)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys that a subject may use for a kind of message, in one direction.
    fn allowed(rules: &Value, subject: &str, message: &str, flow: &str) -> Vec<String> {
        let has = |list: &Value, what: &str| list.as_array().unwrap().iter().any(|one| one == what);
        let policies = rules["policies"].as_array().unwrap();
        let policy = policies
            .iter()
            .find(|policy| has(&policy["subjects"], subject))
            .unwrap();
        let of_subject = |rule: &&Value| has(&policy["rules"], rule["id"].as_str().unwrap());
        let rules = rules["rules"].as_array().unwrap().iter().filter(of_subject);
        let rules = rules.filter(|rule| has(&rule["messages"], message) && has(&rule["flows"], flow));
        let keys = rules.flat_map(|rule| rule["key_exprs"].as_array().unwrap().clone());
        keys.map(|key| key.as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn what_is_not_allowed_is_denied() {
        for rules in [of_session("a", "b", "b"), of_router(&["a", "b", "c"])] {
            assert_eq!(rules["default_permission"], "deny");
            assert_eq!(rules["enabled"], true);
            assert!(!rules.to_string().contains('*'), "no key with a wildcard is needed");
        }
    }

    #[test]
    fn a_partner_puts_under_its_own_name_to_me_and_nowhere_else() {
        let rules = of_session("a", "b", "router");
        let put = allowed(&rules, "end", "put", "ingress");
        assert_eq!(
            put,
            ["ctl", "live", "log", "beat"].map(|what| format!("trilat/v1/a/b/{what}"))
        );
        let out = allowed(&rules, "end", "put", "egress");
        assert_eq!(
            out,
            ["ctl", "live", "log", "beat"].map(|what| format!("trilat/v1/b/a/{what}"))
        );
        assert_eq!(rules["subjects"][0]["cert_common_names"], json!(["router"]));
    }

    #[test]
    fn a_router_lets_each_owner_speak_and_hear_for_itself_only() {
        let rules = of_router(&["a", "b", "c"]);
        for key in allowed(&rules, "b", "put", "ingress") {
            assert_eq!(key.split('/').nth(3), Some("b"), "{key}");
        }
        for key in allowed(&rules, "b", "declare_subscriber", "ingress") {
            assert_eq!(key.split('/').nth(2), Some("b"), "{key}");
        }
        assert_eq!(allowed(&rules, "b", "put", "egress").len(), 8);
    }
}
