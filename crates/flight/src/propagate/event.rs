//! Events of a flight: where height stops rising or falling, and where it crosses a chosen height.

use geo::{Ecef, Geodetic, Position, State, Time};

use super::Options;

/// Something that happens along a flight.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Event {
    /// When, to 1e-6 s.
    pub time: Time,
    /// What.
    pub kind: EventKind,
    /// Where the body is then.
    pub state: State<Ecef>,
}

/// What happens. Height is above the ellipsoid; rising and falling are as time goes on, whichever way it was computed.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum EventKind {
    /// Height stops rising.
    Apogee,
    /// Height stops falling. On a nearly circular orbit the Earth's flattening makes two of each a revolution.
    Perigee,
    /// Height passes that of the ground upwards.
    LeavesGround,
    /// Height passes that of the ground downwards.
    MeetsGround,
    /// Height passes one of [`Options::heights_m`].
    Crosses {
        /// That height.
        height_m: f64,
        /// Upwards.
        rising: bool,
    },
}

/// What is watched for a change of sign.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) enum Watch {
    Climb,
    Ground(f64),
    Height(f64),
}

impl Watch {
    /// All that the options ask for.
    pub(super) fn list(options: &Options) -> Vec<Self> {
        let heights = options.heights_m.iter().map(|h| Self::Height(*h));
        let ground = options.ground_height_m.map(Self::Ground);
        std::iter::once(Self::Climb).chain(ground).chain(heights).collect()
    }

    /// The value whose zero is the event.
    pub(super) fn value(self, sample: &Sample) -> f64 {
        match self {
            Self::Climb => sample.climb_mps,
            Self::Ground(height_m) | Self::Height(height_m) => sample.height_m - height_m,
        }
    }

    /// The event of a zero whose value grows with time, or falls.
    pub(super) fn kind(self, grows: bool) -> EventKind {
        match (self, grows) {
            (Self::Climb, true) => EventKind::Perigee,
            (Self::Climb, false) => EventKind::Apogee,
            (Self::Ground(_), true) => EventKind::LeavesGround,
            (Self::Ground(_), false) => EventKind::MeetsGround,
            (Self::Height(height_m), rising) => EventKind::Crosses { height_m, rising },
        }
    }
}

/// Height and climb at one instant.
#[derive(Copy, Clone, Debug)]
pub(super) struct Sample {
    pub(super) height_m: f64,
    pub(super) climb_mps: f64,
}

impl Sample {
    pub(super) fn of(state: &State<Ecef>) -> Self {
        let place = Geodetic::from_ecef(Position::from_vector(state.position.vector()));
        let up = geo::Site::new(place).enu_from_ecef().row(2).transpose();
        Self {
            height_m: place.height_m,
            climb_mps: up.dot(&state.velocity.vector()),
        }
    }
}

/// Returns a zero of `value` between two points of opposite sign, to `tolerance`.
///
/// Source: Ridders, A new algorithm for computing a single root of a real continuous function (1979), IEEE Transactions
/// on Circuits and Systems 26.
pub(super) fn zero(mut low: f64, mut high: f64, tolerance: f64, value: impl Fn(f64) -> f64) -> f64 {
    let (mut at_low, mut at_high) = (value(low), value(high));
    if at_low == 0.0 {
        return low;
    }
    for _ in 0..60 {
        if (high - low).abs() <= tolerance || at_high == 0.0 {
            break;
        }
        let middle = 0.5 * (low + high);
        let at_middle = value(middle);
        let root = (at_middle * at_middle - at_low * at_high).sqrt();
        if root == 0.0 {
            return middle;
        }
        let guess = middle + (middle - low) * (at_low - at_high).signum() * at_middle / root;
        let at_guess = value(guess);
        let mut points = [(low, at_low), (middle, at_middle), (guess, at_guess), (high, at_high)];
        if (points[1].0 - low).abs() > (points[2].0 - low).abs() {
            points.swap(1, 2);
        }
        let change = (0..3)
            .find(|&i| (points[i].1 < 0.0) != (points[i + 1].1 < 0.0))
            .unwrap_or(2);
        ((low, at_low), (high, at_high)) = (points[change], points[change + 1]);
    }
    if at_low.abs() < at_high.abs() { low } else { high }
}
