//! A frame: items from one node to another, signed, in a chain.
//!
//! ```text
//!  COSE_Sign1 ─ payload: origin, recipient, epoch, sequence, previous, sent, labels, items
//!                                                            │
//!               SHA-256 of the sealed octets of the frame before it (of the epoch's opening for the first)
//! ```
//!
//! Frames of one (origin, recipient, epoch) are numbered from 1 without gaps, so what is missing shows and what was
//! never released does not.

use std::fmt;
use std::sync::Arc;

use geo::Time;
use sha2::{Digest, Sha256};
use wire::messages::{self, Message};

use crate::encode::{self, ItemError, item_id, label_of, label_to};
use crate::identity::{NodeId, NodeKey, NodePublic};
use crate::item::{Body, Item, ItemId, Label};
use crate::seal::{self, Context, SealError};

/// Items in the fullest frame.
pub const FRAME_ITEMS_MAX: usize = 64;
/// Octets of items in a frame after which it is closed.
pub const FRAME_OCTETS_FULL: usize = 32 * 1024;
/// Octets of the longest sealed frame: full but for one octet, and then the longest item with its label.
pub const FRAME_OCTETS_MAX: usize = Context::Frame.payload_octets_max() + seal::SEAL_OCTETS_MAX;

/// A SHA-256.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The hash of octets.
    pub fn of(octets: &[u8]) -> Self {
        Self(Sha256::digest(octets).into())
    }

    /// The hash that the first frame of an epoch has before it.
    pub fn opening(origin: NodeId, recipient: NodeId, epoch: u64) -> Self {
        let mut digest = Sha256::new();
        digest.update(b"trilat/v1/epoch\0");
        digest.update(origin.0);
        digest.update(recipient.0);
        digest.update(epoch.to_be_bytes());
        Self(digest.finalize().into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(to, "{octet:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Hash({self})")
    }
}

/// One item as a frame carries it.
#[derive(Clone, Debug, PartialEq)]
pub enum Carried {
    /// An item of the frame's own origin, which the frame's signature covers.
    Plain {
        /// Under what rules it travels.
        label: Label,
        /// Octets of its body.
        body: Vec<u8>,
    },
    /// An item with the seal of its owner, which may be given on.
    Sealed(Vec<u8>),
}

/// A frame, as it is signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The node that made it.
    pub origin: NodeId,
    /// The node it is for.
    pub recipient: NodeId,
    /// Which series of frames.
    pub epoch: u64,
    /// Place in the epoch, from 1.
    pub sequence: u64,
    /// Hash of the frame before it.
    pub previous: Hash,
    /// When it was made, by the clock of its origin.
    pub sent: Time,
    /// What it carries.
    pub items: Vec<Carried>,
}

/// Octets are no frame.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// No seal of that key.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// No message of the protocol.
    #[error("not a message of the protocol: {0}")]
    Protocol(#[from] messages::DecodeError),
    /// A field of another length than it has.
    #[error("{field} has {octets} octets, expected {expected}")]
    Length {
        /// Which.
        field: &'static str,
        /// How many.
        octets: usize,
        /// How many it has.
        expected: usize,
    },
    /// More items than a frame may have.
    #[error("{items} items, expected at most {FRAME_ITEMS_MAX}")]
    Items {
        /// How many.
        items: usize,
    },
    /// Sequences begin with 1.
    #[error("sequence is 0, expected 1 or more")]
    Sequence,
    /// A label that may not be.
    #[error(transparent)]
    Label(#[from] ItemError),
    /// An item without what it needs, or with too much.
    #[error("item {at} has not exactly a seal, or a label and a body")]
    Item {
        /// Which, from 0.
        at: usize,
    },
}

/// Reads a name of a node out of a message.
pub(crate) fn node_id(field: &'static str, octets: &[u8]) -> Result<NodeId, FrameError> {
    fixed(field, octets).map(NodeId)
}

/// Reads a hash out of a message.
pub(crate) fn hash(field: &'static str, octets: &[u8]) -> Result<Hash, FrameError> {
    fixed(field, octets).map(Hash)
}

fn fixed<const N: usize>(field: &'static str, octets: &[u8]) -> Result<[u8; N], FrameError> {
    octets.try_into().map_err(|_| FrameError::Length {
        field,
        octets: octets.len(),
        expected: N,
    })
}

impl Frame {
    /// Signs the frame.
    ///
    /// Errors: [`SealError::TooLong`], which frames closed at [`FRAME_OCTETS_FULL`] never are.
    pub fn seal(&self, key: &NodeKey) -> Result<Vec<u8>, SealError> {
        let mut labels: Vec<(&Label, messages::Label)> = Vec::new();
        let items = self.items.iter().map(|item| match item {
            Carried::Sealed(sealed) => messages::FrameItem {
                label: None,
                body: None,
                sealed: Some(sealed.clone()),
            },
            Carried::Plain { label, body } => {
                let place = labels.iter().position(|(known, _)| *known == label);
                let at = place.unwrap_or_else(|| {
                    labels.push((label, label_to(label)));
                    labels.len() - 1
                });
                messages::FrameItem {
                    label: Some(at as u32),
                    body: Some(body.clone()),
                    sealed: None,
                }
            }
        });
        let items = items.collect();
        let message = messages::Frame {
            origin: self.origin.0.to_vec(),
            recipient: self.recipient.0.to_vec(),
            epoch: self.epoch,
            sequence: self.sequence,
            previous: self.previous.0.to_vec(),
            sent_tai_ns: self.sent.tai_ns(),
            labels: labels.into_iter().map(|(_, label)| label).collect(),
            items,
        };
        seal::seal(key, Context::Frame, &message.encode_to_vec())
    }

    /// Returns what a key signed as a frame. Bodies of items are not looked at.
    ///
    /// Errors: [`FrameError`].
    pub fn open(octets: &[u8], key: &NodePublic) -> Result<Self, FrameError> {
        let payload = seal::open(octets, key, Context::Frame)?;
        Self::of_payload(&payload)
    }

    /// Returns what a frame says of itself, whoever signed it. Nothing is verified.
    ///
    /// Errors: [`FrameError`].
    pub fn peek(octets: &[u8]) -> Result<Self, FrameError> {
        let (_, payload) = seal::peek(octets, Context::Frame)?;
        Self::of_payload(&payload)
    }

    /// Reads the payload of a seal. Errors: [`FrameError`].
    pub fn of_payload(payload: &[u8]) -> Result<Self, FrameError> {
        let message = messages::Frame::decode(payload)?;
        if message.items.len() > FRAME_ITEMS_MAX || message.labels.len() > FRAME_ITEMS_MAX {
            let items = message.items.len().max(message.labels.len());
            return Err(FrameError::Items { items });
        }
        if message.sequence == 0 {
            return Err(FrameError::Sequence);
        }
        let labels: Vec<Label> = message.labels.into_iter().map(label_of).collect::<Result<_, _>>()?;
        let carried = |(at, item): (usize, messages::FrameItem)| {
            let label = item.label.and_then(|place| labels.get(place as usize));
            match (label, item.body, item.sealed, item.label.is_some()) {
                (Some(label), Some(body), None, true) => Ok(Carried::Plain {
                    label: label.clone(),
                    body,
                }),
                (None, None, Some(sealed), false) => Ok(Carried::Sealed(sealed)),
                _ => Err(FrameError::Item { at }),
            }
        };
        Ok(Self {
            origin: node_id("origin", &message.origin)?,
            recipient: node_id("recipient", &message.recipient)?,
            epoch: message.epoch,
            sequence: message.sequence,
            previous: hash("previous", &message.previous)?,
            sent: Time::from_tai_ns(message.sent_tai_ns),
            items: message
                .items
                .into_iter()
                .enumerate()
                .map(carried)
                .collect::<Result<_, _>>()?,
        })
    }
}

/// An item that arrived: what it is, and its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrived {
    /// Its name.
    pub id: ItemId,
    /// What it is.
    pub item: Item,
    /// The octets with its owner's seal, if it has one.
    pub sealed: Option<Vec<u8>>,
}

/// An item of a frame cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum CarriedError {
    /// What it says is not within its limits.
    #[error(transparent)]
    Item(#[from] ItemError),
    /// Its seal is none.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Its claim is none.
    #[error("not a claim: {0}")]
    Protocol(#[from] messages::DecodeError),
    /// It says that it is of an owner whose key is not known.
    #[error("of owner {owner:?}, whose key is not known")]
    Owner {
        /// The owner.
        owner: String,
    },
}

impl Carried {
    /// Makes an item ready to be carried: with its owner's seal if it may be given on.
    ///
    /// Errors: [`SealError::TooLong`], for a body longer than any.
    pub fn of(item: &Item, key: &NodeKey) -> Result<Self, SealError> {
        let body = encode::body_octets(&item.body);
        if !item.label.onward {
            let label = item.label.clone();
            return Ok(Self::Plain { label, body });
        }
        let claim = messages::Claim {
            owner: item.origin.to_string(),
            label: Some(label_to(&item.label)),
            body,
        };
        seal::seal(key, Context::Item, &claim.encode_to_vec()).map(Self::Sealed)
    }

    /// Octets that it takes in a frame, about.
    pub fn octets(&self) -> usize {
        16 + match self {
            Self::Plain { label, body } => {
                body.len() + label.releasable_to.iter().map(|owner| owner.len() + 2).sum::<usize>() + label.policy.len()
            }
            Self::Sealed(sealed) => sealed.len(),
        }
    }

    /// Returns the item. `frame_owner` is whose frame it came in, `keys` gives the keys of an owner.
    ///
    /// Errors: [`CarriedError`].
    pub fn item<'k>(
        &self,
        frame_owner: &Arc<str>,
        keys: impl Fn(&str) -> Vec<&'k NodePublic>,
    ) -> Result<Arrived, CarriedError> {
        if let Self::Sealed(sealed) = self {
            let (signer, payload) = seal::peek(sealed, Context::Item)?;
            let claim = messages::Claim::decode(&payload[..])?;
            let known = keys(&claim.owner);
            let key = known
                .iter()
                .find(|key| key.id() == signer)
                .ok_or_else(|| CarriedError::Owner {
                    owner: claim.owner.chars().take(40).collect(),
                })?;
            seal::open(sealed, key, Context::Item)?;
        }
        self.peek(frame_owner)
    }

    /// Returns what the item says of itself, whoever signed it. Nothing is verified.
    ///
    /// Errors: [`CarriedError`].
    pub fn peek(&self, frame_owner: &Arc<str>) -> Result<Arrived, CarriedError> {
        match self {
            Self::Plain { label, body } => {
                let item = Item {
                    origin: frame_owner.clone(),
                    label: label.clone(),
                    body: encode::body_of(body)?,
                };
                let id = item_id(frame_owner, body);
                Ok(Arrived { id, item, sealed: None })
            }
            Self::Sealed(sealed) => {
                let (_, payload) = seal::peek(sealed, Context::Item)?;
                let claim = messages::Claim::decode(&payload[..])?;
                let label = claim.label.ok_or(ItemError::Missing { field: "label" })?;
                let item = Item {
                    origin: claim.owner.as_str().into(),
                    label: label_of(label)?,
                    body: encode::body_of(&claim.body)?,
                };
                let id = item_id(&claim.owner, &claim.body);
                let sealed = Some(sealed.clone());
                Ok(Arrived { id, item, sealed })
            }
        }
    }

    /// When the item was measured, as far as it can be told without its keys.
    pub fn body(&self) -> Result<Body, CarriedError> {
        match self {
            Self::Plain { body, .. } => Ok(encode::body_of(body)?),
            Self::Sealed(sealed) => {
                let (_, payload) = seal::peek(sealed, Context::Item)?;
                Ok(encode::body_of(&messages::Claim::decode(&payload[..])?.body)?)
            }
        }
    }
}
