//! The glide that arrives where it was seen, or said, to arrive.

use flight::BankAt;
use geo::angle::RAD_PER_DEG;
use geo::math::{asin, sin};
use geo::{Ecef, Geodetic, State, Time, geodesic};
use nalgebra::{Matrix2, Vector2};

use super::{GlideError, GlideSpec, Leg, PullUp, fly, glide};

/// An arrival as told of a flight.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Where the flight began.
    pub launch: Geodetic,
    /// Direction at the launch that offsets are counted from, clockwise from true north.
    pub bearing_rad: f64,
    /// Geodesic from the launch to the arrival.
    pub distance_m: f64,
    /// How far the arrival lies beside the great circle of that direction, to the right; `None`: as it falls out
    /// without bank.
    pub aside_m: Option<f64>,
}

/// A glide that arrives as wanted.
#[derive(Clone, Debug)]
pub struct Reached {
    /// How it glides.
    pub spec: GlideSpec,
    /// From the state given to the ground.
    pub legs: Vec<Leg>,
    /// Geodesic from the launch to the arrival.
    pub distance_m: f64,
    /// Offset of the arrival to the right.
    pub aside_m: f64,
}

/// Lift to drag that is looked for, published for gliding shapes. Source: Acton, Hypersonic boost-glide weapons
/// (2015), Science & Global Security 23: 2.2 and 2.6; Küchemann's limit for Mach 8, 5.5.
const RATIOS: (f64, f64) = (0.1, 5.5);
/// Largest bank that is looked for.
const BANK_MAX_RAD: f64 = 1.3;
/// Good enough: a thousandth of the distance.
const SHARE: f64 = 1e-3;
/// Heights of the pull-up that are tried after the one given.
const HEIGHTS_M: [f64; 7] = [45e3, 40e3, 35e3, 30e3, 25e3, 20e3, 15e3];
/// A turn where the specification has none: full bank from 5 to 120 seconds after the pull-up.
const TURN: [BankAt; 4] = [
    BankAt {
        after_s: 0.0,
        bank_rad: 0.0,
    },
    BankAt {
        after_s: 5.0,
        bank_rad: 1.0,
    },
    BankAt {
        after_s: 120.0,
        bank_rad: 1.0,
    },
    BankAt {
        after_s: 130.0,
        bank_rad: 0.0,
    },
];

/// Returns a glide from a state that arrives as wanted, to a thousandth of the distance.
///
/// What is looked for is lift to drag (0.1 to 5.5), where an offset is wanted the bank (the programme of `spec`, or a
/// turn of two minutes, scaled), and where that does not suffice the height of the pull-up (15 to 45 km). The rest is
/// as in `spec`. Errors: [`GlideError::Unreachable`] with the nearest; the others of [`glide()`].
pub fn reach(start: Time, state: State<Ecef>, spec: &GlideSpec, wanted: &Wanted) -> Result<Reached, GlideError> {
    let others = HEIGHTS_M.iter().map(|&height_m| PullUp::Height { height_m });
    let mut nearest: Option<(f64, GlideError)> = None;
    for pull_up in std::iter::once(spec.pull_up).chain(others) {
        let search = Search {
            start,
            state,
            spec: GlideSpec {
                pull_up,
                ..spec.clone()
            },
            wanted,
        };
        let found = match search.run() {
            Ok(found) => found,
            // Another pull-up may do.
            Err(error @ (GlideError::NoPullUp { .. } | GlideError::StaysUp { .. })) => {
                nearest = nearest.or(Some((f64::INFINITY, error)));
                continue;
            }
            Err(error) => return Err(error),
        };
        let spec = search.spec_of(&found);
        if found.miss_m <= SHARE * wanted.distance_m {
            return Ok(Reached {
                legs: glide(start, state, &spec)?,
                spec,
                distance_m: found.distance_m,
                aside_m: found.aside_m,
            });
        }
        let is_nearer = nearest.as_ref().is_none_or(|(miss_m, _)| found.miss_m < *miss_m);
        if is_nearer {
            nearest = Some((found.miss_m, search.unreachable(&found)));
        }
    }
    // There is at least one try.
    Err(nearest.map_or(
        GlideError::StaysUp {
            after_s: super::FLIGHT_MAX_S,
        },
        |(_, error)| error,
    ))
}

struct Search<'a> {
    start: Time,
    state: State<Ecef>,
    spec: GlideSpec,
    wanted: &'a Wanted,
}

/// One try.
#[derive(Copy, Clone, Debug)]
struct Tried {
    ratio: f64,
    bank_rad: f64,
    distance_m: f64,
    aside_m: f64,
    /// How far the arrival is from that wanted.
    miss_m: f64,
}

impl Search<'_> {
    fn run(&self) -> Result<Tried, GlideError> {
        let straight = self.by_ratio()?;
        if self.wanted.aside_m.is_none() {
            return Ok(straight);
        }
        self.by_both(straight)
    }

    /// The specification of a try.
    fn spec_of(&self, tried: &Tried) -> GlideSpec {
        let mut spec = self.spec.clone();
        spec.lift_to_drag = tried.ratio;
        if self.wanted.aside_m.is_some() {
            spec.banks = self.banks(tried.bank_rad);
        }
        spec
    }

    /// The programme whose greatest bank is one given.
    fn banks(&self, bank_rad: f64) -> Vec<BankAt> {
        let shape: &[BankAt] = if self.spec.banks.is_empty() {
            &TURN
        } else {
            &self.spec.banks
        };
        let top = shape.iter().fold(0.0, |top: f64, row| top.max(row.bank_rad.abs()));
        let scale = bank_rad / top.max(1e-9);
        let scaled = shape.iter().map(|row| BankAt {
            bank_rad: row.bank_rad * scale,
            ..*row
        });
        scaled.collect()
    }

    fn unreachable(&self, nearest: &Tried) -> GlideError {
        GlideError::Unreachable {
            distance_m: self.wanted.distance_m,
            aside_m: self.wanted.aside_m.unwrap_or(nearest.aside_m),
            lift_to_drag: nearest.ratio,
            nearest_m: nearest.distance_m,
            nearest_aside_m: nearest.aside_m,
        }
    }

    fn attempt(&self, ratio: f64, bank_rad: f64) -> Result<Tried, GlideError> {
        let mut tried = Tried {
            ratio,
            bank_rad,
            distance_m: 0.0,
            aside_m: 0.0,
            miss_m: 0.0,
        };
        let flown = fly(self.start, self.state, &self.spec_of(&tried))?;
        let stays_up = GlideError::StaysUp {
            after_s: super::FLIGHT_MAX_S,
        };
        let arrival = Geodetic::from_ecef(flown.arrival().ok_or(stays_up)?.position);
        let way = geodesic(self.wanted.launch, arrival);
        let off_rad = way.azimuth_from_deg * RAD_PER_DEG - self.wanted.bearing_rad;
        let radius_m = geo::earth::SEMI_MAJOR_AXIS_M;
        tried.distance_m = way.distance_m;
        // The offset on a sphere.
        tried.aside_m = radius_m * asin(sin(way.distance_m / radius_m) * sin(off_rad));
        let [along_m, aside_m] = self.errors(&tried).into();
        tried.miss_m = geo::math::hypot(along_m, aside_m);
        Ok(tried)
    }

    /// How far too far, and how far too much to the right.
    fn errors(&self, tried: &Tried) -> Vector2<f64> {
        let aside_m = self.wanted.aside_m.map_or(0.0, |aside_m| tried.aside_m - aside_m);
        Vector2::new(tried.distance_m - self.wanted.distance_m, aside_m)
    }

    /// The ratio that meets the distance without bank: more lift goes farther.
    fn by_ratio(&self) -> Result<Tried, GlideError> {
        let over_m = |tried: &Tried| tried.distance_m - self.wanted.distance_m;
        let (mut low, mut high) = (self.attempt(RATIOS.0, 0.0)?, self.attempt(RATIOS.1, 0.0)?);
        if over_m(&low) >= 0.0 {
            return Ok(low);
        }
        if over_m(&high) <= 0.0 {
            return Ok(high);
        }
        for i in 0..40 {
            // False position while it goes well, halving in between.
            let share = if i % 2 == 0 {
                over_m(&low) / (over_m(&low) - over_m(&high))
            } else {
                0.5
            };
            let middle = self.attempt(low.ratio + (high.ratio - low.ratio) * share, 0.0)?;
            if over_m(&middle).abs() < 0.1 * SHARE * self.wanted.distance_m {
                return Ok(middle);
            }
            if over_m(&middle) < 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// Ratio and bank that meet distance and offset, by Newton's method with differences, steps kept short.
    fn by_both(&self, straight: Tried) -> Result<Tried, GlideError> {
        let side = if self.errors(&straight).y <= 0.0 { 1.0 } else { -1.0 };
        let mut best = self.attempt(straight.ratio, 0.3 * side)?;
        for _ in 0..30 {
            if best.miss_m < 0.1 * SHARE * self.wanted.distance_m {
                break;
            }
            let (dr, db) = (0.01 * best.ratio, 0.01);
            let here = self.errors(&best);
            let by_ratio = (self.errors(&self.attempt(best.ratio + dr, best.bank_rad)?) - here) / dr;
            let by_bank = (self.errors(&self.attempt(best.ratio, best.bank_rad + db)?) - here) / db;
            let slope = Matrix2::from_columns(&[by_ratio, by_bank]);
            let Some(step) = slope.lu().solve(&-here) else {
                break;
            };
            let shrink = (0.5 * best.ratio / step.x.abs()).min(0.3 / step.y.abs()).min(1.0);
            let Some(better) = self.shorten(&best, step * shrink)? else {
                break;
            };
            best = better;
        }
        Ok(best)
    }

    /// The first of ever shorter steps that comes nearer.
    fn shorten(&self, from: &Tried, step: Vector2<f64>) -> Result<Option<Tried>, GlideError> {
        for halvings in 0..6 {
            let part = step / f64::from(1 << halvings);
            let ratio = (from.ratio + part.x).clamp(RATIOS.0, RATIOS.1);
            let bank_rad = (from.bank_rad + part.y).clamp(-BANK_MAX_RAD, BANK_MAX_RAD);
            let tried = self.attempt(ratio, bank_rad)?;
            if tried.miss_m < from.miss_m {
                return Ok(Some(tried));
            }
        }
        Ok(None)
    }
}
