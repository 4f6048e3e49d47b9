//! `trilat policy withdraw`.

use std::time::Duration;

use geo::Time;
use node::get;
use node::status::Status;
use node::versions::{file_of, read_draft};
use share::policy::Withdrawal;
use share::policy::version::{Version, sign};

use super::home::Home;
use super::sign::{put, refused, write_changed};
use super::{PolicyFailure, unusable};
use crate::args::WithdrawArgs;
use crate::output::{TakenOutput, WithdrawnOutput};
use crate::{Failure, terminal};

/// How often a running node is asked whether it has taken a version, at most.
const ASKED_MAX: usize = 250;
/// Time between two questions.
const ASK_EACH: Duration = Duration::from_millis(20);

/// Signs a version that takes something back, and waits until the node that runs has taken it.
pub fn withdraw(args: &WithdrawArgs) -> Result<(), Failure> {
    let home = Home::open(&args.config)?;
    let key = home.key(args.key.as_deref())?;
    let before = home.newest()?;
    let withdrawal = Withdrawal {
        partner: args.partner.as_deref().map(Into::into),
        sensor: args.sensor.as_deref().map(Into::into),
        tier: args.tier,
    };
    let runs = get::status(&home.config).is_ok();
    let now = home.now();
    let from = args.from.unwrap_or(now);
    let dated = now.min(from).max(before.dated);
    let files = withdrawal.after(&before.files, dated, from);
    let files = files.map_err(|source| unusable(&home.config.policies, source))?;
    let version = sign(&files, Some(before), &key).map_err(|source| refused(&args.config, source))?;
    let out = file_of(&home.config.policies, version.number);
    put(&out, &version.octets)?;
    // The next version is written from the draft: it must not give again what is taken back here.
    let follows = read_draft(&home.config.policies).is_ok_and(|draft| draft == before.files);
    if follows {
        write_changed(&home.config.policies, &before.files, &files)?;
    }
    let taken = if runs { Some(taken(&home, &version)?) } else { None };
    let output = WithdrawnOutput::new(&version, &out, &withdrawal, follows, taken);
    terminal::say(&match args.json {
        true => output.to_json().map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(&home.config.policies),
    })
}

/// Asks the node until it decides by a version, or knows from when on it will.
fn taken(home: &Home, version: &Version) -> Result<TakenOutput, Failure> {
    let mut why = String::new();
    for _ in 0..ASKED_MAX {
        match get::status(&home.config) {
            Ok(status) => {
                if let Some(taken) = is_taken(&status, version, home.now()) {
                    return Ok(taken);
                }
                why = status.policy.refused.join("\n");
            }
            Err(error) => why = error.to_string(),
        }
        std::thread::park_timeout(ASK_EACH);
    }
    let number = version.number;
    Err(PolicyFailure::NotTaken { number, why }.into())
}

fn is_taken(status: &Status, version: &Version, now: Time) -> Option<TakenOutput> {
    let policy = &status.policy;
    let is_this = |hash: &str| hash == version.hash.to_string();
    if is_this(&policy.holds.hash) {
        let last = status.partners.iter();
        return Some(TakenOutput {
            holds: true,
            late_ms: policy.late_ms,
            last_frames: last
                .map(|partner| (partner.name.clone(), partner.last_frame.clone()))
                .collect(),
        });
    }
    let is_next = policy.next.iter().any(|next| is_this(&next.hash));
    (is_next && version.from > now).then(TakenOutput::default)
}
