//! Versions of the agreement at nodes that run: what holds, from when, and that nothing else ever does.

use geo::Time;
use share::audit;
use share::exchange::records::{FrameRecord, decode};
use share::identity::NodeKey;
use share::policy::version::{History, sign};
use share::store::Table;

use crate::nodes::{Federation, Node, now, until};
use crate::{ALL, plots, send};

/// The frames that a node's log has for a partner, as epoch and instant of signature.
fn frames_to(federation: &Federation, owner: &str, partner: &str) -> Vec<(u64, Time)> {
    let store = crate::audit::open(federation, owner);
    let keyring = node::keyring::Keyring::open(&federation.path(owner, "")).expect("the keys are there");
    let key = keyring.node_key().expect("its own key").public();
    let mut range = audit::frames(Table::Outbox, partner);
    let mut frames = Vec::new();
    loop {
        let page = store.read(&range).expect("the log can be read");
        let Some((last, _)) = page.last() else { return frames };
        range.from = [&last[..], &[0]].concat();
        for (at, value) in &page {
            let record: FrameRecord = decode(at, value).expect("a record");
            let frame = share::frame::Frame::open(&record.sealed, &key).expect("a frame");
            frames.push((frame.epoch, frame.sent));
        }
    }
}

fn received(node: &Node, plots: u64) {
    node.until("they arrive", |status| status.partners[0].plots_received == plots);
}

#[test]
fn a_withdrawal_stops_what_is_live_and_what_is_in_the_log() {
    let federation = Federation::new("withdrawn");
    federation.rules("alpha", ALL);
    let [alpha, bravo, charlie] = ["alpha", "bravo", "charlie"].map(|owner| federation.start(owner));
    alpha.until("both are reached", |status| {
        status.partners.iter().all(|partner| partner.is_up)
    });
    let from = now();
    let mut feed = alpha.feed();
    send(&mut feed, &plots(from, 0..50));
    for node in [&bravo, &charlie] {
        received(node, 50);
    }
    alpha.until("bravo has them on its disk", |status| {
        status.partners[0].frames_acknowledged == status.partners[0].frames_sent
    });
    // Bravo is away, and misses what it would be served when it comes back.
    bravo.kill();
    send(&mut feed, &plots(from, 50..100));
    received(&charlie, 100);
    let said = federation.policy("alpha", "withdraw", &["--partner", "bravo", "--json"]);
    let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(
        (&said["version"], &said["node"]["holds"]),
        (&3.into(), &true.into()),
        "{said:#}"
    );
    assert_eq!(alpha.status().policy.holds.version, 3);
    let bravo = federation.start("bravo");
    bravo.until("alpha is reached", |status| status.partners[0].is_up);
    send(&mut feed, &plots(from, 100..150));
    received(&charlie, 150);
    alpha.until("bravo has said its last word on what was before", |status| {
        status
            .partners
            .iter()
            .all(|partner| partner.is_up && partner.frames_acknowledged == partner.frames_sent)
    });
    assert_eq!(bravo.status().partners[0].plots_received, 0);
    // What was given again is given, what was missed too.
    let agreement = "policies/agreement.toml";
    federation.edit("alpha", agreement, |text| text.replace("withdrawn = [\"bravo\"]\n", ""));
    federation.policy("alpha", "sign", &["--next"]);
    received(&bravo, 100);
    assert_eq!(charlie.status().partners[0].duplicates, 0);
    for node in [alpha, bravo, charlie] {
        assert_eq!(node.terminate(), Some(0));
    }
}

#[test]
fn a_version_holds_from_its_instant_and_not_from_when_it_came() {
    let federation = Federation::new("instant");
    federation.rules("alpha", ALL);
    let [alpha, bravo] = ["alpha", "bravo"].map(|owner| federation.start(owner));
    alpha.until("bravo is reached", |status| status.partners[0].is_up);
    let mut feed = alpha.feed();
    send(&mut feed, &plots(now(), 0..10));
    received(&bravo, 10);
    let instant = now() + 2.0;
    let said = federation.policy(
        "alpha",
        "withdraw",
        &["--all", "--from", &format!("{instant:.9}"), "--json"],
    );
    assert!(said.contains("\"holds\": false"), "{said}");
    let mut sent = 10;
    // Plots all the time, before the instant and after it.
    until("the instant comes", || {
        send(&mut feed, &plots(now(), 0..10));
        sent += 10;
        alpha.status().policy.holds.version == 3
    });
    send(&mut feed, &plots(now(), 0..10));
    sent += 10;
    let status = alpha.until("all are accepted", |status| status.engine.plots_own == sent);
    assert!(status.policy.late_ms >= Some(0.0), "{status:?}");
    assert_eq!([alpha.terminate(), bravo.terminate()], [Some(0); 2]);
    let frames = frames_to(&federation, "alpha", "bravo");
    assert!(
        frames.len() > 1 && frames.iter().all(|(_, sent)| *sent < instant),
        "{instant}: {frames:?}"
    );
}

/// What is put in the place of version 3, why it is refused, and the version itself, in which nobody is given anything.
fn third_versions(federation: &Federation) -> (Vec<(Vec<u8>, &'static str)>, Vec<u8>) {
    let policies = federation.path("alpha", "policies");
    let octets = |number| std::fs::read(node::versions::file_of(&policies, number)).expect("it is there");
    let (first, second) = (octets(1), octets(2));
    let keyring = node::keyring::Keyring::open(&federation.path("alpha", "")).expect("the keys are there");
    let before = History::alone(&second, &keyring.own().root).expect("version 2");
    let files = share::policy::Withdrawal::default().after(&before.files, now(), now());
    let files = files.expect("the next version");
    let signed = |key: &NodeKey| sign(&files, Some(&before), key).expect("signed").octets;
    let good = signed(&keyring.node_key().expect("its own"));
    let mut changed = good.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let none = vec![
        (signed(&NodeKey::from_seed(&[77; 32])), "cannot sign for alpha"),
        (changed, "not a signed version"),
        (good[..good.len() / 2].to_vec(), "not a signed version"),
        (
            b"permit (principal, action, resource);".to_vec(),
            "not a signed version",
        ),
        // The first once more, as if it were the newest.
        (first, "version 1 is known, and the newest is 2"),
    ];
    (none, good)
}

#[test]
fn what_is_no_version_is_refused_said_and_counted_and_the_one_before_stays() {
    let federation = Federation::new("refused");
    federation.rules("alpha", ALL);
    let [alpha, bravo] = ["alpha", "bravo"].map(|owner| federation.start(owner));
    alpha.until("bravo is reached", |status| status.partners[0].is_up);
    let from = now();
    let mut feed = alpha.feed();
    send(&mut feed, &plots(from, 0..10));
    received(&bravo, 10);
    let file = |number| node::versions::file_of(&federation.path("alpha", "policies"), number);
    let (none, good) = third_versions(&federation);
    for (refusals, (octets, why)) in (1..).zip(none) {
        node::versions::replace(&file(3), &octets).expect("it can be written");
        let status = alpha.until(why, |status| status.policy.refused_total >= refusals);
        let [refused] = &*status.policy.refused else {
            panic!("{:?}", status.policy)
        };
        assert!(
            refused.contains("signed/3.policy: ") && refused.contains(why),
            "{refused}"
        );
        assert_eq!(
            (status.policy.holds.version, status.policy.refused_total),
            (2, refusals),
            "{refused}"
        );
    }
    let metrics = alpha.get("/metrics").expect("it answers");
    assert!(
        metrics.contains("trilat_rejects_total{partner=\"own\",reason=\"policy\"} 5"),
        "{metrics}"
    );
    send(&mut feed, &plots(from, 10..20));
    received(&bravo, 20);
    let config = federation.path("alpha", "node.toml").display().to_string();
    let out = crate::nodes::trilat(&["policy", "versions", &config]);
    let said = String::from_utf8_lossy(&out.stdout);
    assert_eq!(out.status.code(), Some(4), "{said}");
    assert!(
        said.contains("\n     2  holds  ") && said.contains("\nrefused: "),
        "{said}"
    );
    node::versions::replace(&file(3), &good).expect("it can be written");
    alpha.until("the third holds", |status| status.policy.holds.version == 3);
    assert_eq!(alpha.terminate(), Some(0));
    // Away with its file, and started anew: what was taken is kept in the log.
    for number in [2, 3] {
        std::fs::remove_file(file(number)).expect("it is there");
    }
    let alpha = federation.start("alpha");
    assert_eq!(alpha.status().policy.holds.version, 3);
    alpha.until("bravo is reached", |status| status.partners[0].is_up);
    send(&mut alpha.feed(), &plots(from, 20..30));
    alpha.until("they are accepted", |status| status.engine.plots_own == 10);
    assert_eq!(bravo.status().partners[0].plots_received, 20);
    assert_eq!([alpha.terminate(), bravo.terminate()], [Some(0); 2]);
}
