//! Keys change while nodes run: replaced, revoked, of a new root, ended. Partners hear of it, and nothing is lost.

use std::fs;
use std::path::Path;

use node::keyring::Keyring;
use share::roster::SealedRoster;

use crate::nodes::{Federation, Node, OWNERS, now, trilat, until};
use crate::{ALL, plots, send};

/// Three nodes that reach each other; alpha gives everything to everybody.
fn three(name: &str) -> (Federation, [Node; 3]) {
    let federation = Federation::new(name);
    federation.rules("alpha", ALL);
    let nodes = OWNERS.map(|owner| federation.start(owner));
    for node in &nodes {
        reached(node);
    }
    (federation, nodes)
}

fn reached(node: &Node) {
    node.until("both partners are reached", |status| {
        status.partners.iter().all(|partner| partner.is_up)
    });
}

fn keys(arguments: &[&str]) {
    let out = trilat(&[&["keys"], arguments].concat());
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

fn folder(federation: &Federation, owner: &str) -> String {
    federation.path(owner, "").display().to_string()
}

/// The version of alpha's roster that an owner keeps.
fn version(federation: &Federation, owner: &str) -> u64 {
    let keyring = Keyring::open(&federation.path(owner, "")).expect("the folder is whole");
    keyring.roll().roster("alpha").expect("a roster").roster().version
}

fn received(node: &Node, plots: u64) {
    let status = node.until("they arrive", |status| status.partners[0].plots_received >= plots);
    let alpha = &status.partners[0];
    assert_eq!((alpha.plots_received, alpha.duplicates), (plots, 0));
}

/// How often a node refused something of alpha, by reason.
fn refused(node: &Node, reason: &str) -> u64 {
    let metrics = node.get("/metrics").expect("it answers");
    let name = format!("trilat_rejects_total{{partner=\"alpha\",reason=\"{reason}\"}} ");
    let line = metrics.lines().find_map(|line| line.strip_prefix(&name));
    line.map_or(0, |count| count.parse().expect("a count"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("it can be copied");
    }
}

#[test]
fn a_node_that_starts_with_a_new_key_is_believed_by_its_roster_alone() {
    let (federation, [alpha, bravo, charlie]) = three("rotated");
    let from = now();
    send(&mut alpha.feed(), &plots(from, 0..10));
    for node in [&bravo, &charlie] {
        received(node, 10);
    }
    keys(&["rotate", &folder(&federation, "alpha"), "--node"]);
    let status = alpha.until("it says what has to be done", |status| !status.is_ready);
    assert!(status.not_ready[0].contains("start it again"), "{:?}", status.not_ready);
    // Until then nobody is told, and all goes on.
    send(&mut alpha.feed(), &plots(from, 10..20));
    for node in [&bravo, &charlie] {
        received(node, 20);
    }
    assert_eq!(alpha.terminate(), Some(0));
    assert_eq!(["bravo", "charlie"].map(|owner| version(&federation, owner)), [1, 1]);
    let alpha = federation.start("alpha");
    send(&mut alpha.feed(), &plots(from, 20..30));
    for node in [&bravo, &charlie] {
        received(node, 30);
    }
    assert_eq!(["bravo", "charlie"].map(|owner| version(&federation, owner)), [2, 2]);
    assert!(alpha.status().is_ready, "{:?}", alpha.status().not_ready);
    // The other way, too: what partners send is for the new key.
    federation.rules("bravo", ALL);
    send(
        &mut bravo.feed(),
        &plots(from, 0..10).replace("alpha-radar", "bravo-radar"),
    );
    alpha.until("they arrive", |status| status.partners[0].plots_received == 10);
    for node in [alpha, bravo, charlie] {
        assert_eq!(node.terminate(), Some(0));
    }
}

#[test]
fn a_revocation_reaches_a_partner_that_runs_and_the_node_itself() {
    let (federation, [alpha, bravo, charlie]) = three("revoked");
    let from = now();
    let mut feed = alpha.feed();
    send(&mut feed, &plots(from, 0..10));
    for node in [&bravo, &charlie] {
        received(node, 10);
    }
    // Where the root key is, away from the node, of which somebody else may be the master by now.
    let office = federation.folder.join("office");
    for part in ["keys", "roster"] {
        copy(&federation.path("alpha", part), &office.join(part));
    }
    let stolen = alpha.status().node;
    keys(&["revoke", &office.display().to_string(), &stolen, "--reason", "stolen"]);
    let roster = office.join("roster/alpha.roster").display().to_string();
    keys(&["trust", &folder(&federation, "bravo"), &roster]);
    // Bravo was told, charlie was not.
    let mut sent = 10;
    until("bravo takes nothing of the stolen key", || {
        send(&mut feed, &plots(now(), 0..1));
        sent += 1;
        refused(&bravo, "wrong_key") > 0
    });
    let taken = bravo.status().partners[0].plots_received;
    send(&mut feed, &plots(from, 10..20));
    sent += 10;
    received(&charlie, sent);
    assert_eq!(bravo.status().partners[0].plots_received, taken);
    // The owner's people bring the new key to the node: as it hears that its own is revoked, it tells everybody.
    for part in ["keys", "roster"] {
        copy(&office.join(part), &federation.path("alpha", part));
    }
    let status = alpha.until("it knows that it is revoked", |status| !status.is_ready);
    assert!(
        status.not_ready[0].contains("is revoked since"),
        "{:?}",
        status.not_ready
    );
    until("charlie keeps the roster", || version(&federation, "charlie") == 2);
    assert_eq!(alpha.terminate(), Some(0));
    let alpha = federation.start("alpha");
    // What the stolen key signed counts for nothing, so all of it is given again, and known again.
    for node in [&bravo, &charlie] {
        node.until("nothing is lost", |status| status.partners[0].plots_received == sent);
    }
    assert!(alpha.status().is_ready, "{:?}", alpha.status().not_ready);
    for node in [alpha, bravo, charlie] {
        assert_eq!(node.terminate(), Some(0));
    }
}

#[test]
fn a_new_root_and_its_certificate_reach_nodes_that_run_on() {
    let (federation, [alpha, bravo, charlie]) = three("rooted");
    let (from, at) = (now(), folder(&federation, "alpha"));
    let mut feed = alpha.feed();
    let keyring = Keyring::open(&federation.path("alpha", "")).expect("the folder is whole");
    let old = keyring.own().root.id().to_string();
    let steps: [&[&str]; 3] = [
        &["rotate", &at, "--root"],
        &["renew", &at],
        &["revoke", &at, &old, "--reason", "replaced"],
    ];
    for (step, arguments) in steps.into_iter().enumerate() {
        keys(arguments);
        until("the partners keep the roster", || {
            ["bravo", "charlie"].map(|owner| version(&federation, owner)) == [step as u64 + 2; 2]
        });
        send(&mut feed, &plots(from, 10 * step..10 * (step + 1)));
        for node in [&bravo, &charlie] {
            received(node, 10 * (step as u64 + 1));
        }
    }
    let log = bravo.log();
    assert!(log.contains("the link is opened anew"), "{log}");
    for node in [&alpha, &bravo, &charlie] {
        reached(node);
        assert!(node.status().is_ready);
    }
    for node in [alpha, bravo, charlie] {
        assert_eq!(node.terminate(), Some(0));
    }
}

/// The next roster of alpha, which ends so many seconds from now.
fn ending(held: &SealedRoster, keyring: &Keyring, in_s: f64) -> SealedRoster {
    let mut next = (**held.roster()).clone();
    next.version += 1;
    next.previous = Some(held.digest());
    next.expires = now() + in_s;
    next.issued = now().min(next.expires + -3_600.0);
    let root = keyring.root_key(&keyring.paths().root_key()).expect("the root key");
    next.seal(&root).expect("a roster")
}

#[test]
fn a_roster_that_ends_is_believed_no_more_until_the_next_comes() {
    let (federation, [alpha, bravo, charlie]) = three("ended");
    federation.rules("bravo", ALL);
    let from = now();
    let mut feed = alpha.feed();
    send(&mut feed, &plots(from, 0..10));
    for node in [&bravo, &charlie] {
        received(node, 10);
    }
    // Clocks may differ by 30 s: it is believed for that much longer.
    let keyring = Keyring::open(&federation.path("alpha", "")).expect("the folder is whole");
    let short = ending(keyring.sealed(), &keyring, -22.0);
    let mail = federation.folder.join("mail.roster");
    fs::write(&mail, short.to_text().expect("a text")).expect("it can be written");
    keys(&["trust", &folder(&federation, "bravo"), &mail.display().to_string()]);
    let status = bravo.until("it has ended", |status| status.partners[0].not_believed.is_some());
    let words = status.partners[0].not_believed.clone().unwrap_or_default();
    assert!(words.contains("the roster of alpha ended"), "{words}");
    assert!(!status.partners[0].is_up && status.partners[1].is_up);
    // Neither way, and nobody else is concerned.
    send(&mut feed, &plots(from, 10..20));
    received(&charlie, 20);
    send(
        &mut bravo.feed(),
        &plots(from, 0..10).replace("alpha-radar", "bravo-radar"),
    );
    charlie.until("they arrive", |status| status.partners[1].plots_received == 10);
    until("it is counted", || refused(&bravo, "not_believed") > 0);
    assert_eq!(bravo.status().partners[0].plots_received, 10);
    assert_eq!(alpha.status().partners[0].plots_received, 0);
    // The next comes by the link.
    let next = ending(&short, &keyring, 1e6);
    fs::write(keyring.paths().roster("alpha"), next.to_text().expect("a text")).expect("it can be written");
    received(&bravo, 20);
    alpha.until("they arrive", |status| status.partners[0].plots_received == 10);
    assert_eq!(bravo.status().partners[0].not_believed, None);
    assert_eq!(["bravo", "charlie"].map(|owner| version(&federation, owner)), [3, 3]);
    for node in [alpha, bravo, charlie] {
        assert_eq!(node.terminate(), Some(0));
    }
}
