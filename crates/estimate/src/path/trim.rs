//! Where the ballistic span begins, looked at once more: one sharp channel may still see thrust where all others, and
//! the loose residuals of the first paths, did not.

use super::look::{Channel, Look};
use super::solve::{NoiseTable, Residual};

/// Residuals at the begin of a channel that are judged together …
const WINDOW: usize = 3;
/// … are off when their median is so many of the channel's sigmas.
const OFF_SIGMAS: f64 = 2.5;
/// The largest part of a span that is given up.
const PART_MAX: f64 = 0.25;

/// How many looks at the begin of a span some channel of some sensor sees off the path, one window after the other.
///
/// Residuals are in the order of time. Thrust grows backwards, so what is off lies at the begin and to one side; what
/// is off farther in is no thrust.
pub(super) fn off_at_begin(looks: &[Look], residuals: &[Residual], noise: &NoiseTable) -> usize {
    let mut off = 0;
    for (sensor, channels) in noise.iter().enumerate() {
        for channel in Channel::ALL {
            let factor = channels[channel.index()].factor();
            let own = residuals
                .iter()
                .filter(|r| r.channel == channel && looks[r.look].sensor == sensor);
            let own: Vec<(usize, f64)> = own.map(|r| (r.look, r.value / (r.sigma * factor))).collect();
            let side = |window: &[(usize, f64)]| {
                let mut values: Vec<f64> = window.iter().map(|(_, value)| *value).collect();
                values.sort_by(f64::total_cmp);
                values[WINDOW / 2]
            };
            let windows = own.chunks_exact(WINDOW);
            let is_off = |window: &&[(usize, f64)]| side(window).abs() > OFF_SIGMAS;
            if let Some(last) = windows.take_while(is_off).last() {
                off = off.max(last[WINDOW - 1].0 + 1);
            }
        }
    }
    off.min((PART_MAX * looks.len() as f64) as usize)
}
