//! The path for some values of the parameters, with its partials, before and after the reference time.

use flight::{Body, Forces, Options, PropagateError, SensitiveTrajectory, propagate_with_partials};
use geo::{State, Time};
use nalgebra::{SMatrix, SVector, Vector6};

use super::parameter::{ACCELERATION, ACCELERATION_RATE, DRAG, DYNAMIC};

/// Why no path could be computed.
pub(crate) type ArcError = PropagateError;

/// A trajectory around a reference time.
#[derive(Clone, Debug)]
pub(crate) struct Arc {
    reference: Time,
    after: SensitiveTrajectory,
    before: Option<SensitiveTrajectory>,
}

/// Error of position allowed in one step: far below that of any plot.
const POSITION_TOLERANCE_M: f64 = 1e-3;
/// Error of velocity allowed in one step.
const VELOCITY_TOLERANCE_MPS: f64 = 1e-6;
/// Seconds by which an arc is longer than asked, so that clocks and rates may reach beyond.
const MARGIN_S: f64 = 1.0;

impl Arc {
    /// Computes the path that has the given state at the reference time, from `first` to `last`.
    ///
    /// `dynamic` has the layout of [`DYNAMIC`]. Before the reference time air is left out: back in time drag speeds an
    /// object up without bound, and the reference is where a fit begins. Errors: those of [`propagate_with_partials`].
    pub fn new(
        forces: &Forces,
        body: &Body,
        reference: Time,
        dynamic: &SVector<f64, DYNAMIC>,
        first: Time,
        last: Time,
    ) -> Result<Self, ArcError> {
        let body = body_of(body, dynamic);
        let state = State::from_vector(&dynamic.fixed_rows::<6>(0).into());
        let options = Options {
            position_tolerance_m: POSITION_TOLERANCE_M,
            velocity_tolerance_mps: VELOCITY_TOLERANCE_MPS,
            ground_height_m: None,
            stop_at_ground: false,
            ..Options::default()
        };
        let run = |body: &Body, end: Time| propagate_with_partials(forces, body, reference, state, end, &options);
        let after = run(&body, last.max(reference) + MARGIN_S)?;
        let airless = Body {
            drag_m2pkg: 0.0,
            ..body
        };
        let before = if first < reference {
            Some(run(&airless, first + -MARGIN_S)?)
        } else {
            None
        };
        Ok(Self {
            reference,
            after,
            before,
        })
    }

    /// State `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]` (ECEF) and its partials (6×14) at a time; the ends hold beyond.
    pub fn at(&self, time: Time) -> (Vector6<f64>, SMatrix<f64, 6, DYNAMIC>) {
        match &self.before {
            Some(before) if time < self.reference => read(before, time),
            _ => read(&self.after, time),
        }
    }

    /// The earliest and latest time of the arc.
    pub fn span(&self) -> (Time, Time) {
        (
            self.before.as_ref().map_or(self.reference, |before| before.span().0),
            self.after.span().1,
        )
    }

    /// The state alone.
    pub fn state(&self, time: Time) -> Vector6<f64> {
        match &self.before {
            Some(before) if time < self.reference => read_state(before, time),
            _ => read_state(&self.after, time),
        }
    }
}

fn read(path: &SensitiveTrajectory, time: Time) -> (Vector6<f64>, SMatrix<f64, 6, DYNAMIC>) {
    let (first, last) = path.span();
    match path.state_and_partials(time.clamp(first, last)) {
        Some((state, partials)) => (state.to_vector(), partials),
        None => (Vector6::from_element(f64::NAN), SMatrix::zeros()),
    }
}

fn read_state(path: &SensitiveTrajectory, time: Time) -> Vector6<f64> {
    let (first, last) = path.span();
    path.state(time.clamp(first, last))
        .map_or(Vector6::from_element(f64::NAN), |state| state.to_vector())
}

/// What acts on the object, with the estimated values in place.
pub(crate) fn body_of(body: &Body, dynamic: &SVector<f64, DYNAMIC>) -> Body {
    let mut body = body.clone();
    body.drag_m2pkg = dynamic[DRAG];
    body.empirical.acceleration_mps2 = dynamic.fixed_rows::<3>(ACCELERATION).into();
    body.empirical.rate_mps3 = dynamic.fixed_rows::<3>(ACCELERATION_RATE).into();
    body
}
