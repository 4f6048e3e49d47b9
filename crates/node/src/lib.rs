//! The process: it reads clocks, opens sockets and files, spawns threads and logs, so that nothing below has to.

pub mod engine;
pub mod init;
pub mod keyring;
pub mod link;
pub mod store;
