//! The file that a node is configured with.

use std::path::Path;

use node::config::Config;

/// Octets of any kind as `node.toml`: no panic; it is a configuration, or every fault names the file.
pub fn node_toml(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else { return };
    if let Err(error) = Config::of_text(text, Path::new("fuzz.toml")) {
        assert!(error.to_string().contains("fuzz.toml"), "{error}");
    }
}
