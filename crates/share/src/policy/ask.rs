//! Asking Cedar about one partner, one tier and one subject.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use cedar_policy::{
    AuthorizationError, Authorizer, Context, Decision as Verdict, Entities, Entity, EntityId, EntityTypeName,
    EntityUid, Policy, PolicyId, PolicySet, Request, RestrictedExpression, Schema,
};

use super::kind::Seen;
use super::rules::Rule;
use crate::release::Tier;

/// The schema, as it is shipped.
pub const SCHEMA: &str = include_str!("../../policy/trilat.cedarschema");
/// What no file of rules can take away.
const GUARD: &str = include_str!("../../policy/guard.cedar");
/// The name of the guard among the rules.
pub const GUARD_ID: &str = "trilat.purpose";

/// What is asked.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Question<'a> {
    pub partner: &'a str,
    /// By its word: what is no purpose is refused by the schema, and by the guard.
    pub purpose: &'a str,
    pub seen: &'a Seen,
    pub age_s: i64,
}

/// What Cedar says about one tier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Whether it is allowed; the rules that say so, or those that forbid it (none where nothing permits it).
    pub allows: bool,
    pub rules: Vec<PolicyId>,
    /// Rules whose evaluation failed; Cedar ignores them, we do not.
    pub failed: Vec<PolicyId>,
}

/// Rules and what is needed to ask about them.
#[derive(Debug)]
pub(crate) struct Asker {
    schema: &'static Schema,
    authorizer: Authorizer,
    rules: PolicySet,
    actions: Entities,
    names: Names,
}

/// The names of types that are made often.
#[derive(Debug)]
struct Names {
    subject: EntityUid,
    tiers: [EntityUid; 4],
    partner: EntityTypeName,
    sensor: EntityTypeName,
    area: EntityTypeName,
    phase: EntityTypeName,
    purpose: EntityTypeName,
}

impl Names {
    fn new() -> Self {
        let ty = |name: &str| -> EntityTypeName { name.parse().expect("a plain word is a type's name") };
        let action = ty("Action");
        Self {
            subject: uid(&ty("Subject"), "this"),
            tiers: Tier::SOME.map(|tier| uid(&action, tier.name())),
            partner: ty("Partner"),
            sensor: ty("Sensor"),
            area: ty("Area"),
            phase: ty("Phase"),
            purpose: ty("Purpose"),
        }
    }
}

fn uid(ty: &EntityTypeName, name: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(ty.clone(), EntityId::new(name))
}

/// The schema that is shipped: read once, for a withdrawal waits for each policy that is made.
pub(crate) fn schema() -> &'static Schema {
    static SHIPPED: LazyLock<Schema> = LazyLock::new(|| {
        let (schema, _warnings) = Schema::from_cedarschema_str(SCHEMA).expect("the shipped schema is one");
        schema
    });
    &SHIPPED
}

impl Asker {
    /// Puts rules and the guard together.
    pub(crate) fn new<'r>(rules: impl IntoIterator<Item = &'r Rule>) -> Self {
        let guard = Policy::parse(Some(PolicyId::new(GUARD_ID)), GUARD).expect("the shipped guard is a rule");
        let all = rules.into_iter().map(|rule| rule.policy.clone()).chain([guard]);
        let rules = PolicySet::from_policies(all).expect("names of rules are different");
        let schema = schema();
        let actions = schema
            .action_entities()
            .expect("the shipped schema has a tree of tiers");
        Self {
            schema,
            authorizer: Authorizer::new(),
            rules,
            actions,
            names: Names::new(),
        }
    }

    /// The rules, with the guard among them.
    #[cfg(test)]
    pub(crate) fn rules(&self) -> &PolicySet {
        &self.rules
    }

    /// The subject as Cedar has it, among the tiers; `None` if Cedar takes it not.
    pub(crate) fn entities(&self, seen: &Seen, age_s: i64) -> Option<Entities> {
        let phase = RestrictedExpression::new_entity_uid(uid(&self.names.phase, seen.phase));
        let mut attributes = HashMap::from([
            (
                "located".to_owned(),
                RestrictedExpression::new_bool(seen.height_m.is_some()),
            ),
            ("phase".to_owned(), phase),
            ("age_s".to_owned(), RestrictedExpression::new_long(age_s)),
            ("exercise".to_owned(), RestrictedExpression::new_bool(seen.exercise)),
        ]);
        if let Some(height_m) = seen.height_m {
            attributes.insert("height_m".to_owned(), RestrictedExpression::new_long(height_m));
        }
        let areas = seen.areas.iter().map(|name| uid(&self.names.area, name));
        let parents: HashSet<EntityUid> = areas.chain([uid(&self.names.sensor, &seen.sensor)]).collect();
        let subject = Entity::new(self.names.subject.clone(), attributes, parents).ok()?;
        self.actions.clone().add_entities([subject], None).ok()
    }

    /// Asks about each tier, least first.
    ///
    /// What the schema does not take as a question is answered as failed, without a rule.
    pub(crate) fn ask(&self, question: &Question<'_>) -> [Answer; 4] {
        let entities = self.entities(question.seen, question.age_s);
        let purpose = RestrictedExpression::new_entity_uid(uid(&self.names.purpose, question.purpose));
        let context = Context::from_pairs([("purpose".to_owned(), purpose)]).ok();
        let principal = uid(&self.names.partner, question.partner);
        [0, 1, 2, 3].map(|tier| {
            let (Some(entities), Some(context)) = (&entities, context.clone()) else {
                return Answer::refused();
            };
            let (action, subject) = (self.names.tiers[tier].clone(), self.names.subject.clone());
            match Request::new(principal.clone(), action, subject, context, Some(self.schema)) {
                Ok(request) => self.answer(&request, entities),
                Err(_refused) => Answer::refused(),
            }
        })
    }

    fn answer(&self, request: &Request, entities: &Entities) -> Answer {
        let response = self.authorizer.is_authorized(request, &self.rules, entities);
        let mut rules: Vec<PolicyId> = response.diagnostics().reason().cloned().collect();
        rules.sort_unstable();
        let errors = response.diagnostics().errors();
        let failed = errors
            .map(|AuthorizationError::PolicyEvaluationError(error)| error.policy_id().clone())
            .collect();
        Answer {
            allows: response.decision() == Verdict::Allow,
            rules,
            failed,
        }
    }
}

impl Answer {
    /// To what is no question.
    fn refused() -> Self {
        Self {
            failed: vec![PolicyId::new(GUARD_ID)],
            ..Self::default()
        }
    }
}

/// What a rule brings to a decision.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub id: Arc<str>,
    pub hold_s: f64,
    pub onward: bool,
}
