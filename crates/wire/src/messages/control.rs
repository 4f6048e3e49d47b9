//! What nodes tell each other about their frames: heads, requests, receipts; and the parcel that everything travels in.

use prost::{Message, Oneof};

/// What one message on a lane holds: sealed parts of any kind.
#[derive(Clone, PartialEq, Message)]
pub struct Parcel {
    /// Frames from the sender of the parcel.
    #[prost(bytes = "vec", repeated, tag = "1")]
    pub frames: Vec<Vec<u8>>,
    /// Frames that the receiver of the parcel once made, handed back.
    #[prost(bytes = "vec", repeated, tag = "2")]
    pub returned: Vec<Vec<u8>>,
    /// Sealed `Control`s.
    #[prost(bytes = "vec", repeated, tag = "3")]
    pub controls: Vec<Vec<u8>>,
    /// Sealed `Receipt`s.
    #[prost(bytes = "vec", repeated, tag = "4")]
    pub receipts: Vec<Vec<u8>>,
    /// Rosters, each under the signature of its owner's root: who does not know the sender's key yet can verify them.
    #[prost(bytes = "vec", repeated, tag = "5")]
    pub rosters: Vec<Vec<u8>>,
}

/// What is signed as a receipt: which frames of one epoch the recipient has on disk.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Receipt {
    /// Name of the key of the node that made the frames (16 octets).
    #[prost(bytes = "vec", tag = "1")]
    pub origin: Vec<u8>,
    /// Name of the key of the node that has them, and signs (16 octets).
    #[prost(bytes = "vec", tag = "2")]
    pub recipient: Vec<u8>,
    /// Which series of frames.
    #[prost(fixed64, tag = "3")]
    pub epoch: u64,
    /// Every frame up to this one, itself included; 0 for none.
    #[prost(uint64, tag = "4")]
    pub sequence: u64,
    /// SHA-256 of that frame, of the epoch's opening for none (32 octets).
    #[prost(bytes = "vec", tag = "5")]
    pub hash: Vec<u8>,
    /// When it was made, nanoseconds of TAI since 1970.
    #[prost(sfixed64, tag = "6")]
    pub sent_tai_ns: i64,
    /// Whether it is the last word: no further frame of the epoch will be taken.
    #[prost(bool, tag = "7")]
    pub closed: bool,
    /// Of a closed epoch: which frames beyond are there all the same. Bit `i` (lowest first) is frame
    /// `sequence + 2 + i`.
    #[prost(bytes = "vec", tag = "8")]
    pub beyond: Vec<u8>,
}

/// What is signed as a control.
#[derive(Clone, PartialEq, Message)]
pub struct Control {
    /// Name of the key of the node that says it (16 octets).
    #[prost(bytes = "vec", tag = "1")]
    pub origin: Vec<u8>,
    /// Name of the key of the node it is for (16 octets).
    #[prost(bytes = "vec", tag = "2")]
    pub recipient: Vec<u8>,
    /// When it was said, nanoseconds of TAI since 1970.
    #[prost(sfixed64, tag = "3")]
    pub sent_tai_ns: i64,
    /// What is said.
    #[prost(oneof = "Told", tags = "4, 5, 6, 7")]
    pub told: Option<Told>,
    /// The last control of the recipient that was taken, so that both learn how far their clocks are apart.
    #[prost(message, optional, tag = "8")]
    pub echo: Option<Echo>,
}

/// Stamps of a control that was taken.
#[derive(Copy, Clone, PartialEq, Eq, Message)]
pub struct Echo {
    /// When it was said, by the clock of who said it, nanoseconds of TAI since 1970.
    #[prost(sfixed64, tag = "1")]
    pub sent_tai_ns: i64,
    /// When it was taken, by the clock of who took it, nanoseconds of TAI since 1970.
    #[prost(sfixed64, tag = "2")]
    pub taken_tai_ns: i64,
}

/// What nodes tell each other.
#[derive(Clone, PartialEq, Oneof)]
pub enum Told {
    /// What the sender has on disk for the recipient.
    #[prost(message, tag = "4")]
    Heads(Heads),
    /// The sender wants frames of the recipient.
    #[prost(message, tag = "5")]
    Request(Request),
    /// The sender wants back frames that it made itself.
    #[prost(message, tag = "6")]
    Return(Request),
    /// Something that the exchange only carries.
    #[prost(message, tag = "7")]
    Note(Note),
}

/// How far the sender's frames to the recipient go.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Heads {
    /// The epoch that is going on.
    #[prost(fixed64, tag = "1")]
    pub epoch: u64,
    /// Its last frame that is on disk; 0 for none.
    #[prost(uint64, tag = "2")]
    pub sequence: u64,
    /// Earlier epochs of which the last word is missing, oldest first.
    #[prost(message, repeated, tag = "3")]
    pub open: Vec<Epoch>,
}

/// An earlier epoch.
#[derive(Copy, Clone, PartialEq, Eq, Message)]
pub struct Epoch {
    /// Which.
    #[prost(fixed64, tag = "1")]
    pub epoch: u64,
}

/// Which frames are wanted.
#[derive(Copy, Clone, PartialEq, Eq, Message)]
pub struct Request {
    /// Of which epoch.
    #[prost(fixed64, tag = "1")]
    pub epoch: u64,
    /// The first.
    #[prost(uint64, tag = "2")]
    pub from: u64,
    /// The last.
    #[prost(uint64, tag = "3")]
    pub to: u64,
}

/// Octets for another part of the node.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Note {
    /// For which part: 1 digests of pictures.
    #[prost(uint32, tag = "1")]
    pub topic: u32,
    /// What it says.
    #[prost(bytes = "vec", tag = "2")]
    pub octets: Vec<u8>,
}
