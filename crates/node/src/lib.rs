//! The process: it reads clocks, opens sockets and files, spawns threads and logs, so that nothing below has to.

pub mod access;
pub mod audit;
pub mod clock;
pub mod config;
pub mod doctor;
pub mod engine;
pub mod feed;
pub mod get;
pub mod http;
pub mod init;
pub mod keyring;
pub mod link;
pub mod log;
pub mod metrics;
pub mod router;
pub mod run;
pub mod status;
pub mod store;
pub mod urgency;
pub mod versions;
pub mod warnings;
pub mod web;
