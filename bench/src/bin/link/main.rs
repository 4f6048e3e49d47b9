//! Links between processes, measured: there and back, of a bare session of Zenoh and of ours.
//!
//! ```text
//! link certificates FOLDER OWNER…            an authority, a certificate and a key for each, and some that do not hold
//! link echo ENGINE ME PARTNER FOLDER WAY ADDRESS                      sends back what comes, until it is ended
//! link round ENGINE ME PARTNER FOLDER WAY ADDRESS PER_S OCTETS SECONDS        milliseconds there and back, as JSON
//! link events ME PARTNER FOLDER WAY ADDRESS                           prints what happens to a link, as it happens
//! link compare PER_S OCTETS SECONDS                       both engines over QUIC, the bare one over TLS; on loopback
//! link frozen PER_S OCTETS SECONDS           the healthy partner, while the other one is well and while it is frozen
//! ```
//!
//! ENGINE is `bare` or `ours`, WAY `listen` or `connect`, ADDRESS such as `quic/127.0.0.1:7447`. `bench/network.sh` and
//! `bench/link_faults.sh` run the roles on machines whose network is made to fail.
//! `cargo run --release --manifest-path bench/Cargo.toml --bin link -- compare 1000 200 10`
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

mod certificates;
mod ends;
mod processes;
mod round;

use std::env;
use std::path::Path;
use std::time::Duration;

use ends::{Bare, Ours, Peer};
use round::Load;

fn main() {
    zenoh::init_log_from_env_or("error");
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match &*args {
        ["certificates", folder, owners @ ..] => certificates::write_all(Path::new(folder), owners),
        ["echo", "bare", peer @ ..] => round::echo(&Bare::open(&peer_of(peer))),
        ["echo", "ours", peer @ ..] => round::echo(&Ours::open(&peer_of(peer))),
        ["round", engine, peer @ .., per_s, octets, seconds] => {
            let (peer, load) = (peer_of(peer), load_of(per_s, octets, seconds));
            let figures = match *engine {
                "bare" => round::measure(&Bare::open(&peer), &load),
                _ => round::measure(&Ours::open(&peer), &load),
            };
            println!("{figures}");
        }
        ["events", peer @ ..] => Ours::open(&peer_of(peer)).print_events(),
        ["compare", per_s, octets, seconds] => processes::compare(&load_of(per_s, octets, seconds)),
        ["frozen", per_s, octets, seconds] => processes::frozen(&load_of(per_s, octets, seconds)),
        _ => panic!("link certificates|echo|round|compare|frozen …: see the head of bench/src/bin/link/main.rs"),
    }
}

fn peer_of(args: &[&str]) -> Peer {
    let [me, partner, folder, way, address] = args else {
        panic!("ME PARTNER FOLDER WAY ADDRESS, not {args:?}")
    };
    Peer::new(me, partner, Path::new(folder), *way == "listen", address)
}

fn load_of(per_s: &str, octets: &str, seconds: &str) -> Load {
    Load {
        per_s: per_s.parse().expect("messages a second"),
        octets: octets.parse().expect("octets"),
        duration: Duration::from_secs_f64(seconds.parse().expect("seconds")),
    }
}
