//! Every command of docs/federation.md, run as it stands there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The commands of a page: what stands in its blocks of shell, line by line.
fn commands(page: &str) -> Vec<&str> {
    let mut is_shell = false;
    let mut commands = Vec::new();
    for line in page.lines() {
        match line {
            "```sh" => is_shell = true,
            "```" => is_shell = false,
            line if is_shell => commands.push(line),
            _ => {}
        }
    }
    commands
}

/// The names that people read out: those of the keys in each folder, by the variable that stands for them.
fn heard(folder: &Path) -> BTreeMap<String, String> {
    let mut heard = BTreeMap::new();
    for (variable, owner, file) in [
        ("JAPAN_ROOT", "japan", "japan"),
        ("KOREA_ROOT", "korea", "korea"),
        ("USA_ROOT", "usa", "usa"),
        ("HUB_ROOT", "hub", "hub"),
        ("ANEW_ROOT", "japan-anew", "japan"),
    ] {
        let path = folder.join(owner).join(format!("roster/{file}.root"));
        if let Ok(text) = fs::read_to_string(path) {
            let name = text.lines().last().unwrap_or_default().to_owned();
            heard.insert(variable.to_owned(), name);
        }
    }
    if folder.join("japan").exists() {
        let shown = Command::new(env!("CARGO_BIN_EXE_trilat"))
            .args(["keys", "show", "japan", "--json"])
            .current_dir(folder)
            .output()
            .expect("the built program runs");
        let shown: serde_json::Value = serde_json::from_slice(&shown.stdout).expect("JSON");
        let nodes = shown["roster"]["nodes"].as_array().expect("nodes");
        let valid = nodes.iter().filter(|node| node["state"] == "valid");
        let newest = valid.max_by_key(|node| node["until"].as_str());
        heard.insert(
            "JAPAN_NODE".to_owned(),
            newest.expect("a valid key")["key"].as_str().expect("a name").to_owned(),
        );
    }
    heard
}

#[test]
fn every_command_of_the_page_works_as_it_stands() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/federation.md");
    let page = fs::read_to_string(page).expect("the page");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("federation-page");
    // What an earlier run left, if any.
    let _nothing = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let program = PathBuf::from(env!("CARGO_BIN_EXE_trilat"));
    let beside = program.parent().expect("a folder").to_owned();
    let mut path = vec![beside];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").expect("PATH")));
    let path = std::env::join_paths(path).expect("PATH");
    let commands = commands(&page);
    assert!(commands.len() > 30, "the page's commands are found: {commands:?}");
    for command in commands {
        let done = Command::new("sh")
            .args(["-euc", command])
            .envs(heard(&folder))
            .env("PATH", &path)
            .current_dir(&folder)
            .output()
            .expect("a shell");
        let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
        assert!(
            done.status.success(),
            "{command}\n{}{}",
            text(&done.stdout),
            text(&done.stderr)
        );
    }
    // What the page promises at its end: korea and usa believe the root that was made anew.
    let heard = heard(&folder);
    for partner in ["korea", "usa"] {
        let pinned = fs::read_to_string(folder.join(partner).join("roster/japan.root")).expect("a pin");
        assert!(pinned.contains(&heard["ANEW_ROOT"]), "{partner}: {pinned}");
    }
    fs::remove_dir_all(&folder).expect("the folder goes");
}
