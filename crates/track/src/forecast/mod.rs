//! Where and when a track's object will arrive, and where it came from: a mixture over what it may do.
//!
//! ```text
//! Outlook (modes, their probabilities) ─┬ coast     fall.rs    the free mode, through the air
//!                                       ├ thrust    thrust.rs  the rest of the burn, another stage   ─► spots ─► Cloud
//!                                       ├ glide     glide.rs   all that lift can reach                   ─► regions
//!                                       └ break-up  fall.rs    with the drag of pieces
//! ```
//!
//! Weights are those of the filter's modes, times what is assumed of objects like it (`priors.rs`, each with its source
//! or called notional). Nothing is foretold of what flies like an aircraft, nor of what does not come down: an orbit.

mod cloud;
mod fall;
mod foreteller;
mod glide;
mod outlook;
mod priors;
mod thrust;

use estimate::belief::Gaussian;
use flight::Phase;
use geo::{Enu, Geodetic, Time, Velocity};
use nalgebra::{SVector, Vector3};

use crate::name::Name;
use cloud::{Cloud, Spot};
use priors::{
    BREAK_UP, FREE_S, GLIDER, GLIDER_APOGEE_M, HULL, LOG_DRAG_HULL, NEXT_STAGE, PAUSE_S, PIECES, PULL_UP_MIN_M, RARE,
};

pub(crate) use foreteller::{Foreteller, Hasty};
pub(crate) use outlook::{Foretold, Outlook, outlook};

/// The probabilities of regions and intervals.
pub const LEVELS: [f64; 2] = [0.5, 0.95];
/// Thrust adds at least so much along the velocity, or it is lift.
const THRUST_MIN_MPS2: f64 = 3.0;
/// Slower than this nothing is carried by lift.
const LIFT_SPEED_MPS: f64 = 800.0;
/// Nothing that falls so steeply, as the sine of the angle.
const LIFT_STEEP: f64 = 0.7;
/// Lift does not make it climb more steeply, as the sine of the angle.
const LIFT_CLIMB: f64 = 0.3;
/// Higher than this there is no lift.
const LIFT_HEIGHT_M: f64 = 90e3;
/// Of what is on lift, so much goes on so; the rest falls.
const LIFTED_ON: f64 = 0.85;
/// What adds less than this is left out.
const WEIGHT_MIN: f64 = 2e-3;
/// Falling below this, the plots tell its drag.
const DRAG_TOLD_M: f64 = 60e3;
/// but never better than this: what is linear in a filter is not in the air.
const DRAG_SIGMA_MIN: f64 = 0.25;

/// What an object does until it arrives.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Whatever it does.
    Any,
    /// It falls freely.
    Coast,
    /// It burns on, or once more.
    Thrust,
    /// It is carried by lift.
    Glide,
    /// It breaks up in the air.
    BreakUp,
}

impl Way {
    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Coast => "coast",
            Self::Thrust => "thrust",
            Self::Glide => "glide",
            Self::BreakUp => "break-up",
        }
    }
}

/// An ellipse on the ground and an interval of time; each contains the event with a probability.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Region {
    /// What the object does, where only that is meant.
    pub way: Way,
    /// The probability that it does so.
    pub weight: f64,
    /// The probability of the ellipse, and of the interval, if it does so.
    pub probability: f64,
    /// The middle of the ellipse, on the ellipsoid.
    pub centre: Geodetic,
    /// The longer semi-axis.
    pub major_m: f64,
    /// The shorter.
    pub minor_m: f64,
    /// Direction of the longer one at the middle, clockwise from true north.
    pub azimuth_deg: f64,
    /// Begin of the interval.
    pub earliest: Time,
    /// Its middle: as probably before as after.
    pub middle: Time,
    /// Its end.
    pub latest: Time,
    /// The likeliest velocity there.
    pub velocity: Velocity<Enu>,
}

impl Region {
    /// Whether a place lies in the ellipse.
    pub fn contains(&self, place: Geodetic) -> bool {
        let way = geo::geodesic(self.centre, place);
        let (sin, cos) = geo::math::sin_cos((way.azimuth_from_deg - self.azimuth_deg) * geo::angle::RAD_PER_DEG);
        let (along, across) = (way.distance_m * cos / self.major_m, way.distance_m * sin / self.minor_m);
        along * along + across * across <= 1.0
    }
}

/// What is said of a track's arrival, or of its launch.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// When it is said.
    pub time: Time,
    /// Of which track.
    pub track: Name,
    /// What its object is doing.
    pub phase: Phase,
    /// Probability that there is such an object.
    pub existence: f64,
    /// The arrival: at 50 and 95 % whatever it does, then at 95 % for each way, the most probable first. Empty of what
    /// does not come down.
    pub arrival: Vec<Region>,
    /// The launch at 50 and 95 %, where it was seen early enough and is known better than said before.
    pub launch: Vec<Region>,
}

/// Makes a forecast; one without an arrival where there is none.
fn forecast(outlook: &Outlook) -> Forecast {
    Forecast {
        time: outlook.time,
        track: outlook.track,
        phase: outlook.phase,
        existence: outlook.existence,
        arrival: arrival(outlook, &spots(outlook)),
        launch: launch(outlook),
    }
}

/// Regions of all ways together, and of each.
fn arrival(outlook: &Outlook, spots: &[(Way, Spot)]) -> Vec<Region> {
    let whole: f64 = spots.iter().map(|(_, spot)| spot.weight).sum();
    let of = |wanted: Way| -> Vec<&Spot> {
        let is_meant = |way: Way| wanted == Way::Any || way == wanted;
        spots
            .iter()
            .filter(|(way, _)| is_meant(*way))
            .map(|(_, spot)| spot)
            .collect()
    };
    let mut ways = vec![(Way::Any, 1.0)];
    for way in [Way::Coast, Way::Thrust, Way::Glide, Way::BreakUp] {
        let weight = of(way).iter().map(|spot| spot.weight).sum::<f64>() / whole;
        if weight > WEIGHT_MIN {
            ways.push((way, weight));
        }
    }
    ways[1..].sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut regions = Vec::new();
    for (way, weight) in ways {
        let own = of(way);
        let (Some(cloud), Some(heaviest)) = (
            Cloud::new(&own),
            own.iter().max_by(|a, b| a.weight.total_cmp(&b.weight)),
        ) else {
            continue;
        };
        let levels = if way == Way::Any { &LEVELS[..] } else { &LEVELS[1..] };
        for probability in levels {
            let area = cloud.area(*probability);
            let [earliest, middle, latest] = area.after_s.map(|after_s| outlook.at + after_s);
            regions.push(Region {
                way,
                weight,
                probability: *probability,
                centre: area.centre,
                major_m: area.major_m,
                minor_m: area.minor_m,
                azimuth_deg: area.azimuth_deg,
                earliest,
                middle,
                latest,
                velocity: Velocity::from_vector(heaviest.velocity_mps),
            });
        }
    }
    regions
}

/// The small beliefs of all ways, with their weights.
fn spots(outlook: &Outlook) -> Vec<(Way, Spot)> {
    let (mut thrust, mut free) = (outlook.thrust.0, outlook.free.0);
    if outlook.free_s > FREE_S {
        thrust *= RARE;
    }
    let sum = thrust + free;
    (thrust, free) = (thrust / sum, free / sum);
    let mut spots = Vec::new();
    if thrust > WEIGHT_MIN {
        spots.extend(thrusting(outlook, thrust));
    }
    if free > WEIGHT_MIN {
        spots.extend(falling(outlook, free));
    }
    spots
}

/// What becomes of an object that the mode of thrust explains: it burns, or lift carries it, or it did and falls.
fn thrusting(outlook: &Outlook, weight: f64) -> Vec<(Way, Spot)> {
    let belief = &outlook.thrust.1;
    let six = Gaussian::new(
        belief.mean.fixed_rows::<6>(0).into(),
        belief.covariance.fixed_view::<6, 6>(0, 0).into(),
    );
    let state = Kinematics::of(&six);
    let velocity: Vector3<f64> = six.mean.fixed_rows::<3>(3).into();
    let along_mps2 = thrust::beyond_free(&belief.mean).dot(&velocity) / state.speed_mps.max(1.0);
    // What lift cannot do is thrust, even where few plots do not show it yet.
    let is_beyond_lift = state.height_m > LIFT_HEIGHT_M || state.climb_mps > LIFT_CLIMB * state.speed_mps;
    let is_pushed = outlook.phase != Phase::Glide && along_mps2 > THRUST_MIN_MPS2;
    if state.climb_mps > 0.0 && (is_pushed || is_beyond_lift) {
        let ends = thrust::ends(belief, weight);
        let mut spots: Vec<(Way, Spot)> = Vec::new();
        let mut kept: Vec<thrust::Ended> = Vec::new();
        for mut end in ends {
            if Kinematics::of(&end.belief).may_glide() {
                spots.extend(later(
                    Way::Glide,
                    glide::reach(&end.belief, None, end.weight * GLIDER),
                    end.after_s,
                ));
                end.weight *= 1.0 - GLIDER;
            }
            kept.push(end);
        }
        spots.extend(thrust::goes_on(&kept).into_iter().map(|spot| (Way::Thrust, spot)));
        return spots;
    }
    let is_lifted = state.speed_mps > LIFT_SPEED_MPS && state.height_m < LIFT_HEIGHT_M;
    let on_lift = if is_lifted { LIFTED_ON } else { 0.0 };
    let mut spots: Vec<(Way, Spot)> = Vec::new();
    if is_lifted {
        let reached = glide::reach(&six, Some(belief), weight * on_lift);
        spots.extend(later(Way::Glide, reached, 0.0));
    }
    let falls = fall::fall(&thrust::with_drag(&six), weight * (1.0 - on_lift), 0.0);
    spots.extend(falls.into_iter().map(|spot| (Way::Coast, spot)));
    spots
}

/// What becomes of an object that flies freely.
fn falling(outlook: &Outlook, weight: f64) -> Vec<(Way, Spot)> {
    let seven = &outlook.free.1;
    let six = Gaussian::new(
        seven.mean.fixed_rows::<6>(0).into(),
        seven.covariance.fixed_view::<6, 6>(0, 0).into(),
    );
    let state = Kinematics::of(&six);
    // Above thick air there is nothing to learn of drag.
    let is_told = state.climb_mps <= 0.0 && state.height_m <= DRAG_TOLD_M;
    let own = match (is_told, outlook.has_parted) {
        (false, _) => thrust::with_drag(&six),
        (true, false) => thrust::with_prior(seven),
        (true, true) => *seven,
    };
    let (mut own, before_s) = fall::to_air(own);
    own.covariance[(6, 6)] = own.covariance[(6, 6)].max(DRAG_SIGMA_MIN * DRAG_SIGMA_MIN);
    let mut spots: Vec<(Way, Spot)> = Vec::new();
    let mut left = weight;
    let again = NEXT_STAGE * geo::math::exp(-outlook.free_s / PAUSE_S);
    if state.climb_mps > 0.0 && again * weight > WEIGHT_MIN {
        spots.extend(later(Way::Thrust, thrust::next(&six, again * weight, 0.0), 0.0));
        left -= again * weight;
    }
    if state.may_glide() && (state.climb_mps > 0.0 || state.height_m > PULL_UP_MIN_M) {
        let lifted = GLIDER * left;
        spots.extend(later(Way::Glide, glide::reach(&six, None, lifted), 0.0));
        left -= lifted;
    }
    if state.climb_mps > 0.0 || state.height_m > PULL_UP_MIN_M {
        let broken = BREAK_UP * left;
        let mut pieces = own;
        pieces.mean[6] += PIECES.0;
        pieces.covariance[(6, 6)] += PIECES.1 * PIECES.1;
        spots.extend(later(Way::BreakUp, fall::spot(&pieces, broken, before_s), 0.0));
        left -= broken;
    }
    if outlook.has_parted && !is_told {
        let (hull, before_s) = fall::to_air(thrust::with_drag_of(&six, LOG_DRAG_HULL));
        spots.extend(later(Way::Coast, fall::fall(&hull, left * HULL, before_s), 0.0));
        left *= 1.0 - HULL;
    }
    spots.extend(later(Way::Coast, fall::fall(&own, left, before_s), 0.0));
    spots
}

fn later(way: Way, spots: impl IntoIterator<Item = Spot>, before_s: f64) -> impl Iterator<Item = (Way, Spot)> {
    spots.into_iter().map(move |mut spot| {
        spot.after_s += before_s;
        (way, spot)
    })
}

/// Height, climb and speed of a belief's mean.
struct Kinematics {
    height_m: f64,
    climb_mps: f64,
    speed_mps: f64,
}

impl Kinematics {
    fn of(belief: &Gaussian<6>) -> Self {
        let state = SVector::<f64, 7>::from_fn(|row, _| if row < 6 { belief.mean[row] } else { 0.0 });
        Self {
            height_m: fall::height_m(&state),
            climb_mps: fall::climb_mps(&state),
            speed_mps: belief.mean.fixed_rows::<3>(3).norm(),
        }
    }

    /// Whether it flies so low, flat and fast that lift may catch it.
    fn may_glide(&self) -> bool {
        let rise_m = self.climb_mps * self.climb_mps / (2.0 * 9.7);
        self.height_m + rise_m < GLIDER_APOGEE_M
            && self.climb_mps > -LIFT_STEEP * self.speed_mps
            && self.speed_mps > LIFT_SPEED_MPS
    }
}

/// The launch, flown back from a boost.
fn launch(outlook: &Outlook) -> Vec<Region> {
    let is_boost = outlook.phase == Phase::Boost && outlook.thrust.0 > 0.5;
    if !outlook.is_young || !is_boost {
        return Vec::new();
    }
    let nine = &outlook.thrust.1;
    let six = Gaussian::new(
        nine.mean.fixed_rows::<6>(0).into(),
        nine.covariance.fixed_view::<6, 6>(0, 0).into(),
    );
    let Some(point) = estimate::path::launch_of(outlook.at, &six, 0.0) else {
        return Vec::new();
    };
    let own = Gaussian::new(SVector::<f64, 2>::zeros(), point.covariance_m2);
    let region = |probability: f64| {
        let ellipse = own.ellipse(probability).ok()?;
        let (earliest, latest) = point.interval(probability);
        Some(Region {
            way: Way::Any,
            weight: 1.0,
            probability,
            centre: point.place,
            major_m: ellipse.major,
            minor_m: ellipse.minor,
            azimuth_deg: (90.0 - ellipse.angle_rad / geo::angle::RAD_PER_DEG).rem_euclid(180.0),
            earliest,
            middle: point.time,
            latest,
            velocity: Velocity::new(0.0, 0.0, 0.0),
        })
    };
    LEVELS.into_iter().filter_map(region).collect()
}
