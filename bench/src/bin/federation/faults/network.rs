//! Networks that are cut, slow, or lose packets.

use super::{KR, Outcome, Stage, US};
use crate::Failure;

/// Nothing is wrong: what the others are held against.
pub fn nothing(stage: &mut Stage) -> Result<Outcome, Failure> {
    stage.begin()?;
    stage.go_on(3.0);
    stage.compare(true)
}

/// Cut off for longer than a link waits, twice.
pub fn cut(stage: &mut Stage) -> Result<Outcome, Failure> {
    stage.begin()?;
    for _ in 0..2 {
        stage.spaces.change("cut", US, &[])?;
        stage.go_on(6.0);
        stage.spaces.change("heal", US, &[])?;
        stage.nodes.meet()?;
        stage.go_on(1.0);
    }
    stage.compare(true)
}

/// Less passes than is measured, for a while.
pub fn rate(stage: &mut Stage) -> Result<Outcome, Failure> {
    stage.begin()?;
    stage.spaces.change("rate", KR, &["256kbit"])?;
    stage.go_on(8.0);
    stage.spaces.change("free", KR, &[])?;
    stage.compare(true)
}

/// A twentieth of all packets is lost, each way.
pub fn loss(stage: &mut Stage) -> Result<Outcome, Failure> {
    stage.begin()?;
    stage.spaces.change("lose", KR, &["5"])?;
    stage.go_on(8.0);
    let outcome = stage.compare(true)?;
    stage.spaces.change("free", KR, &[])?;
    Ok(outcome)
}
