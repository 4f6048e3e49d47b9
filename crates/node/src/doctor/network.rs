//! Clocks, addresses, partners.

use std::net::{TcpListener, UdpSocket};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use super::Finding;
use crate::clock::{steady_ns, wall};
use crate::config::{Config, Input};
use crate::link::LinkEvent;
use crate::link::zenoh::ZenohLink;
use crate::run::Rolls;
use crate::status::Status;

/// How long partners are called.
const CALL_NS: i64 = 4_000_000_000;

pub(super) fn clocks(config: &Config, running: Option<&Status>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let now = wall();
    if let Ok(rolls) = Rolls::read(config) {
        let rosters = rolls.roll().owners().filter_map(|owner| rolls.roll().roster(owner));
        if let Some(latest) = rosters.map(|sealed| sealed.roster().issued).max()
            && now < latest
        {
            let what = format!("this machine's clock says {now}, a roster was signed on {latest}");
            findings.push(Finding::fail(what, "set the clock; keep it by NTP or PTP"));
        }
    }
    let max_s = config.clock.partner_offset_max_s;
    for partner in running.map_or(&[][..], |status| &status.partners) {
        let name = &partner.name;
        let error_s = partner.clock_error_s.unwrap_or_default();
        match partner.clock_offset_s {
            Some(offset_s) if offset_s.abs() > max_s => {
                let what =
                    format!("the clock of {name} is {offset_s:+.3} s off (±{error_s:.3}), at most {max_s} is expected");
                findings.push(Finding::warn(
                    what,
                    "find out whose clock is wrong; keep both by NTP or PTP",
                ));
            }
            Some(offset_s) => findings.push(Finding::ok(format!(
                "clock of {name}, {offset_s:+.3} s off (±{error_s:.3})"
            ))),
            None => {}
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok(format!("clock, {now}")));
    }
    findings
}

/// What the running node says of itself.
pub(super) fn of_running(status: &Status, config: &Config) -> Vec<Finding> {
    let mut findings = vec![Finding::ok(format!("the node runs, since {:.0} s", status.uptime_s))];
    let remedy = "look at `trilat node status` and the log";
    findings.extend(
        status
            .not_ready
            .iter()
            .map(|why| Finding::fail(format!("not ready: {why}"), remedy)),
    );
    for feed in status.feeds.iter().filter(|feed| feed.dropped > 0) {
        let what = format!("feed {} had no room for {} plots", feed.name, feed.dropped);
        let remedy = "raise [limits] rated_plots_per_s, if the machine bears it";
        findings.push(Finding::warn(what, remedy));
    }
    for feed in status.feeds.iter().filter(|feed| feed.overflown > 0) {
        let what = format!(
            "the system threw {} datagrams of feed {} away unread",
            feed.overflown, feed.name
        );
        let remedy = "raise the system's net.core.rmem_max, or take load off this machine";
        findings.push(Finding::warn(what, remedy));
    }
    let linked = config.partners.iter().filter(|partner| partner.is_linked());
    let is_linked = |name: &str| linked.clone().any(|partner| *partner.name == *name);
    for partner in status.partners.iter().filter(|partner| is_linked(&partner.name)) {
        let name = &partner.name;
        if let Some(why) = &partner.not_believed {
            let remedy = format!("get the newest roster of {name}, and `trilat keys trust` it");
            findings.push(Finding::fail(format!("partner {name} is not believed: {why}"), remedy));
            continue;
        }
        findings.push(if partner.is_up {
            Finding::ok(format!("partner {name} is reached"))
        } else {
            let remedy = "check its address, the way there (UDP for quic), and that both know each other's roster";
            Finding::fail(format!("partner {name} is not reached"), remedy)
        });
        if let Some(difference) = &partner.difference {
            findings.push(Finding::warn(
                format!("pictures differ with {name}: {difference}"),
                remedy,
            ));
        }
    }
    findings
}

/// Whether the addresses of a node that does not run are free.
pub(super) fn addresses(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut try_tcp = |what: &str, address| {
        findings.push(match TcpListener::bind(address) {
            Ok(_) => Finding::ok(format!("{what} can listen on {address}")),
            Err(error) => {
                let remedy = "choose another address, or end the program that has it";
                Finding::fail(format!("{what} cannot listen on {address} ({error})"), remedy)
            }
        });
    };
    try_tcp("http", config.http.address);
    for feed in &config.feeds {
        if let Input::Tcp { address } = feed.input {
            try_tcp(&format!("feed {}", feed.name), address);
        }
    }
    for feed in &config.feeds {
        match &feed.input {
            Input::Udp { address, .. } if !address.ip().is_multicast() => {
                findings.push(match UdpSocket::bind(address) {
                    Ok(_) => Finding::ok(format!("feed {} can listen on {address}", feed.name)),
                    Err(error) => {
                        let what = format!("feed {} cannot listen on {address} ({error})", feed.name);
                        Finding::fail(what, "choose another address, or end the program that has it")
                    }
                });
            }
            Input::File { path, .. } if !path.exists() => {
                let what = format!("feed {}: {} does not exist", feed.name, path.display());
                findings.push(Finding::fail(what, "correct `path`"));
            }
            _ => {}
        }
    }
    findings
}

/// Calls the partners of a node that does not run, as the node would.
pub(super) fn partners(config: &Config) -> Vec<Finding> {
    let Ok(rolls) = Rolls::read(config) else {
        return Vec::new();
    };
    let (to, events) = sync_channel::<LinkEvent>(1_024);
    let (mut findings, mut links, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
    for partner in config.partners.iter().filter(|partner| partner.is_linked()) {
        let opened = ZenohLink::open(&rolls.link(config, partner), to.clone());
        match opened {
            Ok(link) => {
                links.push(link);
                waiting.push(partner.name.clone());
            }
            Err(error) => {
                let remedy = "check [[partner]] listen and connect, and the certificate";
                findings.push(Finding::fail(format!("partner {}: {error}", partner.name), remedy));
            }
        }
    }
    let until_ns = steady_ns() + CALL_NS;
    while !waiting.is_empty() && steady_ns() < until_ns {
        let left = Duration::from_nanos((until_ns - steady_ns()).max(0) as u64);
        match events.recv_timeout(left) {
            Ok(LinkEvent::Up { partner }) => {
                waiting.retain(|name| *name != partner);
                findings.push(Finding::ok(format!("partner {partner} answers")));
            }
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    for partner in waiting {
        let remedy = "it may not run yet; else check its address, the way there (UDP for quic), and both rosters";
        findings.push(Finding::warn(format!("partner {partner} does not answer"), remedy));
    }
    drop(events);
    links.into_iter().for_each(ZenohLink::close);
    findings
}
