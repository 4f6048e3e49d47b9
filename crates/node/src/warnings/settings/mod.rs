//! `warn.toml`: who sends warnings, who approves them, in which languages, where they go. Everything that is wrong with
//! a file is said at once, each with its line, its key and what would be right.

mod read;

use std::path::{Path, PathBuf};
use std::{fs, io};

use warn::cap::Sender;
use warn::life::{Channel, First, Policy};
use warn::text::Zone;
use wire::{Faults, Refusal};

use read::{KEYS, Table};

/// The name of the file in the folder of warnings.
pub const FILE: &str = "warn.toml";
/// A file that is made to be changed.
pub const TEMPLATE: &str = include_str!("../template.toml");
/// The file is not longer.
const OCTETS_MAX: usize = 1 << 20;

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is no text, or too long.
    #[error("{}: expected TOML text of at most {OCTETS_MAX} octets", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// Its content is at fault; all that was found, in the order of lines.
    #[error("{}", lines(.0))]
    Faults(Vec<Refusal>),
}

fn lines(faults: &[Refusal]) -> String {
    faults.iter().map(Refusal::to_string).collect::<Vec<_>>().join("\n")
}

/// What `warn.toml` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The file it came from.
    pub file: PathBuf,
    /// Who sends.
    pub sender: Sender,
    /// Whether every warning is of an exercise.
    pub is_exercise: bool,
    /// The line of the file that says so.
    pub exercise_line: u64,
    /// Local time of the texts.
    pub zone: Zone,
    /// Who has to approve.
    pub policy: Policy,
    /// In which languages; empty: in all there are.
    pub languages: Vec<String>,
    /// Files of sentences.
    pub texts: Vec<PathBuf>,
    /// A map; none: the one that is built in.
    pub map: Option<PathBuf>,
    /// Where messages go; at least one.
    pub channels: Vec<ChannelSettings>,
}

/// A way to people.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelSettings {
    /// What it is called.
    pub name: String,
    /// How messages go there.
    pub way: Way,
}

/// How messages go to a channel.
#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    /// A file for each, in this folder.
    File(PathBuf),
    /// A file for each and a feed of them, in this folder.
    Atom(PathBuf),
    /// The CAP message, by POST.
    Cap(Post),
    /// JSON with the words in each language and the CAP message, by POST.
    Webhook(Post),
    /// The CAP message as a sample of a Zenoh key.
    Zenoh {
        /// The key.
        key: String,
        /// Routers or peers.
        connect: Vec<String>,
        /// Whoever has not answered until then has not.
        timeout_s: f64,
    },
}

/// How something is posted.
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    /// Where.
    pub url: String,
    /// A file with a token that goes as `Authorization: Bearer`.
    pub token: Option<PathBuf>,
    /// Authorities that may vouch for the server, PEM; none: those of the system.
    pub ca: Option<PathBuf>,
    /// Whoever has not answered until then has not.
    pub timeout_s: f64,
    /// Whether the server takes a message of the same identifier as the same.
    pub is_repeatable: bool,
}

impl Way {
    /// The word for it in the file.
    pub fn word(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Atom(_) => "atom",
            Self::Cap(_) => "cap",
            Self::Webhook(_) => "webhook",
            Self::Zenoh { .. } => "zenoh",
        }
    }

    /// Whether the same message a second time changes nothing there.
    pub fn is_repeatable(&self) -> bool {
        match self {
            Self::File(_) | Self::Atom(_) => true,
            Self::Cap(post) | Self::Webhook(post) => post.is_repeatable,
            Self::Zenoh { .. } => false,
        }
    }
}

impl Settings {
    /// Reads `warn.toml` of a folder, or the file itself.
    ///
    /// Errors: [`SettingsError`], with all that is wrong.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let path = if path.is_dir() {
            path.join(FILE)
        } else {
            path.to_owned()
        };
        let octets = fs::read(&path).map_err(|source| SettingsError::Read {
            path: path.clone(),
            source,
        })?;
        let text = String::from_utf8(octets).ok().filter(|text| text.len() <= OCTETS_MAX);
        let text = text.ok_or_else(|| SettingsError::NotText { path: path.clone() })?;
        Self::of_text(&text, &path).map_err(SettingsError::Faults)
    }

    /// Reads the text of a file; relative paths in it are beside it.
    pub fn of_text(text: &str, file: &Path) -> Result<Self, Vec<Refusal>> {
        let mut faults = Faults::new(text, file.display().to_string());
        let made = faults.parse().and_then(|root| {
            let mut table = Table::new(&mut faults, root.get_ref(), 0..0, KEYS, file);
            table.settings(file)
        });
        faults.finish()?;
        // Whatever is missing has been noted.
        made.ok_or_else(Vec::new)
    }

    /// The folder of the file: of journal and locks too.
    pub fn folder(&self) -> PathBuf {
        let parent = self.file.parent().filter(|parent| !parent.as_os_str().is_empty());
        parent.unwrap_or(Path::new(".")).to_owned()
    }

    /// What holds for a whole warning that begins now.
    pub fn first(&self, is_exercise: bool) -> First {
        let channel = |one: &ChannelSettings| Channel {
            name: one.name.clone(),
            is_repeatable: one.way.is_repeatable(),
        };
        First {
            channels: self.channels.iter().map(channel).collect(),
            is_exercise: self.is_exercise || is_exercise,
            zone: self.zone,
        }
    }
}
