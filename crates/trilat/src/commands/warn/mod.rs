//! `trilat warn`.

mod desk;
mod error;
mod folder;
mod message;
mod preview;
mod replay;
mod watch;

use crate::Failure;
use crate::args::{WarnArgs, WarnCommand};

pub use error::WarnError;

/// Runs `trilat warn`.
pub fn warn(args: &WarnArgs) -> Result<(), Failure> {
    match &args.command {
        WarnCommand::Preview(args) => preview::preview(args),
        WarnCommand::Replay(args) => replay::replay(args),
        WarnCommand::Init(args) => folder::init(args),
        WarnCommand::Check(args) => folder::check(args),
        WarnCommand::Draft(args) => message::draft(args),
        WarnCommand::Update(args) => message::update(args),
        WarnCommand::Approve(args) => message::approve(args),
        WarnCommand::Withdraw(args) => message::withdraw(args),
        WarnCommand::Cancel(args) => message::cancel(args),
        WarnCommand::AllClear(args) => message::all_clear(args),
        WarnCommand::Send(args) => folder::send_due(args),
        WarnCommand::Status(args) => folder::status(args),
        WarnCommand::Show(args) => message::show(args),
        WarnCommand::Watch(args) => watch::watch(args),
    }
}
