//! Three nodes that reach each other through a router alone, which an operator of its own keeps: by the commands and
//! the keys of node.toml.
//!
//! The router is `zenohd` where `TRILAT_ZENOHD` names one (`bench/zenohd.sh` builds it); else what zenohd is made of,
//! its library in the mode of a router, by the same configuration.

use std::path::Path;
use std::process::{Child, Command};

use node::status::Status;
use zenoh::{Session, Wait as _};

use crate::nodes::{Federation, Node, OWNERS, now, trilat, until};
use crate::{items_in_log, plots, send};

const OPERATOR: &str = "hub";

/// A router that runs, until it is dropped.
enum Router {
    Process(Child),
    Within(Session),
}

impl Router {
    fn start(config: &Path) -> Self {
        match std::env::var("TRILAT_ZENOHD") {
            Ok(zenohd) => {
                let started = Command::new(zenohd).arg("--config").arg(config).spawn();
                Self::Process(started.expect("the router runs"))
            }
            Err(_) => {
                let config = zenoh::Config::from_file(config).expect("a configuration of zenoh");
                let mut session = None;
                // Once the one before has given the address back.
                until("the router starts", || {
                    session = zenoh::open(config.clone()).wait().ok();
                    session.is_some()
                });
                Self::Within(session.expect("it started"))
            }
        }
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        match self {
            Self::Process(child) => {
                let _ = child.kill();
                let _ = child.wait();
            }
            Self::Within(session) => session.close().wait().expect("the router ends"),
        }
    }
}

fn run(arguments: &[&str]) -> serde_json::Value {
    let out = trilat(&[arguments, &["--json"]].concat());
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("JSON")
}

/// Makes the operator, who trusts the owners and whom they trust, and the router's files; every partner is reached
/// through the router.
fn through_a_router(federation: &Federation, port: u16) {
    let folder = |owner: &str| federation.path(owner, "").display().to_string();
    let roster = |of: &str| {
        federation
            .path(of, &format!("roster/{of}.roster"))
            .display()
            .to_string()
    };
    let made = run(&["keys", "new", &folder(OPERATOR), "--owner", OPERATOR]);
    let of_hub = made["roster"]["root"].as_str().expect("a name").to_owned();
    for owner in OWNERS {
        let shown = run(&["keys", "show", &roster(owner)]);
        let root = shown["roster"]["root"].as_str().expect("a name");
        run(&[
            "keys",
            "trust",
            &folder(OPERATOR),
            &roster(owner),
            "--fingerprint",
            root,
        ]);
        run(&[
            "keys",
            "trust",
            &folder(owner),
            &roster(OPERATOR),
            "--fingerprint",
            &of_hub,
        ]);
    }
    let at = format!("quic/127.0.0.1:{port}");
    run(&["keys", "router", &folder(OPERATOR), "--listen", &at]);
    for owner in OWNERS {
        let made = federation.path(OPERATOR, &format!("router/{owner}.crt"));
        let kept = federation.path(owner, &format!("keys/{OPERATOR}.crt"));
        std::fs::copy(made, kept).expect("the certificate is there");
        federation.edit(owner, "node.toml", |text| {
            let of_partner = |line: &str| line.starts_with("listen = ") || line.starts_with("connect = ");
            let mut lines: Vec<String> = Vec::new();
            for line in text.lines().filter(|line| !of_partner(line)) {
                lines.push(line.to_owned());
                let is_partner = OWNERS.iter().any(|owner| line == format!("name = \"{owner}\""));
                if is_partner {
                    lines.push(format!("router = \"{OPERATOR}\""));
                }
            }
            lines.join("\n") + &format!("\n[[router]]\nname = \"{OPERATOR}\"\nconnect = [\"{at}\"]\n")
        });
    }
}

fn all_reached(nodes: &[Node]) {
    for node in nodes {
        node.until("both partners are reached", |status| {
            status.partners.len() == 2 && status.partners.iter().all(|partner| partner.is_up)
        });
    }
}

fn received(status: &Status) -> u64 {
    status.partners.iter().map(|partner| partner.plots_received).sum()
}

#[test]
fn three_owners_share_through_a_router_and_lose_nothing_while_it_is_away() {
    let federation = Federation::new("router");
    let port = crate::nodes::free_ports();
    through_a_router(&federation, port);
    federation.rules("alpha", crate::ALL);
    let config = federation.path(OPERATOR, "router/zenohd.json5");
    let router = Router::start(&config);
    let nodes = OWNERS.map(|owner| federation.start(owner));
    all_reached(&nodes);
    let [alpha, others @ ..] = &nodes;
    let from = now();
    let mut feed = alpha.feed();
    send(&mut feed, &plots(from, 0..200));
    for node in others {
        node.until("the first arrive", |status| received(status) == 200);
    }
    drop(router);
    for node in &nodes {
        node.until("nobody is reached", |status| {
            status.partners.iter().all(|partner| !partner.is_up)
        });
    }
    send(&mut feed, &plots(from, 200..400));
    let router = Router::start(&config);
    all_reached(&nodes);
    for node in others {
        node.until("what was measured meanwhile arrives", |status| {
            received(status) == 400 && status.partners.iter().all(|partner| partner.missing == 0)
        });
    }
    // The operator no longer knows charlie: it is not let in, and the others go on.
    drop(router);
    let text = std::fs::read_to_string(&config).expect("the configuration");
    let without = text.replace("\"charlie\"", "\"nobody\"");
    std::fs::write(&config, without).expect("it can be written");
    let router = Router::start(&config);
    nodes[1].until("alpha is reached", |status| {
        status.partners.iter().any(|partner| partner.is_up)
    });
    send(&mut feed, &plots(from, 400..600));
    nodes[1].until("they arrive", |status| received(status) == 600);
    until("charlie reaches nobody, and hears nothing", || {
        let status = nodes[2].status();
        received(&status) == 400 && status.partners.iter().all(|partner| !partner.is_up)
    });
    for node in nodes {
        assert_eq!(node.terminate(), Some(0));
    }
    drop(router);
    // The plots, and the sensors of those who give.
    assert!(items_in_log(&federation, "bravo").len() > 600);
    assert!(items_in_log(&federation, "charlie").len() > 400);
}
