//! Folders that cannot be a log: each is refused with what to do.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use node::store::{DiskStore, OpenError, StoreOptions};

use super::{batch, numbers, open, options};

#[test]
fn two_cannot_have_a_folder_and_the_second_learns_who_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let first = open(&path);
    let second = DiskStore::open(&path, options()).err().unwrap();
    let OpenError::InUse { pid, .. } = &second else {
        panic!("{second:?}")
    };
    assert_eq!(*pid, Some(std::process::id()));
    let said = second.to_string();
    assert!(
        said.contains("another node runs on") && said.contains(&std::process::id().to_string()),
        "{said}"
    );
    drop(first);
    open(&path);
}

#[test]
fn a_missing_folder_is_made_or_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/log");
    let not_made = StoreOptions {
        create: false,
        ..options()
    };
    let error = DiskStore::open(&path, not_made.clone()).err().unwrap();
    assert!(matches!(error, OpenError::Missing { .. }), "{error:?}");
    assert!(error.to_string().contains("trilat node init"), "{error}");
    assert!(!path.exists());
    fs::create_dir_all(&path).unwrap();
    let error = DiskStore::open(&path, not_made.clone()).err().unwrap();
    assert!(
        matches!(error, OpenError::Missing { .. }),
        "an empty folder is no log either: {error:?}"
    );
    drop(open(&path));
    DiskStore::open(&path, not_made).unwrap();
}

#[test]
fn what_others_have_put_in_a_folder_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.tex"), "years of work").unwrap();
    let error = DiskStore::open(folder.path(), options()).err().unwrap();
    let OpenError::Foreign { found, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(found, "thesis.tex");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn a_format_that_is_not_known_is_refused_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let store = open(&path);
    store.append(&batch(0)).unwrap();
    drop(store);
    let mark = path.join("trilat-log");
    let known = fs::read(&mark).unwrap();
    for text in ["2\n", "", "eleven\n"] {
        fs::write(&mark, text).unwrap();
        let error = DiskStore::open(&path, options()).err().unwrap();
        let OpenError::Version { found, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(found, text.trim());
    }
    fs::write(&mark, known).unwrap();
    assert_eq!(numbers(&open(&path)), [0]);
}

#[test]
fn making_a_log_that_was_cut_short_is_done_again() {
    let folder = tempfile::tempdir().unwrap();
    // What a crash leaves before the mark has its name.
    fs::write(folder.path().join("node.lock"), "").unwrap();
    fs::write(folder.path().join("trilat-log.new"), "").unwrap();
    open(folder.path()).append(&batch(0)).unwrap();
}

/// Root may write anywhere, so a disk is mounted that nobody may write to; where that is not allowed, permissions do.
#[test]
fn a_folder_that_cannot_be_written_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    drop(open(&path));
    let is_root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|done| done.stdout.starts_with(b"0"));
    if is_root {
        let test = "folder::child_opens_a_folder_on_a_read_only_disk";
        super::full::in_own_mounts(
            &path,
            "mount --bind \"$TRILAT_TEST_DISK\" \"$TRILAT_TEST_DISK\" && mount -o remount,ro,bind \"$TRILAT_TEST_DISK\"",
            test,
        );
        return;
    }
    for name in ["node.lock", "trilat-log"] {
        fs::set_permissions(path.join(name), fs::Permissions::from_mode(0o444)).unwrap();
    }
    refuses_to_write(&path);
}

#[test]
fn child_opens_a_folder_on_a_read_only_disk() {
    if let Some(path) = std::env::var_os(super::full::DISK) {
        refuses_to_write(path.as_ref());
    }
}

fn refuses_to_write(path: &std::path::Path) {
    let error = DiskStore::open(path, options()).err().unwrap();
    assert!(matches!(error, OpenError::ReadOnly { .. }), "{error:?}");
    assert!(error.to_string().contains("mount it writable"), "{error}");
}
