//! What is in a node's log, for whoever compares logs: `node_log items OWNER FOLDER` prints `own ID` for each own plot
//! in the journal and `here ID` for each item that is here; `node_log find FOLDER WORD…` looks for words in every key
//! and value of every table, as they were before they were packed for the disk, and prints where one is, then how much
//! was searched. The node must not run. `node_log expire FOLDER` gives the node of an owner's folder a certificate
//! that ended nine days ago.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::path::Path;

use node::keyring::Keyring;
use node::store::{DiskStore, StoreOptions};
use share::exchange::records::Entry;
use share::identity::{NodeKey, Validity, node_certificate};
use share::item::{Body, Classification, Item, Label};
use share::store::{Range, Table};

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match &*args {
        ["items", owner, folder] => items(owner, &open(folder)?),
        ["find", folder, words @ ..] => find(&open(folder)?, words),
        ["expire", folder] => expire(Path::new(folder)),
        _ => Err("node_log items OWNER FOLDER | find FOLDER WORD… | expire FOLDER".into()),
    }
}

fn open(folder: &str) -> Result<DiskStore, Failure> {
    let options = StoreOptions {
        create: false,
        ..StoreOptions::default()
    };
    Ok(DiskStore::open(Path::new(folder), options)?)
}

/// Signed by the owner's root, for a day that is over.
fn expire(folder: &Path) -> Result<(), Failure> {
    let key = |name: &str| -> Result<NodeKey, Failure> {
        Ok(NodeKey::from_pem(&std::fs::read_to_string(folder.join(name))?)?)
    };
    let (root, node_key, keyring) = (key("keys/owner.key")?, key("keys/node.key")?, Keyring::open(folder)?);
    let now = node::clock::wall();
    let validity = Validity {
        from: now + -10.0 * 86_400.0,
        until: now + -9.0 * 86_400.0,
    };
    let hosts = ["127.0.0.1".to_owned()];
    let made = node_certificate(keyring.owner(), &root, &node_key.public(), &hosts, validity)?;
    Ok(std::fs::write(folder.join("keys/node.crt"), made.to_pem()?)?)
}

/// All entries of a table from a key on.
fn each(
    store: &DiskStore,
    table: Table,
    (from, to): (&[u8], &[u8]),
    mut take: impl FnMut(&[u8], &[u8]),
) -> Result<(), Failure> {
    let mut range = Range {
        table,
        from: from.to_vec(),
        to: to.to_vec(),
        entries_max: 10_000,
        octets_max: 1 << 24,
    };
    loop {
        let page = store.read(&range)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        range.from = [&last[..], &[0]].concat();
        page.iter().for_each(|(key, value)| take(key, value));
    }
}

/// Before and after every key.
const ALL: (&[u8], &[u8]) = (&[], &[0xff; 64]);

fn items(owner: &str, store: &DiskStore) -> Result<(), Failure> {
    let mut damaged = 0;
    each(store, Table::Journal, ALL, |key, value| match Entry::of(key, value) {
        Ok(Entry::Own(own)) if matches!(own.body, Body::Plot(_)) => {
            // The name is of origin and body; the label is not in it.
            let label = Label {
                policy: "-".into(),
                classification: Classification::Restricted,
                releasable_to: [owner.into()].into(),
                exercise: true,
                onward: false,
            };
            let (origin, body) = (owner.into(), own.body);
            println!("own {}", Item { origin, label, body }.id());
        }
        Ok(_) => {}
        Err(_) => damaged += 1,
    })?;
    each(store, Table::Inbox, (b"I", b"J"), |key, _| {
        // After the kind and the time.
        let id: String = key[9..].iter().map(|octet| format!("{octet:02x}")).collect();
        println!("here {id}");
    })?;
    println!("damaged {damaged}");
    Ok(())
}

fn find(store: &DiskStore, words: &[&str]) -> Result<(), Failure> {
    let (mut entries, mut octets) = (0_u64, 0_u64);
    for table in Table::ALL {
        each(store, table, ALL, |key, value| {
            entries += 1;
            octets += (key.len() + value.len()) as u64;
            for word in words {
                let has = |text: &[u8]| text.windows(word.len()).any(|part| part == word.as_bytes());
                if has(key) || has(value) {
                    println!("found {word} in {}", table.name());
                }
            }
        })?;
    }
    println!("searched {entries} entries, {octets} octets");
    Ok(())
}
