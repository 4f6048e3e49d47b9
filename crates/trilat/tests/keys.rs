//! `trilat keys` and `trilat node init` as their users meet them: what is printed, exit codes, files.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of its own for one test, gone when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // What an earlier run left, if any.
        let _nothing = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn trilat(&self, line: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_trilat"))
            .args(line.split_whitespace())
            .current_dir(&self.0)
            .output()
            .expect("the built program runs")
    }

    /// Runs it, which has to work, and returns its JSON.
    fn json(&self, line: &str) -> serde_json::Value {
        let out = self.trilat(&format!("{line} --json"));
        assert!(out.status.success(), "{line}\n{}", text(&out.stderr));
        serde_json::from_slice(&out.stdout).expect("JSON")
    }

    /// Runs it, which has to fail with that exit code, and returns what it says.
    fn fails(&self, code: i32, line: &str) -> String {
        let out = self.trilat(line);
        let said = text(&out.stderr);
        assert_eq!(out.status.code(), Some(code), "{line}\n{said}");
        assert!(out.stdout.is_empty(), "{line}");
        said
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

fn text(octets: &[u8]) -> String {
    String::from_utf8(octets.to_vec()).expect("the program prints UTF-8")
}

/// Two owners that do not know each other.
fn two(name: &str) -> Folder {
    let folder = Folder::new(name);
    for owner in ["japan", "korea"] {
        folder.json(&format!(
            "keys new {owner} --owner {owner} --host 127.0.0.1 --now 2026-03-01T00:00:00Z"
        ));
    }
    folder
}

const KOREA: &str = "korea/roster/korea.roster";

#[test]
fn help_has_examples_and_every_exit_code() {
    for command in ["keys", "node"] {
        let out = Command::new(env!("CARGO_BIN_EXE_trilat"))
            .args([command, "--help"])
            .output()
            .expect("it runs");
        let help = text(&out.stdout);
        assert!(help.contains(&format!("Examples:\n  trilat {command} ")), "{help}");
        for code in [0, 1, 2, 4] {
            assert!(help.contains(&format!("\n  {code}  ")), "exit code {code} in\n{help}");
        }
    }
}

#[test]
fn two_runs_make_two_keys() {
    let folder = two("keys-chance");
    let root = |owner: &str| folder.json(&format!("keys show {owner}"))["roster"]["root"].clone();
    assert_ne!(root("japan"), root("korea"));
}

#[test]
fn nobody_is_believed_whom_nobody_compared() {
    let folder = two("keys-compare");
    let shown = folder.json(&format!("keys show {KOREA}"));
    let root = shown["roster"]["root"].as_str().expect("a name").to_owned();
    assert_eq!(
        (&shown["roster"]["owner"], &shown["owner"]),
        (&"korea".into(), &serde_json::Value::Null)
    );
    let at = "--now 2026-03-02T00:00:00Z";
    let said = folder.fails(3, &format!("keys trust japan {KOREA} {at}"));
    assert!(said.contains(&root) && said.contains("Call them"), "{said}");
    let own = folder.json("keys show japan")["roster"]["root"]
        .as_str()
        .expect("a name")
        .to_owned();
    let said = folder.fails(3, &format!("keys trust japan {KOREA} --fingerprint {own} {at}"));
    assert!(said.contains(&root) && said.contains(&own), "{said}");
    // A letter misheard, a letter too few.
    let misheard = format!("{}{}", if root.starts_with('2') { '3' } else { '2' }, &root[1..]);
    for wrong in [&misheard, &root[..root.len() - 1]] {
        let said = folder.fails(2, &format!("keys trust japan {KOREA} --fingerprint {wrong} {at}"));
        assert!(said.contains("--fingerprint"), "{said}");
    }
    assert_eq!(
        folder.json("keys show japan")["partners"].as_array().map(Vec::len),
        Some(0)
    );

    let done = folder.json(&format!(
        "keys trust japan {KOREA} --fingerprint {} {at}",
        root.to_uppercase()
    ));
    assert_eq!(done["partners"][0]["root"].as_str(), Some(&*root));
    let again = folder.json(&format!("keys trust japan {KOREA} {at}"));
    assert!(
        again["done"].as_str().is_some_and(|done| done.contains("already")),
        "{again}"
    );
}

#[test]
fn bad_rosters_are_refused_and_what_is_believed_stays() {
    let folder = two("keys-bad");
    let root = folder.json("keys show korea")["roster"]["root"]
        .as_str()
        .expect("a name")
        .to_owned();
    let at = "--now 2026-03-02T00:00:00Z";
    fs::copy(folder.0.join(KOREA), folder.0.join("one")).expect("a copy");
    folder.json(&format!("keys renew korea {at}"));
    folder.json(&format!("keys trust japan {KOREA} --fingerprint {root} {at}"));
    let whole = fs::read_to_string(folder.0.join(KOREA)).expect("a roster");
    fs::write(folder.0.join("cut"), &whole[..whole.len() / 2]).expect("a file");
    fs::write(folder.0.join("long"), "x".repeat(1 << 20)).expect("a file");
    fs::copy(folder.0.join("korea/keys/node.crt"), folder.0.join("crt")).expect("a copy");
    for (code, line, why) in [
        (
            3,
            format!("keys trust japan one {at}"),
            "version 1 of the roster of korea, 2 is held",
        ),
        (4, format!("keys trust japan cut {at}"), "BEGIN TRILAT ROSTER"),
        (4, format!("keys trust japan crt {at}"), "CERTIFICATE"),
        (4, format!("keys trust japan long {at}"), "more than"),
        (1, format!("keys trust japan nothing {at}"), "cannot read nothing"),
        (
            2,
            format!("keys trust japan japan/roster/japan.roster {at}"),
            "whose folder this is",
        ),
        (1, format!("keys trust nobody {KOREA} {at}"), "nobody/keys/node.crt"),
    ] {
        let said = folder.fails(code, &line);
        assert!(said.contains(why), "{line}\n{said}");
        assert!(said.contains("\n  "), "what to do next: {said}");
    }
    // Ended, and dated in the future.
    let japan = folder.json("keys show japan")["roster"]["root"]
        .as_str()
        .expect("a name")
        .to_owned();
    for (now, why) in [("2026-06-01T00:00:00Z", "ended"), ("2026-02-28T00:00:00Z", "to come")] {
        let line = format!("keys trust korea japan/roster/japan.roster --fingerprint {japan} --now {now}");
        let said = folder.fails(3, &line);
        assert!(said.contains(why), "{line}\n{said}");
    }
    assert_eq!(folder.json("keys show japan")["partners"][0]["version"], 2);
}

#[test]
fn what_ends_soon_and_what_is_revoked_is_shown() {
    let folder = two("keys-ends");
    let shown = |now: &str| folder.json(&format!("keys show japan --now {now}"));
    assert_eq!(shown("2026-03-02T00:00:00Z")["next"].as_array().map(Vec::len), Some(0));
    let soon = shown("2026-05-20T00:00:00Z");
    assert!(
        soon["next"][0].as_str().is_some_and(|next| next.starts_with("renew")),
        "{soon}"
    );
    assert_eq!(shown("2026-07-01T00:00:00Z")["roster"]["nodes"][0]["state"], "ended");
    let key = soon["roster"]["nodes"][0]["key"].as_str().expect("a name").to_owned();
    folder.json(&format!(
        "keys revoke japan {key} --reason stolen --now 2026-03-03T00:00:00Z"
    ));
    let after = shown("2026-03-03T00:00:00Z");
    let nodes = after["roster"]["nodes"].as_array().expect("nodes");
    let state = |is: bool| {
        nodes
            .iter()
            .find(|node| (node["key"] == *key) == is)
            .map(|node| node["state"].clone())
    };
    assert_eq!(
        (state(true), state(false)),
        (Some("revoked".into()), Some("valid".into()))
    );
    let said = folder.fails(
        2,
        &format!("keys revoke japan {key} --reason lost --now 2026-03-04T00:00:00Z"),
    );
    assert!(said.contains("revoked since 2026-03-03"), "{said}");
}

#[test]
fn a_root_key_that_is_kept_elsewhere_is_used_and_replaced_there() {
    let folder = two("keys-elsewhere");
    fs::create_dir(folder.0.join("safe")).expect("a folder");
    fs::rename(folder.0.join("japan/keys/owner.key"), folder.0.join("safe/japan.key")).expect("moved");
    let at = "--now 2026-03-02T00:00:00Z";
    let said = folder.fails(1, &format!("keys renew japan {at}"));
    assert!(said.contains("owner.key"), "{said}");
    folder.json(&format!("keys renew japan --root-key safe/japan.key {at}"));
    let before = folder.json("keys show japan")["roster"]["root"]
        .as_str()
        .expect("a name")
        .to_owned();
    folder.json(&format!("keys rotate japan --root --root-key safe/japan.key {at}"));
    assert!(folder.0.join(format!("safe/japan-{before}.key")).exists());
    assert!(!folder.0.join("japan/keys/owner.key").exists());
    let said = folder.fails(3, &format!("keys renew japan --root-key safe/japan-{before}.key {at}"));
    assert!(said.contains("--root-key"), "{said}");
}

#[test]
fn wrong_arguments_are_named() {
    let folder = two("keys-arguments");
    for (line, named) in [
        ("keys new x", "--owner"),
        ("keys new x --owner a/b", "'/'"),
        ("keys new x --owner a --host bad_host", "bad_host"),
        ("keys rotate japan", "--node"),
        ("keys rotate japan --node --root", "--root"),
        ("keys trust japan korea/roster/korea.roster --again", "--fingerprint"),
        ("keys renew japan --days 401", "401"),
        ("node init --federation f", "--owners"),
        ("node init --federation f --owners a", "1 owners"),
        ("node init --federation f --owners a,A", "twice"),
    ] {
        let out = folder.trilat(line);
        let said = text(&out.stderr);
        assert!(matches!(out.status.code(), Some(2 | 4)), "{line}\n{said}");
        assert!(said.contains(named), "{line}\n{said}");
    }
    assert!(
        !folder.0.join("x").exists() && !folder.0.join("f").exists(),
        "nothing is made"
    );
    let said = folder.fails(1, "keys new japan --owner japan");
    assert!(said.contains("japan/keys/owner.key is there already"), "{said}");
}

#[test]
fn one_command_makes_a_federation() {
    let folder = Folder::new("node-init");
    let made = folder.json("node init --federation demo --owners japan,korea,usa");
    let owners = made["owners"].as_array().expect("owners");
    assert_eq!(owners.len(), 3);
    for owner in owners {
        let name = owner["owner"].as_str().expect("a name");
        let shown = folder.json(&format!("keys show demo/{name}"));
        assert_eq!(shown["partners"].as_array().map(Vec::len), Some(2));
        assert_eq!(shown["roster"]["root"], owner["root"]);
        for key in ["owner", "node"] {
            let path = folder.0.join(format!("demo/{name}/keys/{key}.key"));
            let mode = fs::metadata(&path).expect("a key").permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", path.display());
        }
        for file in [
            "node.toml",
            "sensors.toml",
            "policies/agreement.toml",
            "policies/release.cedar",
        ] {
            assert!(folder.0.join(format!("demo/{name}/{file}")).exists(), "{file}");
        }
    }
    let said = folder.fails(1, "node init --federation demo --owners japan,korea,usa");
    assert!(said.contains("is there already"), "{said}");
}
