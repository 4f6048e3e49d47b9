//! A file of rules, taken apart: one rule, its line, its name, its annotations.
//!
//! Cedar would read a whole file at once. It is taken apart here first, for three reasons: a fault names the line of
//! its rule, a bad rule does not hide the faults of the others, and how deep and long a rule is, is known before a
//! parser that calls itself sees it.

use std::sync::Arc;

use cedar_policy::{Effect, Policy, PolicyId};

use super::fault::{Fault, Reason};
use super::files::Text;
use super::language::{self, Uses};
use wire::nearest;

/// The most rules a version may have.
pub const RULES_MAX: usize = 256;
/// The most octets a rule may have, comments included.
pub const RULE_BYTES_MAX: usize = 4 << 10;
/// How deep brackets may be nested.
pub const DEPTH_MAX: usize = 12;
/// The most operators, dots and `if`s a rule may have: each can be one more level of the tree it becomes.
pub const OPERATORS_MAX: usize = 128;
/// The longest hold-back.
pub const HOLD_S_MAX: f64 = 31_622_400.0;

/// One rule, understood.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub id: Arc<str>,
    /// In which file.
    pub file: Arc<str>,
    /// On which line it begins.
    pub line: usize,
    /// Whether it permits; else it forbids.
    pub permits: bool,
    /// How long what it permits is held back.
    pub hold_s: f64,
    /// Whether what it permits may be given on.
    pub onward: bool,
    /// What it says in its own words.
    pub note: Option<Arc<str>>,
    /// What it speaks of.
    pub(crate) uses: Uses,
    /// The rule itself.
    pub(crate) policy: Policy,
}

/// Reads the rules of one file; what is wrong is noted, and the others are read all the same.
pub(crate) fn read(file: &Text, faults: &mut Vec<Fault>) -> Vec<Rule> {
    let mut rules = Vec::new();
    for piece in pieces(&file.text) {
        let mut fault = |at: Option<Arc<str>>, reason| {
            faults.push(Fault {
                file: file.name.clone(),
                line: Some(piece.line),
                at,
                reason,
            });
        };
        if let Some(reason) = piece.excess() {
            fault(None, reason);
            continue;
        }
        let policy = match Policy::parse(None, piece.text) {
            Ok(policy) => policy,
            Err(errors) => {
                fault(None, Reason::Cedar(errors.to_string()));
                continue;
            }
        };
        match rule(policy, file, piece.line) {
            Ok(rule) => rules.push(rule),
            Err((at, reasons)) => reasons.into_iter().for_each(|reason| fault(at.clone(), reason)),
        }
        if rules.len() > RULES_MAX {
            fault(
                None,
                Reason::TooMany {
                    what: "rules",
                    max: RULES_MAX,
                },
            );
            break;
        }
    }
    rules
}

/// Reads the annotations of a rule and what it speaks of.
fn rule(policy: Policy, file: &Text, line: usize) -> Result<Rule, (Option<Arc<str>>, Vec<Reason>)> {
    let mut reasons = Vec::new();
    let permits = policy.effect() == Effect::Permit;
    let (mut id, mut hold_s, mut onward, mut note) = (None::<Arc<str>>, 0.0, false, None);
    for (name, value) in policy.annotations() {
        match name {
            "id" if is_id(value) => id = Some(value.into()),
            "id" => reasons.push(Reason::Id),
            "note" => note = Some(value.into()),
            "hold_s" if permits => match hold(value) {
                Some(span_s) => hold_s = span_s,
                None => reasons.push(Reason::Hold(value.chars().take(40).collect())),
            },
            "onward" if permits => match value {
                "true" => onward = true,
                "false" => onward = false,
                _ => reasons.push(Reason::Onward(value.chars().take(40).collect())),
            },
            _ => {
                let known: &[&str] = if permits {
                    &["id", "hold_s", "onward", "note"]
                } else {
                    &["id", "note"]
                };
                let nearest = nearest(name, known.iter().copied()).map(Into::into);
                reasons.push(Reason::Annotation { nearest });
            }
        }
    }
    let at = id.clone();
    let uses = language::uses(&policy).unwrap_or_else(|reason| {
        reasons.push(reason);
        Uses::default()
    });
    let Some(id) = id else {
        if !reasons.contains(&Reason::Id) {
            reasons.push(Reason::NoId);
        }
        return Err((at, reasons));
    };
    if !reasons.is_empty() {
        return Err((at, reasons));
    }
    let policy = policy.new_id(PolicyId::new(&id));
    Ok(Rule {
        id,
        file: file.name.clone(),
        line,
        permits,
        hold_s,
        onward,
        note,
        uses,
        policy,
    })
}

fn is_id(text: &str) -> bool {
    let is_ours = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | ',');
    (1..=80).contains(&text.chars().count()) && text.chars().all(is_ours) && !text.starts_with("trilat.")
}

/// Reads a hold-back: digits, with decimals or without.
fn hold(text: &str) -> Option<f64> {
    let is_plain = !text.is_empty() && text.len() <= 16 && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let span_s: f64 = text.parse().ok().filter(|_| is_plain)?;
    (0.0..=HOLD_S_MAX).contains(&span_s).then_some(span_s)
}

/// The text of one rule, its comments included, as it stands in its file.
#[derive(Debug, PartialEq, Eq)]
struct Piece<'a> {
    text: &'a str,
    /// The line on which it begins, comments before it not counted.
    line: usize,
    depth: usize,
    operators: usize,
}

impl Piece<'_> {
    /// Why it is not even given to a parser.
    fn excess(&self) -> Option<Reason> {
        if self.text.len() > RULE_BYTES_MAX {
            Some(Reason::TooLong {
                octets: self.text.len(),
                max: RULE_BYTES_MAX,
            })
        } else if self.depth > DEPTH_MAX {
            Some(Reason::TooMany {
                what: "brackets within brackets",
                max: DEPTH_MAX,
            })
        } else if self.operators > OPERATORS_MAX {
            Some(Reason::TooMany {
                what: "operators in one rule",
                max: OPERATORS_MAX,
            })
        } else {
            None
        }
    }
}

/// Takes a text apart after each `;` that is in no string and no comment.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let octets = text.as_bytes();
    let mut pieces = Vec::new();
    let (mut from, mut at, mut line) = (0, 0, 1);
    let (mut begins_on, mut depth, mut deepest, mut operators) = (None, 0_usize, 0, 0);
    while at < octets.len() {
        let octet = octets[at];
        match octet {
            b'/' if octets.get(at + 1) == Some(&b'/') => {
                while at < octets.len() && octets[at] != b'\n' {
                    at += 1;
                }
                continue;
            }
            b'\n' => line += 1,
            b' ' | b'\t' | b'\r' => {}
            _ => {
                begins_on.get_or_insert(line);
            }
        }
        match octet {
            b'"' => {
                at += 1;
                while at < octets.len() && octets[at] != b'"' {
                    line += usize::from(octets[at] == b'\n');
                    at += 1 + usize::from(octets[at] == b'\\');
                }
            }
            b'(' | b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'&' | b'|' | b'=' | b'<' | b'>' | b'!' | b'.' | b'+' | b'-' | b'*' => operators += 1,
            b'i' if octets[at..].starts_with(b"if") => operators += 1,
            b';' => {
                let line = begins_on.take().unwrap_or(line);
                pieces.push(Piece {
                    text: &text[from..=at],
                    line,
                    depth: deepest,
                    operators,
                });
                (from, depth, deepest, operators) = (at + 1, 0, 0, 0);
            }
            _ => {}
        }
        at += 1;
    }
    if let Some(line) = begins_on {
        pieces.push(Piece {
            text: &text[from..],
            line,
            depth: deepest,
            operators,
        });
    }
    pieces
}
