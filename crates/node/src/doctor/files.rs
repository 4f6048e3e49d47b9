//! Keys, certificates, rosters, sensors, policies, the store.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use share::identity::Facts;
use share::roster::DueWhat;

use super::Finding;
use crate::clock::wall;
use crate::config::Config;
use crate::run::{NodeRules, Released, Rolls, sensors_of};

/// What ends within this is said.
const SOON_S: f64 = 30.0 * 86_400.0;

/// The key, the certificate, and everybody's rosters.
pub(super) fn identity(config: &Config) -> Vec<Finding> {
    let rolls = match Rolls::read(config) {
        Ok(rolls) => rolls,
        Err(error) => {
            return vec![Finding::fail(
                error.to_string(),
                "make it with `trilat node init` or `trilat keys`",
            )];
        }
    };
    let keyring = rolls.keyring();
    let mut findings = vec![permissions(&keyring.paths().node_key())];
    match keyring.node_key() {
        Ok(key) => findings.push(Finding::ok(format!("node {}", key.id()))),
        Err(error) => findings.push(Finding::fail(error.to_string(), "make them anew with `trilat keys`")),
    }
    match keyring.certificate().map(|certificate| certificate.facts()) {
        Ok(Ok(facts)) => findings.push(dates(&facts)),
        Ok(Err(error)) => findings.push(Finding::fail(error.to_string(), "have it made anew with `trilat keys`")),
        Err(error) => findings.push(Finding::fail(error.to_string(), "have it made anew with `trilat keys`")),
    }
    findings.extend(rosters(&rolls));
    findings
}

fn dates(facts: &Facts) -> Finding {
    let (from, until, now) = (facts.validity.from, facts.validity.until, wall());
    let remedy = "have it renewed with `trilat keys`";
    if now < from {
        Finding::fail(
            format!("the certificate is valid from {from} on"),
            "set this machine's clock, or wait",
        )
    } else if now >= until {
        Finding::fail(format!("the certificate ended on {until}"), remedy)
    } else if until - now < SOON_S {
        Finding::warn(format!("the certificate ends on {until}"), remedy)
    } else {
        Finding::ok(format!("certificate of {}, until {until}", facts.common_name))
    }
}

fn permissions(path: &Path) -> Finding {
    match fs::metadata(path) {
        Ok(metadata) if metadata.permissions().mode() & 0o077 != 0 => {
            let mode = metadata.permissions().mode() & 0o777;
            let what = format!("key {} may be read by others (mode {mode:o})", path.display());
            Finding::fail(what, format!("chmod 600 {}", path.display()))
        }
        Ok(_) => Finding::ok(format!("key {}, mode 600", path.display())),
        Err(error) => Finding::fail(format!("key {}: {error}", path.display()), "check the path"),
    }
}

fn rosters(rolls: &Rolls) -> Vec<Finding> {
    let now = wall();
    let mut findings = Vec::new();
    for due in rolls.roll().due(now, SOON_S) {
        let what = match due.what {
            DueWhat::Roster => format!("the roster of {}", due.owner),
            DueWhat::Node(node) => format!("the key {node} of {}", due.owner),
        };
        let remedy = format!("{} has to renew it with `trilat keys`", due.owner);
        findings.push(if due.until <= now {
            Finding::fail(format!("{what} ended on {}", due.until), remedy)
        } else {
            Finding::warn(format!("{what} ends on {}", due.until), remedy)
        });
    }
    if findings.is_empty() {
        let owners: Vec<&str> = rolls.roll().owners().map(|owner| &**owner).collect();
        findings.push(Finding::ok(format!("rosters of {}", owners.join(", "))));
    }
    findings
}

pub(super) fn sensors_and_policy(config: &Config) -> Vec<Finding> {
    let sensors = match sensors_of(config) {
        Ok(sensors) => sensors,
        Err(error) => return vec![Finding::fail(error.to_string(), "correct the sensor file")],
    };
    let own = sensors.as_slice().iter().filter(|sensor| sensor.owner == config.owner);
    let names: Vec<_> = own.map(|sensor| sensor.name.clone()).collect();
    let mut findings = Vec::new();
    findings.push(if names.is_empty() && !config.feeds.is_empty() {
        let what = format!("no sensor of {} in {}", config.owner, config.sensors.display());
        Finding::fail(
            what,
            "add the sensors whose plots the feeds bring; `owner` must be written alike",
        )
    } else {
        Finding::ok(format!("{} own sensors", names.len()))
    });
    match NodeRules::read(&config.policies, &config.owner, &sensors, Released::default()) {
        Err(error) => findings.push(Finding::fail(
            error.to_string(),
            "correct it; `trilat policy check` says more",
        )),
        Ok(rules) => {
            findings.push(Finding::ok(format!("policy {}", rules.words())));
            let agreement = rules.policy().agreement();
            for name in names.iter().filter(|name| !agreement.sensors.contains(name)) {
                let what = format!("sensor {name} is not in the agreement: nobody is given what it measures");
                findings.push(Finding::warn(
                    what,
                    "add it to `sensors` of agreement.toml, if that is not meant",
                ));
            }
            for partner in config
                .partners
                .iter()
                .filter(|partner| !agreement.partners.contains(&partner.name))
            {
                let what = format!("{} is not in the agreement: it is given nothing", partner.name);
                let remedy = "add it to `partners` of agreement.toml, if that is not meant";
                findings.push(Finding::warn(what, remedy));
            }
        }
    }
    findings
}

pub(super) fn store(config: &Config, is_running: bool) -> Vec<Finding> {
    let path = &config.store;
    let mut findings = Vec::new();
    if path.exists() {
        let words = if is_running { ", in use by the running node" } else { "" };
        findings.push(Finding::ok(format!("log {}{words}", path.display())));
    } else {
        findings.push(Finding::ok(format!("log {}, made at the first start", path.display())));
    }
    let Some(folder) = existing(path) else {
        findings.push(Finding::fail(
            format!("{} has no folder above", path.display()),
            "check [node] store",
        ));
        return findings;
    };
    let min_mib = config.limits.free_disk_min_mib;
    match rustix::fs::statvfs(&folder) {
        Err(error) => findings.push(Finding::fail(
            format!("{}: {error}", folder.display()),
            "check [node] store",
        )),
        Ok(disk) => {
            let free_mib = disk.f_bavail.saturating_mul(disk.f_frsize) >> 20;
            findings.push(if free_mib < min_mib {
                let what = format!("{free_mib} MiB are free on the disk of the log, expected {min_mib}");
                Finding::fail(what, "make room, or lower [limits] free_disk_min_mib")
            } else if free_mib < 4 * min_mib {
                let what = format!("{free_mib} MiB are free on the disk of the log");
                Finding::warn(what, format!("make room: below {min_mib} nothing is accepted any more"))
            } else {
                Finding::ok(format!("{free_mib} MiB free on the disk of the log"))
            });
        }
    }
    findings
}

/// The nearest folder above that exists.
fn existing(path: &Path) -> Option<PathBuf> {
    let here = Some(Path::new("."));
    let above = path.ancestors().filter(|path| !path.as_os_str().is_empty()).chain(here);
    above.into_iter().find(|path| path.exists()).map(Path::to_owned)
}
