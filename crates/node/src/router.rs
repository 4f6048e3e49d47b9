//! What the operator of a router between owners makes for it: its configuration, and the certificates of its guests.
//!
//! The router is the node of an owner of its own, whose root key vouches for the nodes of all who use it. Whom it lets
//! in is whom its keyring trusts, and each of them compares the name of its root key as that of any partner.

use std::path::PathBuf;
use std::sync::Arc;

use share::identity::NodeKey;

use crate::keyring::{self, Keyring, KeyringError, Terms};
use crate::link::zenoh::{OpenError, RouterConfig, router_config};

/// A router's files cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum RouterError {
    /// Keys, certificates, rosters or files.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// An address or a name.
    #[error(transparent)]
    Config(#[from] OpenError),
    /// Nobody would be let in.
    #[error("{operator} trusts the rosters of {owners} owners; a router is between two at least")]
    Owners {
        /// Whose folder it is.
        operator: Arc<str>,
        /// How many.
        owners: usize,
    },
}

/// What was made.
#[derive(Debug)]
pub struct Made {
    /// The router's configuration, for `zenohd --config`.
    pub config: PathBuf,
    /// Each owner who is let in, and the certificate of its node.
    pub guests: Vec<(Arc<str>, PathBuf)>,
}

/// Makes the configuration of the router that listens at the addresses, `quic/HOST:PORT`, and a certificate for the
/// node of each owner that is trusted; those of before are replaced.
///
/// Errors: [`RouterError`]; files of before are whole.
pub fn make(keyring: &Keyring, root: &NodeKey, listen: &[String], terms: &Terms) -> Result<Made, RouterError> {
    let owners: Vec<Arc<str>> = keyring.partners().cloned().collect();
    if owners.len() < 2 {
        let (operator, owners) = (keyring.owner().clone(), owners.len());
        return Err(RouterError::Owners { operator, owners });
    }
    // Key, certificate and roster belong together.
    keyring.node_key()?;
    let paths = keyring.paths();
    // A router is started anywhere.
    let whole = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    let text = router_config(&RouterConfig {
        listen: listen.to_vec(),
        certificate: whole(paths.certificate()),
        key: whole(paths.node_key()),
        authority: whole(paths.authorities(keyring.owner())),
        owners: owners.clone(),
    })?;
    let guests = owners.into_iter().map(|owner| {
        let path = keyring.vouch(root, &owner, terms)?;
        Ok((owner, path))
    });
    let guests = guests.collect::<Result<_, KeyringError>>()?;
    let config = paths.router();
    keyring::replace(&config, text.as_bytes())?;
    Ok(Made { config, guests })
}
