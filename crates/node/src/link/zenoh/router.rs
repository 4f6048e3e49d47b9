//! The configuration of a router (`zenohd`) between owners.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::config::{OpenError, check_address, check_file, check_name, common};
use super::rules;

/// What a router between owners is configured from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterConfig {
    /// Where it listens.
    pub listen: Vec<String>,
    /// Its certificate, PEM.
    pub certificate: PathBuf,
    /// Its key, PEM.
    pub key: PathBuf,
    /// The authority that vouches for the certificates that owners show to it, PEM.
    ///
    /// One authority for all of them: among several, each could vouch for any name.
    pub authority: PathBuf,
    /// Who may use it.
    pub owners: Vec<Arc<str>>,
}

/// Returns the text of a router's configuration file, for `zenohd --config`.
///
/// Each owner may put only under its own name and hear only what is for itself. The router reads what passes through
/// it: its operator is trusted with the content, not with the truth, for frames are signed.
///
/// Errors: [`OpenError`].
pub fn router_config(router: &RouterConfig) -> Result<String, OpenError> {
    router.owners.iter().try_for_each(check_name)?;
    router.listen.iter().try_for_each(|address| check_address(address))?;
    [&router.certificate, &router.key, &router.authority]
        .into_iter()
        .try_for_each(|path| check_file(path))?;
    let owners: Vec<&str> = router.owners.iter().map(|owner| &**owner).collect();
    let mut config = json!({
        "mode": "router",
        "listen": { "endpoints": router.listen },
        "adminspace": { "enabled": false },
        "timestamping": { "enabled": { "router": false, "peer": false, "client": false } },
        "access_control": rules::of_router(&owners),
    });
    common(&mut config, &router.certificate, &router.key, &router.authority);
    // Every owner has a session for each of its partners.
    config["transport"]["unicast"]["max_sessions"] = json!(1000);
    Ok(format!("{config:#}\n"))
}
