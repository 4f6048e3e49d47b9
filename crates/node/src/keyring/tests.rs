//! A folder holds together, whatever is done with it, and gives no key away.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use share::identity::SEED_OCTETS;
use share::roster::{Reason, Revocation, RosterRefusal};
use tempfile::TempDir;

use super::*;

fn at(hour: u32) -> Time {
    let day: Time = "2026-03-01T00:00:00Z".parse().unwrap();
    day + f64::from(hour) * 3_600.0
}

fn terms(hour: u32) -> Terms {
    Terms {
        now: at(hour),
        days: 90,
        hosts: None,
    }
}

fn seed(number: u8) -> [u8; SEED_OCTETS] {
    [number; SEED_OCTETS]
}

fn create(folder: &Path, owner: &str, number: u8) -> Result<Keyring, KeyringError> {
    let hosts = Some(vec!["127.0.0.1".to_owned()]);
    let terms = Terms { hosts, ..terms(0) };
    let (root, node) = (seed(number), seed(number + 1));
    Keyring::create(
        folder,
        &New {
            owner,
            root: &root,
            node: &node,
            terms,
        },
    )
}

/// Japan, Korea and what holds them.
fn two() -> (TempDir, Keyring, Keyring) {
    let folder = tempfile::tempdir().unwrap();
    let japan = create(&folder.path().join("japan"), "japan", 10).unwrap();
    let korea = create(&folder.path().join("korea"), "korea", 20).unwrap();
    (folder, japan, korea)
}

fn root_of(keyring: &Keyring) -> NodeKey {
    keyring.root_key(&keyring.paths().root_key()).unwrap()
}

/// What is in the folder is what is believed: read anew it is the same, and the node's key belongs to it.
fn assert_whole(keyring: &Keyring) {
    let again = Keyring::open(&keyring.paths().folder).unwrap();
    assert_eq!(again.sealed(), keyring.sealed());
    assert_eq!(again.node_key().unwrap().id(), keyring.node_key().unwrap().id());
    let owners = |keyring: &Keyring| keyring.roll().owners().cloned().collect::<Vec<_>>();
    assert_eq!(owners(&again), owners(keyring));
    for owner in again.roll().owners() {
        assert_eq!(again.roll().roster(owner), keyring.roll().roster(owner), "{owner}");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

#[test]
fn a_new_owner_has_everything_and_only_private_keys_are_private() {
    let (folder, japan, _) = two();
    assert_whole(&japan);
    assert_eq!((&**japan.owner(), japan.own().version), ("japan", 1));
    assert_eq!(japan.partners().count(), 0);
    let secrets: Vec<_> = [10, 11]
        .map(|number| NodeKey::from_seed(&seed(number)).to_pem().unwrap().clone())
        .into();
    for path in files(&folder.path().join("japan")) {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let is_key = path.extension().is_some_and(|ending| ending == "key");
        assert_eq!(mode == 0o600, is_key, "{} {mode:o}", path.display());
        let text = fs::read_to_string(&path).unwrap();
        let inner = |pem: &String| pem.lines().nth(1).unwrap().to_owned();
        assert_eq!(
            secrets.iter().any(|pem| text.contains(&inner(pem))),
            is_key,
            "{}",
            path.display()
        );
    }
}

#[test]
fn no_key_is_written_over() {
    let (folder, japan, _) = two();
    let before = fs::read(japan.paths().root_key()).unwrap();
    let error = create(&folder.path().join("japan"), "japan", 30).unwrap_err();
    assert!(
        matches!(&error, KeyringError::Exists { path } if path.ends_with("keys/owner.key")),
        "{error}"
    );
    // Only one of the two is there: the other is not made either.
    let half = folder.path().join("half");
    fs::create_dir_all(half.join("keys")).unwrap();
    fs::write(half.join("keys/node.key"), "precious").unwrap();
    assert!(matches!(create(&half, "usa", 30), Err(KeyringError::Exists { .. })));
    assert_eq!(fs::read(half.join("keys/node.key")).unwrap(), b"precious");
    assert!(!half.join("keys/owner.key").exists());
    assert_eq!(fs::read(japan.paths().root_key()).unwrap(), before);
    assert_whole(&japan);
}

#[test]
fn a_partner_is_believed_after_people_compared() {
    let (_folder, mut japan, korea) = two();
    let error = japan.trust(korea.sealed(), None, false, at(1)).unwrap_err();
    assert!(
        error.to_string().contains(&korea.own().root.id().to_string()),
        "{error}"
    );
    let misheard = japan.own().root.id();
    let error = japan.trust(korea.sealed(), Some(misheard), false, at(1)).unwrap_err();
    assert!(
        matches!(
            error,
            KeyringError::Refused {
                source: RosterRefusal::Root { .. },
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(japan.partners().count(), 0, "nothing is kept of what is not believed");
    assert_whole(&japan);

    let taken = japan
        .trust(korea.sealed(), Some(korea.own().root.id()), false, at(1))
        .unwrap();
    assert!(matches!(taken, Taken::First { .. }));
    assert_whole(&japan);
    let authorities = fs::read_to_string(japan.paths().authorities("korea")).unwrap();
    assert_eq!(Certificate::from_pem(&authorities).unwrap(), korea.own().authorities[0]);
    let own = japan.sealed().clone();
    assert!(matches!(
        japan.trust(&own, None, false, at(1)),
        Err(KeyringError::Own { .. })
    ));
}

#[test]
fn renewing_lasts_longer_with_the_same_keys() {
    let (_folder, mut japan, mut korea) = two();
    korea
        .trust(japan.sealed(), Some(japan.own().root.id()), false, at(1))
        .unwrap();
    let (node, expires) = (japan.node_key().unwrap().id(), japan.own().expires);
    let root = root_of(&japan);
    japan.renew(&root, &terms(240)).unwrap();
    assert_whole(&japan);
    assert_eq!(japan.node_key().unwrap().id(), node);
    assert_eq!(japan.own().expires - expires, 240.0 * 3_600.0);
    assert_eq!(japan.certificate().unwrap().facts().unwrap().hosts, ["127.0.0.1"]);
    korea.take(japan.sealed().octets(), at(241)).unwrap();
    assert_whole(&korea);
    assert!(
        korea
            .roll()
            .certificate("japan", &japan.certificate().unwrap(), at(241))
            .is_ok()
    );
}

#[test]
fn a_node_key_that_is_replaced_still_counts_a_week() {
    let (folder, mut japan, _) = two();
    let (old, root) = (japan.node_key().unwrap().id(), root_of(&japan));
    japan.rotate_node(&root, &seed(40), &terms(1)).unwrap();
    assert_whole(&japan);
    let new = japan.node_key().unwrap().id();
    assert_ne!(old, new);
    let may = |key, hour| japan.roll().signer("japan", key, at(hour)).is_ok();
    assert!(may(old, 24 * 7) && may(new, 24 * 7) && may(new, 24 * 8));
    assert!(!may(old, 24 * 8));
    let kept = folder.path().join(format!("japan/keys/node-{old}.key"));
    assert_eq!(NodeKey::from_pem(&fs::read_to_string(kept).unwrap()).unwrap().id(), old);
}

#[test]
fn a_root_changes_and_partners_follow_through_every_step() {
    let (_folder, mut japan, mut korea) = two();
    korea
        .trust(japan.sealed(), Some(japan.own().root.id()), false, at(1))
        .unwrap();
    let path = japan.paths().root_key();
    let old = root_of(&japan).id();
    japan.rotate_root(&path, &seed(50), &terms(1)).unwrap();
    assert_whole(&japan);
    assert_ne!(root_of(&japan).id(), old);
    // The certificate in use is still one of the old root: partners verify it before and after they have the news.
    let shown = japan.certificate().unwrap();
    assert!(korea.roll().certificate("japan", &shown, at(2)).is_ok());
    let taken = korea.take(japan.sealed().octets(), at(2)).unwrap();
    assert!(matches!(taken, Taken::Newer { root: Some(_), .. }), "{taken:?}");
    assert!(korea.roll().certificate("japan", &shown, at(2)).is_ok());
    assert_eq!(korea.roll().authorities("japan").len(), 2);

    let root = root_of(&japan);
    japan.renew(&root, &terms(3)).unwrap();
    korea.take(japan.sealed().octets(), at(3)).unwrap();
    assert!(
        korea
            .roll()
            .certificate("japan", &japan.certificate().unwrap(), at(3))
            .is_ok()
    );
    let gone = Revocation {
        key: old,
        at: at(4),
        reason: Reason::Replaced,
    };
    assert!(!japan.revoke(&root, gone, &seed(60), &terms(4)).unwrap());
    korea.take(japan.sealed().octets(), at(4)).unwrap();
    assert_eq!(korea.roll().authorities("japan").len(), 1);
    assert_whole(&japan);
    assert_whole(&korea);
}

#[test]
fn a_stolen_node_key_is_replaced_at_once() {
    let (_folder, mut japan, mut korea) = two();
    korea
        .trust(japan.sealed(), Some(japan.own().root.id()), false, at(1))
        .unwrap();
    let (stolen, root) = (japan.node_key().unwrap().id(), root_of(&japan));
    let revocation = Revocation {
        key: stolen,
        at: at(1),
        reason: Reason::Stolen,
    };
    assert!(japan.revoke(&root, revocation, &seed(70), &terms(2)).unwrap());
    assert_whole(&japan);
    korea.take(japan.sealed().octets(), at(2)).unwrap();
    assert_eq!(
        korea.roll().signer("japan", stolen, at(2)).unwrap_err().word(),
        "revoked"
    );
    let new = japan.node_key().unwrap().id();
    assert!(korea.roll().signer("japan", new, at(2)).is_ok());
    let error = japan.revoke(&root, revocation, &seed(71), &terms(3)).unwrap_err();
    assert!(matches!(error, KeyringError::RevokedBefore { .. }), "{error}");
}

#[test]
fn what_cannot_be_revoked_says_why_and_changes_nothing() {
    let (_folder, mut japan, korea) = two();
    let (root, reason) = (root_of(&japan), Reason::Lost);
    let unknown = Revocation {
        key: korea.own().root.id(),
        at: at(1),
        reason,
    };
    let error = japan.revoke(&root, unknown, &seed(1), &terms(1)).unwrap_err();
    assert!(
        error.to_string().contains(&japan.node_key().unwrap().id().to_string()),
        "{error}"
    );
    let itself = Revocation {
        key: root.id(),
        at: at(1),
        reason,
    };
    let error = japan.revoke(&root, itself, &seed(1), &terms(1)).unwrap_err();
    assert!(error.to_string().contains("hand over"), "{error}");
    assert_eq!(japan.own().version, 1);
    assert_whole(&japan);
}

#[test]
fn a_root_that_was_lost_is_agreed_upon_again() {
    let (folder, japan, mut korea) = two();
    korea
        .trust(japan.sealed(), Some(japan.own().root.id()), false, at(1))
        .unwrap();
    let anew = create(&folder.path().join("japan-anew"), "japan", 80).unwrap();
    let root = anew.own().root.id();
    assert!(matches!(
        korea.trust(anew.sealed(), Some(root), false, at(1)),
        Err(KeyringError::Pin { .. })
    ));
    assert!(korea.trust(anew.sealed(), None, false, at(1)).is_err());
    assert_whole(&korea);
    korea.trust(anew.sealed(), Some(root), true, at(1)).unwrap();
    assert_whole(&korea);
    assert_eq!(korea.roll().roster("japan"), Some(anew.sealed()));
}

#[test]
fn another_key_than_the_root_signs_nothing() {
    let (_folder, japan, korea) = two();
    let error = japan.root_key(&korea.paths().root_key()).unwrap_err();
    assert!(matches!(error, KeyringError::NotTheRoot { .. }), "{error}");
}

#[test]
fn a_folder_that_is_damaged_says_which_file() {
    type Damage = fn(&Paths);
    let cases: [(&str, Damage); 9] = [
        ("keys/node.crt", |p| fs::remove_file(p.certificate()).unwrap()),
        ("keys/node.crt", |p| {
            fs::write(p.certificate(), "no certificate").unwrap()
        }),
        ("roster/japan.roster", |p| fs::remove_file(p.roster("japan")).unwrap()),
        ("roster/japan.roster", |p| {
            let text = fs::read_to_string(p.roster("japan")).unwrap();
            fs::write(p.roster("japan"), text.replacen('A', "B", 1)).unwrap();
        }),
        ("roster/japan.roster", |p| {
            fs::write(p.roster("japan"), "x".repeat(1 << 20)).unwrap()
        }),
        ("roster/japan.root", |p| {
            fs::write(p.root("japan"), "# nothing\n").unwrap()
        }),
        ("roster/korea.root", |p| {
            fs::write(p.root("korea"), "4gkt-k4gp").unwrap()
        }),
        // Korea's file under Japan's name, or the other way round.
        ("roster/korea.roster", |p| {
            fs::copy(p.roster("korea"), p.roster("usa")).unwrap();
            fs::copy(p.root("japan"), p.root("korea")).unwrap();
        }),
        ("roster", |p| {
            fs::remove_dir_all(p.roster("x").parent().unwrap()).unwrap()
        }),
    ];
    for (file, damage) in cases {
        let (folder, mut japan, korea) = two();
        japan
            .trust(korea.sealed(), Some(korea.own().root.id()), false, at(1))
            .unwrap();
        damage(japan.paths());
        let error = Keyring::open(&folder.path().join("japan")).unwrap_err();
        assert!(error.to_string().contains(file), "{file}: {error}");
        assert!(error.to_string().len() < 600 && !error.advice().is_empty(), "{error}");
    }
}

#[test]
fn a_private_key_that_others_may_read_is_not_used() {
    let (_folder, japan, _) = two();
    for (mode, is_used) in [(0o644, false), (0o640, false), (0o400, true), (0o600, true)] {
        fs::set_permissions(japan.paths().node_key(), fs::Permissions::from_mode(mode)).unwrap();
        let read = japan.node_key();
        assert_eq!(read.is_ok(), is_used, "{mode:o}: {:?}", read.err());
    }
    fs::copy(japan.paths().root_key(), japan.paths().node_key()).unwrap();
    assert!(matches!(japan.node_key(), Err(KeyringError::Apart { .. })));
}

#[test]
fn what_another_process_kept_counts_and_is_not_written_over_by_what_is_older() {
    let (folder, mut node, mut korea) = two();
    let first = korea.sealed().clone();
    node.trust(&first, Some(first.roster().root.id()), false, at(0))
        .unwrap();
    let root = root_of(&korea);
    let mut renewed = |hour| {
        korea.renew(&root, &terms(hour)).unwrap();
        korea.sealed().clone()
    };
    let (second, third) = (renewed(1), renewed(2));
    // A command takes the third, while a node that began before holds the first, and is sent the second again.
    let mut command = Keyring::open(&folder.path().join("japan")).unwrap();
    command.trust(&third, None, false, at(2)).unwrap();
    let error = node.take(second.octets(), at(2)).unwrap_err();
    let is_older = matches!(
        &error,
        KeyringError::Refused {
            source: RosterRefusal::Older { held: 3, .. },
            ..
        }
    );
    assert!(is_older, "{error}");
    assert_eq!(node.roll().roster("korea"), Some(&third));
    assert_whole(&node);
}

#[test]
fn a_folder_that_changed_is_read_again_and_what_is_broken_changes_nothing() {
    let (folder, mut node, mut korea) = two();
    let first = korea.sealed().clone();
    let mut command = Keyring::open(&folder.path().join("japan")).unwrap();
    command
        .trust(&first, Some(first.roster().root.id()), false, at(0))
        .unwrap();
    let reread = node.reread();
    assert!(reread.is_news && reread.faults.is_empty(), "{:?}", reread.faults);
    assert_eq!(node.roll().roster("korea"), Some(&first));
    assert!(!node.reread().is_news);
    // An older one that was put back, and one that is none.
    korea.renew(&root_of(&korea), &terms(1)).unwrap();
    let second = korea.sealed().clone();
    node.take(second.octets(), at(1)).unwrap();
    let path = node.paths().roster("korea");
    fs::write(&path, first.to_text().unwrap()).unwrap();
    assert!(!node.reread().is_news);
    fs::write(&path, "nothing").unwrap();
    assert_eq!(node.reread().faults.len(), 1);
    assert_eq!(node.roll().roster("korea"), Some(&second));
    // The root was compared anew: all that was believed before is forgotten.
    fs::write(&path, first.to_text().unwrap()).unwrap();
    let anew = create(&folder.path().join("anew"), "korea", 40).unwrap();
    let (sealed, root) = (anew.sealed().clone(), anew.own().root.id());
    command.trust(&sealed, Some(root), true, at(2)).unwrap();
    assert!(node.reread().is_news);
    assert_eq!(node.roll().roster("korea"), Some(&sealed));
}
