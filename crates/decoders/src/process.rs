//! The files of a node: its configuration, those who may ask, a backup of its log.

use std::path::Path;

use node::access::in_one_form;
use node::config::Config;
use node::store::{read_backup_of, write_backup};

/// Octets of any kind as `node.toml`: no panic; it is a configuration, or every fault names the file.
pub fn node_toml(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else { return };
    if let Err(error) = Config::of_text(text, Path::new("fuzz.toml")) {
        assert!(error.to_string().contains("fuzz.toml"), "{error}");
    }
}

/// Octets of any kind as a file of tokens: no panic; what is taken has one form, and a fault is named without a secret.
pub fn tokens(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else { return };
    let path = Path::new("fuzz.tokens");
    match in_one_form(text, path) {
        Ok(form) => {
            let lines = text.lines().map(str::trim);
            let meant = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).count();
            assert_eq!(form.lines().count(), meant);
            assert_eq!(in_one_form(&form, path).ok(), Some(form));
        }
        Err(error) => assert!(error.to_string().starts_with("fuzz.tokens:"), "{error}"),
    }
}

/// Octets of any kind as a backup of a log: no panic; what is taken is written again as the same octets, so that none
/// of them can be changed, added or left out.
pub fn backup(octets: &[u8]) {
    let mut entries = Vec::new();
    let read = read_backup_of(octets, Path::new("fuzz.trilat-log"), |entry| {
        entries.push(entry);
        Ok(())
    });
    let kept: usize = entries.iter().map(|entry| entry.key.len()).sum();
    assert!(kept <= octets.len(), "{kept} octets of keys in {}", octets.len());
    if let Ok(read) = read {
        assert_eq!((read.entries, read.octets), (entries.len() as u64, octets.len() as u64));
        let mut again = Vec::new();
        write_backup(&mut again, read.made, &entries).expect("memory takes it");
        assert_eq!(again, octets);
    }
}
