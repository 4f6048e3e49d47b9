//! What `trilat keys` prints: who an owner is, and whose rosters it believes.

use std::fmt::Write;

use geo::Time;
use node::keyring::Keyring;
use serde::Serialize;
use share::identity::NodeId;
use share::roster::{Roster, SealedRoster};

/// A remark is made of what ends within so many days.
const SOON_DAYS: f64 = 14.0;

/// What a command did, and how things stand.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KeysOutput {
    /// What was done, in words; nothing where only something is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<String>,
    /// Whose folder it is; nothing where it is only a roster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The own roster, or the one that is shown.
    pub roster: RosterOutput,
    /// Those of the partners that are believed.
    pub partners: Vec<RosterOutput>,
    /// What should be done next.
    pub next: Vec<String>,
}

/// One roster.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RosterOutput {
    /// Whose.
    pub owner: String,
    /// Its version.
    pub version: u64,
    /// The name of the root key that signed it: what people compare.
    pub root: String,
    /// When it was signed.
    pub issued: String,
    /// When it ends.
    pub expires: String,
    /// Days until then, negative after it.
    pub days_left: f64,
    /// The keys of its nodes.
    pub nodes: Vec<NodeOutput>,
    /// SHA-256 of its signed octets.
    pub sha256: String,
}

/// One key of a node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NodeOutput {
    /// The key's name.
    pub key: String,
    /// What the node is for.
    pub role: &'static str,
    /// When it begins.
    pub from: String,
    /// When it ends.
    pub until: String,
    /// Whether it may sign now: `valid`, or why not.
    pub state: &'static str,
}

fn state(roster: &Roster, key: NodeId, now: Time) -> &'static str {
    let entry = roster.node(key);
    match (roster.revocation(key), entry) {
        (Some(revocation), _) if revocation.at <= now => "revoked",
        (_, Some(entry)) if now < entry.validity.from => "not yet valid",
        (_, Some(entry)) if now >= entry.validity.until => "ended",
        _ => "valid",
    }
}

impl RosterOutput {
    /// How a roster stands at a time.
    pub fn new(sealed: &SealedRoster, now: Time) -> Self {
        let roster = sealed.roster();
        let nodes = roster.nodes.iter().map(|entry| NodeOutput {
            key: entry.id().to_string(),
            role: entry.role.word(),
            from: entry.validity.from.to_string(),
            until: entry.validity.until.to_string(),
            state: state(roster, entry.id(), now),
        });
        Self {
            owner: roster.owner.to_string(),
            version: roster.version,
            root: roster.root.id().to_string(),
            issued: roster.issued.to_string(),
            expires: roster.expires.to_string(),
            days_left: ((roster.expires - now) / 8_640.0).floor() / 10.0,
            nodes: nodes.collect(),
            sha256: sealed.digest().to_string(),
        }
    }

    fn line(&self) -> String {
        let Self {
            owner,
            version,
            expires,
            days_left,
            ..
        } = self;
        match days_left {
            left if *left <= 0.0 => format!("{owner}: version {version} of its roster ended {expires}"),
            left => format!("{owner}: version {version} of its roster, until {expires} ({left:.0} days)"),
        }
    }
}

impl KeysOutput {
    /// How the folder of an owner stands at a time.
    pub fn of(keyring: &Keyring, now: Time) -> Self {
        let shown = |owner: &str| {
            keyring
                .roll()
                .roster(owner)
                .map(|sealed| RosterOutput::new(sealed, now))
        };
        let due = keyring.roll().due(now, SOON_DAYS * 86_400.0);
        let next = due.iter().map(|due| match due.owner == *keyring.owner() {
            true => format!("renew the own roster and certificate: they end {}", due.until),
            false => format!("ask {} for a new roster: something of it ends {}", due.owner, due.until),
        });
        let mut next: Vec<_> = next.collect();
        next.dedup();
        let own = RosterOutput::new(keyring.sealed(), now);
        Self {
            done: None,
            owner: Some(keyring.owner().to_string()),
            roster: own,
            partners: keyring.partners().filter_map(|owner| shown(owner)).collect(),
            next,
        }
    }

    /// What a roster that nobody believes yet has in it.
    pub fn of_roster(sealed: &SealedRoster, now: Time) -> Self {
        let roster = RosterOutput::new(sealed, now);
        let owner = &roster.owner;
        let next = vec![format!(
            "this says {owner}; that it is, only a call can tell: have the name of the root key read to you"
        )];
        Self {
            done: None,
            owner: None,
            roster,
            partners: Vec::new(),
            next,
        }
    }

    /// The same, after something was done.
    pub fn done(mut self, what: String, next: &[String]) -> Self {
        self.done = Some(what);
        self.next.splice(0..0, next.iter().cloned());
        self
    }

    /// Returns the JSON text. Errors: none in practice.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// Returns the text for people.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        // A string takes any text.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, to: &mut String) -> std::fmt::Result {
        if let Some(done) = &self.done {
            writeln!(to, "{done}\n")?;
        }
        writeln!(to, "{}", self.roster.line())?;
        writeln!(to, "  root key  {}", self.roster.root)?;
        for node in &self.roster.nodes {
            writeln!(
                to,
                "  node key  {}  {}, {}, until {}",
                node.key, node.role, node.state, node.until
            )?;
        }
        for partner in &self.partners {
            writeln!(to, "{}", partner.line())?;
            writeln!(to, "  root key  {}", partner.root)?;
        }
        if !self.next.is_empty() {
            writeln!(to, "\nNext:")?;
        }
        self.next.iter().try_for_each(|next| writeln!(to, "  - {next}"))
    }
}
