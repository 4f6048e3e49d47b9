//! A partner whose process is frozen holds up nobody else: real processes, one of them stopped by SIGSTOP.
//!
//! Not one of the usual tests, for it is its own partners: with `LINK_PARTNER` set it is one of them.

#![expect(clippy::unwrap_used, reason = "a test; its helpers too")]
#![expect(dead_code, reason = "shares its helpers with the other tests of links")]

#[path = "link/certs.rs"]
mod certs;
#[path = "link/ends.rs"]
mod ends;

use std::collections::VecDeque;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;

use certs::{Files, Folder, address};
use ends::{End, Owner, config, connect, listen};
use node::link::zenoh::{Limits, LinkConfig};
use node::link::{Lane, Link, LinkEvent, NotSent};

fn main() {
    match env::var("LINK_PARTNER") {
        Ok(name) => answer(&name),
        Err(_) => {
            a_frozen_partner_holds_up_nobody_else();
            #[expect(clippy::print_stdout, reason = "as the usual tests say it")]
            {
                println!("test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
            }
        }
    }
}

/// A partner in a process of its own: sends back what comes on the live lane.
fn answer(name: &str) {
    let file = |what: &str| PathBuf::from(env::var(what).unwrap());
    let files = Files {
        certificate: file("LINK_CERTIFICATE"),
        key: file("LINK_KEY"),
    };
    let way = connect(&env::var("LINK_ADDRESS").unwrap());
    let end = End::open(&config((name, &files), ("a", &file("LINK_AUTHORITY")), way));
    // What a link that is down does not take goes when it is up again: a process that was frozen finds its own down.
    let mut owed = VecDeque::new();
    for event in &end.events {
        if let LinkEvent::Octets {
            lane: Lane::Live,
            octets,
            ..
        } = event
        {
            owed.push_back(octets);
        }
        while let Some(octets) = owed.pop_front() {
            if end.link.send(Lane::Live, octets.clone()).is_err() {
                owed.push_front(octets);
                break;
            }
        }
    }
}

/// A process that is ended with its test.
struct Process(Child);

impl Process {
    fn start(owner: &Owner, authority: &Path, at: &str) -> Self {
        let child = Command::new(env::current_exe().unwrap())
            .env("LINK_PARTNER", owner.name)
            .env("LINK_CERTIFICATE", &owner.files.certificate)
            .env("LINK_KEY", &owner.files.key)
            .env("LINK_AUTHORITY", authority)
            .env("LINK_ADDRESS", at)
            .spawn();
        Self(child.unwrap())
    }

    fn signal(&self, signal: &str) {
        let done = Command::new("kill")
            .args([signal, &self.0.id().to_string()])
            .status()
            .unwrap();
        assert!(done.success(), "kill {signal}");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn a_frozen_partner_holds_up_nobody_else() {
    let folder = Folder::new();
    let owners = ["a", "b", "c"].map(|name| Owner::new(&folder, name));
    let [a, b, c] = &owners;
    let (at_b, at_c) = (address(), address());
    // A short queue, so that it is full long before the silence is noticed.
    let limits = Limits {
        messages_max: 16,
        octets_max: usize::MAX,
    };
    let to_b = End::open(&LinkConfig {
        limits,
        ..a.to(b, listen(&at_b))
    });
    let to_c = End::open(&a.to(c, listen(&at_c)));
    let [process_b, _process_c] =
        [(b, &at_b), (c, &at_c)].map(|(owner, at)| Process::start(owner, &a.authority.path, at));
    to_b.wait_up();
    to_c.wait_up();
    for end in [&to_b, &to_c] {
        end.link.send(Lane::Live, vec![1]).unwrap();
        assert_eq!(end.message(), (Lane::Live, vec![1]));
    }

    process_b.signal("-STOP");
    let mut frozen = Ok(());
    let mut round = 0_u32;
    while frozen.is_ok() {
        frozen = (0..8).try_for_each(|_| to_b.link.send(Lane::Live, vec![0; 64 * 1024]));
        round += 1;
        to_c.link.send(Lane::Live, round.to_be_bytes().to_vec()).unwrap();
        assert_eq!(to_c.message(), (Lane::Live, round.to_be_bytes().to_vec()));
    }
    assert!(matches!(frozen, Err(NotSent::Full { .. })), "{frozen:?}");
    // The window takes half of the queue at most.
    assert!(to_b.link.waiting(Lane::Live).to_send > 0);
    assert_eq!(to_c.link.waiting(Lane::Live).to_send, 0);
    assert!(to_b.link.counts(Lane::Live).full > 0);
    // It goes on until the silence is noticed, and after.
    let told = thread::spawn(move || {
        to_b.wait_down();
        to_b
    });
    while !told.is_finished() {
        round += 1;
        to_c.link.send(Lane::Live, round.to_be_bytes().to_vec()).unwrap();
        assert_eq!(to_c.message(), (Lane::Live, round.to_be_bytes().to_vec()));
    }
    let to_b = told.join().unwrap();
    assert_eq!(to_b.link.waiting(Lane::Live).to_send, 0);
    assert!(matches!(
        to_b.link.send(Lane::Live, vec![0]),
        Err(NotSent::Closed { .. })
    ));

    process_b.signal("-CONT");
    to_b.wait_up();
    to_b.link.send(Lane::Live, vec![2]).unwrap();
    while to_b.message() != (Lane::Live, vec![2]) {}
    // Nobody else noticed.
    assert!(
        to_c.events
            .try_iter()
            .all(|event| !matches!(event, LinkEvent::Down { .. }))
    );
}
