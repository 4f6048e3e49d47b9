//! A first path: the one through two rough positions that most of the others lie on.
//!
//! Source: Fischler and Bolles, Random sample consensus (1981), with the truncated loss of Torr and Zisserman, MLESAC
//! (2000). The draws come from a fixed seed, so the same plots give the same path.

use geo::Time;
use geo::earth::{GM_M3PS2, ROTATION_RATE_RADPS, SEMI_MAJOR_AXIS_M};
use nalgebra::{Vector3, Vector6};

use super::fixes::Fix;

/// Pairs that are tried.
const TRIALS: usize = 400;
/// The most positions that judge a pair.
const JUDGES_MAX: usize = 240;
/// A position agrees with a path within this many of its sigmas.
const GATE_SIGMAS: f64 = 4.0;
/// The longest time between the two positions of a pair.
const PAIR_SPAN_MAX_S: f64 = 3_600.0;
/// Step of the rough integration.
const STEP_S: f64 = 4.0;
/// The most steps of one rough integration.
const STEPS_MAX: usize = 4_000;

/// A rough path and how well it does.
#[derive(Clone, Debug)]
pub(crate) struct Hypothesis {
    pub time: Time,
    /// State `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]`, ECEF.
    pub state: Vector6<f64>,
    /// The times of the judges, and whether each agreed.
    pub judged: Vec<(Time, bool)>,
}

impl Hypothesis {
    /// The part of the judges that agree.
    pub fn agreement(&self) -> f64 {
        self.judged.iter().filter(|(_, agrees)| *agrees).count() as f64 / self.judged.len().max(1) as f64
    }
}

/// Finds the path that most positions agree with; `None` of fewer than two positions.
pub(crate) fn best(fixes: &[Fix]) -> Option<Hypothesis> {
    let stride = fixes.len().div_ceil(JUDGES_MAX).max(1);
    let judges: Vec<Fix> = fixes.iter().step_by(stride).copied().collect();
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    let mut best: Option<(f64, Hypothesis)> = None;
    for _ in 0..TRIALS {
        let Some((a, b)) = pair(&judges, &mut draw) else {
            continue;
        };
        let Some(velocity_mps) = connect(&a, &b) else { continue };
        let mut state = Vector6::zeros();
        state.fixed_rows_mut::<3>(0).copy_from(&a.position_m);
        state.fixed_rows_mut::<3>(3).copy_from(&velocity_mps);
        let (score, judged) = judge(&judges, a.time, &state);
        if best.as_ref().is_none_or(|(least, _)| score < *least) {
            best = Some((
                score,
                Hypothesis {
                    time: a.time,
                    state,
                    judged,
                },
            ));
        }
    }
    best.map(|(_, hypothesis)| hypothesis)
}

/// A deterministic draw of numbers (Knuth's linear congruence, upper bits).
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((u128::from(self.0) * end as u128) >> 64) as usize
    }
}

/// Two positions in the order of time, far enough apart for their error to make a useful velocity.
fn pair(judges: &[Fix], draw: &mut Draw) -> Option<(Fix, Fix)> {
    if judges.len() < 2 {
        return None;
    }
    let (i, j) = (draw.below(judges.len()), draw.below(judges.len()));
    let (a, b) = (judges[i.min(j)], judges[i.max(j)]);
    let span_s = b.time - a.time;
    (span_s > 0.0 && span_s <= PAIR_SPAN_MAX_S).then_some((a, b))
}

/// The velocity at `a` that leads to `b` under gravity; corrected by the miss, shot by shot.
fn connect(a: &Fix, b: &Fix) -> Option<Vector3<f64>> {
    let span_s = b.time - a.time;
    let mut velocity_mps = (b.position_m - a.position_m) / span_s;
    for _ in 0..12 {
        if velocity_mps.norm() > 2e4 {
            return None;
        }
        let mut state = Vector6::zeros();
        state.fixed_rows_mut::<3>(0).copy_from(&a.position_m);
        state.fixed_rows_mut::<3>(3).copy_from(&velocity_mps);
        let end = advance(state, span_s)?;
        let miss = b.position_m - end.fixed_rows::<3>(0);
        velocity_mps += miss / span_s;
        if miss.norm() < 0.1 * b.sigma_m {
            return Some(velocity_mps);
        }
    }
    None
}

/// The truncated loss of a path over the judges, and which agree.
fn judge(judges: &[Fix], start: Time, state: &Vector6<f64>) -> (f64, Vec<(Time, bool)>) {
    let mut judged = vec![(start, false); judges.len()];
    let mut loss = 0.0;
    let split = judges.partition_point(|fix| fix.time < start);
    let mut visit = |order: &mut dyn Iterator<Item = usize>| {
        let (mut at, mut now) = (start, Some(*state));
        for index in order {
            let fix = &judges[index];
            now = now.and_then(|state| advance(state, fix.time - at));
            at = fix.time;
            let u = now.map_or(f64::INFINITY, |state| {
                (state.fixed_rows::<3>(0) - fix.position_m).norm() / (GATE_SIGMAS * fix.sigma_m)
            });
            loss += (u * u).min(1.0);
            judged[index] = (fix.time, u < 1.0);
        }
    };
    visit(&mut (split..judges.len()));
    visit(&mut (0..split).rev());
    (loss, judged)
}

/// Moves a state by Runge-Kutta steps; `None` inside the Earth or where it would take too many.
fn advance(mut state: Vector6<f64>, span_s: f64) -> Option<Vector6<f64>> {
    let height_m = state.fixed_rows::<3>(0).norm() - SEMI_MAJOR_AXIS_M;
    // High up, gravity changes slowly.
    let step_s = STEP_S * (1.0 + height_m.max(0.0) / 2e6);
    let steps = (span_s.abs() / step_s).ceil().max(1.0) as usize;
    if steps > STEPS_MAX {
        return None;
    }
    let h = span_s / steps as f64;
    for _ in 0..steps {
        let k1 = slope(&state);
        let k2 = slope(&(state + k1 * (h / 2.0)));
        let k3 = slope(&(state + k2 * (h / 2.0)));
        let k4 = slope(&(state + k3 * h));
        state += (k1 + (k2 + k3) * 2.0 + k4) * (h / 6.0);
    }
    (state.fixed_rows::<3>(0).norm() > 0.98 * SEMI_MAJOR_AXIS_M).then_some(state)
}

/// Two-body gravity in the turning frame: enough to tell paths apart.
fn slope(state: &Vector6<f64>) -> Vector6<f64> {
    let position = Vector3::new(state[0], state[1], state[2]);
    let pull = -GM_M3PS2 / (position.norm_squared() * position.norm());
    let w = ROTATION_RATE_RADPS;
    Vector6::new(
        state[3],
        state[4],
        state[5],
        pull * position.x + 2.0 * w * state[4] + w * w * position.x,
        pull * position.y - 2.0 * w * state[3] + w * w * position.y,
        pull * position.z,
    )
}
