//! `trilat keys`: chance, clock and files come from here, everything else is in `node::keyring`.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use geo::Time;
use node::keyring::{Keyring, KeyringError, New, OVERLAP_DAYS, Terms, read_roster};
use node::router::{self, RouterError};
use share::identity::{NodeKey, SEED_OCTETS};
use share::roster::{Revocation, Roster, Taken};
use zeroize::Zeroizing;

use crate::args::{
    Common, KeysArgs, KeysCommand, NewArgs, RenewArgs, RevokeArgs, RootArgs, RotateArgs, RouterArgs, ShowArgs,
    TermsArgs, TrustArgs,
};
use crate::output::KeysOutput;
use crate::{Failure, terminal};

/// Why keys cannot be made or changed, beside what is in the folder.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The folder, or a file of it.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// What a router needs.
    #[error(transparent)]
    Router(#[from] Box<RouterError>),
    /// The system gives no chance to make a key of.
    #[error("the system gives no random octets: {0}")]
    Chance(getrandom::Error),
    /// The clock is before 1972 or after 2261.
    #[error("this machine's clock shows no time that can be used")]
    Clock,
}

impl KeysError {
    /// The exit code.
    pub fn exit_code(&self) -> u8 {
        use KeyringError as E;
        let error = match self {
            Self::Chance(_) | Self::Clock => return 1,
            Self::Router(error) => match &**error {
                RouterError::Config(_) | RouterError::Owners { .. } => return 2,
                RouterError::Keyring(error) => error,
            },
            Self::Keyring(error) => error,
        };
        match error {
            E::Read { .. } | E::Write { .. } | E::Exists { .. } | E::Open { .. } => 1,
            E::UnknownKey { .. } | E::RevokedBefore { .. } | E::Own { .. } => 2,
            E::Refused { .. } | E::Pin { .. } | E::NotCompared { .. } | E::NotTheRoot { .. } | E::NoNode { .. } => 3,
            _ => 4,
        }
    }

    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Keyring(error) => error.advice(),
            Self::Router(error) => match &**error {
                RouterError::Keyring(error) => error.advice(),
                RouterError::Config(_) => "Say where the router listens: --listen quic/0.0.0.0:7447.",
                RouterError::Owners { .. } => {
                    "Take the rosters of those who will use it, each after a call: trilat keys trust."
                }
            },
            Self::Chance(_) => "Nothing was changed; find out why, a key without chance is no key.",
            Self::Clock => "Set the clock, or say the time: --now.",
        }
    }
}

/// A seed of a new key, overwritten when dropped.
pub fn seed() -> Result<Zeroizing<[u8; SEED_OCTETS]>, KeysError> {
    let mut seed = Zeroizing::new([0; SEED_OCTETS]);
    getrandom::fill(&mut *seed).map_err(KeysError::Chance)?;
    Ok(seed)
}

/// The time that is stated, or that of this machine's clock.
pub fn time(stated: Option<Time>) -> Result<Time, KeysError> {
    if let Some(time) = stated {
        return Ok(time);
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "the command line is at the edge: here the clock becomes an argument"
    )]
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_err(|_| KeysError::Clock)?;
    let utc_ns = i64::try_from(since.as_nanos()).map_err(|_| KeysError::Clock)?;
    Time::from_utc_ns(utc_ns).map_err(|_| KeysError::Clock)
}

/// Makes, shows and changes keys.
pub fn keys(args: &KeysArgs) -> Result<(), Failure> {
    let now = time(args.common().now)?;
    let output = match &args.command {
        KeysCommand::New(args) => new(args, now),
        KeysCommand::Show(args) => show(args, now),
        KeysCommand::Trust(args) => trust(args, now),
        KeysCommand::Renew(args) => renew(args, now),
        KeysCommand::Rotate(args) => rotate(args, now),
        KeysCommand::Revoke(args) => revoke(args, now),
        KeysCommand::Router(args) => route(args, now),
    }?;
    let Common { json, .. } = args.common();
    terminal::say(&match json {
        true => output.to_json().map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })
}

fn terms(args: &TermsArgs, now: Time) -> Terms {
    let hosts = (!args.hosts.is_empty()).then(|| args.hosts.clone());
    Terms {
        now,
        days: args.days,
        hosts,
    }
}

fn root_key(keyring: &Keyring, args: &RootArgs) -> Result<(PathBuf, NodeKey), KeysError> {
    let path = args.root_key.clone().unwrap_or_else(|| keyring.paths().root_key());
    let key = keyring.root_key(&path)?;
    Ok((path, key))
}

/// That the own roster is news for the partners.
fn give(keyring: &Keyring) -> String {
    let path = keyring.paths().roster(keyring.owner());
    format!("give {} to every partner; it is no secret", path.display())
}

const RESTART: &str = "start the node again, so that it takes its new key and certificate; then it tells the roster to \
                       partners that it reaches";
const RUNNING: &str = "a node that runs takes the new certificate, and tells the roster to partners that it reaches";

fn new(args: &NewArgs, now: Time) -> Result<KeysOutput, KeysError> {
    let (root, node) = (seed()?, seed()?);
    let new = New {
        owner: &args.owner,
        root: &root,
        node: &node,
        terms: terms(&args.terms, now),
    };
    let keyring = Keyring::create(&args.folder, &new)?;
    let root = keyring.own().root.id();
    let next = [
        give(&keyring),
        format!("have every partner call you, and read them the name of the root key: {root}"),
        format!(
            "keep {} where nobody else comes, best away from the node",
            keyring.paths().root_key().display()
        ),
    ];
    let done = format!("{} has its keys in {}", keyring.owner(), args.folder.display());
    Ok(KeysOutput::of(&keyring, now).done(done, &next))
}

fn show(args: &ShowArgs, now: Time) -> Result<KeysOutput, KeysError> {
    if args.what.is_dir() {
        return Ok(KeysOutput::of(&Keyring::open(&args.what)?, now));
    }
    Ok(KeysOutput::of_roster(&read_roster(&args.what)?, now))
}

fn trust(args: &TrustArgs, now: Time) -> Result<KeysOutput, KeysError> {
    let mut keyring = Keyring::open(&args.folder)?;
    let sealed = read_roster(&args.roster)?;
    let taken = keyring.trust(&sealed, args.fingerprint, args.again, now)?;
    let mut next = vec!["a node that runs goes by it from now on, without a new start".to_owned()];
    let done = match taken {
        Taken::First { owner, version } => {
            next.push(format!(
                "name {owner} in node.toml, with how its node is reached: [[partner]]"
            ));
            format!("version {version} of the roster of {owner} is believed")
        }
        Taken::Same { owner, version } => format!("version {version} of the roster of {owner} was believed already"),
        Taken::Newer {
            owner,
            from,
            to,
            root,
            fork,
        } => {
            if let Some([held, named]) = fork {
                next.push(format!(
                    "ask {owner} why there are two rosters of version {from}: {held} was given to us, {named} is named"
                ));
            }
            let root = root
                .map(|root| format!("; its root key is now {root}"))
                .unwrap_or_default();
            format!("version {to} of the roster of {owner} is believed, {from} was before{root}")
        }
    };
    Ok(KeysOutput::of(&keyring, now).done(done, &next))
}

fn renew(args: &RenewArgs, now: Time) -> Result<KeysOutput, KeysError> {
    let mut keyring = Keyring::open(&args.folder)?;
    let (_, root) = root_key(&keyring, &args.root)?;
    keyring.renew(&root, &terms(&args.terms, now))?;
    let done = format!(
        "version {} lasts until {}",
        keyring.own().version,
        keyring.own().expires
    );
    Ok(KeysOutput::of(&keyring, now).done(done, &[give(&keyring), RUNNING.to_owned()]))
}

fn rotate(args: &RotateArgs, now: Time) -> Result<KeysOutput, KeysError> {
    let mut keyring = Keyring::open(&args.folder)?;
    let (path, root) = root_key(&keyring, &args.root)?;
    let (seed, terms) = (seed()?, terms(&args.terms, now));
    if args.is_root {
        let old = root.id();
        keyring.rotate_root(&path, &seed, &terms)?;
        let done = format!("the root key {old} gave way to {}", keyring.own().root.id());
        let next = after_root(&keyring, &args.folder, old);
        return Ok(KeysOutput::of(&keyring, now).done(done, &next));
    }
    let old = keyring.certificate()?.facts().map(|facts| facts.key.id());
    keyring.rotate_node(&root, &seed, &terms)?;
    let old = old.map(|old| old.to_string()).unwrap_or_default();
    let done = format!("the node has a new key; {old} still counts for {OVERLAP_DAYS} days");
    Ok(KeysOutput::of(&keyring, now).done(done, &[give(&keyring), RESTART.to_owned()]))
}

fn after_root(keyring: &Keyring, folder: &Path, old: share::identity::NodeId) -> [String; 4] {
    let folder = folder.display();
    [
        give(keyring),
        format!("when all have it: trilat keys renew {folder}, so that the node has a certificate of the new root"),
        RUNNING.to_owned(),
        format!("then: trilat keys revoke {folder} {old} --reason replaced, and destroy the old root key"),
    ]
}

fn revoke(args: &RevokeArgs, now: Time) -> Result<KeysOutput, KeysError> {
    let mut keyring = Keyring::open(&args.folder)?;
    let (_, root) = root_key(&keyring, &args.root)?;
    let (key, at) = (args.key, args.from.unwrap_or(now));
    let revocation = Revocation {
        key,
        at,
        reason: args.reason.into(),
    };
    let is_replaced = keyring.revoke(&root, revocation, &*seed()?, &terms(&args.terms, now))?;
    let mut next = vec![give(&keyring)];
    let mut done = format!("{key} signs no more from {at} on");
    if is_replaced {
        done.push_str("; the node has a new key");
        next.push(RESTART.to_owned());
    }
    let roster: &Roster = keyring.own();
    next.push(format!(
        "call the partners: until they have version {} they believe the key",
        roster.version
    ));
    Ok(KeysOutput::of(&keyring, now).done(done, &next))
}

fn route(args: &RouterArgs, now: Time) -> Result<KeysOutput, KeysError> {
    let keyring = Keyring::open(&args.folder)?;
    let (_, root) = root_key(&keyring, &args.root)?;
    let terms = Terms {
        now,
        days: args.days,
        hosts: None,
    };
    let made = router::make(&keyring, &root, &args.listen, &terms).map_err(Box::new)?;
    let name = keyring.owner();
    let mut next = vec![format!("start it: zenohd --config {}", made.config.display())];
    next.extend(made.guests.iter().map(|(owner, path)| {
        let path = path.display();
        format!("give {path} to {owner}, for keys/{name}.crt in its folder; it is no secret")
    }));
    next.push(give(&keyring));
    next.push(format!(
        "each of them: trilat keys trust, after a call; [[router]] {name} in node.toml, and router = \"{name}\" at its \
         partners"
    ));
    let done = format!("the router {name} lets in {} owners", made.guests.len());
    Ok(KeysOutput::of(&keyring, now).done(done, &next))
}
