//! What would keep a node from working: each finding with its remedy.
//!
//! Nothing is changed. A node that runs is asked for what only it knows; one that does not has its addresses tried, and
//! its partners called for a moment.

mod files;
mod http;
mod network;
mod warnings;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::config::Config;
use crate::get;
use crate::status::Status;

/// How bad a finding is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// It works, and will not for long, or not well.
    Warn,
    /// It does not work.
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// What was found.
    pub what: String,
    /// What to do.
    pub remedy: Option<String>,
}

impl Finding {
    fn ok(what: impl Into<String>) -> Self {
        Self {
            level: Level::Ok,
            what: what.into(),
            remedy: None,
        }
    }

    fn warn(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            level: Level::Warn,
            what: what.into(),
            remedy: Some(remedy.into()),
        }
    }

    fn fail(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            level: Level::Fail,
            ..Self::warn(what, remedy)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.level {
            Level::Ok => "ok",
            Level::Warn => "warn",
            Level::Fail => "fail",
        };
        write!(to, "{word:<5}{}", self.what)?;
        match &self.remedy {
            Some(remedy) => write!(to, ": {remedy}"),
            None => Ok(()),
        }
    }
}

/// Looks at everything that a configuration names, and at the node if it runs.
pub fn examine(path: &Path) -> Vec<Finding> {
    let config = match Config::read(path) {
        Ok(config) => config,
        Err(error) => {
            let faults = error.to_string();
            let remedy = "correct the file at the place named";
            return faults.lines().map(|fault| Finding::fail(fault, remedy)).collect();
        }
    };
    let mut findings = vec![Finding::ok(format!("configuration {}", path.display()))];
    let running: Option<Arc<Status>> = get::status(&config).ok().map(Arc::new);
    findings.extend(files::identity(&config));
    findings.extend(files::sensors_and_policy(&config));
    findings.extend(files::store(&config, running.is_some()));
    findings.extend(http::http(&config.http));
    findings.extend(warnings::warnings(&config));
    findings.extend(network::clocks(&config, running.as_deref()));
    match running.as_deref() {
        Some(status) => findings.extend(network::of_running(status, &config)),
        None => {
            findings.extend(network::addresses(&config));
            findings.extend(network::partners(&config));
        }
    }
    findings
}
