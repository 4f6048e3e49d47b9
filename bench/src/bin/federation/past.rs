//! Plots of the past, as lines: to fill a log quicker than they were measured.

use std::io::{BufWriter, Write};

use geo::Time;

use crate::chance::Chance;
use crate::feeder::wall;
use crate::scene::{HEAD, Look, Scene};

/// Writes so many plots of an owner's radars, the last of them measured a minute ago. Returns the time of the first.
pub fn write(scene: &Scene, owner: usize, plots: u64, to: impl Write) -> std::io::Result<Time> {
    let mut to = BufWriter::with_capacity(1 << 20, to);
    let mut chance = Chance(owner as u64 + 1_001);
    let looks = scene.looks(owner, &mut chance);
    // One after the other, each radar's looks in turn: so the rate is even and no two plots are the same.
    let per_s: f64 = looks.iter().map(|look| 1.0 / look.period_s).sum();
    let step_s = 1.0 / per_s;
    let begin = wall() + -(60.0 + plots as f64 * step_s / 0.9);
    to.write_all(HEAD.as_bytes())?;
    let (mut line, mut at_s, mut done) = (String::new(), 0.0, 0);
    for look in looks.iter().cycle() {
        if done == plots {
            break;
        }
        at_s += step_s;
        let at = Look { due_s: at_s, ..*look };
        // Aircraft do not leave the sky however long it takes.
        let since_s = at_s % 300.0;
        let stamp = format_args!("{:.6}", begin + at_s).to_string();
        if scene.report((owner, &at), (since_s, stamp), &mut chance, &mut line) {
            done += 1;
            to.write_all(line.as_bytes())?;
            line.clear();
        }
    }
    to.flush()?;
    Ok(begin)
}
