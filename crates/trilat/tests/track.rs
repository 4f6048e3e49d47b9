//! `trilat track`, the built program: what it prints, what it writes, what it refuses.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn trilat(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trilat"))
        .args(arguments)
        .output()
        .expect("the built program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8")
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}

/// Simulated plots of a scenario in a folder of their own, and their sensors.
fn simulated(folder: &str) -> (PathBuf, PathBuf) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(folder);
    let out = trilat(&[
        "simulate",
        "2022-01-17-two-figures",
        "--seed",
        "3",
        "--out",
        shown(&folder),
    ]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    (folder.join("plots.csv"), folder.join("sensors.toml"))
}

#[test]
fn two_missiles_are_two_tracks() {
    let (plots, sensors) = simulated("track-two");
    let out = trilat(&["track", shown(&plots), "--sensors", shown(&sensors), "--json"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let found: Value = serde_json::from_slice(&out.stdout).expect("the program prints JSON");
    let tracks = found["tracks"].as_array().expect("a list");
    let long = tracks.iter().filter(|track| track["rows"].as_u64() > Some(100));
    assert_eq!(long.count(), 2, "{found}");
    let printed = text(&trilat(&["track", shown(&plots), "--sensors", shown(&sensors)]).stdout);
    for word in ["plots of", "boost", "down"] {
        assert!(printed.contains(word), "{word} in\n{printed}");
    }
}

/// The same plots in another order give the same file, byte by byte, with every association.
#[test]
fn any_order_of_lines_gives_the_same_file() {
    let (plots, sensors) = simulated("track-order");
    let content = std::fs::read_to_string(&plots).expect("it was written");
    let (header, lines) = content.split_once('\n').expect("a header");
    let mut turned: Vec<&str> = lines.lines().collect();
    turned.reverse();
    let other = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("track-turned.csv");
    std::fs::write(&other, format!("{header}\n{}\n", turned.join("\n"))).expect("the folder is there");
    for method in ["gnn", "lbp", "exact"] {
        let written = |input: &Path, name: &str| {
            let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
            let arguments = ["track", shown(input), "--sensors", shown(&sensors)];
            let done = trilat(&[&arguments[..], &["--association", method, "--out", shown(&out)]].concat());
            assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
            std::fs::read(out).expect("it was written")
        };
        let (one, two) = (written(&plots, "track-one.csv"), written(&other, "track-two.csv"));
        assert!(
            one.len() > 10_000 && one == two,
            "{method}: {} and {} bytes",
            one.len(),
            two.len()
        );
    }
}

#[test]
fn what_cannot_be_tracked_is_refused() {
    let (plots, sensors) = simulated("track-bad");
    let table: [(&[&str], i32, &str); 4] = [
        (&["track", "none.csv", "--sensors", shown(&sensors)], 1, "none.csv"),
        (&["track", shown(&plots), "--sensors", "none.toml"], 1, "none.toml"),
        (
            &["track", shown(&plots), "--sensors", shown(&sensors), "--lag-s", "soon"],
            2,
            "seconds, such as 60",
        ),
        (
            &[
                "track",
                shown(&plots),
                "--sensors",
                shown(&sensors),
                "--association",
                "best",
            ],
            2,
            "gnn",
        ),
    ];
    for (arguments, code, word) in table {
        let out = trilat(arguments);
        assert_eq!(out.status.code(), Some(code), "{arguments:?}: {}", text(&out.stderr));
        assert!(text(&out.stderr).contains(word), "{word} in {}", text(&out.stderr));
    }
}
