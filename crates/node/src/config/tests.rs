//! Every key: missing, of a wrong type, out of range, unknown; and that the file that is written reads back.

use std::path::Path;

use super::keys::{Absent, Key, Kind, SECTIONS, Section};
use super::read::default_of;
use super::*;

const GOOD: &str = "\
[node]
owner = \"alpha\"
mode = \"exercise\"
[[partner]]
name = \"bravo\"
listen = [\"quic/127.0.0.1:7447\"]
[[feed]]
name = \"north\"
input = \"tcp\"
format = \"csv\"
address = \"127.0.0.1:0\"
";

const ROUTED: &str = "\
[node]
owner = \"alpha\"
mode = \"exercise\"
[[router]]
name = \"hub\"
connect = [\"quic/192.0.2.7:7447\"]
[[partner]]
name = \"bravo\"
router = \"hub\"
";

fn read(text: &str) -> Result<Config, ConfigError> {
    Config::of_text(text, Path::new("some/node.toml"))
}

fn complaint(text: &str) -> String {
    read(text).expect_err(text).to_string()
}

#[test]
fn defaults_hold_and_paths_are_beside_the_file() {
    let config = read(GOOD).unwrap();
    assert_eq!((&*config.owner, config.exercise), ("alpha", true));
    assert_eq!(config.store, Path::new("some/store"));
    assert_eq!(config.identity, Path::new("some/."));
    assert_eq!(config.http.address.to_string(), "127.0.0.1:7480");
    assert_eq!(config.limits.rated_plots_per_s, 5000);
    assert_eq!(config.partners[0].listen, ["quic/127.0.0.1:7447"]);
    assert!(
        config.http.address.ip().is_loopback(),
        "nobody outside sees the status unless told so"
    );
}

/// A text with one key said in a table of its own section, the rest as small as it may be.
fn with(section: &Section, key: &str, value: &str) -> String {
    match section.name {
        "node" => {
            let others = ["owner = \"alpha\"", "mode = \"exercise\""];
            let others = others.into_iter().filter(|line| !line.starts_with(key));
            format!("[node]\n{key} = {value}\n{}\n", others.collect::<Vec<_>>().join("\n"))
        }
        _ => {
            let (open, close) = if section.repeats { ("[[", "]]") } else { ("[", "]") };
            format!(
                "{open}{}{close}\n{key} = {value}\n[node]\nowner = \"alpha\"\nmode = \"exercise\"\n",
                section.name
            )
        }
    }
}

/// Values that are no value of a kind: of a wrong type, and out of range.
fn bad(kind: &Kind) -> &'static [&'static str] {
    match kind {
        Kind::Name => &["7", "\"\"", "\" a\"", "\"a\\u0007\"", "[\"a\"]"],
        Kind::Path => &["7", "\"\"", "true", "\"a\\u0000\""],
        Kind::Number { .. } => &["\"1\"", "true", "-1", "1e12", "nan", "inf", "0x10", "[1]"],
        Kind::Whole { .. } => &["\"1\"", "0", "-1", "1.5", "1e12", "nan", "{ a = 1 }"],
        Kind::Flag => &["\"true\"", "1", "[true]"],
        Kind::Word(_) => &["\"\"", "7", "\"exercize\"", "\"REAL\""],
        Kind::Address => &["7480", "\"localhost\"", "\"127.0.0.1\"", "\"127.0.0.1:99999\"", "\"\""],
        Kind::Interface => &["1", "\"eth0\"", "\"10.0.0.1:1\"", "\"::1\""],
        Kind::Endpoints => &[
            "\"quic/a:1\"",
            "[7]",
            "[\"a:1\"]",
            "[\"quic/a\"]",
            "[\"quic/:1\"]",
            "[\"http/a:1\"]",
            "[\"quic/a:70000\"]",
            "[\"tcp/a:1\"]",
            "[\"tls/a:1\"]",
        ],
        Kind::Routers => &["\"tcp/a:1\"", "[7]", "[\"a:1\"]", "[\"http/a:1\"]", "[\"tls/a\"]"],
        Kind::KeyExpression => &["7", "\"\"", "\"/a\"", "\"a//b\"", "\"a#\""],
        Kind::Pace => &["0", "-1", "\"slow\"", "1e7", "true"],
        Kind::Time => &["\"noon\"", "7", "2022-01-17T00:00:00Z", "\"2022-02-30T00:00:00Z\""],
    }
}

#[test]
fn each_key_with_a_bad_value_is_named_with_its_line_and_what_is_expected() {
    let mut tried = 0;
    for section in SECTIONS {
        for key in section.keys {
            for value in bad(&key.kind) {
                let text = with(section, key.name, value);
                let complaint = complaint(&text);
                let start = format!("some/node.toml:2: {} is ", key.name);
                let line = complaint.lines().find(|line| line.starts_with(&start));
                let line = line.unwrap_or_else(|| panic!("no complaint of {text}\nin\n{complaint}"));
                assert!(line.contains("expected "), "{line}");
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn each_key_misspelt_names_the_one_that_was_meant() {
    for section in SECTIONS {
        for key in section.keys {
            let text = with(section, &format!("{}x", key.name), "1");
            let complaint = complaint(&text);
            let expected = format!(
                "some/node.toml:2: unknown key \"{}x\" (did you mean {}?)",
                key.name, key.name
            );
            assert!(complaint.contains(&expected), "{expected}\nin\n{complaint}");
        }
        let text = GOOD.to_owned() + &format!("[{}x]\n", section.name);
        let expected = format!("unknown key \"{}x\" (did you mean {}?)", section.name, section.name);
        assert!(complaint(&text).contains(&expected), "{}", complaint(&text));
    }
}

#[test]
fn each_key_without_a_default_is_missed_where_it_is_needed() {
    for (drop, expected) in [
        ("owner = \"alpha\"\n", "some/node.toml:1: owner is missing"),
        ("mode = \"exercise\"\n", "some/node.toml:1: mode is missing"),
        ("name = \"bravo\"\n", "some/node.toml:4: name is missing"),
        (
            "listen = [\"quic/127.0.0.1:7447\"]\n",
            "some/node.toml:4: listen, connect or router is missing",
        ),
        ("name = \"north\"\n", "some/node.toml:7: name is missing"),
        ("input = \"tcp\"\n", "some/node.toml:7: input is missing"),
        ("format = \"csv\"\n", "some/node.toml:7: format is missing"),
        ("address = \"127.0.0.1:0\"\n", "some/node.toml:7: address is missing"),
    ] {
        let text = GOOD.replace(drop, "");
        assert_eq!(complaint(&text), expected);
    }
    for (drop, expected) in [
        ("name = \"hub\"\n", "some/node.toml:4: name is missing"),
        (
            "connect = [\"quic/192.0.2.7:7447\"]\n",
            "some/node.toml:4: connect is missing",
        ),
    ] {
        let complaint = complaint(&ROUTED.replace(drop, ""));
        assert!(complaint.contains(expected), "{expected}\nin\n{complaint}");
    }
    assert!(complaint("").contains("owner is missing"));
    let needed: Vec<&Key> = SECTIONS
        .iter()
        .flat_map(|section| section.keys)
        .filter(|key| key.absent == Absent::Fault)
        .collect();
    assert_eq!(needed.len(), 8, "a new key without default has a line above");
}

#[test]
fn defaults_are_good_values() {
    for section in SECTIONS {
        assert_eq!(section.names.len(), section.keys.len());
        for key in section.keys {
            if let Absent::Is(default) = key.absent {
                assert!(default_of(key, default).is_some(), "{} = {default}", key.name);
            }
        }
    }
}

#[test]
fn keys_that_contradict_each_other_are_said() {
    let feed = |keys: &str| format!("[node]\nowner = \"a\"\nmode = \"real\"\n[[feed]]\nname = \"n\"\n{keys}\n");
    for (text, expected) in [
        (
            feed("input = \"udp\"\nformat = \"csv\"\naddress = \"1.2.3.4:5\""),
            "some/node.toml:7: format is \"csv\", expected asterix, which udp brings",
        ),
        (
            feed("input = \"stdin\"\nformat = \"csv\"\npath = \"a\""),
            "some/node.toml:8: path: stands without input = \"file\"",
        ),
        (
            feed("input = \"file\"\nformat = \"csv\""),
            "some/node.toml:4: path is missing",
        ),
        (
            feed("input = \"zenoh\"\nformat = \"jsonl\""),
            "some/node.toml:4: key is missing",
        ),
        (
            format!("{GOOD}[[feed]]\nname = \"north\"\ninput = \"stdin\"\nformat = \"csv\"\n"),
            "some/node.toml:13: name is \"north\", expected a name that no other has",
        ),
        (
            GOOD.replace("\"bravo\"", "\"alpha\""),
            "some/node.toml:5: name is \"alpha\", expected another owner than that of this node",
        ),
        (
            feed("input = \"stdin\"\nformat = \"csv\"\n[exercise]\ntime = \"2022-01-17T00:00:00Z\""),
            "some/node.toml:9: exercise: stands without mode = \"exercise\"",
        ),
        (
            format!("{GOOD}[exercise]\nspeed = 2\n"),
            "some/node.toml:12: time is missing\nsome/node.toml:12: at is missing",
        ),
        (
            format!("{GOOD}[warn]\ndraft = true\n"),
            "some/node.toml:13: draft: stands without folder",
        ),
        (
            "node = 3\n".into(),
            "some/node.toml:1: node: a table: its name in [brackets]",
        ),
        (
            GOOD.replace("listen = [\"quic/127.0.0.1:7447\"]", "router = \"hub\""),
            "some/node.toml:6: router is \"hub\", expected the name of a [[router]]",
        ),
        (
            format!("{ROUTED}listen = [\"quic/127.0.0.1:7447\"]\n"),
            "some/node.toml:9: router is \"hub\", expected a router, or listen and connect, not both",
        ),
        (
            ROUTED.replace("\"quic/192.0.2.7:7447\"", ""),
            "some/node.toml:6: connect is \"[]\", expected one endpoint at least",
        ),
        (
            format!("{GOOD}[partner2]\n"),
            "some/node.toml:12: unknown key \"partner2\" (did you mean partner?)",
        ),
    ] {
        let complaint = complaint(&text);
        assert!(complaint.contains(expected), "{expected}\nin\n{complaint}");
    }
}

#[test]
fn a_router_has_a_name_of_its_own() {
    for name in ["alpha", "bravo", "node"] {
        let complaint = complaint(&ROUTED.replace("\"hub\"", &format!("{name:?}")));
        let expected = format!("some/node.toml:5: name is {name:?}, expected a name that no other has");
        assert!(complaint.contains(&expected), "{expected}\nin\n{complaint}");
    }
}

#[test]
fn a_partner_is_reached_through_the_router_that_is_named() {
    let config = read(ROUTED).unwrap();
    let router = config.partners[0].router.as_ref().unwrap();
    assert_eq!(
        (&*router.name, &*router.connect),
        ("hub", &["quic/192.0.2.7:7447".to_owned()][..])
    );
    assert!(config.partners[0].is_linked());
    assert_eq!(config.routers, std::slice::from_ref(router));
}

#[test]
fn a_node_warns_nobody_unless_it_is_told_where() {
    assert_eq!(read(GOOD).unwrap().warn, None);
    assert_eq!(read(&format!("{GOOD}[warn]\n")).unwrap().warn, None);
    let warn = |keys: &str| {
        read(&format!("{GOOD}[warn]\nfolder = \"centre\"\n{keys}"))
            .unwrap()
            .warn
            .unwrap()
    };
    let plain = warn("");
    assert_eq!((plain.folder.as_path(), plain.line), (Path::new("some/centre"), 13));
    assert!(!plain.is_drafting && warn("draft = true\n").is_drafting);
}

#[test]
fn all_faults_of_a_file_are_said_at_once() {
    let text = "[node]\nownr = \"a\"\nmode = \"x\"\n[engine]\nlag_s = -1\n";
    let complaint = complaint(text);
    assert_eq!(complaint.lines().count(), 4, "{complaint}");
}

#[test]
fn what_is_written_reads_back_and_explains_every_key() {
    let template = Template {
        owner: "al\"pha".into(),
        exercise: true,
        values: vec![("http", "address", "\"127.0.0.1:0\"".into())],
        partners: vec![
            TemplatePartner {
                name: "bravo".into(),
                listen: vec!["quic/127.0.0.1:7447".into()],
                connect: vec![],
            },
            TemplatePartner {
                name: "charlie".into(),
                listen: vec![],
                connect: vec!["quic/127.0.0.1:7448".into()],
            },
        ],
        feeds: vec![vec![
            ("name", "\"north\"".into()),
            ("input", "\"tcp\"".into()),
            ("format", "\"jsonl\"".into()),
            ("address", "\"127.0.0.1:0\"".into()),
        ]],
    };
    let text = node_toml(&template);
    let config = read(&text).unwrap_or_else(|error| panic!("{error}\nin\n{text}"));
    assert_eq!((&*config.owner, config.http.address.port()), ("al\"pha", 0));
    assert_eq!(config.partners[1].connect, ["quic/127.0.0.1:7448"]);
    assert_eq!(config.feeds[0].format, Format::JsonLines);
    for section in SECTIONS {
        for key in section.keys {
            assert!(text.contains(&format!("{} = ", key.name)), "{}\nin\n{text}", key.name);
        }
    }
    // Every key that is commented out is a good value where it stands.
    let bare = node_toml(&Template {
        owner: "a".into(),
        ..Template::default()
    });
    assert!(read(&bare).is_ok(), "{bare}");
    assert!(bare.lines().all(|line| line.len() <= 120));
}

#[test]
fn the_documentation_has_every_key() {
    let documentation = include_str!("../../../../docs/node.md");
    for section in SECTIONS {
        for key in section.keys {
            let row = format!("- `{}`: ", key.name);
            assert!(documentation.contains(&row), "docs/node.md has no row {row}");
        }
    }
}
