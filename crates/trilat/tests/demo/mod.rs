//! The demonstration: three nodes to the end, and what Ctrl-C leaves, which is nothing.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::nodes::{trilat, until};

#[test]
fn three_nodes_end_with_one_picture_and_nothing_is_lost_or_twice() {
    let out = trilat(&[
        "demo",
        "--headless",
        "--json",
        "--speed",
        "60",
        "--scenario",
        "2022-01-27-depressed",
    ]);
    let complaint = String::from_utf8_lossy(&out.stderr);
    let said: serde_json::Value =
        serde_json::from_slice(&out.stdout).unwrap_or_else(|error| panic!("{error}\n{complaint}"));
    assert_eq!(out.status.code(), Some(0), "{complaint}\n{said:#}");
    let nodes = said["nodes"].as_array().expect("a list");
    let owners: Vec<_> = nodes.iter().filter_map(|node| node["owner"].as_str()).collect();
    assert_eq!(owners, ["JP", "US", "KR"]);
    let sum = |key: &str| nodes.iter().filter_map(|node| node[key].as_u64()).sum::<u64>();
    let plots = said["together"]["plots"].as_u64().expect("a number");
    assert!(plots > 100, "{said:#}");
    assert_eq!(
        (sum("plots_own"), sum("plots_received")),
        (plots, 2 * plots),
        "{said:#}"
    );
    assert_eq!((sum("lost"), sum("duplicates")), (0, 0), "{said:#}");
    assert!(
        nodes.iter().all(|node| node["digest"] == nodes[0]["digest"]),
        "{said:#}"
    );
    assert!(said["latency_ms"]["p99"].as_f64() > Some(0.0), "{said:#}");
    let first = |of: &serde_json::Value| of["first_track_s"].as_f64().unwrap_or(f64::INFINITY);
    for owner in owners {
        assert!(first(&said["together"]) <= first(&said["alone"][owner]), "{said:#}");
    }
    // One of them warns: its node wrote it of what all know together, and not before it could be known.
    let warning = &said["warning"];
    assert_eq!(warning["owner"], "JP", "{said:#}");
    let known_s = said["together"]["first_warning_s"].as_f64().expect("a time");
    assert!(warning["drafted_s"].as_f64() >= Some(known_s), "{said:#}");
    let short = warning["drafted_short"].as_array().expect("a list");
    let marks = ["[EXERCISE]", "【訓練】", "[훈련]"];
    assert_eq!(short.len(), marks.len(), "{said:#}");
    for (one, mark) in short.iter().zip(marks) {
        assert!(
            one["words"].as_str().is_some_and(|words| words.starts_with(mark)),
            "{said:#}"
        );
    }
}

/// The story that is told by default, faster: people are told, and told that it is over.
#[test]
fn the_launch_of_30_january_2022_is_told_to_the_all_clear() {
    let out = trilat(&["demo", "--headless", "--json", "--speed", "60"]);
    let complaint = String::from_utf8_lossy(&out.stderr);
    let said: serde_json::Value =
        serde_json::from_slice(&out.stdout).unwrap_or_else(|error| panic!("{error}\n{complaint}"));
    assert_eq!(out.status.code(), Some(0), "{complaint}\n{said:#}");
    let warning = &said["warning"];
    let at = |key: &str| warning[key].as_f64().unwrap_or_else(|| panic!("no {key} in {said:#}"));
    assert!(
        at("drafted_s") < at("sent_s") && at("sent_s") < at("all_clear_s"),
        "{said:#}"
    );
    assert_eq!(warning["owner"], "JP", "{said:#}");
}

/// In the place of what opens a browser: it writes down what it is to open.
fn opener(folder: &Path) -> String {
    use std::os::unix::fs::PermissionsExt;
    let program = folder.join("xdg-open");
    let to = folder.display();
    let text = format!("#!/bin/sh\necho \"$1\" >{to}/opened.new\nmv {to}/opened.new {to}/opened\n");
    std::fs::write(&program, text).expect("it can be written");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("it can be made to run");
    format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default())
}

#[test]
fn it_opens_the_picture_and_stopped_it_leaves_no_process_and_no_folder() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stopped-demo");
    let beside = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stopped-demo-opens");
    for folder in [&*folder, &*beside] {
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).expect("it can be made");
    }
    let mut demo = Command::new(env!("CARGO_BIN_EXE_trilat"))
        .args(["demo", "--open", "always"])
        .env("TMPDIR", &folder)
        .env("PATH", opener(&beside))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the built program runs");
    let pid = demo.id();
    let mut nodes = Vec::new();
    until("three nodes run", || {
        let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        nodes = children.split_whitespace().map(str::to_owned).collect();
        nodes.len() == 3
    });
    until("the picture is opened", || beside.join("opened").exists());
    let opened = std::fs::read_to_string(beside.join("opened")).expect("it can be read");
    assert!(opened.starts_with("http://127.0.0.1:"), "{opened}");
    let asked = Command::new("kill").args(["-INT", &pid.to_string()]).status();
    assert!(asked.expect("kill runs").success());
    let mut code = None;
    until("it ends", || {
        code = demo.try_wait().expect("it can be waited for");
        code.is_some()
    });
    assert_eq!(code.and_then(|code| code.code()), Some(130));
    for node in nodes {
        assert!(!Path::new("/proc").join(&node).exists(), "the node {node} runs on");
    }
    let left = std::fs::read_dir(&folder).expect("it is there").count();
    assert_eq!(left, 0, "{}", folder.display());
    std::fs::remove_dir_all(&folder).expect("it can be removed");
}
