//! What a link is opened with, and what a session of Zenoh makes of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use super::rules;
use crate::link::MESSAGE_OCTETS_MAX;
use crate::link::outbound::Limits;

/// How the partner is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Directly. Either end may listen, connect or do both; one connection is kept.
    Direct {
        /// Where this end listens, such as `quic/0.0.0.0:7447`.
        listen: Vec<String>,
        /// Where the partner listens, such as `quic/radar.example:7447`.
        connect: Vec<String>,
    },
    /// Through a router (`zenohd`) to which both connect.
    Router {
        /// The name in the router's certificate.
        name: Arc<str>,
        /// Where it listens.
        connect: Vec<String>,
    },
}

/// What a link is opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkConfig {
    /// The owner of this node.
    pub me: Arc<str>,
    /// The owner at the other end; its certificate has this as its common name.
    pub partner: Arc<str>,
    /// This node's certificate, PEM.
    pub certificate: PathBuf,
    /// Its key, PEM.
    pub key: PathBuf,
    /// The authority that vouches for the other end's certificate, and the only one that can; PEM.
    pub authority: PathBuf,
    /// How the partner is reached.
    pub way: Way,
    /// How much may wait for it.
    pub limits: Limits,
}

/// A link could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A name that can stand in no key.
    #[error("{name:?} is no name of an owner; it has the letters a-z and A-Z, digits, and - inside")]
    Name {
        /// The name.
        name: Arc<str>,
    },
    /// An address that is not `quic/HOST:PORT`.
    #[error("{address:?} is no address of a link; write quic/HOST:PORT")]
    Address {
        /// What was written.
        address: String,
    },
    /// No address at all.
    #[error("the link to {partner} neither listens nor connects")]
    NoAddress {
        /// The owner at the other end.
        partner: Arc<str>,
    },
    /// A certificate or key cannot be read.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// No thread could be started.
    #[error("no thread for the link to {partner}: {source}")]
    Thread {
        /// The owner at the other end.
        partner: Arc<str>,
        /// Why.
        source: std::io::Error,
    },
    /// The engine refused.
    #[error("the link to {partner} could not be opened: {source}")]
    Session {
        /// The owner at the other end.
        partner: Arc<str>,
        /// Why.
        source: zenoh::Error,
    },
}

impl LinkConfig {
    /// Looks for what would fail later, and with a worse message.
    pub(super) fn check(&self) -> Result<(), OpenError> {
        let (listen, connect, router) = self.addresses();
        for name in [&self.me, &self.partner].into_iter().chain(router) {
            check_name(name)?;
        }
        if listen.is_empty() && connect.is_empty() {
            return Err(OpenError::NoAddress {
                partner: Arc::clone(&self.partner),
            });
        }
        listen
            .iter()
            .chain(connect)
            .try_for_each(|address| check_address(address))?;
        [&self.certificate, &self.key, &self.authority]
            .into_iter()
            .try_for_each(|path| check_file(path))
    }

    fn addresses(&self) -> (&[String], &[String], Option<&Arc<str>>) {
        match &self.way {
            Way::Direct { listen, connect } => (listen, connect, None),
            Way::Router { name, connect } => (&[], connect, Some(name)),
        }
    }

    /// Returns the configuration of the session of this link alone.
    pub(super) fn session(&self) -> Result<zenoh::Config, OpenError> {
        let (listen, connect, router) = self.addresses();
        let end = router.unwrap_or(&self.partner);
        let mut config = json!({
            "mode": if router.is_some() { "client" } else { "peer" },
            "listen": { "endpoints": listen, "timeout_ms": 0, "exit_on_failure": true },
            "connect": {
                "endpoints": connect,
                // A router is asked for again by us, a partner by the engine, in the background.
                "timeout_ms": if router.is_some() { 0 } else { -1 },
                "exit_on_failure": router.is_some(),
                "retry": { "period_init_ms": 100, "period_max_ms": 1000, "period_increase_factor": 2 },
            },
            "open": { "return_conditions": { "connect_scouted": false, "declares": false } },
            "adminspace": { "enabled": false },
            "access_control": rules::of_session(&self.me, &self.partner, end),
        });
        common(&mut config, &self.certificate, &self.key, &self.authority);
        let session = |source| OpenError::Session {
            partner: Arc::clone(&self.partner),
            source,
        };
        zenoh::Config::from_json5(&config.to_string()).map_err(session)
    }
}

/// What sessions and routers have in common: who is at the other end, and no looking around for others.
pub(super) fn common(config: &mut Value, certificate: &Path, key: &Path, authority: &Path) {
    config["scouting"] = json!({ "multicast": { "enabled": false }, "gossip": { "enabled": false }, "delay": 0 });
    config["transport"] = json!({
        // A partner that starts anew comes before its old connection is given up.
        "unicast": { "max_sessions": 16, "max_links": 1 },
        "link": {
            // Not the engine's TLS over TCP: it reads and writes one TLS state from two threads without a lock
            // (zenoh's issue 2557, open in 1.10.2), and ends in broken connections or an illegal instruction.
            "protocols": ["quic"],
            "tx": {
                "lease": 5000,
                "keep_alive": 4,
                // Nobody gets this far who keeps to the windows: it is for partners that do not.
                "queue": { "congestion_control": { "drop": {
                    "wait_before_drop": 100_000, "max_wait_before_drop_fragments": 100_000,
                } } },
            },
            "rx": { "max_message_size": MESSAGE_OCTETS_MAX + 4096 },
            "tls": {
                "enable_mtls": true,
                "root_ca_certificate": authority,
                "listen_certificate": certificate,
                "listen_private_key": key,
                "connect_certificate": certificate,
                "connect_private_key": key,
                // The name that counts is the owner's, and the access rules look at it; a host may have any.
                "verify_name_on_connect": false,
                "close_link_on_expiration": true,
            },
        },
    });
}

/// Refuses what could be more than one part of a key, or a host of the public web: its authorities are known to the
/// engine and vouch for names with a dot in them, so that none of these is ever an owner's.
pub(super) fn check_name(name: &Arc<str>) -> Result<(), OpenError> {
    let inside = name.trim_matches(|letter: char| letter.is_ascii_alphanumeric());
    let is_name = !name.is_empty()
        && !name.starts_with('-')
        && !name.ends_with('-')
        && inside
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if is_name {
        Ok(())
    } else {
        Err(OpenError::Name { name: Arc::clone(name) })
    }
}

pub(super) fn check_address(address: &str) -> Result<(), OpenError> {
    let is_address = address
        .strip_prefix("quic/")
        .and_then(|rest| rest.rsplit_once(':'))
        // The engine reads what follows these as options of its own.
        .is_some_and(|(host, port)| !host.is_empty() && !host.contains(['#', '?']) && port.parse::<u16>().is_ok());
    if is_address {
        Ok(())
    } else {
        Err(OpenError::Address {
            address: address.to_owned(),
        })
    }
}

pub(super) fn check_file(path: &Path) -> Result<(), OpenError> {
    std::fs::File::open(path).map(drop).map_err(|source| OpenError::File {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_no_part_of_a_key_or_belong_to_the_web_are_refused() {
        for name in ["KR", "u-s-a", "7"] {
            check_name(&name.into()).unwrap();
        }
        // Two parts of a key, any part, an option, a host of the public web, a letter that looks like another.
        for name in ["", "a/b", "*", "$*", "-a", "a-", "example.org", "а"] {
            assert!(
                matches!(check_name(&name.into()), Err(OpenError::Name { .. })),
                "{name}"
            );
        }
    }

    #[test]
    fn addresses_without_encryption_or_with_options_are_refused() {
        for address in ["quic/127.0.0.1:7447", "quic/[::1]:1", "quic/radar.example:65535"] {
            check_address(address).unwrap();
        }
        // Clear text, what the engine does not do soundly, no port, no host, one that would replace the authority, one
        // that would switch the check off.
        for address in [
            "tcp/127.0.0.1:7447",
            "tls/127.0.0.1:7447",
            "udp/127.0.0.1:7447",
            "quic/127.0.0.1",
            "quic/:7447",
            "quic/h:7447#root_ca_certificate_file=x",
            "quic/h#enable_mtls=false:1",
            "127.0.0.1:7447",
        ] {
            assert!(
                matches!(check_address(address), Err(OpenError::Address { .. })),
                "{address}"
            );
        }
    }
}
