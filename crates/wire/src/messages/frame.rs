//! A frame: items from one owner to another, as they are signed.

use prost::Message;

/// What is signed as a frame.
#[derive(Clone, PartialEq, Message)]
pub struct Frame {
    /// Name of the key of the node that made it (16 octets).
    #[prost(bytes = "vec", tag = "1")]
    pub origin: Vec<u8>,
    /// Name of the key of the node it is for (16 octets).
    #[prost(bytes = "vec", tag = "2")]
    pub recipient: Vec<u8>,
    /// Which series of frames.
    #[prost(fixed64, tag = "3")]
    pub epoch: u64,
    /// Place in the epoch, from 1, without gaps.
    #[prost(uint64, tag = "4")]
    pub sequence: u64,
    /// SHA-256 of the sealed frame before it; of the epoch's opening for the first (32 octets).
    #[prost(bytes = "vec", tag = "5")]
    pub previous: Vec<u8>,
    /// When it was made, nanoseconds of TAI since 1970.
    #[prost(sfixed64, tag = "6")]
    pub sent_tai_ns: i64,
    /// The labels of its items, each once.
    #[prost(message, repeated, tag = "7")]
    pub labels: Vec<Label>,
    /// Its items.
    #[prost(message, repeated, tag = "8")]
    pub items: Vec<FrameItem>,
}

/// One item in a frame: the origin's own, or one that is given on with its owner's seal.
#[derive(Clone, PartialEq, Message)]
pub struct FrameItem {
    /// Place of its label in the frame's list.
    #[prost(uint32, optional, tag = "1")]
    pub label: Option<u32>,
    /// Octets of a `Body`.
    #[prost(bytes = "vec", optional, tag = "2")]
    pub body: Option<Vec<u8>>,
    /// A sealed `Claim`, instead of both.
    #[prost(bytes = "vec", optional, tag = "3")]
    pub sealed: Option<Vec<u8>>,
}

/// What an owner signs of one item that may be given on.
#[derive(Clone, PartialEq, Message)]
pub struct Claim {
    /// Whose item it is.
    #[prost(string, tag = "1")]
    pub owner: String,
    /// Its label.
    #[prost(message, optional, tag = "2")]
    pub label: Option<Label>,
    /// Octets of a `Body`.
    #[prost(bytes = "vec", tag = "3")]
    pub body: Vec<u8>,
}

/// Under what rules an item travels; after STANAG 4774.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Label {
    /// The policy.
    #[prost(string, tag = "1")]
    pub policy: String,
    /// 0 unclassified, 1 restricted, 2 confidential, 3 secret.
    #[prost(uint32, tag = "2")]
    pub classification: u32,
    /// Which owners may have it, ascending.
    #[prost(string, repeated, tag = "3")]
    pub releasable_to: Vec<String>,
    /// Whether it is of an exercise.
    #[prost(bool, tag = "4")]
    pub exercise: bool,
    /// Whether it may be given on.
    #[prost(bool, tag = "5")]
    pub onward: bool,
}
