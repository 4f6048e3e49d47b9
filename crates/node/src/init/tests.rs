//! Owners that were made together know each other, and nothing of each other's keys.

use std::collections::BTreeMap;
use std::fs;

use geo::Time;
use share::policy::Policy;
use tempfile::TempDir;

use super::*;
use crate::config::Config;
use crate::versions::{Versions, read_draft};

fn now() -> Time {
    "2026-03-01T00:00:00Z".parse().unwrap()
}

fn seeds(owners: usize) -> Vec<[Seed; 2]> {
    (0..owners)
        .map(|at| [[at as u8 + 1; 32], [at as u8 + 101; 32]])
        .collect()
}

fn make(folder: &Path, owners: &[&str], sensors: Option<&Sensors>) -> Result<Vec<Member>, InitError> {
    let owners: Vec<String> = owners.iter().map(|owner| (*owner).to_owned()).collect();
    let terms = Terms {
        now: now(),
        days: 90,
        hosts: None,
    };
    Federation {
        folder,
        owners: &owners,
        seeds: &seeds(owners.len()),
        sensors,
        rules: None,
        port: 7_447,
        terms,
    }
    .make()
}

fn three() -> (TempDir, Vec<Member>) {
    let folder = tempfile::tempdir().unwrap();
    let members = make(folder.path(), &["japan", "korea", "usa"], None).unwrap();
    (folder, members)
}

#[test]
fn all_believe_all_and_each_can_begin() {
    let (_folder, members) = three();
    for member in &members {
        let keyring = Keyring::open(&member.folder).unwrap();
        assert!(keyring.node_key().is_ok());
        for other in &members {
            let owner = other.keyring.owner();
            let shown = other.keyring.certificate().unwrap();
            let node = other.keyring.node_key().unwrap().id();
            assert_eq!(keyring.roll().certificate(owner, &shown, now()).unwrap(), node);
        }
        let policies = member.folder.join("policies");
        let mut versions = Versions::new(&policies, keyring.own());
        assert_eq!(versions.look().unwrap(), [1]);
        let version = versions.history().at(now()).expect("the first holds");
        assert_eq!(version.files, read_draft(&policies).unwrap());
        let policy = Policy::new(&version.files).unwrap();
        assert_eq!((policy.owner(), policy.partners().len()), (member.keyring.owner(), 2));
        let sensors = fs::File::open(member.folder.join("sensors.toml")).unwrap();
        let sensors = wire::read_sensors(sensors, "sensors.toml").unwrap();
        assert!(
            sensors
                .as_slice()
                .iter()
                .all(|sensor| sensor.owner == *member.keyring.owner())
        );
    }
}

#[test]
fn each_pair_has_one_port_on_which_one_listens_and_the_other_calls() {
    let (_folder, members) = three();
    let mut ways: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for member in &members {
        let config = Config::read(&member.folder.join("node.toml")).unwrap();
        for partner in config.partners {
            for (way, ends) in [("listen", partner.listen), ("connect", partner.connect)] {
                for at in ends {
                    ways.entry(at).or_default().push(way.to_owned());
                }
            }
        }
    }
    assert_eq!(ways.len(), 3);
    for (at, mut ways) in ways {
        ways.sort_unstable();
        assert_eq!(ways, ["connect", "listen"], "{at}");
    }
}

#[test]
fn no_folder_holds_a_key_of_another() {
    let (_folder, members) = three();
    for member in &members {
        for other in &members {
            let key = fs::read_to_string(other.keyring.paths().node_key()).unwrap();
            let root = fs::read_to_string(other.keyring.paths().root_key()).unwrap();
            let inner = [&key, &root].map(|pem| pem.lines().nth(1).unwrap().to_owned());
            let mut folders = vec![member.folder.clone()];
            let mut found = 0;
            while let Some(folder) = folders.pop() {
                for entry in fs::read_dir(folder).unwrap() {
                    let path = entry.unwrap().path();
                    if path.is_dir() {
                        folders.push(path);
                        continue;
                    }
                    let octets = fs::read(path).unwrap();
                    let text = String::from_utf8_lossy(&octets);
                    found += inner.iter().filter(|inner| text.contains(*inner)).count();
                }
            }
            let is_own = member.folder == other.folder;
            assert_eq!(found, if is_own { 2 } else { 0 });
        }
    }
}

#[test]
fn what_cannot_be_made_says_why() {
    let folder = tempfile::tempdir().unwrap();
    for (owners, why) in [
        (&["japan"][..], "1 owners"),
        (&["japan", "JAPAN"], "twice"),
        (&["japan", "a/b"], "'/'"),
        (&["japan", ".."], "'.'"),
    ] {
        let error = make(folder.path(), owners, None).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
        assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing is made");
    }
    let sensors = wire::read_sensors(files::notional_radar(0, "japan").1.as_bytes(), "s.toml").unwrap();
    let error = make(folder.path(), &["japan", "korea"], Some(&sensors)).unwrap_err();
    assert!(error.to_string().contains("\"korea\"; owners are japan"), "{error}");
    let terms = Terms {
        now: now(),
        days: 90,
        hosts: None,
    };
    let owners = ["a".to_owned(), "b".to_owned()];
    let federation = Federation {
        folder: folder.path(),
        owners: &owners,
        seeds: &seeds(2),
        sensors: None,
        rules: None,
        port: u16::MAX,
        terms,
    };
    assert!(matches!(federation.make(), Err(InitError::Ports { .. })));
}

#[test]
fn made_again_it_changes_nothing() {
    let (folder, members) = three();
    let before = fs::read(members[0].keyring.paths().root_key()).unwrap();
    let error = make(folder.path(), &["japan", "korea", "usa"], None).unwrap_err();
    assert!(
        matches!(error, InitError::Keyring(KeyringError::Exists { .. })),
        "{error}"
    );
    assert_eq!(fs::read(members[0].keyring.paths().root_key()).unwrap(), before);
}
