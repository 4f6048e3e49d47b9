//! What a node that runs counts and measures: it is there from the beginning, and moves when that happens.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::Stdio;

use crate::nodes::{Federation, Node, now, until};
use crate::{ALL, plots, send};

const PLOTS: u64 = 200;
/// So many plots come in one go of a flood.
const FLOOD: usize = 500;

/// What waits at alpha, with one feed and the partner bravo.
const QUEUES: [&str; 11] = [
    "events",
    "plots",
    "tracker",
    "undurable",
    "feed plots",
    "to bravo ctl",
    "to bravo live",
    "to bravo log",
    "from bravo ctl",
    "from bravo live",
    "from bravo log",
];
/// What waits there when plots come faster than anything can be done with them.
const FLOODED: [&str; 5] = ["events", "plots", "tracker", "undurable", "feed plots"];

fn queue(name: &str) -> String {
    format!("trilat_queue{{queue=\"{name}\"}}")
}

/// Waits until metrics have some values.
fn until_they_are(node: &Node, expected: &[(&str, f64)]) -> BTreeMap<String, f64> {
    let mut metrics = BTreeMap::new();
    until(&format!("{expected:?}"), || {
        metrics = node.metrics();
        let is = |(name, value): &(&str, f64)| metrics.get(&format!("trilat_{name}")) == Some(value);
        expected.iter().all(is)
    });
    metrics
}

#[test]
fn what_is_counted_and_measured_is_there_from_the_beginning_and_moves() {
    let federation = Federation::new("counted");
    federation.rules("alpha", ALL);
    let [alpha, bravo] = ["alpha", "bravo"].map(|owner| federation.start(owner));
    alpha.until("bravo is reached", |status| status.partners[0].is_up);
    let names: BTreeSet<String> = alpha.metrics().into_keys().collect();
    for name in QUEUES.map(queue) {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    until_they_are(
        &alpha,
        &[
            ("link_up{partner=\"bravo\"}", 1.0),
            ("link_up{partner=\"charlie\"}", 0.0),
            ("feed_plots_total{feed=\"plots\"}", 0.0),
            ("items_total{partner=\"bravo\",kind=\"plot\"}", 0.0),
        ],
    );
    let mut feed = alpha.feed();
    let from = now() + -200.0;
    send(&mut feed, "{\"time\":\"noon\",\"sensor\":\"alpha-radar\"}\n");
    send(&mut feed, &plots(from, 0..PLOTS as usize));
    let counted = PLOTS as f64;
    until_they_are(
        &bravo,
        &[
            ("items_total{partner=\"alpha\",kind=\"plot\"}", counted),
            ("items_total{partner=\"alpha\",kind=\"sensor\"}", 1.0),
            ("items_total{partner=\"alpha\",kind=\"coarse\"}", 0.0),
            ("tracked_seconds_count{origin=\"alpha\"}", counted),
            ("gaps{partner=\"alpha\"}", 0.0),
        ],
    );
    until_they_are(
        &alpha,
        &[
            ("feed_plots_total{feed=\"plots\"}", counted),
            ("feed_refused_total{feed=\"plots\",reason=\"time\"}", 1.0),
            ("latency_seconds_count{hop=\"queued\"}", counted),
            ("tracked_seconds_count{origin=\"alpha\"}", counted),
            ("unacknowledged{partner=\"bravo\"}", 0.0),
        ],
    );
    let moving = [
        "link_messages_total{partner=\"bravo\",direction=\"out\"}",
        "link_messages_total{partner=\"bravo\",direction=\"in\"}",
        "latency_seconds_count{hop=\"sent\"}",
        "latency_seconds_count{hop=\"durable\"}",
        "latency_seconds_count{hop=\"verified\"}",
        "store_octets",
        "disk_free_octets",
        "clock_offset_error_seconds{partner=\"bravo\"}",
    ];
    for name in moving {
        let name = format!("trilat_{name}");
        until(&name, || alpha.metrics().get(&name) > Some(&0.0));
    }
    bravo.kill();
    each_queue_fills_and_empties(&alpha, &mut feed, from);
    let metrics = until_they_are(&alpha, &[("link_up{partner=\"bravo\"}", 0.0)]);
    assert!(
        metrics["trilat_unacknowledged{partner=\"bravo\"}"] > 0.0,
        "{metrics:#?}"
    );
    assert_eq!(alpha.terminate(), Some(0));
}

/// Far more comes than can be worked on, then nothing.
fn each_queue_fills_and_empties(alpha: &Node, feed: &mut std::net::TcpStream, from: geo::Time) {
    let mut waited = BTreeSet::new();
    let mut next = PLOTS as usize;
    until("each queue had something in it", || {
        send(feed, &plots(from, next..next + FLOOD));
        next += FLOOD;
        let metrics = alpha.metrics();
        waited.extend(FLOODED.into_iter().filter(|name| metrics[&queue(name)] > 0.0));
        waited.len() == FLOODED.len()
    });
    until("what waited is done", || {
        let metrics = alpha.metrics();
        FLOODED[1..].iter().all(|name| metrics[&queue(name)] == 0.0)
    });
}

/// What a program writes into the node, in place of a feed of the network.
#[test]
fn standard_input_brings_plots_until_it_ends_and_the_node_goes_on() {
    let federation = Federation::new("piped");
    federation.rules("alpha", ALL);
    federation.edit("alpha", "node.toml", |text| {
        let (before, feed) = text.split_once("\n[[feed]]\n").expect("a feed");
        let (_, after) = feed.split_once("\n\n").unwrap_or_default();
        format!("{before}\n[[feed]]\nname = \"pipe\"\ninput = \"stdin\"\nformat = \"jsonl\"\n\n{after}")
    });
    let bravo = federation.start("bravo");
    let mut alpha = federation.start_with("alpha", |command| command.stdin(Stdio::piped()));
    alpha.until("bravo is reached", |status| status.partners[0].is_up);
    let mut pipe = alpha.stdin();
    let from = now();
    pipe.write_all(plots(from, 0..100).as_bytes()).expect("it reads");
    bravo.until("they arrive", |status| status.partners[0].plots_received == 100);
    pipe.write_all(b"no plot\n").expect("it reads");
    pipe.write_all(plots(from, 100..150).as_bytes()).expect("it reads");
    let status = alpha.until("all are taken", |status| status.engine.plots_own == 150);
    assert_eq!((status.feeds[0].accepted, status.feeds[0].refused), (150, 1));
    assert!(!status.feeds[0].has_ended);
    drop(pipe);
    let status = alpha.until("its end is seen", |status| status.feeds[0].has_ended);
    assert!(status.is_ready, "{:?}", status.not_ready);
    bravo.until("all arrive", |status| status.partners[0].plots_received == 150);
    // A pipe that is open does not keep the node from ending.
    for node in [alpha, bravo] {
        assert_eq!(node.terminate(), Some(0));
    }
    let mut alpha = federation.start_with("alpha", |command| command.stdin(Stdio::piped()));
    let _open = alpha.stdin();
    assert_eq!(alpha.terminate(), Some(0));
}
