//! `node.toml`: what one node is told. Everything that is wrong with a file is said at once, each with its line, its
//! key and what would be right.

mod keys;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use geo::Time;
use wire::{Faults, Reason, Refusal};

pub use keys::{Absent, Key, Kind, SECTIONS, Section};
pub use write::{Template, TemplatePartner, node_toml};

use keys::{CLOCK, ENGINE, EXERCISE, FEED, HTTP, LIMITS, LOG, NODE, PARTNER, ROUTER, WARN};
use read::{Document, Table};

use crate::urgency::Scheduling;

/// The most octets a configuration may have.
pub const CONFIG_OCTETS_MAX: usize = 1 << 20;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is longer than [`CONFIG_OCTETS_MAX`], or no text.
    #[error("{}: expected TOML text of at most {CONFIG_OCTETS_MAX} octets", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// Its content is at fault; all that was found, in the order of lines.
    #[error("{}", lines(faults))]
    Faults {
        /// At least one.
        faults: Vec<Refusal>,
    },
}

fn lines(faults: &[Refusal]) -> String {
    faults.iter().map(Refusal::to_string).collect::<Vec<_>>().join("\n")
}

/// What one node is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The file it came from.
    pub file: PathBuf,
    /// Whose node it is.
    pub owner: Arc<str>,
    /// Whether everything is of an exercise.
    pub exercise: bool,
    /// The sensor file.
    pub sensors: PathBuf,
    /// The folder of policies.
    pub policies: PathBuf,
    /// The folder of the durable log.
    pub store: PathBuf,
    /// The folder of keys and rosters.
    pub identity: PathBuf,
    /// The folder of what is written down while it runs.
    pub run: PathBuf,
    /// The routers between owners.
    pub routers: Vec<Router>,
    /// The partners.
    pub partners: Vec<Partner>,
    /// The feeds.
    pub feeds: Vec<FeedConfig>,
    /// Plots older than the newest by more than this change no track.
    pub lag_s: f64,
    /// How far apart the states are from which late plots are taken in.
    pub checkpoint_s: f64,
    /// What is demanded of clocks.
    pub clock: ClockConfig,
    /// What HTTP answers, and where.
    pub http: HttpConfig,
    /// Whether it warns, and how.
    pub warn: Option<WarnConfig>,
    /// How the log is printed.
    pub log: LogConfig,
    /// What the node is built to bear.
    pub limits: Limits,
}

/// What HTTP answers, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpConfig {
    /// Where it listens.
    pub address: SocketAddr,
    /// What is shown.
    pub picture: PictureConfig,
    /// Memory for what was shown.
    pub history_mib: usize,
    /// Certificate and key of TLS.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// The file of tokens.
    pub tokens: Option<PathBuf>,
}

impl HttpConfig {
    /// Whether programs of the node's own machine ask at another address: they have neither token nor certificate.
    pub fn has_local_ear(&self) -> bool {
        !self.address.ip().is_loopback() || self.tls.is_some() || self.tokens.is_some()
    }
}

/// How a node warns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarnConfig {
    /// The folder with `warn.toml`.
    pub folder: PathBuf,
    /// The line of the file that names it.
    pub line: u64,
    /// Whether the node writes drafts by itself.
    pub is_drafting: bool,
}

/// What is shown of the pictures.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum PictureConfig {
    /// All together, own plots alone, and those of each partner alone.
    All,
    /// All together, and own plots alone.
    Own,
    /// Nothing.
    Off,
}

/// A router (`zenohd`) through which partners are reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Router {
    /// Its name, in its certificate.
    pub name: Arc<str>,
    /// Where it listens.
    pub connect: Vec<String>,
}

/// How one partner is reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Partner {
    /// Its owner.
    pub name: Arc<str>,
    /// Where this node waits for it.
    pub listen: Vec<String>,
    /// Where this node calls it.
    pub connect: Vec<String>,
    /// The router through which it is reached instead.
    pub router: Option<Router>,
    /// Whether it is given on what others grant.
    pub relay: bool,
}

impl Partner {
    /// Whether there is a link to it.
    pub fn is_linked(&self) -> bool {
        self.router.is_some() || !(self.listen.is_empty() && self.connect.is_empty())
    }
}

/// One way by which plots come in.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedConfig {
    /// The name in messages and metrics.
    pub name: Arc<str>,
    /// How octets come.
    pub input: Input,
    /// What they are.
    pub format: Format,
}

/// How the octets of a feed come.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Datagrams.
    Udp {
        /// Where they are sent to.
        address: SocketAddr,
        /// Where a multicast group is joined.
        interface: Option<Ipv4Addr>,
    },
    /// Lines of whoever connects.
    Tcp {
        /// Where this node listens.
        address: SocketAddr,
    },
    /// Lines of standard input.
    Stdin,
    /// A recording.
    File {
        /// Which.
        path: PathBuf,
        /// How fast.
        pace: Pace,
    },
    /// Samples of a Zenoh key.
    Zenoh {
        /// The key expression.
        key: String,
        /// Routers or peers; none: they are looked for.
        connect: Vec<String>,
    },
}

/// What the octets of a feed are.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// Data blocks of ASTERIX.
    Asterix,
    /// CSV with a header.
    Csv,
    /// An object a line.
    JsonLines,
}

/// How fast a recording is replayed.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Pace {
    /// Each plot when the node's clock reaches its time.
    Clock,
    /// So many times as fast as measured, counted from the first plot.
    Times(f64),
    /// As fast as it is taken in.
    Fast,
}

/// What is demanded of clocks.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ClockConfig {
    /// A step of the wall clock beyond this is an alarm.
    pub jump_max_s: f64,
    /// A partner's clock that is off by more than this is a warning.
    pub partner_offset_max_s: f64,
    /// The clock of an exercise.
    pub exercise: Option<ExerciseClock>,
}

/// A clock that shows another time than the wall.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ExerciseClock {
    /// What it shows at the instant `at`.
    pub time: Time,
    /// The instant of the wall clock.
    pub at: Time,
    /// How fast it runs.
    pub speed: f64,
}

/// How the log is printed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// Whether as JSON.
    pub json: bool,
    /// The least important that is printed.
    pub level: &'static str,
}

/// What the node is built to bear.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Limits {
    /// Plots a second that feeds bring at most.
    pub rated_plots_per_s: usize,
    /// With less free space the node is not ready.
    pub free_disk_min_mib: u64,
    /// How the threads that a plot waits for are run.
    pub scheduling: Scheduling,
}

impl Config {
    /// Reads a file. Errors: [`ConfigError`], with all faults of it.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let octets = fs::read(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        let text = (octets.len() <= CONFIG_OCTETS_MAX)
            .then(|| String::from_utf8(octets).ok())
            .flatten()
            .ok_or_else(|| ConfigError::NotText { path: path.to_owned() })?;
        Self::of_text(&text, path)
    }

    /// Reads the text of a file. Errors: [`ConfigError::Faults`].
    pub fn of_text(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let mut faults = Faults::new(text, path.display().to_string());
        let document = read::document(&mut faults);
        let config = build(&document, path, &mut faults);
        match (faults.finish(), config) {
            (Ok(()), Some(config)) => Ok(config),
            (Ok(()), None) => Err(ConfigError::NotText { path: path.to_owned() }),
            (Err(faults), _) => Err(ConfigError::Faults { faults }),
        }
    }
}

/// Makes the configuration of tables without fault; `None` where something it needs is absent.
fn build(document: &Document, path: &Path, faults: &mut Faults) -> Option<Config> {
    let beside = |text: &str| path.parent().unwrap_or(Path::new("")).join(text);
    let routers = routers(document, faults);
    let partners = partners(document, &routers, faults);
    let feeds = feeds(document, &beside, faults);
    let node = document.one(&NODE)?;
    let exercise = exercise_clock(document, node, faults);
    let file = |table: &Table, key: &str| table.text(key).map(&beside);
    let (engine, clock) = (document.one(&ENGINE)?, document.one(&CLOCK)?);
    let (log, limits) = (document.one(&LOG)?, document.one(&LIMITS)?);
    Some(Config {
        file: path.to_owned(),
        owner: node.text("owner")?.into(),
        exercise: node.text("mode")? == "exercise",
        sensors: file(node, "sensors")?,
        policies: file(node, "policies")?,
        store: file(node, "store")?,
        identity: file(node, "identity")?,
        run: file(node, "run")?,
        routers,
        partners,
        feeds,
        lag_s: engine.number("lag_s")?,
        checkpoint_s: engine.number("checkpoint_s")?,
        clock: ClockConfig {
            jump_max_s: clock.number("jump_max_s")?,
            partner_offset_max_s: clock.number("partner_offset_max_s")?,
            exercise,
        },
        http: http(document.one(&HTTP)?, &beside, faults)?,
        warn: warn(document.one(&WARN)?, &beside, faults),
        log: LogConfig {
            json: log.text("format")? == "json",
            level: keys::LOG_LEVELS
                .iter()
                .copied()
                .find(|level| Some(*level) == log.text("level"))?,
        },
        limits: Limits {
            rated_plots_per_s: limits.number("rated_plots_per_s")? as usize,
            free_disk_min_mib: limits.number("free_disk_min_mib")? as u64,
            scheduling: match limits.text("scheduling")? {
                "real-time" => Scheduling::RealTime,
                _ => Scheduling::Ordinary,
            },
        },
    })
}

fn http(table: &Table, beside: &impl Fn(&str) -> PathBuf, faults: &mut Faults) -> Option<HttpConfig> {
    let (certificate, key) = (table.text("certificate").map(beside), table.text("key").map(beside));
    for (has, lacks, other) in [(&certificate, &key, "key"), (&key, &certificate, "certificate")] {
        if has.is_some() && lacks.is_none() {
            faults.whole(table.span.clone(), Reason::MissingKey(other));
        }
    }
    Some(HttpConfig {
        address: table.address("address")?,
        picture: match table.text("picture")? {
            "own" => PictureConfig::Own,
            "off" => PictureConfig::Off,
            _ => PictureConfig::All,
        },
        history_mib: table.number("history_mib")? as usize,
        tls: certificate.zip(key),
        tokens: table.text("tokens").map(beside),
    })
}

fn warn(table: &Table, beside: &impl Fn(&str) -> PathBuf, faults: &mut Faults) -> Option<WarnConfig> {
    let Some(folder) = table.text("folder") else {
        if let Some(span) = table.at("draft") {
            faults.key("draft", span.clone(), Reason::KeyWithout("folder"));
        }
        return None;
    };
    Some(WarnConfig {
        folder: beside(folder),
        line: faults.line(&table.span_of("folder")),
        is_drafting: table.flag("draft")?,
    })
}

const UNIQUE: Reason = Reason::Kind("a name that no other has");

fn routers(document: &Document, faults: &mut Faults) -> Vec<Router> {
    let owner = document.one(&NODE).and_then(|node| node.text("owner"));
    let mut routers: Vec<Router> = Vec::new();
    for table in document.all(&ROUTER) {
        let Some(name) = table.text("name") else { continue };
        let partners = document.all(&PARTNER).iter().filter_map(|partner| partner.text("name"));
        // The node's own certificate is keys/node.crt.
        let mut taken = partners.chain(owner).chain(["node"]);
        if routers.iter().any(|router| &*router.name == name) || taken.any(|taken| taken == name) {
            faults.value("name", table.span_of("name"), UNIQUE);
        }
        let connect = table.texts("connect");
        if connect.is_empty() && table.at("connect").is_some() {
            faults.value(
                "connect",
                table.span_of("connect"),
                Reason::Kind("one endpoint at least"),
            );
        }
        let name = name.into();
        routers.push(Router { name, connect });
    }
    routers
}

fn partners(document: &Document, routers: &[Router], faults: &mut Faults) -> Vec<Partner> {
    let owner = document.one(&NODE).and_then(|node| node.text("owner"));
    let mut partners: Vec<Partner> = Vec::new();
    for table in document.all(&PARTNER) {
        let Some(name) = table.text("name") else { continue };
        if partners.iter().any(|partner| &*partner.name == name) {
            faults.value("name", table.span_of("name"), UNIQUE);
        }
        if Some(name) == owner {
            let words = Reason::Kind("another owner than that of this node");
            faults.value("name", table.span_of("name"), words);
        }
        let (listen, connect) = (table.texts("listen"), table.texts("connect"));
        let is_said = |key| table.at(key).is_some();
        let router = table.text("router");
        let known = router.and_then(|router| routers.iter().find(|known| *known.name == *router));
        if router.is_some() && known.is_none() {
            faults.value(
                "router",
                table.span_of("router"),
                Reason::Kind("the name of a [[router]]"),
            );
        }
        if router.is_some() && (is_said("listen") || is_said("connect")) {
            let words = Reason::Kind("a router, or listen and connect, not both");
            faults.value("router", table.span_of("router"), words);
        }
        if router.is_none() && listen.is_empty() && connect.is_empty() && !(is_said("listen") && is_said("connect")) {
            faults.whole(table.span.clone(), Reason::MissingKey("listen, connect or router"));
        }
        partners.push(Partner {
            name: name.into(),
            listen,
            connect,
            router: known.cloned(),
            relay: table.flag("relay").unwrap_or_default(),
        });
    }
    partners
}

fn feeds(document: &Document, beside: &impl Fn(&str) -> PathBuf, faults: &mut Faults) -> Vec<FeedConfig> {
    let mut feeds: Vec<FeedConfig> = Vec::new();
    for table in document.all(&FEED) {
        let Some(name) = table.text("name") else { continue };
        if feeds.iter().any(|feed| &*feed.name == name) {
            faults.value("name", table.span_of("name"), UNIQUE);
        }
        let (Some(input), Some(format)) = (table.text("input"), table.text("format")) else {
            continue;
        };
        belongs(table, input, faults);
        let Some(format) = format_for(input, format) else {
            let words = match input {
                "udp" => "asterix, which udp brings",
                "zenoh" => "asterix or jsonl, which a zenoh key brings",
                _ => "csv or jsonl, which are lines",
            };
            faults.value("format", table.span_of("format"), Reason::Kind(words));
            continue;
        };
        if let Some(input) = input_of(table, input, beside) {
            feeds.push(FeedConfig {
                name: name.into(),
                input,
                format,
            });
        }
    }
    let stdins: Vec<&Table> = document
        .all(&FEED)
        .iter()
        .filter(|table| table.text("input") == Some("stdin"))
        .collect();
    for table in stdins.iter().skip(1) {
        let words = Reason::Kind("one feed only of standard input");
        faults.value("input", table.span_of("input"), words);
    }
    feeds
}

/// Notes keys that the input does not know, and those it needs.
fn belongs(table: &Table, input: &str, faults: &mut Faults) {
    const OF: [(&str, &str, &[&str]); 6] = [
        ("address", "input = \"udp\" or \"tcp\"", &["udp", "tcp"]),
        ("interface", "input = \"udp\"", &["udp"]),
        ("path", "input = \"file\"", &["file"]),
        ("pace", "input = \"file\"", &["file"]),
        ("key", "input = \"zenoh\"", &["zenoh"]),
        ("connect", "input = \"zenoh\"", &["zenoh"]),
    ];
    for (key, without, inputs) in OF {
        if let Some(span) = table.at(key)
            && !inputs.contains(&input)
        {
            faults.key(key, span.clone(), Reason::KeyWithout(without));
        }
    }
    let needed = match input {
        "udp" | "tcp" => "address",
        "file" => "path",
        "zenoh" => "key",
        _ => return,
    };
    if table.at(needed).is_none() {
        faults.whole(table.span.clone(), Reason::MissingKey(needed));
    }
}

fn format_for(input: &str, format: &str) -> Option<Format> {
    match (input, format) {
        ("udp" | "file" | "zenoh", "asterix") => Some(Format::Asterix),
        ("tcp" | "stdin" | "file", "csv") => Some(Format::Csv),
        ("tcp" | "stdin" | "file" | "zenoh", "jsonl") => Some(Format::JsonLines),
        _ => None,
    }
}

fn input_of(table: &Table, input: &str, beside: &impl Fn(&str) -> PathBuf) -> Option<Input> {
    Some(match input {
        "udp" => Input::Udp {
            address: table.address("address")?,
            interface: table.interface("interface"),
        },
        "tcp" => Input::Tcp {
            address: table.address("address")?,
        },
        "stdin" => Input::Stdin,
        "file" => Input::File {
            path: beside(table.text("path")?),
            pace: match (table.text("pace"), table.number("pace")) {
                (Some("fast"), _) => Pace::Fast,
                (_, Some(times)) => Pace::Times(times),
                _ => Pace::Clock,
            },
        },
        _ => Input::Zenoh {
            key: table.text("key")?.to_owned(),
            connect: table.texts("connect"),
        },
    })
}

fn exercise_clock(document: &Document, node: &Table, faults: &mut Faults) -> Option<ExerciseClock> {
    let table = document.one(&EXERCISE)?;
    let first = EXERCISE.names.iter().find_map(|key| table.at(key))?;
    if node.text("mode") == Some("real") {
        let without = Reason::KeyWithout("mode = \"exercise\"");
        faults.key(EXERCISE.name, first.clone(), without);
    }
    for key in EXERCISE.names {
        if table.at(key).is_none() {
            faults.whole(table.span.clone(), Reason::MissingKey(key));
        }
    }
    Some(ExerciseClock {
        time: table.time("time")?,
        at: table.time("at")?,
        speed: table.number("speed")?,
    })
}
