//! A roster as people read it: TOML.

use std::fmt;

use super::Roster;
use crate::identity::Certificate;

/// The roster as TOML; names of keys, no octets of them. It is to be read: the signature is over the octets.
impl fmt::Display for Roster {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(to, "owner = \"{}\"", self.owner)?;
        writeln!(to, "version = {}", self.version)?;
        writeln!(to, "issued = {}", self.issued)?;
        writeln!(to, "expires = {}", self.expires)?;
        writeln!(to, "root = \"{}\"", self.root.id())?;
        if let Some(previous) = self.previous {
            writeln!(to, "previous = \"{previous}\"")?;
        }
        for handover in &self.handovers {
            writeln!(to, "\n[[handover]]\nat = {}", handover.at)?;
            writeln!(to, "from = \"{}\"\nto = \"{}\"", handover.from.id(), handover.to.id())?;
        }
        self.authorities
            .iter()
            .try_for_each(|authority| authority_text(authority, to))?;
        for node in &self.nodes {
            let (id, validity) = (node.id(), node.validity);
            writeln!(to, "\n[[node]]\nkey = \"{id}\"\nrole = \"{}\"", node.role.word())?;
            writeln!(to, "from = {}\nuntil = {}", validity.from, validity.until)?;
            writeln!(to, "certificate = \"{}\"", node.certificate)?;
        }
        for revocation in &self.revoked {
            writeln!(to, "\n[[revoked]]\nkey = \"{}\"", revocation.key)?;
            writeln!(to, "at = {}\nreason = \"{}\"", revocation.at, revocation.reason.word())?;
        }
        Ok(())
    }
}

fn authority_text(authority: &Certificate, to: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(to, "\n[[authority]]\nfingerprint = \"{}\"", authority.fingerprint())?;
    // One that cannot be read is in no roster.
    let Ok(facts) = authority.facts() else { return Ok(()) };
    writeln!(to, "root = \"{}\"", facts.key.id())?;
    writeln!(to, "from = {}\nuntil = {}", facts.validity.from, facts.validity.until)
}
