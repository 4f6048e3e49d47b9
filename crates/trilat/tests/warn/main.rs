//! `trilat warn`, the built program: the life of warnings with files, servers and persons, and what goes wrong.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod centre;
mod failures;
mod hostile;
mod kill;
mod life;
mod replay;
mod watch;
