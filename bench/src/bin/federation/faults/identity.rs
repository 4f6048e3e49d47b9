//! Who is not who it says: its node does not begin, or nobody speaks with it, and nothing of anybody reaches it.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{JP, KR, Outcome, Stage, US, logs};
use crate::Failure;
use crate::folders::{OWNERS, trilat};

/// So long nobody may speak with it, s.
const SILENCE_S: f64 = 6.0;

/// KR's node with US's certificate and key.
pub fn wrong(stage: &mut Stage) -> Result<Outcome, Failure> {
    let (own, other) = (stage.nodes.folders.of(KR), stage.nodes.folders.of(US));
    let names = ["keys/node.crt", "keys/node.key"];
    without(stage, |_| {
        for name in names {
            fs::copy(own.join(name), own.join(format!("{name}.kept")))?;
            fs::copy(other.join(name), own.join(name))?;
        }
        Ok(())
    })?;
    let refused = begins_not(stage)?;
    for name in names {
        fs::rename(own.join(format!("{name}.kept")), own.join(name))?;
    }
    right_again(stage, refused)
}

/// KR's node with a certificate that ended.
pub fn expired(stage: &mut Stage) -> Result<Outcome, Failure> {
    let folder = stage.nodes.folders.of(KR);
    without(stage, |_| {
        let done = Command::new(logs::program()?).arg("expire").arg(&folder).output()?;
        match done.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&done.stderr).into_owned().into()),
        }
    })?;
    let refused = begins_not(stage)?;
    let program = stage.program;
    trilat(program, |command| {
        command.args(["keys", "renew"]).arg(&folder);
    })?;
    right_again(stage, refused)
}

/// A node that says it is KR's, under a root key that nobody compared, with everything else as KR has it.
pub fn rogue(stage: &mut Stage) -> Result<Outcome, Failure> {
    let own = stage.nodes.folders.of(KR);
    let kept = own.with_file_name("KR-kept");
    let (program, jp, us) = (stage.program, stage.nodes.folders.of(JP), stage.nodes.folders.of(US));
    without(stage, |_| {
        fs::rename(&own, &kept)?;
        trilat(program, |command| {
            command
                .args(["keys", "new"])
                .arg(&own)
                .args(["--owner", "KR", "--host", "127.0.0.1"]);
        })?;
        for (owner, folder) in [("JP", &jp), ("US", &us)] {
            trust(program, &own, &folder.join(format!("roster/{owner}.roster")))?;
        }
        fs::create_dir_all(own.join("policies"))?;
        for name in [
            "sensors.toml",
            "node.toml",
            "policies/agreement.toml",
            "policies/release.cedar",
        ] {
            let copied = Command::new("cp")
                .arg("-r")
                .arg(kept.join(name))
                .arg(own.join(name))
                .status()?;
            if !copied.success() {
                return Err("cp failed".into());
            }
        }
        trilat(program, |command| {
            command
                .args(["policy", "sign"])
                .arg(own.join("node.toml"))
                .arg("--next");
        })?;
        Ok(())
    })?;
    let refused = begins_not(stage)?;
    fs::remove_dir_all(&own)?;
    fs::rename(&kept, &own)?;
    right_again(stage, refused)
}

/// A rogue believes others' rosters as everybody does: by the name of the root.
fn trust(program: &Path, folder: &Path, roster: &Path) -> Result<(), Failure> {
    let shown = trilat(program, |command| {
        command.args(["keys", "show", "--json"]).arg(roster);
    })?;
    let shown: serde_json::Value = serde_json::from_str(&shown)?;
    let root = find(&shown, "root").ok_or_else(|| format!("no root in {shown}"))?;
    trilat(program, |command| {
        command
            .args(["keys", "trust"])
            .arg(folder)
            .arg(roster)
            .args(["--fingerprint", &root]);
    })?;
    Ok(())
}

fn find(value: &serde_json::Value, key: &str) -> Option<String> {
    match value {
        serde_json::Value::Object(map) => {
            let own = map.get(key).and_then(|found| found.as_str()).map(str::to_owned);
            own.or_else(|| map.values().find_map(|value| find(value, key)))
        }
        serde_json::Value::Array(list) => list.iter().find_map(|value| find(value, key)),
        _ => None,
    }
}

/// Begins, stops KR's node, and does something to its folder.
fn without(stage: &mut Stage, change: impl FnOnce(&Stage) -> Result<(), Failure>) -> Result<(), Failure> {
    stage.begin()?;
    stage.feeders[KR].end()?;
    stage.go_on(1.0);
    stage.nodes.list[KR].take().ok_or("it is down")?.end()?;
    change(stage)
}

/// KR's node does not begin, or begins and nobody can be reached from either side.
fn begins_not(stage: &mut Stage) -> Result<(bool, String), Failure> {
    if let Err(error) = stage.nodes.launch(KR) {
        let text = error.to_string();
        // Advice stands indented behind it.
        let is_why = |line: &&str| !line.is_empty() && !line.starts_with(' ');
        let last = text.lines().rev().find(is_why).unwrap_or_default().to_owned();
        stage.nodes.list[KR] = None;
        return Ok((true, format!("its node does not begin: {last}")));
    }
    stage.go_on(SILENCE_S);
    let mut is_silent = true;
    for at in 0..OWNERS.len() {
        for partner in stage.nodes.status(at)?["partners"].as_array().into_iter().flatten() {
            let is_of_kr = at == KR || partner["name"] == "KR";
            is_silent &= !(is_of_kr && partner["is_up"] == true);
        }
    }
    let got = crate::nodes::tally(&stage.nodes.status(KR)?).received;
    stage.nodes.list[KR].take().ok_or("it is down")?.kill()?;
    Ok((
        is_silent && got == 0,
        format!("nobody spoke with it in {SILENCE_S} s, it got {got} plots"),
    ))
}

/// With the right certificate everything comes.
fn right_again(stage: &mut Stage, (is_refused, words): (bool, String)) -> Result<Outcome, Failure> {
    stage.nodes.launch(KR)?;
    let outcome = stage.compare(true)?;
    Ok(Outcome {
        is_good: is_refused && outcome.is_good,
        words: format!("{words}; with its own: {}", outcome.words),
    })
}
