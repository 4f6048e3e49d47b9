//! `trilat log`, the built program: what it copies, what it refuses, and with which exit code.

#![expect(clippy::unwrap_used, reason = "tests; their helpers too")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use geo::Time;
use node::store::{Control, DiskStore, StoreOptions};
use serde_json::Value;
use share::store::{Range, Table, Write};

fn trilat(words: [&str; 2], paths: [&Path; 2]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trilat"));
    command.args(words).args(paths).arg("--json").output().unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn open(path: &Path) -> DiskStore {
    let options = StoreOptions {
        reserve_octets: 1 << 20,
        ..StoreOptions::default()
    };
    DiskStore::open(path, options).unwrap()
}

fn filled(path: &Path) -> DiskStore {
    let store = open(path);
    for n in 0..100_u64 {
        let key = n.to_be_bytes().to_vec();
        let value = Some(vec![n as u8; 1_500]);
        store
            .append(&vec![Write {
                table: Table::Outbox,
                key,
                value,
            }])
            .unwrap();
    }
    store
}

fn said(done: &Output, code: i32) -> Value {
    let text = String::from_utf8_lossy(&done.stdout);
    let errors = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(code), "{text}{errors}");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_log_is_backed_up_with_and_without_its_node_and_comes_back_the_same() {
    let folder = folder("log-copy");
    let [log, cold, warm, back] = ["log", "cold", "warm", "back"].map(|name| folder.join(name));
    let store = filled(&log);
    let control = Control::start(store.clone(), || Time::from_tai_ns(0)).unwrap();
    let answer = said(&trilat(["log", "backup"], [&log, &warm]), 0);
    assert_eq!((&answer["entries"], &answer["damaged"]), (&100.into(), &0.into()));
    drop((control, store));
    let answer = said(&trilat(["log", "backup"], [&log, &cold]), 0);
    assert_eq!(answer["octets"], fs::metadata(&cold).unwrap().len());
    // They differ in the time, and so in the checksum at the end.
    let [cold_octets, warm_octets] = [&cold, &warm].map(|path| fs::read(path).unwrap());
    assert_eq!(
        cold_octets[28..cold_octets.len() - 16],
        warm_octets[28..warm_octets.len() - 16]
    );
    for backup in [&cold, &warm] {
        let _ = fs::remove_dir_all(&back);
        assert_eq!(said(&trilat(["log", "restore"], [backup, &back]), 0)["entries"], 100);
        let all = Range {
            table: Table::Outbox,
            from: Vec::new(),
            to: vec![0xff; 9],
            entries_max: usize::MAX,
            octets_max: usize::MAX,
        };
        assert_eq!(open(&back).read(&all).unwrap(), open(&log).read(&all).unwrap());
    }
}

#[test]
fn what_cannot_be_done_is_said_with_its_code_and_what_to_do() {
    let folder = folder("log-refused");
    let [log, backup, changed, none] = ["log", "backup", "changed", "none"].map(|name| folder.join(name));
    drop(filled(&log));
    let refused = |words: [&str; 2], paths: [&Path; 2], code: i32, why: &str| {
        let answer = said(&trilat(words, paths), code);
        let error = answer["error"].as_str().unwrap();
        assert!(error.contains(why), "{error}");
        assert!(answer["advice"].as_str().is_some_and(|advice| !advice.is_empty()));
    };
    said(&trilat(["log", "backup"], [&log, &backup]), 0);
    refused(["log", "backup"], [&log, &backup], 2, "name a new file");
    refused(["log", "backup"], [&none, &changed], 2, "there is no log in");
    refused(["log", "restore"], [&backup, &log], 2, "is a log");
    refused(["log", "restore"], [&none, &changed], 1, "No such file");
    let mut octets = fs::read(&backup).unwrap();
    octets[100_000] ^= 1;
    fs::write(&changed, octets).unwrap();
    refused(["log", "restore"], [&changed, &none], 4, "damaged near octet");
    assert!(!none.exists());
    // A node that has the log but does not listen, as while it starts.
    let store = open(&log);
    refused(["log", "backup"], [&log, &none], 1, "does not answer");
    drop(store);
}
