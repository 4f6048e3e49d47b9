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
use score::Information;
use sim::Truth;

use crate::motion::{ACCELERATION_SIGMA_MPS2, Free, LOG_DRAG, SPEED_SIGMA_MPS};
use crate::sight::{Linear, Sight, UseLinear};
use crate::slots::{MOVING, Slots};

/// How the true acceleration may wander for the bound: 2 m/s² in a second.
const WANDER: ConstantAcceleration = ConstantAcceleration { jerk_psd_m2ps5: 4.0 };

/// Drag is taken as known to a tenth.
const DRAG_SIGMA: f64 = 0.1;

/// The trace (m²) of the bound of position at each instant; NaN before there is one, and where the object does not fly
/// freely.
pub(crate) fn bound(truth: &Truth, sights: &[&Sight], slots: &Slots, instants: &[Time]) -> Vec<f64> {
    let mut traces = vec![f64::NAN; instants.len()];
    let Some(first) = sights.first() else { return traces };
    let mut known = Known::new(slots, first.time, is_free(truth, first.time));
    let nothing = vec![0.0; slots.size()];
    let (_, last) = truth.course.span();
    let mut next = instants.partition_point(|instant| *instant < first.time);
    for sight in sights {
        while next < instants.len() && instants[next] < sight.time {
            traces[next] = known.trace_at(truth, instants[next]);
            next += 1;
        }
        let Some(state) = known.advance(truth, sight.time) else {
            continue;
        };
        let add = Add {
            information: &mut known.information,
        };
        // A sensor without a slope there adds nothing.
        let _no_slope = sight.linearize(&state, &nothing, slots, add);
    }
    while next < instants.len() && instants[next] <= last {
        traces[next] = known.trace_at(truth, instants[next]);
        next += 1;
    }
    traces
}

fn is_free(truth: &Truth, time: Time) -> bool {
    matches!(truth.course.phase(time), Some(Phase::Coast | Phase::Reentry))
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
    fn advance(&mut self, truth: &Truth, time: Time) -> Option<Vector6<f64>> {
        let state = truth.course.state(time)?.to_vector();
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
        if is_free(truth, time) != self.is_free {
            let places = if self.is_free { 6..7 } else { 6..MOVING };
            let _unknown = self.information.forget(places);
            self.is_free = !self.is_free;
            self.begin();
        }
        Some(state)
    }

    fn trace_at(&mut self, truth: &Truth, time: Time) -> f64 {
        if self.advance(truth, time).is_none() || !self.is_free {
            return f64::NAN;
        }
        self.information
            .covariance::<3>()
            .map_or(f64::NAN, |bound| bound.trace())
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
