//! When something happens on the way down.

use geo::{Ecef, Geodetic, State, Time};

/// Between looks; what lasts shorter may be missed.
const STEP_S: f64 = 0.5;
/// The instant is found to this.
const TOLERANCE_S: f64 = 1e-4;

/// Returns the first instant of a span at which a condition is met: its begin, or where it begins to be met.
pub(super) fn first(span: (Time, Time), is_met: impl Fn(Time) -> bool) -> Option<Time> {
    let (start, end) = span;
    if is_met(start) {
        return Some(start);
    }
    let mut before = start;
    while before < end {
        let after = (before + STEP_S).min(end);
        if is_met(after) {
            let (mut low, mut high) = (before, after);
            while high - low > TOLERANCE_S {
                let middle = low + 0.5 * (high - low);
                if is_met(middle) {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            return Some(high);
        }
        before = after;
    }
    None
}

/// Height, and dynamic pressure `½ ρ v²` in Pa, of what is on its way down; `None` for what rises.
pub(super) fn falling(state: &State<Ecef>) -> Option<(f64, f64)> {
    let place = Geodetic::from_ecef(state.position);
    let climb_mps = geo::Site::new(place).velocity_to_enu(state.velocity).vector().z;
    let density_kgpm3 = flight::atmosphere::air(place.height_m).density_kgpm3;
    let pressure_pa = 0.5 * density_kgpm3 * state.velocity.vector().norm_squared();
    (climb_mps <= 0.0).then_some((place.height_m, pressure_pa))
}
