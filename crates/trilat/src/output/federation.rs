//! What `trilat node init` prints: the owners that were made, and what comes next.

use std::fmt::Write;
use std::path::Path;

use node::init::Member;
use serde::Serialize;

/// A federation that was made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FederationOutput {
    /// Its folder.
    pub folder: String,
    /// Its owners.
    pub owners: Vec<MemberOutput>,
}

/// One owner of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemberOutput {
    /// Its name.
    pub owner: String,
    /// Its folder.
    pub folder: String,
    /// The configuration of its node.
    pub config: String,
    /// The name of its root key.
    pub root: String,
    /// The name of its node's key.
    pub node: String,
    /// When its roster and certificate end.
    pub expires: String,
}

impl FederationOutput {
    /// Says what was made.
    pub fn new(folder: &Path, members: &[Member]) -> Self {
        let owners = members.iter().map(|member| {
            let own = member.keyring.own();
            MemberOutput {
                owner: own.owner.to_string(),
                folder: member.folder.display().to_string(),
                config: member.folder.join("node.toml").display().to_string(),
                root: own.root.id().to_string(),
                node: own
                    .nodes
                    .first()
                    .map(|entry| entry.id().to_string())
                    .unwrap_or_default(),
                expires: own.expires.to_string(),
            }
        });
        Self {
            folder: folder.display().to_string(),
            owners: owners.collect(),
        }
    }

    /// Returns the JSON text. Errors: none in practice.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// Returns the text for people.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "{} owners in {}, each of whom believes the others:\n",
            self.owners.len(),
            self.folder
        );
        for owner in &self.owners {
            // A string takes any text.
            let _ = writeln!(
                text,
                "  {}  root key {}, until {}",
                owner.folder, owner.root, owner.expires
            );
        }
        text.push_str("\nNext:\n");
        for owner in &self.owners {
            let _ = writeln!(text, "  trilat node run {}", owner.config);
        }
        text
    }
}
