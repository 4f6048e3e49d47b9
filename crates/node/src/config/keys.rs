//! Every key of `node.toml`: its section, kind, limits, default, and what it says. The reader, the file that `init`
//! writes and the tests all go by this list.

/// What a value must be.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Kind {
    /// A name, as in sensor files.
    Name,
    /// A path, beside the file where it is relative.
    Path,
    /// A number within limits.
    Number {
        /// The least.
        from: f64,
        /// The most.
        to: f64,
        /// What is expected, in words.
        expected: &'static str,
    },
    /// A whole number within limits.
    Whole {
        /// The least.
        from: u32,
        /// The most.
        to: u32,
        /// What is expected, in words.
        expected: &'static str,
    },
    /// true or false.
    Flag,
    /// One of some words.
    Word(&'static [&'static str]),
    /// An IP address and a port.
    Address,
    /// An IP address without a port.
    Interface,
    /// Where a link listens or connects: `quic/`, a host and a port.
    Endpoints,
    /// Where a router of the owner's own listens: `quic/`, `tls/` or `tcp/`, a host and a port.
    Routers,
    /// A Zenoh key expression.
    KeyExpression,
    /// How fast a file is replayed: a number, `"clock"` or `"fast"`.
    Pace,
    /// An RFC 3339 UTC time, in quotes.
    Time,
}

impl Kind {
    /// What is expected, in words.
    pub fn expected(&self) -> &'static str {
        match self {
            Self::Name => "a name of 1 to 256 bytes in quotes, without control characters or spaces at its ends",
            Self::Path => "a path in quotes, such as \"keys/node.key\"",
            Self::Number { expected, .. } | Self::Whole { expected, .. } => expected,
            Self::Flag => "true or false",
            Self::Word(_) => "one of the words",
            Self::Address => "an IP address and a port in quotes, such as \"127.0.0.1:7480\" or \"[::1]:7480\"",
            Self::Interface => "an IPv4 address of this machine in quotes, such as \"10.0.0.1\"",
            Self::Endpoints => "a list of endpoints such as [\"quic/192.0.2.7:7447\"]; links are QUIC only",
            Self::Routers => "a list of endpoints such as [\"tcp/192.0.2.7:7447\"], over quic, tls or tcp",
            Self::KeyExpression => "a Zenoh key expression in quotes, such as \"radar/north/plots\"",
            Self::Pace => "a number above 0 up to 1e6, \"clock\" or \"fast\"",
            Self::Time => "an RFC 3339 UTC time in quotes, such as \"2022-01-17T00:00:00Z\"",
        }
    }
}

/// What holds where a key is absent.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Absent {
    /// It must be there.
    Fault,
    /// Nothing is said.
    Nothing,
    /// This, as it would stand in the file.
    Is(&'static str),
}

/// One key.
#[derive(Copy, Clone, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What its value must be.
    pub kind: Kind,
    /// What holds without it.
    pub absent: Absent,
    /// What it says, in one or two sentences.
    pub says: &'static str,
}

/// One table of the file.
#[derive(Copy, Clone, Debug)]
pub struct Section {
    /// Its name.
    pub name: &'static str,
    /// Whether there may be several: `[[name]]`.
    pub repeats: bool,
    /// What it holds.
    pub says: &'static str,
    /// The names of its keys.
    pub names: &'static [&'static str],
    /// Its keys, in the same order.
    pub keys: &'static [Key],
}

impl Section {
    /// The key of a name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

const fn key(name: &'static str, kind: Kind, absent: Absent, says: &'static str) -> Key {
    Key {
        name,
        kind,
        absent,
        says,
    }
}

/// Makes the sections, and the lists of names that messages print.
macro_rules! sections {
    ($($doc:literal $constant:ident = $name:literal $repeats:literal $says:literal [
        $($key:ident $kind:expr, $absent:expr, $words:literal;)*
    ])*) => {
        $(
            #[doc = $doc]
            pub const $constant: Section = Section {
                name: $name,
                repeats: $repeats,
                says: $says,
                names: &[$(stringify!($key)),*],
                keys: &[$(key(stringify!($key), $kind, $absent, $words)),*],
            };
        )*
        /// All sections, in the order of the file.
        pub const SECTIONS: &[Section] = &[$($constant),*];
        /// Their names.
        pub const SECTION_NAMES: &[&str] = &[$($name),*];
    };
}

use Absent::{Fault, Is, Nothing};
use Kind::{Address, Endpoints, Flag, Interface, KeyExpression, Name, Number, Pace, Path, Routers, Time, Whole, Word};

/// The words of `mode`.
pub const MODES: &[&str] = &["exercise", "real"];
/// The words of `input`.
pub const INPUTS: &[&str] = &["udp", "tcp", "stdin", "file", "zenoh"];
/// The words of a feed's `format`.
pub const FORMATS: &[&str] = &["asterix", "csv", "jsonl"];
/// The words of the log's `format`.
pub const LOG_FORMATS: &[&str] = &["text", "json"];
/// Of threads.
const SCHEDULING: &[&str] = &["ordinary", "real-time"];
/// The words of `picture`.
pub const PICTURES: &[&str] = &["all", "own", "off"];
/// The words of the log's `level`.
pub const LOG_LEVELS: &[&str] = &["error", "warn", "info", "debug", "trace"];

sections! {
    "The node itself." NODE = "node" false
        "Who this node is, and where its files are. Paths are relative to this file." [
        owner Name, Fault, "The organisation whose node this is, written as in the sensor file and the roster.";
        mode Word(MODES), Fault,
            "\"exercise\" or \"real\". What is of an exercise is labelled so and never mixed with what is real.";
        sensors Path, Is("\"sensors.toml\""),
            "The sensor file: every sensor of this owner; those of partners come from the partners.";
        policies Path, Is("\"policies\""), "The folder of the release policies of this owner.";
        store Path, Is("\"store\""), "The folder of the durable log. It must be on a local disk.";
        identity Path, Is("\".\""),
            "The folder with keys/ and roster/: this node's key and certificate, and everybody's rosters.";
        run Path, Is("\"run\""), "The folder of what the node writes down while it runs; it can be deleted.";
    ]
    "The routers." ROUTER = "router" true
        "One for each router (zenohd) between owners through which partners are reached. Who its operator is stands in \
         `identity` as for a partner; the certificate that the operator made for this node is keys/NAME.crt there." [
        name Name, Fault, "The router's name, written as in its operator's roster.";
        connect Endpoints, Fault, "Where it listens.";
    ]
    "The partners." PARTNER = "partner" true
        "One for each partner: how its node is reached. One of the two sides connects; both may. With both lists empty \
         there is no link: what is from and for that partner goes through others. Who it is stands in `identity`: \
         `trilat keys trust`." [
        name Name, Fault, "The partner's owner, written as in its roster.";
        listen Endpoints, Is("[]"), "Where this node waits for this partner; each partner has a port of its own.";
        connect Endpoints, Is("[]"), "Where this node calls the partner.";
        router Name, Nothing,
            "The [[router]] through which it is reached, in place of `listen` and `connect`; both sides name it.";
        relay Flag, Is("false"),
            "Whether this node gives on to the partner what other owners grant: their items with @onward that name it, \
             under their seals, and their rosters.";
    ]
    "The feeds." FEED = "feed" true "One for each way by which plots of this owner's sensors come in." [
        name Name, Fault, "The name in messages and metrics.";
        input Word(INPUTS), Fault,
            "udp (multicast or not), tcp (this node listens), stdin, file (replayed), zenoh (a key).";
        format Word(FORMATS), Fault,
            "asterix for udp; csv (a header first) or jsonl for tcp and stdin; any for file; csv is not for zenoh.";
        address Address, Nothing, "udp and tcp: where this node listens; a multicast address joins its group.";
        interface Interface, Nothing, "udp: the address of the network card on which the multicast group is joined.";
        path Path, Nothing, "file: which.";
        pace Pace, Nothing,
            "file: how many times as fast as measured, counted from its first plot; \"fast\" as fast as can be; \
             \"clock\" (the default) each plot when this node's clock reaches its time of measurement.";
        key KeyExpression, Nothing, "zenoh: the key expression to subscribe to.";
        connect Routers, Nothing, "zenoh: routers or peers of this owner; without it they are looked for.";
    ]
    "The engine." ENGINE = "engine" false "The live tracker." [
        lag_s Number { from: 0.0, to: 3600.0, expected: "seconds from 0 to 3600" }, Is("10"),
            "Plots that are older than the newest by more than this change no track, nor does what was measured before \
             a silence of as long. The same at every node whose pictures should agree.";
        checkpoint_s Number { from: 0.05, to: 60.0, expected: "seconds from 0.05 to 60" }, Is("0.5"),
            "How far apart the states are from which late plots are taken in: less is faster, and takes more memory.";
    ]
    "The clock." CLOCK = "clock" false "What is demanded of clocks." [
        jump_max_s Number { from: 0.01, to: 60.0, expected: "seconds from 0.01 to 60" }, Is("0.5"),
            "A step of this machine's wall clock beyond this is an alarm, and is not followed at once.";
        partner_offset_max_s Number { from: 0.001, to: 60.0, expected: "seconds from 0.001 to 60" }, Is("0.25"),
            "A partner's clock that is off by more than this is a warning.";
    ]
    "The clock of an exercise." EXERCISE = "exercise" false
        "Only with mode = \"exercise\": the node's clock shows another time than the wall. Give all three keys." [
        time Time, Nothing, "What the clock of the exercise shows at the instant `at`.";
        at Time, Nothing, "The instant of the wall clock, the same for all nodes of the exercise.";
        speed Number { from: 0.01, to: 1000.0, expected: "a factor from 0.01 to 1000" }, Nothing,
            "How fast it runs.";
    ]
    "HTTP." HTTP = "http" false "The picture in a browser, what programs ask for, metrics and health: docs/web-api.md." [
        address Address, Is("\"127.0.0.1:7480\""),
            "Where it listens. Port 0 takes any free one, and writes which to `http.address` in the run folder.";
        picture Word(PICTURES), Is("\"all\""),
            "all, own or off: what is shown. all tracks the plots of each partner alone, too, to be held against the \
             whole, in a thread of its own; own leaves that out; off shows nothing.";
        history_mib Whole { from: 1, to: 65_536, expected: "a whole number from 1 to 65536" }, Is("128"),
            "Memory for what was shown, and for the plots it was made of. The oldest goes first.";
        certificate Path, Nothing, "The certificates of TLS, in PEM, the node's own first. Needed beyond loopback.";
        key Path, Nothing, "The key of the certificate, in PEM.";
        tokens Path, Nothing,
            "The tokens and certificates of those who may ask: `trilat node token` adds one. Needed beyond \
             loopback; on loopback without it everybody on this machine may.";
    ]
    "Warnings." WARN = "warn" false
        "Warnings of where objects may come down, which persons approve in the picture: docs/warn.md." [
        folder Path, Nothing,
            "The folder with warn.toml, as `trilat warn init` makes it. Without it this node warns nobody.";
        draft Flag, Is("false"),
            "Whether the node itself writes drafts of what it foretells, anew when that changes, and the all clear. It \
             approves nothing.";
    ]
    "The log." LOG = "log" false "What the node prints on standard error." [
        format Word(LOG_FORMATS), Is("\"text\""), "text for people, json for programs.";
        level Word(LOG_LEVELS), Is("\"info\""), "error, warn, info, debug or trace.";
    ]
    "Limits." LIMITS = "limits" false "What the node is built to bear." [
        rated_plots_per_s Whole { from: 1, to: 1_000_000, expected: "a whole number from 1 to 1000000" }, Is("5000"),
            "Plots a second that feeds bring at most. Each feed may queue one second of it; beyond, plots of live \
             feeds are dropped and counted.";
        free_disk_min_mib Whole { from: 1, to: 1_000_000_000, expected: "a whole number from 1 to 1000000000" },
            Is("512"), "With less free space on the store's disk the node is not ready, and says so.";
        scheduling Word(SCHEDULING), Is("\"ordinary\""),
            "ordinary or real-time: whether the threads that a plot waits for come before everything else on the \
             machine, for a machine that is the node's own. The system must permit it, see the systemd unit.";
    ]
}
