//! Keys, certificates, rosters, sensors, policies, the store.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use share::identity::Facts;
use share::policy::{Agreement, Policy};
use share::roster::DueWhat;

use super::Finding;
use crate::clock::{NodeClock, wall};
use crate::config::Config;
use crate::keyring::Keyring;
use crate::run::{Rolls, sensors_of};
use crate::versions::{Versions, read_draft};

/// What ends within this is said.
pub(super) const SOON_S: f64 = 30.0 * 86_400.0;

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

pub(super) fn permissions(path: &Path) -> Finding {
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
    findings.extend(policy(config, &names));
    findings
}

/// The signed versions, and what of them does not fit the sensors and partners.
fn policy(config: &Config, sensors: &[Arc<str>]) -> Vec<Finding> {
    let Ok(keyring) = Keyring::open(&config.identity) else {
        // Said already.
        return Vec::new();
    };
    let mut versions = Versions::new(&config.policies, keyring.own());
    let mut findings = Vec::new();
    let looked = versions.look();
    for refused in looked.as_ref().err().into_iter().chain(versions.refused()) {
        let (path, fault) = (refused.path.display(), &refused.fault);
        findings.push(Finding::fail(format!("policy {path}: {fault}"), fault.remedy()));
    }
    let now = NodeClock::start(config.clock.exercise).now();
    let history = versions.history();
    let Some(version) = history.at(now).or(history.versions().first()) else {
        let what = format!("{}: no signed version of the agreement", versions.folder().display());
        findings.push(Finding::fail(what, "sign one: trilat policy sign --help"));
        return findings;
    };
    let (number, from) = (version.number, version.from);
    findings.push(if from <= now {
        Finding::ok(format!("policy version {number}, from {from}"))
    } else {
        let what = format!("policy version {number} holds from {from} on; until then nobody is given anything");
        Finding::warn(what, "wait, or sign a version that holds from now on")
    });
    let newest = history.versions().last().unwrap_or(version);
    if read_draft(&config.policies).is_ok_and(|draft| draft != newest.files) {
        let (draft, newest) = (config.policies.display(), newest.number);
        let what = format!("the files in {draft} are others than those of version {newest}: they hold nothing yet");
        findings.push(Finding::warn(
            what,
            "sign them with `trilat policy sign`, if they are to",
        ));
    }
    if let Ok(policy) = Policy::new(&version.files) {
        findings.extend(left_out(config, policy.agreement(), sensors));
    }
    findings
}

/// Who and what of the configuration is not in the agreement.
fn left_out(config: &Config, agreement: &Agreement, sensors: &[Arc<str>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in sensors.iter().filter(|name| !agreement.sensors.contains(name)) {
        let what = format!("sensor {name} is not in the agreement: nobody is given what it measures");
        findings.push(Finding::warn(
            what,
            "add it to `sensors` of agreement.toml, if that is not meant",
        ));
    }
    let is_out = |partner: &&crate::config::Partner| !agreement.partners.contains(&partner.name);
    for partner in config.partners.iter().filter(is_out) {
        let what = format!("{} is not in the agreement: it is given nothing", partner.name);
        let remedy = "add it to `partners` of agreement.toml, if that is not meant";
        findings.push(Finding::warn(what, remedy));
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
