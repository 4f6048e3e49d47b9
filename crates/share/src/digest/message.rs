//! What nodes say of their cycles, as octets: Protocol Buffers, sent on the way of control.

use std::collections::BTreeSet;
use std::sync::Arc;

use geo::Time;
use prost::Message as _;

use super::{Ask, Circle, Cycle, ENTRIES_PAGE, Entry, MEMBERS_MAX, Page, STATEMENTS_MAX, Statement};
use crate::item::ItemId;

/// An owner's name has at most so many octets.
const NAME_MAX: usize = 256;

/// What one node says to another of its cycles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DigestMessage {
    /// What it has.
    Statements(Vec<Statement>),
    /// What exactly does the other have?
    Ask(Ask),
    /// What it has exactly.
    Page(Page),
}

/// A partner said something that no honest one says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    /// The octets are no message.
    #[error("{octets} octets are no digest message: {source}")]
    Malformed {
        /// How many octets came.
        octets: usize,
        /// What the decoder found.
        source: prost::DecodeError,
    },
    /// Something of a message is absent, or has another size than it must have.
    #[error("{field} of a digest message is absent or has another size than it must have")]
    Field {
        /// Which.
        field: &'static str,
    },
    /// More than a message may have.
    #[error("{count} {what} in a digest message, {most} are allowed")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// How many are allowed.
        most: usize,
    },
    /// It speaks of a circle in which it is not, or the node is not.
    #[error("the circle {members:?} is not one of both")]
    NotInCircle {
        /// The owners in it.
        members: Vec<Arc<str>>,
    },
    /// Nothing is compared with such an owner.
    #[error("nothing is compared with {partner}")]
    Stranger {
        /// Who said something.
        partner: Arc<str>,
    },
    /// A page was not asked for.
    #[error("a page of names that was not asked for")]
    NotAsked,
    /// Entries of a page are not in their order, or of another cycle.
    #[error("the names of a page are not in order, or not of its cycle")]
    Disorder,
}

#[derive(Clone, PartialEq, prost::Message)]
struct WireCircle {
    #[prost(string, repeated, tag = "1")]
    members: Vec<String>,
    #[prost(bool, tag = "2")]
    exercise: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
struct WireStatement {
    #[prost(uint32, tag = "1")]
    circle: u32,
    #[prost(sint64, tag = "2")]
    cycle: i64,
    #[prost(uint32, tag = "3")]
    items: u32,
    #[prost(bytes = "vec", tag = "4")]
    plots: Vec<u8>,
    #[prost(bytes = "vec", tag = "5")]
    picture: Vec<u8>,
}

/// Circles stand once for all statements of them.
#[derive(Clone, PartialEq, prost::Message)]
struct WireStatements {
    #[prost(message, repeated, tag = "1")]
    circles: Vec<WireCircle>,
    #[prost(message, repeated, tag = "2")]
    statements: Vec<WireStatement>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct WireEntry {
    #[prost(fixed64, tag = "1")]
    time_ns: u64,
    #[prost(bytes = "vec", tag = "2")]
    id: Vec<u8>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct WireAsk {
    #[prost(message, optional, tag = "1")]
    circle: Option<WireCircle>,
    #[prost(sint64, tag = "2")]
    cycle: i64,
    #[prost(message, optional, tag = "3")]
    after: Option<WireEntry>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct WirePage {
    #[prost(message, optional, tag = "1")]
    ask: Option<WireAsk>,
    #[prost(message, repeated, tag = "2")]
    entries: Vec<WireEntry>,
    #[prost(bool, tag = "3")]
    is_last: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
struct WireMessage {
    #[prost(oneof = "Kind", tags = "1, 2, 3")]
    kind: Option<Kind>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
enum Kind {
    #[prost(message, tag = "1")]
    Statements(WireStatements),
    #[prost(message, tag = "2")]
    Ask(WireAsk),
    #[prost(message, tag = "3")]
    Page(WirePage),
}

impl DigestMessage {
    /// The octets that say it.
    pub fn encode(&self) -> Vec<u8> {
        let kind = match self {
            Self::Statements(statements) => Kind::Statements(WireStatements::of(statements)),
            Self::Ask(ask) => Kind::Ask(WireAsk::of(ask)),
            Self::Page(page) => Kind::Page(WirePage {
                ask: Some(WireAsk::of(&page.ask)),
                entries: page.entries.iter().map(WireEntry::of).collect(),
                is_last: page.is_last,
            }),
        };
        WireMessage { kind: Some(kind) }.encode_to_vec()
    }

    /// Reads what [`DigestMessage::encode`] wrote. Errors: [`DigestError`] of anything else.
    pub fn decode(octets: &[u8]) -> Result<Self, DigestError> {
        let message = WireMessage::decode(octets).map_err(|source| DigestError::Malformed {
            octets: octets.len(),
            source,
        })?;
        match message.kind.ok_or(DigestError::Field { field: "kind" })? {
            Kind::Statements(statements) => statements.read().map(Self::Statements),
            Kind::Ask(ask) => ask.read().map(Self::Ask),
            Kind::Page(page) => page.read().map(Self::Page),
        }
    }
}

impl WireCircle {
    fn of(circle: &Circle) -> Self {
        Self {
            members: circle.members.iter().map(|member| member.to_string()).collect(),
            exercise: circle.exercise,
        }
    }

    fn read(self) -> Result<Circle, DigestError> {
        limit("owners", self.members.len(), MEMBERS_MAX)?;
        if self.members.iter().any(|name| name.is_empty() || name.len() > NAME_MAX) {
            return Err(DigestError::Field { field: "owner" });
        }
        Ok(Circle {
            members: self.members.into_iter().map(Arc::from).collect(),
            exercise: self.exercise,
        })
    }
}

impl WireStatements {
    fn of(statements: &[Statement]) -> Self {
        let circles: BTreeSet<&Circle> = statements.iter().map(|statement| &statement.circle).collect();
        let circles: Vec<&Circle> = circles.into_iter().collect();
        let of = |statement: &Statement| WireStatement {
            circle: circles.binary_search(&&statement.circle).unwrap_or_default() as u32,
            cycle: statement.cycle.0,
            items: statement.items,
            plots: statement.plots.to_vec(),
            picture: statement.picture.to_vec(),
        };
        Self {
            statements: statements.iter().map(of).collect(),
            circles: circles.into_iter().map(WireCircle::of).collect(),
        }
    }

    fn read(self) -> Result<Vec<Statement>, DigestError> {
        limit("statements", self.statements.len(), STATEMENTS_MAX)?;
        limit("circles", self.circles.len(), STATEMENTS_MAX)?;
        let circles: Vec<Circle> = self
            .circles
            .into_iter()
            .map(WireCircle::read)
            .collect::<Result<_, _>>()?;
        let read = |of: WireStatement| {
            let circle = circles
                .get(of.circle as usize)
                .ok_or(DigestError::Field { field: "circle" })?;
            Ok(Statement {
                circle: circle.clone(),
                cycle: cycle(of.cycle)?,
                items: of.items,
                plots: sixteen("plots", &of.plots)?,
                picture: sixteen("picture", &of.picture)?,
            })
        };
        self.statements.into_iter().map(read).collect()
    }
}

impl WireEntry {
    fn of((time, id): &Entry) -> Self {
        Self {
            time_ns: time.tai_ns().cast_unsigned(),
            id: id.0.to_vec(),
        }
    }

    fn read(self) -> Result<Entry, DigestError> {
        let time = Time::from_tai_ns(self.time_ns.cast_signed());
        Ok((time, ItemId(sixteen("name", &self.id)?)))
    }
}

impl WireAsk {
    fn of(ask: &Ask) -> Self {
        Self {
            circle: Some(WireCircle::of(&ask.circle)),
            cycle: ask.cycle.0,
            after: ask.after.as_ref().map(WireEntry::of),
        }
    }

    fn read(self) -> Result<Ask, DigestError> {
        Ok(Ask {
            circle: self.circle.ok_or(DigestError::Field { field: "circle" })?.read()?,
            cycle: cycle(self.cycle)?,
            after: self.after.map(WireEntry::read).transpose()?,
        })
    }
}

impl WirePage {
    fn read(self) -> Result<Page, DigestError> {
        limit("names", self.entries.len(), ENTRIES_PAGE)?;
        Ok(Page {
            ask: self.ask.ok_or(DigestError::Field { field: "ask" })?.read()?,
            entries: self
                .entries
                .into_iter()
                .map(WireEntry::read)
                .collect::<Result<_, _>>()?,
            is_last: self.is_last,
        })
    }
}

fn limit(what: &'static str, count: usize, most: usize) -> Result<(), DigestError> {
    match count > most {
        true => Err(DigestError::TooMany { what, count, most }),
        false => Ok(()),
    }
}

fn sixteen(field: &'static str, octets: &[u8]) -> Result<[u8; 16], DigestError> {
    octets.try_into().map_err(|_| DigestError::Field { field })
}

/// A cycle within what times can say.
fn cycle(number: i64) -> Result<Cycle, DigestError> {
    match number.unsigned_abs() < 9_000_000_000 {
        true => Ok(Cycle(number)),
        false => Err(DigestError::Field { field: "cycle" }),
    }
}
