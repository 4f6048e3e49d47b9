//! What an auditor finds in the logs of nodes that ran: nothing, and the octet that somebody changed.

use node::store::{DiskStore, StoreOptions};
use share::audit;
use share::store::{Range, Table, Write};

use crate::nodes::{Federation, now, trilat};
use crate::{ALL, plots, send};

const PLOTS: usize = 300;

pub fn open(federation: &Federation, owner: &str) -> DiskStore {
    let options = StoreOptions {
        create: false,
        ..StoreOptions::default()
    };
    DiskStore::open(&federation.path(owner, "store"), options).expect("no node runs on it")
}

/// Every entry of a table.
pub fn entries(store: &DiskStore, table: Table) -> Vec<(Vec<u8>, Vec<u8>)> {
    let all = Range {
        table,
        from: Vec::new(),
        to: vec![u8::MAX; 64],
        entries_max: usize::MAX,
        octets_max: usize::MAX,
    };
    store.read(&all).expect("the log can be read")
}

fn verify(federation: &Federation, owner: &str) -> (Option<i32>, serde_json::Value) {
    let config = federation.path(owner, "node.toml").display().to_string();
    let out = trilat(&["audit", "verify", &config, "--json"]);
    let complaint = String::from_utf8_lossy(&out.stderr);
    let value: serde_json::Value =
        serde_json::from_slice(&out.stdout).unwrap_or_else(|error| panic!("{error}\n{complaint}"));
    (out.status.code(), value)
}

/// Changes an octet of a frame in the log; returns which.
fn change_an_octet(federation: &Federation, owner: &str, partner: &str) -> usize {
    let store = open(federation, owner);
    let page = store
        .read(&audit::frames(Table::Inbox, partner))
        .expect("the log can be read");
    let (key, mut value) = page[page.len() / 2].clone();
    let at = value.len() / 3;
    value[at] ^= 0x20;
    let change = Write {
        table: Table::Inbox,
        key,
        value: Some(value),
    };
    store.append(&vec![change]).expect("the log can be written");
    store.sync().expect("the log can be written");
    at
}

#[test]
fn a_log_is_what_was_signed_until_an_octet_is_changed() {
    let federation = Federation::new("audited");
    federation.rules("alpha", ALL);
    let [alpha, bravo] = ["alpha", "bravo"].map(|owner| federation.start(owner));
    alpha.until("bravo is reached", |status| status.partners[0].is_up);
    send(&mut alpha.feed(), &plots(now(), 0..PLOTS));
    bravo.until("all arrive", |status| status.partners[0].plots_received == PLOTS as u64);
    alpha.until("all are acknowledged", |status| {
        let partner = &status.partners[0];
        partner.frames_acknowledged == partner.frames_sent
    });

    // A backup of a node that runs is made by the node.
    let (log, file) = (
        federation.path("alpha", "store"),
        federation.path("alpha", "monday.trilat-log"),
    );
    let [log, file] = [log, file].map(|path| path.display().to_string());
    let out = trilat(&["log", "backup", &log, &file, "--json"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    // A log that is in use is audited through its node.
    let config = federation.path("alpha", "node.toml").display().to_string();
    let (code, live) = verify(&federation, "alpha");
    assert_eq!(code, Some(0), "{live:#}");
    assert!(live["logs"][0]["items"].as_u64() > Some(PLOTS as u64), "{live:#}");
    let left = std::fs::read_dir(federation.path("alpha", "run"))
        .expect("it is there")
        .flatten();
    assert!(
        !left
            .map(|entry| entry.file_name())
            .any(|name| name.to_string_lossy().starts_with("audit-"))
    );
    let outside = federation.path("alpha", "alpha.trilat-audit").display().to_string();
    let out = trilat(&["audit", "export", &config, "--partner", "bravo", "--out", &outside]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!([alpha.terminate(), bravo.terminate()], [Some(0); 2]);

    let (code, sent) = verify(&federation, "alpha");
    assert_eq!(code, Some(0), "{sent:#}");
    let to_bravo = &sent["logs"][0];
    assert_eq!(
        (to_bravo["partner"].as_str(), to_bravo["way"].as_str()),
        (Some("bravo"), Some("sent"))
    );
    assert!(
        to_bravo["items"].as_u64() > Some(PLOTS as u64),
        "the sensor too: {sent:#}"
    );
    assert!(to_bravo["receipts"].as_u64() >= Some(1), "{sent:#}");
    let restored = federation.path("alpha", "restored").display().to_string();
    let out = trilat(&["log", "restore", &file, &restored]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let out = trilat(&["audit", "verify", &config, "--log", &restored]);
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stdout));

    a_file_for_outsiders(&federation, &outside, &to_bravo["frames"]);
    let (code, received) = verify(&federation, "bravo");
    assert_eq!(code, Some(0), "{received:#}");
    assert_eq!(
        received["logs"][1]["items"], to_bravo["items"],
        "both logs hold the same"
    );
    let at = change_an_octet(&federation, "bravo", "alpha");
    let (code, changed) = verify(&federation, "bravo");
    assert_eq!(code, Some(5), "{changed:#}");
    let what = changed["logs"][1]["findings"][0]["what"].as_str().unwrap_or_default();
    assert!(
        what.contains(&format!("changed, first at octet {at} of its record")),
        "{changed:#}"
    );
}

/// The file needs nothing else, and says where an octet of it was changed.
fn a_file_for_outsiders(federation: &Federation, file: &str, frames: &serde_json::Value) {
    let name_of = |owner: &str| {
        let keyring = node::keyring::Keyring::open(&federation.path(owner, "")).expect("the keys are there");
        keyring.own().root.id().to_string()
    };
    let [alpha, bravo] = ["alpha", "bravo"].map(name_of);
    let verify = |roots: &[&str]| {
        let mut arguments = vec!["audit", "verify", file, "--json"];
        roots.iter().for_each(|root| arguments.extend(["--root", root]));
        let out = trilat(&arguments);
        let said: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
        (out.status.code(), said)
    };
    let (code, said) = verify(&[&alpha, &bravo]);
    assert_eq!(code, Some(0), "{said:#}");
    assert_eq!(
        (&said["owner"], &said["logs"][0]["frames"]),
        (&"alpha".into(), frames),
        "{said:#}"
    );
    // Charlie is not in it.
    assert_eq!(said["roots"].as_array().map(Vec::len), Some(2), "{said:#}");
    let (code, said) = verify(&[&alpha]);
    assert_eq!(
        (code, said["faults"].as_array().map(Vec::len)),
        (Some(5), Some(1)),
        "{said:#}"
    );
    let mut octets = std::fs::read(file).expect("it is there");
    let at = octets.len() / 2;
    octets[at] ^= 4;
    std::fs::write(file, octets).expect("it can be written");
    let (code, said) = verify(&[]);
    assert_eq!(code, Some(5), "{said:#}");
    assert_eq!(
        said["faults"][0],
        format!("the file was changed, first at octet {at}"),
        "{said:#}"
    );
}

/// What an auditor is told of the audit itself: what is wrong, and the number of the last entry, if that is whole.
fn trail(federation: &Federation) -> (Option<i32>, Vec<String>, Option<u64>) {
    let (code, said) = verify(federation, "alpha");
    let audit = &said["audit"];
    let findings = audit["findings"].as_array().expect("a list").iter();
    let findings = findings.map(|finding| finding.as_str().expect("words").to_owned());
    (code, findings.collect(), audit["last"][0].as_u64())
}

#[test]
fn an_entry_of_the_audit_that_is_taken_out_is_missed() {
    let federation = Federation::new("trail");
    federation.rules("alpha", ALL);
    // Each change of rules is an entry; one run after the other, so that the chain goes on from the log.
    for partner in ["bravo", "charlie"] {
        let alpha = federation.start("alpha");
        let before = alpha.status().policy.holds.version;
        federation.policy("alpha", "withdraw", &["--partner", partner]);
        alpha.until("it holds", |status| status.policy.holds.version == before + 1);
        assert_eq!(alpha.terminate(), Some(0));
    }
    let (code, findings, last) = trail(&federation);
    assert_eq!((code, findings), (Some(0), vec![]));
    let last = last.expect("entries");
    assert!(last >= 2, "{last} entries");
    let entries = entries(&open(&federation, "alpha"), Table::Audit);
    assert_eq!(entries.len() as u64, last);
    let put = |key: &[u8], value: Option<Vec<u8>>| {
        let (table, key) = (Table::Audit, key.to_vec());
        let store = open(&federation, "alpha");
        store
            .append(&vec![Write { table, key, value }])
            .expect("the log can be written");
        store.sync().expect("the log can be written");
    };
    for (at, said) in [
        (0, "audit entry 1: missing".to_owned()),
        (entries.len() - 1, format!("audit entry {last}: missing")),
    ] {
        let (key, value) = &entries[at];
        put(key, None);
        let (code, findings, _) = trail(&federation);
        assert_eq!((code, findings), (Some(5), vec![said]));
        let mut changed = value.clone();
        *changed.last_mut().expect("it is long") ^= 1;
        put(key, Some(changed));
        let (code, findings, _) = trail(&federation);
        let said = format!("audit entry {}: changed", at + 1);
        assert_eq!((code, findings), (Some(5), vec![said]));
        put(key, Some(value.clone()));
    }
    assert_eq!(trail(&federation).0, Some(0));
}
