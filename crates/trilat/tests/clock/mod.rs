//! A node whose wall clock steps: it says so, goes on by its own clock, and follows only forward.
//!
//! Its process alone sees the steps: a library in front of the system's (`wall.c`) moves what it reads.

use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::process::Command;

use geo::Time;

use crate::nodes::{Federation, Node, now};
use crate::{ALL, plots, send};

/// Steps beyond this are alarms, by default.
const JUMP_MAX_S: f64 = 0.5;

/// The wall clock of a node's process.
struct Wall {
    library: PathBuf,
    path: PathBuf,
    moved: std::fs::File,
}

impl Wall {
    fn new(federation: &Federation) -> Self {
        let (library, path) = (federation.folder.join("wall.so"), federation.folder.join("moved"));
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clock/wall.c");
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
            .args([&library, &PathBuf::from(source)])
            .output()
            .expect("the compiler that Rust links with");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        let moved = std::fs::File::create(&path).expect("it can be written");
        let wall = Self { library, path, moved };
        wall.step_to(0.0);
        wall
    }

    /// Lets it show this much more than it is.
    fn step_to(&self, ahead_s: f64) {
        let ns = (ahead_s * 1e9) as i64;
        self.moved
            .write_all_at(&ns.to_ne_bytes(), 0)
            .expect("it can be written");
    }
}

/// How far a node's own clock is ahead.
fn ahead_s(node: &Node) -> f64 {
    let time: Time = node.status().time.parse().expect("a time");
    time - now()
}

fn is_alarmed(node: &Node, jumps: f64) {
    let said = "the wall clock stepped";
    node.until("it says that the clock stepped", |status| {
        status.not_ready.iter().any(|why| why.contains(said))
    });
    let answer = node.get("/ready").expect("it answers");
    assert!(answer.starts_with("HTTP/1.0 503") && answer.contains(said), "{answer}");
    assert_eq!(node.metrics()["trilat_clock_jumps_total"], jumps);
    assert!(node.get("/health").expect("it answers").starts_with("HTTP/1.0 200"));
}

fn is_ready(node: &Node, what: &str) {
    node.until(what, |status| status.is_ready);
    assert!(node.get("/ready").expect("it answers").starts_with("HTTP/1.0 200"));
}

#[test]
fn a_step_of_the_wall_clock_is_said_counted_and_followed_forward_only() {
    let federation = Federation::new("stepped");
    federation.rules("alpha", ALL);
    let wall = Wall::new(&federation);
    let alpha = federation.start_with("alpha", |command| {
        command.env("LD_PRELOAD", &wall.library).env("WALL_MOVED", &wall.path)
    });
    let bravo = federation.start("bravo");
    alpha.until("bravo is reached", |status| status.partners[0].is_up);
    is_ready(&alpha, "it is ready");
    assert_eq!(alpha.metrics()["trilat_clock_jumps_total"], 0.0);

    wall.step_to(3.0);
    is_alarmed(&alpha, 1.0);
    assert!(
        ahead_s(&alpha) < JUMP_MAX_S,
        "it goes on by its own clock: {}",
        ahead_s(&alpha)
    );
    send(&mut alpha.feed(), &plots(now(), 0..10));
    bravo.until("plots go out all the same", |status| {
        status.partners[0].plots_received == 10
    });
    is_ready(&alpha, "the step stood, and is followed");
    assert!((ahead_s(&alpha) - 3.0).abs() < JUMP_MAX_S, "{}", ahead_s(&alpha));

    wall.step_to(0.0);
    is_alarmed(&alpha, 2.0);
    assert!(
        (ahead_s(&alpha) - 3.0).abs() < JUMP_MAX_S,
        "never backward: {}",
        ahead_s(&alpha)
    );
    wall.step_to(3.0);
    is_ready(&alpha, "the wall clock agrees again");
    assert_eq!(alpha.metrics()["trilat_clock_jumps_total"], 2.0);
    for node in [alpha, bravo] {
        assert_eq!(node.terminate(), Some(0));
    }
}
