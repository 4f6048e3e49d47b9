//! Links through a real router, `zenohd`, which `TRILAT_ZENOHD` names and `bench/zenohd.sh` builds: with the feature
//! `zenohd`.

#![expect(clippy::unwrap_used, reason = "a test; its helpers too")]
#![expect(dead_code, reason = "shares its helpers with the other tests of links")]

#[path = "link/certs.rs"]
mod certs;
#[path = "link/ends.rs"]
mod ends;

use std::process::{Child, Command};
use std::sync::mpsc;
use std::{env, fs};

use certs::{Authority, Files, Folder, Valid, address};
use ends::{End, config};
use node::link::zenoh::{LinkConfig, RouterConfig, Way, router_config};
use node::link::{Lane, Link};
use serde_json::json;
use zenoh::qos::CongestionControl;
use zenoh::sample::Locality;
use zenoh::{Session, Wait as _};

/// A router's process, ended with its test.
struct Router(Child);

impl Drop for Router {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What everybody has who uses the router: its operator's authority vouches for all of them.
struct Federation {
    folder: Folder,
    authority: Authority,
    at: String,
}

impl Federation {
    fn new() -> Self {
        let folder = Folder::new();
        let authority = Authority::new(&folder, "operator");
        Self {
            folder,
            authority,
            at: address(),
        }
    }

    fn vouch(&self, name: &str) -> Files {
        self.authority.vouch(&self.folder, name, Valid::Now)
    }

    fn start_router(&self, zenohd: &str) -> Router {
        let files = self.vouch("router");
        let text = router_config(&RouterConfig {
            listen: vec![self.at.clone()],
            certificate: files.certificate,
            key: files.key,
            authority: self.authority.path.clone(),
            owners: ["a", "b", "c"].map(Into::into).to_vec(),
        });
        let path = self.folder.path().join("router.json5");
        fs::write(&path, text.unwrap()).unwrap();
        Router(Command::new(zenohd).arg("--config").arg(path).spawn().unwrap())
    }

    fn link(&self, me: &str, partner: &str) -> LinkConfig {
        let way = Way::Router {
            name: "router".into(),
            connect: vec![self.at.clone()],
        };
        config((me, &self.vouch(me)), (partner, &self.authority.path), way)
    }

    /// A session with an owner's certificate, and no rules of its own.
    fn outsider(&self, name: &str) -> Session {
        let files = self.vouch(name);
        let config = json!({
            "mode": "client",
            "connect": { "endpoints": [self.at], "timeout_ms": 0, "exit_on_failure": true },
            "scouting": { "multicast": { "enabled": false }, "gossip": { "enabled": false } },
            "transport": { "link": { "tls": {
                "enable_mtls": true,
                "root_ca_certificate": self.authority.path,
                "connect_certificate": files.certificate,
                "connect_private_key": files.key,
                "verify_name_on_connect": false,
            } } },
        });
        zenoh::open(zenoh::Config::from_json5(&config.to_string()).unwrap())
            .wait()
            .unwrap()
    }
}

fn zenohd() -> String {
    env::var("TRILAT_ZENOHD").expect("TRILAT_ZENOHD names the router that bench/zenohd.sh builds")
}

#[test]
fn two_owners_meet_through_a_router_that_may_come_later_and_come_back() {
    let zenohd = zenohd();
    let federation = Federation::new();
    let (a, b) = (
        End::open(&federation.link("a", "b")),
        End::open(&federation.link("b", "a")),
    );
    for _ in 0..2 {
        let router = federation.start_router(&zenohd);
        a.wait_up();
        b.wait_up();
        for lane in Lane::ALL {
            a.link.send(lane, vec![lane as u8; 100_000]).unwrap();
            assert_eq!(b.message(), (lane, vec![lane as u8; 100_000]));
            b.link.send(lane, vec![9]).unwrap();
            assert_eq!(a.message(), (lane, vec![9]));
        }
        drop(router);
        a.wait_down();
        b.wait_down();
    }
}

#[test]
fn a_router_lets_nobody_speak_or_hear_for_another() {
    let zenohd = zenohd();
    let federation = Federation::new();
    let _router = federation.start_router(&zenohd);
    let (a, b) = (
        End::open(&federation.link("a", "b")),
        End::open(&federation.link("b", "a")),
    );
    a.wait_up();
    b.wait_up();
    let c = federation.outsider("c");
    let (tell, told) = mpsc::channel();
    let hear = c.declare_subscriber("**").allowed_origin(Locality::Remote);
    let hear = hear.callback(move |sample| {
        let _ = tell.send(sample.key_expr().to_string());
    });
    let hear = hear.wait().unwrap();
    let own = c
        .declare_subscriber("trilat/v1/a/b/live")
        .allowed_origin(Locality::Remote)
        .wait()
        .unwrap();
    for key in ["trilat/v1/a/b/live", "trilat/v1/b/a/ctl", "trilat/v1/**"] {
        let message = [&5_u64.to_le_bytes()[..], b"false"].concat();
        c.put(key, message)
            .congestion_control(CongestionControl::Block)
            .wait()
            .unwrap();
    }
    for number in 0..20 {
        a.link.send(Lane::Live, vec![number]).unwrap();
        assert_eq!(b.message(), (Lane::Live, vec![number]));
        b.link.send(Lane::Live, vec![number]).unwrap();
        assert_eq!(a.message(), (Lane::Live, vec![number]));
    }
    assert_eq!(a.link.counts(Lane::Live).received, 20);
    assert_eq!(b.link.counts(Lane::Ctl).received, 0);
    assert!(own.try_recv().unwrap().is_none(), "c heard what b said to a");
    hear.undeclare().wait().unwrap();
    assert!(told.try_recv().is_err(), "c heard what was not for it");
}
