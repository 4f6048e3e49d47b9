//! What rules may say: they compare, they do not compute.
//!
//! Of Cedar's expressions only those are taken whose answer depends on finitely many yes-or-no questions about a
//! subject: whether a number is below, at or above a literal, whether a name is a literal. So an answer can be kept for
//! all subjects that are alike in these, and all kinds of subjects can be gone through when a change is reviewed. It
//! also leaves nothing that can fail while it is evaluated.

use std::collections::BTreeSet;

use cedar_policy::Policy;
use cedar_policy::pst::{
    ActionConstraint, BinaryOp, Clause, EntityOrSlot, EntityUID, Expr, Literal, PrincipalConstraint,
    ResourceConstraint, UnaryOp, Var,
};

use super::fault::Reason;

/// The largest number that a rule may compare with, either sign.
pub const NUMBER_MAX: i64 = 1_000_000_000;

/// What a rule, or all of them, speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Partners by name.
    pub partners: BTreeSet<String>,
    /// Sensors by name.
    pub sensors: BTreeSet<String>,
    /// Areas by name.
    pub areas: BTreeSet<String>,
    /// Phases by word.
    pub phases: BTreeSet<String>,
    /// Heights compared with, in metres.
    pub heights_m: BTreeSet<i64>,
    /// Ages compared with, in seconds.
    pub ages_s: BTreeSet<i64>,
    /// Whether it asks if the place is known.
    pub located: bool,
    /// Whether it asks if it is an exercise.
    pub exercise: bool,
    /// Whether it asks for the purpose.
    pub purpose: bool,
}

impl Uses {
    /// Adds what another speaks of.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.partners.extend(other.partners.iter().cloned());
        self.sensors.extend(other.sensors.iter().cloned());
        self.areas.extend(other.areas.iter().cloned());
        self.phases.extend(other.phases.iter().cloned());
        self.heights_m.extend(&other.heights_m);
        self.ages_s.extend(&other.ages_s);
        self.located |= other.located;
        self.exercise |= other.exercise;
        self.purpose |= other.purpose;
    }

    fn entity(&mut self, entity: &EntityUID) {
        let name = entity.eid.to_string();
        match entity.ty.0.id.as_str() {
            "Partner" => self.partners.insert(name),
            "Sensor" => self.sensors.insert(name),
            "Area" => self.areas.insert(name),
            "Phase" => self.phases.insert(name),
            "Purpose" => {
                self.purpose = true;
                true
            }
            _ => true,
        };
    }
}

const REST: &str = "height_m and age_s with whole numbers, and partner, purpose, sensor, area and phase with names";

fn no<T>(what: &'static str) -> Result<T, Reason> {
    Err(Reason::Language { what, rest: REST })
}

/// Returns what a rule speaks of. Errors: [`Reason::Language`] where it does more than compare.
pub(crate) fn uses(policy: &Policy) -> Result<Uses, Reason> {
    let Ok(syntax) = policy.to_pst() else {
        return no("a rule that cannot be taken apart");
    };
    let rule = syntax.body();
    let mut uses = Uses::default();
    match &rule.principal {
        PrincipalConstraint::Any | PrincipalConstraint::Is(_) => {}
        PrincipalConstraint::Eq(of) | PrincipalConstraint::In(of) | PrincipalConstraint::IsIn(_, of) => {
            scope(of, &mut uses)?;
        }
    }
    match &rule.action {
        ActionConstraint::Any | ActionConstraint::Eq(_) | ActionConstraint::In(_) => {}
    }
    match &rule.resource {
        ResourceConstraint::Any | ResourceConstraint::Is(_) => {}
        ResourceConstraint::Eq(of) | ResourceConstraint::In(of) | ResourceConstraint::IsIn(_, of) => {
            scope(of, &mut uses)?;
        }
    }
    for clause in rule.clauses() {
        match clause {
            Clause::When(condition) | Clause::Unless(condition) => truth(condition, &mut uses)?,
        }
    }
    Ok(uses)
}

fn scope(of: &EntityOrSlot, uses: &mut Uses) -> Result<(), Reason> {
    match of {
        EntityOrSlot::Entity(entity) => {
            uses.entity(entity);
            Ok(())
        }
        EntityOrSlot::Slot(_) => no("a template"),
    }
}

/// Something that is true or false.
fn truth(expression: &Expr, uses: &mut Uses) -> Result<(), Reason> {
    match expression {
        Expr::Literal(Literal::Bool(_)) => Ok(()),
        Expr::GetAttr { .. } | Expr::HasAttr { .. } => yes_or_no(expression, uses),
        Expr::UnaryOp { op: UnaryOp::Not, expr } => truth(expr, uses),
        Expr::BinaryOp {
            op: BinaryOp::And | BinaryOp::Or,
            left,
            right,
        } => {
            truth(left, uses)?;
            truth(right, uses)
        }
        Expr::BinaryOp {
            op: BinaryOp::Less | BinaryOp::LessEq | BinaryOp::Greater | BinaryOp::GreaterEq,
            left,
            right,
        } => number(left, right, uses),
        Expr::BinaryOp {
            op: BinaryOp::Eq | BinaryOp::NotEq,
            left,
            right,
        } => equal(left, right, uses),
        Expr::BinaryOp {
            op: BinaryOp::In,
            left,
            right,
        } => {
            thing(left, uses)?;
            names(right, uses)
        }
        Expr::BinaryOp {
            op: BinaryOp::Contains,
            left,
            right,
        } => {
            names(left, uses)?;
            thing(right, uses)
        }
        Expr::Is { expr, in_expr, .. } => {
            thing(expr, uses)?;
            in_expr.as_ref().map_or(Ok(()), |within| names(within, uses))
        }
        Expr::IfThenElse {
            cond,
            then_expr,
            else_expr,
        } => {
            truth(cond, uses)?;
            truth(then_expr, uses)?;
            truth(else_expr, uses)
        }
        Expr::BinaryOp {
            op: BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul,
            ..
        } => no("arithmetic"),
        Expr::Like { .. } => no("`like`"),
        _ => no("an expression of a kind that is not taken"),
    }
}

/// A yes or no of the subject, or whether it has a height.
fn yes_or_no(expression: &Expr, uses: &mut Uses) -> Result<(), Reason> {
    match expression {
        Expr::GetAttr { .. } => match attribute(expression) {
            Some("located") => {
                uses.located = true;
                Ok(())
            }
            Some("exercise") => {
                uses.exercise = true;
                Ok(())
            }
            _ => no("an attribute that is no yes or no"),
        },
        Expr::HasAttr { expr, attrs } if is_var(expr, &Var::Resource) => match (attrs.head.as_str(), attrs.len()) {
            ("height_m", 1) => {
                uses.located = true;
                Ok(())
            }
            _ => no("`has` of something other than height_m"),
        },
        _ => no("an attribute that is no yes or no"),
    }
}

/// Two things that are the same, or not: two truths, a number and a literal, two names.
fn equal(left: &Expr, right: &Expr, uses: &mut Uses) -> Result<(), Reason> {
    let is_number = |e: &Expr| matches!(attribute(e), Some("height_m" | "age_s"));
    let is_truth =
        |e: &Expr| matches!(e, Expr::Literal(Literal::Bool(_))) || matches!(attribute(e), Some("located" | "exercise"));
    if is_number(left) || is_number(right) {
        number(left, right, uses)
    } else if is_truth(left) && is_truth(right) {
        truth(left, uses)?;
        truth(right, uses)
    } else {
        thing(left, uses)?;
        thing(right, uses)
    }
}

/// A number of the subject against a literal.
fn number(left: &Expr, right: &Expr, uses: &mut Uses) -> Result<(), Reason> {
    let (name, literal) = match (left, right) {
        (attr, Expr::Literal(Literal::Long(literal))) | (Expr::Literal(Literal::Long(literal)), attr) => {
            (attribute(attr), *literal)
        }
        _ => return no("a number that is compared with something other than a literal"),
    };
    if literal.abs() > NUMBER_MAX {
        return no("a number beyond 1000000000");
    }
    match name {
        Some("height_m") => {
            uses.heights_m.insert(literal);
            uses.located = true;
        }
        Some("age_s") => {
            uses.ages_s.insert(literal);
        }
        _ => return no("a number other than height_m or age_s"),
    }
    Ok(())
}

/// Something with a name: the partner, the tier, the subject, its phase, the purpose, or a literal.
fn thing(expression: &Expr, uses: &mut Uses) -> Result<(), Reason> {
    match expression {
        Expr::Var(Var::Principal | Var::Action | Var::Resource) => Ok(()),
        Expr::Literal(Literal::EntityUID(entity)) => {
            uses.entity(entity);
            Ok(())
        }
        Expr::GetAttr { .. } if matches!(attribute(expression), Some("phase" | "purpose")) => Ok(()),
        _ => no("something without a name where a name is expected"),
    }
}

/// A name, or a list of names.
fn names(expression: &Expr, uses: &mut Uses) -> Result<(), Reason> {
    match expression {
        Expr::Set(list) => list.iter().try_for_each(|entry| match &**entry {
            name @ Expr::Literal(Literal::EntityUID(_)) => thing(name, uses),
            _ => no("a list of something other than names"),
        }),
        name => thing(name, uses),
    }
}

/// The name of an attribute of the subject, or of the context.
fn attribute(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::GetAttr { expr, attr } if is_var(expr, &Var::Resource) || is_var(expr, &Var::Context) => {
            Some(attr.as_str())
        }
        _ => None,
    }
}

fn is_var(expression: &Expr, var: &Var) -> bool {
    matches!(expression, Expr::Var(found) if found == var)
}
