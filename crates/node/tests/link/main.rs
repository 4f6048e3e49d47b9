//! Links over Zenoh: real sessions, real certificates, on this machine.

#![expect(clippy::unwrap_used, reason = "tests; their helpers too")]

mod access;
mod certs;
mod delivery;
mod ends;
