//! A roster as octets: deterministic CBOR, arrays only, one form.
//!
//! ```text
//! [ 1,                          format
//!   owner,                      text
//!   version,                    1, 2, 3, …
//!   previous,                   null | 32 octets: SHA-256 of the signed roster before
//!   issued, expires,            TAI nanoseconds since 1970
//!   root,                       32 octets, Ed25519
//!   [ handover, … ],            octets, each a COSE_Sign1 of its own (handover.rs)
//!   [ authority, … ],           octets, each an X.509 certificate
//!   [ [ key,                    32 octets, Ed25519; ordered by them
//!       certificate,            32 octets: SHA-256 of the node's certificate
//!       from, until,            TAI nanoseconds since 1970
//!       role ], … ],            0 main, 1 standby
//!   [ [ key,                    16 octets: the name of the key; ordered by them
//!       at,                     TAI nanoseconds since 1970
//!       reason ], … ] ]         0 stolen, 1 lost, 2 replaced, 3 retired
//! ```
//!
//! Integers and lengths are in their shortest form (RFC 8949, section 4.2.1). Octets that decode, but would be encoded
//! otherwise, are refused.

use coset::cbor::value::{Integer, Value};
use coset::cbor::{de, ser};
use geo::Time;

use super::{Handover, NodeEntry, Reason, Revocation, Role, Roster, RosterError};
use crate::identity::{Certificate, Fingerprint, NodeId, NodePublic, PUBLIC_OCTETS, Validity};

/// The only format there is.
pub(super) const FORMAT: u64 = 1;
/// Arrays in arrays: the deepest that are read.
const DEPTH_MAX: usize = 8;

pub(super) fn uint(number: u64) -> Value {
    Value::Integer(Integer::from(number))
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn bytes(octets: &[u8]) -> Value {
    Value::Bytes(octets.to_vec())
}

pub(super) fn instant(time: Time) -> Value {
    Value::Integer(Integer::from(time.tai_ns()))
}

/// Encodes a value.
pub(super) fn to_octets(value: &Value) -> Result<Vec<u8>, RosterError> {
    let mut octets = Vec::new();
    ser::into_writer(value, &mut octets).map_err(|_| RosterError::Form {
        what: "it cannot be written",
    })?;
    Ok(octets)
}

/// The fields of an array, taken one by one.
pub(super) struct Fields {
    what: &'static str,
    values: std::vec::IntoIter<Value>,
}

impl Fields {
    /// Reads octets that are one array in its one form, of the known format.
    pub(super) fn read(octets: &[u8], what: &'static str) -> Result<Self, RosterError> {
        let form = |what| RosterError::Form { what };
        let mut rest = octets;
        let value: Value = de::from_reader_with_recursion_limit(&mut rest, DEPTH_MAX).map_err(|_| form("no CBOR"))?;
        if !rest.is_empty() {
            return Err(form("something stands behind it"));
        }
        if to_octets(&value)? != octets {
            return Err(form("it is not in its shortest form"));
        }
        let mut fields = Self::of(value, what)?;
        match fields.number("format")? {
            FORMAT => Ok(fields),
            format => Err(RosterError::Format { format }),
        }
    }

    fn of(value: Value, what: &'static str) -> Result<Self, RosterError> {
        let values = value
            .into_array()
            .map_err(|_| Self::wrong(what, "an array"))?
            .into_iter();
        Ok(Self { what, values })
    }

    const fn wrong(field: &'static str, expected: &'static str) -> RosterError {
        RosterError::Field { field, expected }
    }

    fn next(&mut self, field: &'static str) -> Result<Value, RosterError> {
        self.values.next().ok_or(Self::wrong(field, "there"))
    }

    pub(super) fn text(&mut self, field: &'static str) -> Result<String, RosterError> {
        self.next(field)?.into_text().map_err(|_| Self::wrong(field, "text"))
    }

    pub(super) fn number(&mut self, field: &'static str) -> Result<u64, RosterError> {
        let wrong = || Self::wrong(field, "a whole number");
        let number = self.next(field)?.into_integer().map_err(|_| wrong())?;
        u64::try_from(number).map_err(|_| wrong())
    }

    pub(super) fn instant(&mut self, field: &'static str) -> Result<Time, RosterError> {
        let wrong = || Self::wrong(field, "an instant in TAI nanoseconds");
        let number = self.next(field)?.into_integer().map_err(|_| wrong())?;
        i64::try_from(number).map(Time::from_tai_ns).map_err(|_| wrong())
    }

    fn octets(&mut self, field: &'static str) -> Result<Vec<u8>, RosterError> {
        self.next(field)?.into_bytes().map_err(|_| Self::wrong(field, "octets"))
    }

    fn exactly<const N: usize>(&mut self, field: &'static str, expected: &'static str) -> Result<[u8; N], RosterError> {
        let octets = self.octets(field)?;
        octets.try_into().map_err(|_| Self::wrong(field, expected))
    }

    pub(super) fn key(&mut self, field: &'static str) -> Result<NodePublic, RosterError> {
        let octets = self.exactly::<PUBLIC_OCTETS>(field, "32 octets")?;
        NodePublic::from_octets(&octets).map_err(|source| RosterError::Key { field, source })
    }

    fn fingerprint(&mut self, field: &'static str) -> Result<Fingerprint, RosterError> {
        self.exactly(field, "32 octets").map(Fingerprint)
    }

    fn list(&mut self, field: &'static str) -> Result<std::vec::IntoIter<Value>, RosterError> {
        Self::of(self.next(field)?, field).map(|fields| fields.values)
    }

    /// Nothing more is there.
    pub(super) fn end(mut self) -> Result<(), RosterError> {
        match self.values.next() {
            None => Ok(()),
            Some(_) => Err(Self::wrong(self.what, "as long as it has to be")),
        }
    }
}

fn node(value: Value) -> Result<NodeEntry, RosterError> {
    let mut fields = Fields::of(value, "node")?;
    let entry = NodeEntry {
        key: fields.key("node.key")?,
        certificate: fields.fingerprint("node.certificate")?,
        validity: Validity {
            from: fields.instant("node.from")?,
            until: fields.instant("node.until")?,
        },
        role: Role::of_number(fields.number("node.role")?).ok_or(Fields::wrong("node.role", "a known role"))?,
    };
    fields.end()?;
    Ok(entry)
}

fn revocation(value: Value) -> Result<Revocation, RosterError> {
    let mut fields = Fields::of(value, "revoked")?;
    let key = NodeId(fields.exactly("revoked.key", "16 octets")?);
    let at = fields.instant("revoked.at")?;
    let reason = Reason::of_number(fields.number("revoked.reason")?);
    let reason = reason.ok_or(Fields::wrong("revoked.reason", "a known reason"))?;
    fields.end()?;
    Ok(Revocation { key, at, reason })
}

fn octets_of(value: Value, field: &'static str) -> Result<Vec<u8>, RosterError> {
    value.into_bytes().map_err(|_| Fields::wrong(field, "octets"))
}

impl Roster {
    /// The octets that are signed. Errors: [`RosterError`], also where nobody would take them.
    pub(super) fn to_cbor(&self) -> Result<Vec<u8>, RosterError> {
        self.check()?;
        let node = |entry: &NodeEntry| {
            Value::Array(vec![
                bytes(entry.key.octets()),
                bytes(&entry.certificate.0),
                instant(entry.validity.from),
                instant(entry.validity.until),
                uint(entry.role.number()),
            ])
        };
        let revocation = |revocation: &Revocation| {
            let Revocation { key, at, reason } = revocation;
            Value::Array(vec![bytes(&key.0), instant(*at), uint(reason.number())])
        };
        let handovers = self.handovers.iter().map(|handover| bytes(handover.octets()));
        let authorities = self.authorities.iter().map(|authority| bytes(authority.der()));
        to_octets(&Value::Array(vec![
            uint(FORMAT),
            text(&self.owner),
            uint(self.version),
            self.previous.map_or(Value::Null, |previous| bytes(&previous.0)),
            instant(self.issued),
            instant(self.expires),
            bytes(self.root.octets()),
            Value::Array(handovers.collect()),
            Value::Array(authorities.collect()),
            Value::Array(self.nodes.iter().map(node).collect()),
            Value::Array(self.revoked.iter().map(revocation).collect()),
        ]))
    }

    /// Reads what was signed. Errors: [`RosterError`].
    pub(super) fn from_cbor(octets: &[u8]) -> Result<Self, RosterError> {
        let mut fields = Fields::read(octets, "roster")?;
        let owner = fields.text("owner")?.into();
        let version = fields.number("version")?;
        let previous = match fields.next("previous")? {
            Value::Null => None,
            value => {
                let octets = octets_of(value, "previous")?.try_into();
                Some(Fingerprint(
                    octets.map_err(|_| Fields::wrong("previous", "null or 32 octets"))?,
                ))
            }
        };
        let (issued, expires) = (fields.instant("issued")?, fields.instant("expires")?);
        let root = fields.key("root")?;
        let handovers = fields.list("handovers")?;
        let authorities = fields.list("authorities")?;
        let nodes = fields.list("nodes")?;
        let revoked = fields.list("revoked")?;
        fields.end()?;
        // Verifying a handover costs a signature: not so many that it would be worth while to send them.
        let (count, max) = (handovers.len(), super::HANDOVERS_MAX);
        if count > max {
            let what = "handovers";
            return Err(RosterError::TooMany { what, count, max });
        }
        Ok(Self {
            owner,
            version,
            previous,
            issued,
            expires,
            root,
            handovers: handovers
                .map(|value| Handover::open(&octets_of(value, "handover")?))
                .collect::<Result<_, _>>()?,
            authorities: authorities
                .map(|value| Ok(Certificate::from_der(&octets_of(value, "authority")?)?))
                .collect::<Result<_, RosterError>>()?,
            nodes: nodes.map(node).collect::<Result<_, _>>()?,
            revoked: revoked.map(revocation).collect::<Result<_, _>>()?,
        })
    }
}
