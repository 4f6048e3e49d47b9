//! What a `warn.toml` may say, and what is said of one that is wrong.

use std::path::{Path, PathBuf};

use node::warnings::{Settings, TEMPLATE, Way};
use warn::life::Policy;

fn faults(text: &str) -> Vec<String> {
    let found = Settings::of_text(text, Path::new("warn.toml")).unwrap_err();
    found.iter().map(ToString::to_string).collect()
}

const HEAD: &str = "sender = \"a@b\"\nsender_name = \"Centre\"\nexercise = false\n";

#[test]
fn the_template_is_good_and_an_exercise() {
    let settings = Settings::of_text(TEMPLATE, Path::new("w/warn.toml")).unwrap();
    assert!(settings.is_exercise);
    assert_eq!(settings.folder(), Path::new("w"));
    assert_eq!(settings.channels[0].way, Way::File(PathBuf::from("w/out")));
    assert_eq!(settings.policy, Policy::default());
    // What stands there as a comment can be used too.
    let all: String = TEMPLATE
        .lines()
        .map(|line| line.strip_prefix("#= ").unwrap_or(line).to_owned() + "\n")
        .collect();
    let settings = Settings::of_text(&all, Path::new("w/warn.toml")).unwrap();
    let kinds: Vec<&str> = settings.channels.iter().map(|one| one.way.word()).collect();
    assert_eq!(kinds, ["file", "atom", "cap", "webhook", "zenoh"]);
}

#[test]
fn every_fault_is_said_with_its_line_and_key() {
    let text = "sender = \"a b\"\nexcercise = true\napprovals = 3\n[[channel]]\nname = \"x/y\"\nkind = \"fil\"\n";
    let found = faults(text);
    for (line, part) in [
        (1, "sender is \"a b\", expected a name such as"),
        (2, "unknown key \"excercise\" (did you mean exercise?)"),
        (3, "approvals is \"3\", expected 1 or 2"),
        (5, "name is \"x/y\", expected a name of 1 to 60 letters"),
        (
            6,
            "kind is \"fil\", expected one of file, atom, cap, webhook, zenoh (did you mean file?)",
        ),
    ] {
        let head = format!("warn.toml:{line}: ");
        assert!(
            found
                .iter()
                .any(|fault| fault.starts_with(&head) && fault.contains(part)),
            "{part}: {found:#?}"
        );
    }
    assert!(found.iter().any(|fault| fault.contains("sender_name")), "{found:#?}");
    assert!(faults(HEAD)[0].contains("[[channel]]"));
}

/// In the open, words could be changed on the way and a token read.
#[test]
fn posts_are_encrypted_beyond_this_machine() {
    let of = |url: &str| {
        let text = format!("{HEAD}[[channel]]\nname = \"a\"\nkind = \"cap\"\nurl = \"{url}\"\n");
        Settings::of_text(&text, Path::new("warn.toml")).is_ok()
    };
    for good in [
        "https://alerts.example/cap",
        "http://127.0.0.1:8080/x",
        "http://[::1]/",
        "http://localhost/",
    ] {
        assert!(of(good), "{good}");
    }
    for bad in [
        "http://alerts.example/cap",
        "ftp://127.0.0.1/",
        "alerts.example",
        "https://user:secret@alerts.example/",
        "http://127.0.0.1.example/",
    ] {
        assert!(!of(bad), "{bad}");
    }
}

#[test]
fn a_key_of_another_kind_is_no_key() {
    let text = format!("{HEAD}[[channel]]\nname = \"a\"\nkind = \"file\"\nfolder = \"out\"\nurl = \"x\"\n");
    assert!(faults(&text)[0].starts_with("warn.toml:8: url"), "{:?}", faults(&text));
}
