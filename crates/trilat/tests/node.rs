//! Nodes as their owners run them: what the rules release arrives, through crashes too, and nothing else does.

mod audit;
mod clock;
mod counted;
mod demo;
mod hostile;
mod nodes;
mod onward;
mod overload;
mod packaging;
mod picture;
mod rosters;
mod router;
mod tiers;
mod versions;
mod warned;

use std::collections::BTreeSet;
use std::io::Write;
use std::net::TcpStream;

use geo::Time;
use node::store::{DiskStore, StoreOptions};
use nodes::{Federation, OWNERS, now, trilat};
use share::store::{Range, Table};

/// Full plots of what flies high, to bravo alone.
const HIGH_TO_BRAVO: &str = "\
@id(\"high\")
permit (principal == Partner::\"bravo\", action == Action::\"plot\", resource)
when { resource has height_m && resource.height_m >= 15000 };
";

/// Everything, to everybody.
const ALL: &str = "@id(\"all\")\npermit (principal, action in Action::\"plot\", resource);\n";

/// Plots of alpha's radar from a time on, 1 ms apart: every second one high, the others low.
fn plots(from: Time, numbers: std::ops::Range<usize>) -> String {
    let line = |number: usize| {
        let time = from + number as f64 * 1e-3;
        let elevation_deg = if number.is_multiple_of(2) { 40 } else { 1 };
        format!(
            "{{\"time\":\"{time:.6}\",\"sensor\":\"alpha-radar\",\"range_m\":60000,\"azimuth_deg\":{},\
             \"elevation_deg\":{elevation_deg}}}\n",
            number % 360
        )
    };
    numbers.map(line).collect()
}

fn send(feed: &mut TcpStream, text: &str) {
    feed.write_all(text.as_bytes()).expect("the feed takes it");
}

/// The names of the items that a node's log has of its partners.
fn items_in_log(federation: &Federation, owner: &str) -> BTreeSet<Vec<u8>> {
    let options = StoreOptions {
        create: false,
        ..StoreOptions::default()
    };
    let store = DiskStore::open(&federation.path(owner, "store"), options).expect("the node has ended");
    let mut range = Range {
        table: Table::Inbox,
        from: b"I".to_vec(),
        to: b"J".to_vec(),
        entries_max: 10_000,
        octets_max: usize::MAX,
    };
    let mut items = BTreeSet::new();
    loop {
        let page = store.read(&range).expect("the log can be read");
        let Some((last, _)) = page.last() else { return items };
        range.from = [&last[..], &[0]].concat();
        for (key, _) in page {
            // After the kind and the time.
            assert!(items.insert(key[9..].to_vec()), "an item is there twice");
        }
    }
}

#[test]
fn partners_get_what_is_released_and_nothing_is_lost_or_twice_when_one_is_killed() {
    let federation = Federation::new("released");
    federation.rules("alpha", HIGH_TO_BRAVO);
    let [alpha, bravo, charlie] = OWNERS.map(|owner| federation.start(owner));
    for node in [&alpha, &bravo, &charlie] {
        node.until("both partners are reached", |status| {
            status.partners.len() == 2 && status.partners.iter().all(|partner| partner.is_up)
        });
    }
    let from = now();
    let mut feed = alpha.feed();
    send(&mut feed, &plots(from, 0..400));
    bravo.until("the first arrive", |status| status.partners[0].plots_received == 200);
    // In the middle of a stream, without warning.
    send(&mut feed, &plots(from, 400..900));
    bravo.kill();
    send(&mut feed, "{\"time\":\"noon\",\"sensor\":\"alpha-radar\"}\n");
    send(&mut feed, &plots(from, 900..1400));
    let status = alpha.until("all are accepted", |status| status.engine.plots_own == 1400);
    assert_eq!((status.feeds[0].accepted, status.feeds[0].refused), (1400, 1));
    let bravo = federation.start("bravo");
    send(&mut feed, &plots(from, 1400..2000));
    alpha.until("bravo has acknowledged everything", |status| {
        let partner = &status.partners[0];
        status.engine.plots_own == 2000 && partner.is_up && partner.frames_acknowledged == partner.frames_sent
    });
    bravo.until("nothing is missing", |status| {
        status.partners[0].missing == 0 && status.store.waiting == 0
    });
    // To charlie goes nothing, not even that there is something.
    let status = charlie.status();
    let of_alpha = &status.partners[0];
    assert_eq!(
        (&*of_alpha.name, of_alpha.items_received, of_alpha.frames_received),
        ("alpha", 0, 0)
    );
    for node in [alpha, bravo, charlie] {
        let config = node.config.clone();
        assert_eq!(node.terminate(), Some(0), "{}", config.display());
    }
    // A thousand high plots, and the sensor.
    assert_eq!(items_in_log(&federation, "bravo").len(), 1001);
    assert_eq!(items_in_log(&federation, "charlie").len(), 0);
}

#[test]
fn after_a_new_start_everything_that_a_feed_brings_is_taken_in() {
    let federation = Federation::new("brimming");
    let from = now() + -100.0;
    federation.start("alpha").kill();
    std::fs::write(federation.path("alpha", "past.jsonl"), plots(from, 0..30_000)).expect("it can be written");
    federation.edit("alpha", "node.toml", |text| {
        let feed = "name = \"past\"\ninput = \"file\"\nformat = \"jsonl\"\npath = \"past.jsonl\"\npace = \"fast\"\n";
        format!("{text}\n[[feed]]\n{feed}")
    });
    // Each plot is looked up in the log now, for it may be there from before; the feed is quicker than that.
    let alpha = federation.start("alpha");
    let status = alpha.until("all are accepted", |status| status.engine.plots_own == 30_000);
    assert_eq!(status.feeds[1].accepted, 30_000);
    assert_eq!(alpha.terminate(), Some(0));
}

#[test]
fn a_node_says_how_it_is_and_what_is_wrong_with_it() {
    let federation = Federation::new("asked");
    let config = federation.path("alpha", "node.toml").display().to_string();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8");

    let out = trilat(&["node", "status", &config]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("no node answers"), "{}", text(&out.stderr));

    let alpha = federation.start("alpha");
    let out = trilat(&["node", "status", &config]);
    assert_eq!(out.status.code(), Some(0));
    let words = text(&out.stdout);
    assert!(words.starts_with("alpha, exercise, "), "{words}");
    assert!(words.contains("bravo") && words.contains("DOWN"), "{words}");
    let out = trilat(&["node", "status", &config, "--json"]);
    let status: node::status::Status = serde_json::from_slice(&out.stdout).expect("JSON of a status");
    assert_eq!(status.partners.len(), 2);

    alpha.until("it is ready", |status| status.is_ready);
    assert!(alpha.get("/ready").expect("it answers").starts_with("HTTP/1.0 200"));
    assert!(alpha.get("/health").expect("it answers").starts_with("HTTP/1.0 200"));
    let metrics = alpha.get("/metrics").expect("it answers");
    let picture = alpha.get("/picture").expect("it answers");
    let (head, body) = picture.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.starts_with("HTTP/1.0 200"), "{head}");
    let pictures: node::engine::worker::Pictures = serde_json::from_str(body).expect("JSON of pictures");
    assert_eq!(pictures.together.tracks.len(), 0);
    for metric in [
        "trilat_link_up{partner=\"bravo\"} 0",
        "trilat_feed_plots_total",
        "trilat_latency_seconds_bucket",
    ] {
        assert!(metrics.contains(metric), "{metric} in\n{metrics}");
    }

    let out = trilat(&["node", "run", &config]);
    assert_eq!(
        out.status.code(),
        Some(1),
        "a second node of the same folder does not begin"
    );
    assert!(
        text(&out.stderr).contains("another node runs on"),
        "{}",
        text(&out.stderr)
    );

    let out = trilat(&["node", "doctor", &config]);
    let findings = text(&out.stdout);
    assert_eq!(out.status.code(), Some(1), "{findings}");
    assert!(
        findings.contains("fail partner bravo is not reached: check its address"),
        "{findings}"
    );
    assert!(findings.contains("ok   the node runs"), "{findings}");

    assert_eq!(alpha.terminate(), Some(0));
    let key = federation.path("alpha", "keys/node.key");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&key, open).expect("the mode can be set");
    let out = trilat(&["node", "doctor", &config]);
    let findings = text(&out.stdout);
    assert_eq!(out.status.code(), Some(1), "{findings}");
    assert!(
        findings.contains("may be read by others (mode 644): chmod 600"),
        "{findings}"
    );
    assert!(findings.contains("warn partner bravo does not answer"), "{findings}");
}

#[test]
fn a_configuration_that_cannot_be_used_ends_with_4_and_each_fault_is_named() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join("bad-node.toml");
    std::fs::write(
        &path,
        "[node]\nowner = \"a\"\nmod = \"real\"\n[engine]\nlag_s = \"ten\"\n",
    )
    .expect("it can be written");
    for command in ["run", "status"] {
        let out = trilat(&["node", command, &path.display().to_string()]);
        let complaint = String::from_utf8(out.stderr).expect("the program prints UTF-8");
        assert_eq!(out.status.code(), Some(4), "{complaint}");
        for fault in [
            ":3: unknown key \"mod\" (did you mean mode?)",
            ":1: mode is missing",
            ":5: lag_s is \"ten\", expected seconds from 0 to 3600",
        ] {
            assert!(complaint.contains(fault), "{fault} in\n{complaint}");
        }
    }
    std::fs::remove_file(&path).expect("it can be removed");
}
