//! What an owner lets a partner have, and the proof of it.
//!
//! Own plots go in; for each partner, what its owner's rules release to it comes out, in signed frames of a dense
//! sequence, kept in a log until the partner has them. Everything here is a state machine: bytes, time and chance are
//! arguments, and what has to be sent or stored is returned. The process that does it is `node`.

pub mod audit;
pub mod coarse;
pub mod digest;
pub mod encode;
pub mod exchange;
pub mod frame;
pub mod identity;
pub mod item;
pub mod policy;
pub mod release;
pub mod roster;
pub mod seal;
pub mod store;
