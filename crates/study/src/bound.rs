//! The posterior Cramér-Rao bound of one object, along its true path, for the plots of one run.
//!
//! Every detection of the run adds its information; the mean over runs is the bound by enumeration. The end of thrust
//! and the drag are taken as known, and the true acceleration of a stretch under thrust or lift as hardly wandering.
//! The bound is stated of free flight only: how an acceleration wanders is an assumption, and one true path is no
//! sample of it.

use estimate::motion::{ConstantAcceleration, MotionModel};
use flight::Phase;
use geo::Time;
use nalgebra::{SVector, Vector6};
use plot::{Plot, Sensor};
use score::Information;
use sim::Course;

use crate::motion::{ACCELERATION_SIGMA_MPS2, Free, LOG_DRAG, SPEED_SIGMA_MPS};
use crate::sight::{Linear, Sight, UseLinear};
use crate::slots::{MOVING, Slots};
use crate::subset::Subset;

/// How the true acceleration may wander for the bound: 2 m/s² in a second.
const WANDER: ConstantAcceleration = ConstantAcceleration { jerk_psd_m2ps5: 4.0 };

/// Drag is taken as known to a tenth.
const DRAG_SIGMA: f64 = 0.1;

/// The true path of one object.
pub trait Path {
    /// Position and velocity (6), ECEF; `None` where nothing is known of it.
    fn state(&self, time: Time) -> Option<Vector6<f64>>;

    /// Whether it flies freely: neither under thrust nor on lift.
    fn is_free(&self, time: Time) -> bool;
}

impl Path for Course {
    fn state(&self, time: Time) -> Option<Vector6<f64>> {
        Some(Self::state(self, time)?.to_vector())
    }

    fn is_free(&self, time: Time) -> bool {
        matches!(self.phase(time), Some(Phase::Coast | Phase::Reentry))
    }
}

/// What no estimate of one object can be better than, in the mean of its squared errors.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Least {
    /// Squared distance.
    pub position_m2: f64,
    /// Squared difference of velocity.
    pub velocity_m2ps2: f64,
}

/// The bound of one object at instants, ascending, for plots of it in order of time, those of an instant included.
///
/// `None` before there is one, and where the object does not fly freely. Constant errors that a sensor states to have
/// are unknown but for what it states of them. What a plot of two objects says, it says of one; no plot is taken for
/// false, or for another object's: the bound is that of somebody who is told.
pub fn bounds(path: &impl Path, plots: &[&Plot], sensors: &[Sensor], instants: &[Time]) -> Vec<Option<Least>> {
    let sights = plots
        .iter()
        .filter_map(|plot| Sight::new(plot, plot.time, sensors, None));
    let sights: Vec<Sight> = sights.collect();
    let sights: Vec<&Sight> = sights.iter().collect();
    // What has not seen it has no errors that matter.
    let is_seeing = |at: usize| sights.iter().any(|sight| sight.sensor == at);
    let owners: Vec<Option<usize>> = (0..sensors.len()).map(|at| is_seeing(at).then_some(0)).collect();
    match Subset::all(1).first() {
        Some(own) => bound(path, &sights, &Slots::new(sensors, &owners, *own), instants),
        None => vec![None; instants.len()],
    }
}

/// The bound at each instant, for plots made ready.
pub(crate) fn bound(path: &impl Path, sights: &[&Sight], slots: &Slots, instants: &[Time]) -> Vec<Option<Least>> {
    let mut bounds = vec![None; instants.len()];
    let Some(first) = sights.first() else { return bounds };
    let mut known = Known::new(slots, first.time, path.is_free(first.time));
    let nothing = vec![0.0; slots.size()];
    let mut next = instants.partition_point(|instant| *instant < first.time);
    for sight in sights {
        while next < instants.len() && instants[next] < sight.time {
            bounds[next] = known.least_at(path, instants[next]);
            next += 1;
        }
        let Some(state) = known.advance(path, sight.time) else {
            continue;
        };
        let add = Add {
            information: &mut known.information,
        };
        // A sensor without a slope there adds nothing.
        let _no_slope = sight.linearize(&state, &nothing, slots, add);
    }
    for (least, instant) in bounds.iter_mut().zip(instants).skip(next) {
        *least = known.least_at(path, *instant);
    }
    bounds
}

struct Known {
    information: Information,
    time: Time,
    is_free: bool,
}

impl Known {
    fn new(slots: &Slots, time: Time, is_free: bool) -> Self {
        let mut sigmas = vec![None; MOVING];
        sigmas[3..6].fill(Some(SPEED_SIGMA_MPS));
        sigmas.extend(slots.sigmas().iter().copied().map(Some));
        let mut known = Self {
            information: Information::of_prior(&sigmas),
            time,
            is_free,
        };
        known.begin();
        known
    }

    /// What is known beforehand of the components that the motion model adds. Drag is taken as known.
    fn begin(&mut self) {
        if self.is_free {
            self.information.observe(&[(6, 1.0)], DRAG_SIGMA * DRAG_SIGMA, 1.0);
            return;
        }
        for place in 6..MOVING {
            let variance = ACCELERATION_SIGMA_MPS2 * ACCELERATION_SIGMA_MPS2;
            self.information.observe(&[(place, 1.0)], variance, 1.0);
        }
    }

    /// Moves to a time along the truth; the true state there.
    fn advance(&mut self, path: &impl Path, time: Time) -> Option<Vector6<f64>> {
        let state = path.state(time)?;
        let dt_s = time - self.time;
        if dt_s > 0.0 {
            if self.is_free {
                let mut later = SVector::<f64, 7>::from_element(LOG_DRAG);
                later.fixed_rows_mut::<6>(0).copy_from(&state);
                self.information.transport(&Free.transition(&later, -dt_s).jacobian);
            } else {
                let there = SVector::<f64, MOVING>::zeros();
                self.information.transport(&WANDER.transition(&there, -dt_s).jacobian);
                // The noise of a very short step has no factor: it adds nothing.
                let _none = self.information.diffuse(&WANDER.transition(&there, dt_s).noise);
            }
            self.time = time;
        }
        if path.is_free(time) != self.is_free {
            let places = if self.is_free { 6..7 } else { 6..MOVING };
            let _unknown = self.information.forget(places);
            self.is_free = !self.is_free;
            self.begin();
        }
        Some(state)
    }

    fn least_at(&mut self, path: &impl Path, time: Time) -> Option<Least> {
        self.advance(path, time)?;
        if !self.is_free {
            return None;
        }
        let bound = self.information.covariance::<6>().ok()?;
        let trace = |from: usize| (from..from + 3).map(|axis| bound[(axis, axis)]).sum();
        Some(Least {
            position_m2: trace(0),
            velocity_m2ps2: trace(3),
        })
    }
}

struct Add<'a> {
    information: &'a mut Information,
}

impl UseLinear for Add<'_> {
    type Output = ();

    fn with<const M: usize>(self, linear: &Linear<M>) {
        // Rows of one plot may be correlated (a position in another frame): whiten them first.
        let Some(factor) = linear.noise.cholesky() else { return };
        let lower = factor.l();
        let Some(white) = lower.solve_lower_triangular(&linear.jacobian) else {
            return;
        };
        let Some(back) = lower.solve_lower_triangular(&nalgebra::SMatrix::<f64, M, M>::identity()) else {
            return;
        };
        for row in 0..M {
            let mut list: Vec<(usize, f64)> = (0..6).map(|place| (place, white[(row, place)])).collect();
            for (of, bias) in linear.biases.iter().enumerate() {
                if let Some(place) = bias
                    && back[(row, of)] != 0.0
                {
                    list.push((*place, back[(row, of)]));
                }
            }
            if let Some((place, slope)) = &linear.clock {
                let whitened: f64 = (0..M).map(|of| back[(row, of)] * slope[of]).sum();
                list.push((*place, whitened));
            }
            self.information.observe(&list, 1.0, 1.0);
        }
    }
}
