//! What the node prints: one line an event, on standard error, for people or as JSON; what repeats is said seldom.

use std::collections::HashMap;
use std::io;

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::LogConfig;

/// How long a reason is silent after it was said, ns.
const SILENCE_NS: i64 = 10_000_000_000;

/// Begins to print, for the whole process. A second call changes nothing.
pub fn start(config: LogConfig) {
    let level = match config.level {
        "error" => LevelFilter::ERROR,
        "warn" => LevelFilter::WARN,
        "debug" => LevelFilter::DEBUG,
        "trace" => LevelFilter::TRACE,
        _ => LevelFilter::INFO,
    };
    // What the libraries below say about themselves is theirs; below warnings it is noise here.
    let others = level.min(LevelFilter::WARN);
    let filter = tracing_subscriber::filter::EnvFilter::default()
        .add_directive(others.into())
        .add_directive(directive("node", level))
        .add_directive(directive("trilat", level))
        // Who did what is told whatever else is not.
        .add_directive(directive("audit", level.max(LevelFilter::INFO)));
    let builder = tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_env_filter(filter);
    // Who began to print before goes on.
    let _ = if config.json {
        builder.json().flatten_event(true).finish().try_init()
    } else {
        builder.with_target(false).with_ansi(false).finish().try_init()
    };
}

fn directive(target: &str, level: LevelFilter) -> tracing_subscriber::filter::Directive {
    format!("{target}={level}").parse().unwrap_or_else(|_| level.into())
}

/// Decides whether something that repeats is said again: at once, then at most every ten seconds.
#[derive(Debug, Default)]
pub struct Repeats {
    said: HashMap<String, (i64, u64)>,
}

impl Repeats {
    /// Returns how often a reason was passed over since it was last said, if it may be said now.
    pub fn may_say(&mut self, reason: &str, now_ns: i64) -> Option<u64> {
        match self.said.get_mut(reason) {
            None => {
                self.said.insert(reason.to_owned(), (now_ns, 0));
                Some(0)
            }
            Some((said_ns, passed)) if now_ns - *said_ns >= SILENCE_NS => {
                *said_ns = now_ns;
                Some(std::mem::take(passed))
            }
            Some((_, passed)) => {
                *passed += 1;
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_is_said_at_once_and_then_every_ten_seconds_with_its_count() {
        let mut repeats = Repeats::default();
        assert_eq!(repeats.may_say("a", 5), Some(0));
        assert_eq!(repeats.may_say("b", 5), Some(0));
        assert!((0..1000).all(|at| repeats.may_say("a", 6 + at).is_none()));
        assert_eq!(repeats.may_say("a", 5 + SILENCE_NS), Some(1000));
        assert_eq!(repeats.may_say("a", 6 + SILENCE_NS), None);
    }
}
