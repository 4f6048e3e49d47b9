//! Processes that die or stand still.

use super::{JP, Outcome, Stage, US};
use crate::Failure;

/// The sender dies in the middle of a stream, twice.
pub fn kill_sender(stage: &mut Stage) -> Result<Outcome, Failure> {
    stage.begin()?;
    for _ in 0..2 {
        kill(stage, JP, 1.0)?;
        stage.feed_again(JP)?;
        stage.go_on(2.0);
    }
    // What its feed had given to the process that died may never have been accepted.
    stage.compare(false)
}

/// A receiver dies in the middle, and is away for a while.
pub fn kill_receiver(stage: &mut Stage) -> Result<Outcome, Failure> {
    stage.begin()?;
    kill(stage, US, 3.0)?;
    stage.feed_again(US)?;
    stage.go_on(2.0);
    stage.compare(false)
}

fn kill(stage: &mut Stage, at: usize, away_s: f64) -> Result<(), Failure> {
    let node = stage.nodes.list[at].take().ok_or("it is down")?;
    node.kill()?;
    // Its feed finds nobody any more.
    let _ = stage.feeders[at].end();
    stage.go_on(away_s);
    stage.nodes.launch(at)
}

/// A partner stands still, longer than a link waits; the others go on.
pub fn freeze(stage: &mut Stage) -> Result<Outcome, Failure> {
    stage.begin()?;
    let received = |stage: &Stage| {
        stage
            .nodes
            .status(JP)
            .map(|status| crate::nodes::tally(&status).received)
    };
    stage.nodes.node(US)?.signal("STOP")?;
    let before = received(stage)?;
    stage.go_on(8.0);
    let meanwhile = received(stage)? - before;
    stage.nodes.node(US)?.signal("CONT")?;
    stage.go_on(2.0);
    let mut outcome = stage.compare(true)?;
    outcome.is_good &= meanwhile > 200;
    outcome.words += &format!("; JP had {meanwhile} of KR meanwhile");
    Ok(outcome)
}
