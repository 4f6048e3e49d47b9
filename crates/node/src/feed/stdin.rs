//! Lines of standard input.

use std::io;

use super::tcp::lines;
use super::{Feed, Intake, Stop};
use crate::config::Format;

/// Standard input, which can wait: nothing of it is dropped.
pub(super) struct Stdin {
    format: Format,
}

impl Stdin {
    pub(super) fn new(format: Format) -> Self {
        Self { format }
    }
}

impl Feed for Stdin {
    fn can_be_stopped(&self) -> bool {
        false
    }

    fn run(self: Box<Self>, intake: &Intake, stop: &Stop) {
        lines(io::stdin().lock(), (self.format, &intake.name), intake, |plot| {
            intake.wait(plot, stop)
        });
    }
}
