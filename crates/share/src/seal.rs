//! A signature around octets: COSE_Sign1 with Ed25519, in one form only.
//!
//! ```text
//!  d2                     tag 18: COSE_Sign1 (RFC 9052)
//!  84                     an array of four:
//!    55                     21 octets, protected:
//!      a2                     a map of two:
//!        01 27                  algorithm: EdDSA
//!        04 50 …16 octets…      key id: the signer's NodeId
//!    a0                     nothing unprotected
//!    4x|58|59|5a … payload  octets, length in its shortest form
//!    58 40 …64 octets…      Ed25519 over the array
//!                             ["Signature1", protected, context, payload]
//! ```
//!
//! What a signature is for ([`Context`]) is signed with it and not sent, so a signed roster can never pass for a signed
//! frame. Any other form of the same content is refused: octets that were accepted cannot be changed into others that
//! would be, and a hash over them names them.

use coset::iana::Algorithm;
use coset::{CborSerializable, CoseError, CoseSign1, CoseSign1Builder, HeaderBuilder, TaggedCborSerializable};

use crate::identity::{ID_OCTETS, NodeId, NodeKey, NodePublic};

/// Octets that a seal adds to its payload, at most.
pub const SEAL_OCTETS_MAX: usize = 2 + 22 + 1 + 5 + 66;

/// What a signature is for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// A frame of items from one owner to another.
    Frame,
    /// One item that may be given on.
    Item,
    /// What an owner says it has of another's frames.
    Receipt,
    /// Anything else that nodes tell each other: heads, requests, digests.
    Control,
    /// A roster of an owner.
    Roster,
    /// An owner's old root key gives way to a new one.
    Handover,
    /// A version of an owner's release policy.
    Policy,
    /// The head of a chain of audit.
    Audit,
}

impl Context {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Frame,
        Self::Item,
        Self::Receipt,
        Self::Control,
        Self::Roster,
        Self::Handover,
        Self::Policy,
        Self::Audit,
    ];

    /// The octets signed with the payload.
    pub const fn octets(self) -> &'static [u8] {
        match self {
            Self::Frame => b"trilat/v1/frame",
            Self::Item => b"trilat/v1/item",
            Self::Receipt => b"trilat/v1/receipt",
            Self::Control => b"trilat/v1/control",
            Self::Roster => b"trilat/v1/roster",
            Self::Handover => b"trilat/v1/handover",
            Self::Policy => b"trilat/v1/policy",
            Self::Audit => b"trilat/v1/audit",
        }
    }

    /// Octets of the longest payload.
    pub const fn payload_octets_max(self) -> usize {
        match self {
            Self::Frame => 1 << 16,
            Self::Item => 1 << 14,
            Self::Policy => 1 << 20,
            Self::Roster | Self::Control => 1 << 18,
            Self::Receipt | Self::Handover | Self::Audit => 1 << 12,
        }
    }
}

/// Octets are not what a key signed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Longer than anything of its kind.
    #[error("{octets} octets; a {context:?} has at most {max}")]
    TooLong {
        /// How many octets.
        octets: usize,
        /// How many there may be.
        max: usize,
        /// What it should have been.
        context: Context,
    },
    /// No COSE_Sign1.
    #[error("no COSE_Sign1: {0}")]
    Form(CoseError),
    /// A part is not as it has to be.
    #[error("a COSE_Sign1 whose {0} is not as it has to be")]
    Part(&'static str),
    /// It says that somebody else signed it.
    #[error("signed by {signer}, expected {expected}")]
    Signer {
        /// Who signed, by what it says.
        signer: NodeId,
        /// Who should have.
        expected: NodeId,
    },
    /// The signature is not of that key over that payload in that context.
    #[error("the signature is not of {signer} over this as a {context:?}")]
    Signature {
        /// Who should have signed.
        signer: NodeId,
        /// What it should have been.
        context: Context,
    },
}

/// Signs a payload, for one purpose.
///
/// Errors: [`SealError::TooLong`].
pub fn seal(key: &NodeKey, context: Context, payload: &[u8]) -> Result<Vec<u8>, SealError> {
    let max = context.payload_octets_max();
    if payload.len() > max {
        let octets = payload.len();
        return Err(SealError::TooLong { octets, max, context });
    }
    let protected = HeaderBuilder::new()
        .algorithm(Algorithm::EdDSA)
        .key_id(key.id().0.to_vec())
        .build();
    CoseSign1Builder::new()
        .protected(protected)
        .payload(payload.to_vec())
        .create_signature(context.octets(), |message| key.sign(message).to_vec())
        .build()
        .to_tagged_vec()
        .map_err(SealError::Form)
}

/// What was signed, by whom it says, before it is verified.
struct Parts {
    signer: NodeId,
    sign1: CoseSign1,
    signature: [u8; 64],
}

/// Takes a seal apart; only its one form is taken.
fn parts(octets: &[u8], context: Context) -> Result<Parts, SealError> {
    let max = context.payload_octets_max() + SEAL_OCTETS_MAX;
    if octets.len() > max {
        let octets = octets.len();
        return Err(SealError::TooLong { octets, max, context });
    }
    let sign1 = CoseSign1::from_tagged_slice(octets).map_err(SealError::Form)?;
    let header = &sign1.protected.header;
    if header.alg != Some(coset::Algorithm::Assigned(Algorithm::EdDSA)) {
        return Err(SealError::Part("algorithm"));
    }
    let name: [u8; ID_OCTETS] = header
        .key_id
        .as_slice()
        .try_into()
        .map_err(|_| SealError::Part("key id"))?;
    let signature: [u8; 64] = sign1
        .signature
        .as_slice()
        .try_into()
        .map_err(|_| SealError::Part("signature"))?;
    let plain = HeaderBuilder::new()
        .algorithm(Algorithm::EdDSA)
        .key_id(name.to_vec())
        .build();
    // Nothing else in it, critical or not.
    if *header != plain || sign1.protected.original_data != plain.to_vec().ok() {
        return Err(SealError::Part("protected header"));
    }
    if !sign1.unprotected.is_empty() {
        return Err(SealError::Part("unprotected header"));
    }
    let payload = sign1.payload.as_deref().ok_or(SealError::Part("payload"))?;
    let protected = sign1.protected.original_data.as_deref().unwrap_or_default();
    let length = length_head(payload.len());
    let pieces: [&[u8]; 7] = [
        &[0xd2, 0x84, 0x55],
        protected,
        &[0xa0],
        &length,
        payload,
        &[0x58, 0x40],
        &signature,
    ];
    let rest = pieces.iter().try_fold(octets, |rest, piece| rest.strip_prefix(*piece));
    if rest != Some(&[]) {
        return Err(SealError::Part("encoding"));
    }
    let signer = NodeId(name);
    Ok(Parts {
        signer,
        sign1,
        signature,
    })
}

/// How CBOR begins a string of octets, in its shortest form.
fn length_head(octets: usize) -> Vec<u8> {
    let [.., a, b, c, d] = (octets as u64).to_be_bytes();
    match octets {
        0..=23 => vec![0x40 | d],
        24..=0xff => vec![0x58, d],
        0x100..=0xffff => vec![0x59, c, d],
        _ => vec![0x5a, a, b, c, d],
    }
}

/// Returns the payload, if the key signed it for that purpose.
///
/// Errors: [`SealError`]; every octet counts, there is no second form.
pub fn open(octets: &[u8], key: &NodePublic, context: Context) -> Result<Vec<u8>, SealError> {
    let Parts {
        signer,
        sign1,
        signature,
    } = parts(octets, context)?;
    let expected = key.id();
    if signer != expected {
        return Err(SealError::Signer { signer, expected });
    }
    if !key.has_signed(&sign1.tbs_data(context.octets()), &signature) {
        return Err(SealError::Signature { signer, context });
    }
    sign1.payload.ok_or(SealError::Part("payload"))
}

/// Returns who signed, by what it says: to find the key, or to say whose it seems to be. Nothing is verified.
///
/// Errors: [`SealError`], where it cannot be a seal of that kind.
pub fn claimed_signer(octets: &[u8], context: Context) -> Result<NodeId, SealError> {
    parts(octets, context).map(|parts| parts.signer)
}

/// Returns the payload and who says that they signed it: to find out which keys it may be of. Nothing is verified.
///
/// Errors: [`SealError`], where it cannot be a seal of that kind.
pub fn peek(octets: &[u8], context: Context) -> Result<(NodeId, Vec<u8>), SealError> {
    let parts = parts(octets, context)?;
    let payload = parts.sign1.payload.ok_or(SealError::Part("payload"))?;
    Ok((parts.signer, payload))
}

#[cfg(test)]
mod tests;
