//! What comes off: a spent stage, debris, the pieces of a break-up; each falls on its own.

use std::sync::Arc;

use flight::phase::REENTRY_SHARE;
use flight::{Body, DragCurve, Forces, Options, PropagateError, propagate};
use geo::math::{exp, ln};
use geo::{Ecef, State, Time, Velocity};
use nalgebra::Vector3;

use super::moment::{falling, first};
use crate::chance::Chance;
use crate::truth::{Course, CourseError, Kind, Leg, Motion, Signature, Truth};

/// A piece that has not come down is followed for so long.
const FALL_MAX_S: f64 = 3.0 * 3_600.0;
/// More pieces than this are refused.
const PIECES_MAX: usize = 10_000;

/// When something comes off.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum When {
    /// At an instant, such as burnout.
    Time(Time),
    /// On the way down, at a height above the ellipsoid.
    Height {
        /// The height.
        height_m: f64,
    },
    /// On the way down, at a dynamic pressure `½ ρ v²`: a break-up at re-entry.
    Pressure {
        /// The pressure.
        pressure_pa: f64,
    },
}

/// A spent stage.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct SpentStage {
    /// How much slower it becomes along the velocity.
    pub push_mps: f64,
    /// Inverse ballistic coefficient Cd·A/m.
    pub drag_m2pkg: f64,
    /// Mean radar cross section.
    pub cross_section_m2: f64,
}

/// What comes off, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct SeparationSpec {
    /// When.
    pub when: When,
    /// The stage that is left behind, if any.
    pub stage: Option<SpentStage>,
    /// How many pieces of debris.
    pub debris: usize,
    /// Standard deviation, per axis, of the velocity that each piece and the stage gets.
    pub spread_mps: f64,
    /// Least and greatest inverse ballistic coefficient of debris; between them its logarithm is uniform.
    pub drag_m2pkg: (f64, f64),
    /// Least and greatest mean radar cross section of debris; between them its logarithm is uniform.
    pub cross_section_m2: (f64, f64),
    /// Height of the ground above the ellipsoid.
    pub ground_height_m: f64,
}

impl SeparationSpec {
    /// A stage that is pushed back by 3 m/s, and some debris (notional).
    pub fn stage(when: When, debris: usize) -> Self {
        Self {
            when,
            stage: Some(SpentStage {
                push_mps: 3.0,
                drag_m2pkg: 2e-3,
                cross_section_m2: 3.0,
            }),
            debris,
            spread_mps: 1.0,
            drag_m2pkg: (2e-3, 5e-2),
            cross_section_m2: (1e-3, 0.3),
            ground_height_m: 0.0,
        }
    }

    /// A break-up at re-entry into some pieces (notional): at 50 kPa, with 20 m/s of spread.
    pub fn break_up(pieces: usize) -> Self {
        Self {
            when: When::Pressure { pressure_pa: 50e3 },
            stage: None,
            spread_mps: 20.0,
            ..Self::stage(When::Pressure { pressure_pa: 50e3 }, pieces)
        }
    }
}

/// Why nothing comes off.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SeparationError {
    /// The object does not fly then, or never comes to that height or pressure.
    #[error("{id} never comes to {when:?} while it flies, from {from} until {until}")]
    Never {
        /// Its name.
        id: Arc<str>,
        /// What was asked for.
        when: When,
        /// Begin of its course.
        from: Time,
        /// End of its course.
        until: Time,
    },
    /// There is nothing to come off, or too much.
    #[error("{pieces} pieces come off; it must be from 1 to {PIECES_MAX}")]
    Pieces {
        /// How many.
        pieces: usize,
    },
    /// A value or an interval is outside what can be.
    #[error("{name} is from {from} to {until}; it must be finite, {expected}, in order")]
    Value {
        /// The field.
        name: &'static str,
        /// Its lower end.
        from: f64,
        /// Its upper end.
        until: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// A piece would begin on the ground.
    #[error("{id} is on the ground at {time}")]
    OnGround {
        /// The object.
        id: Arc<str>,
        /// When.
        time: Time,
    },
    /// A piece cannot be propagated.
    #[error(transparent)]
    Propagate(#[from] PropagateError),
    /// A fall makes no course: a bug if it ever happens.
    #[error(transparent)]
    Course(#[from] CourseError),
}

/// A piece on its way.
struct Piece {
    id: Arc<str>,
    kind: Kind,
    state: State<Ecef>,
    drag_m2pkg: f64,
    cross_section_m2: f64,
}

/// Returns the stage, if there is one, and the pieces of debris of an object, each until the ground.
///
/// Each falls under [`Forces::ballistic`] with the drag of a sphere by Mach number ([`DragCurve::sphere`]); one that
/// stays up is followed for three hours. What the same piece gets does not depend on how many there are. Names are
/// those of the object with `/stage` or `/debris-1` behind them. The object itself flies on: cut its course where it
/// breaks up. Errors: [`SeparationError`].
pub fn separate(parent: &Truth, spec: &SeparationSpec, seed: u64) -> Result<Vec<Truth>, SeparationError> {
    check(spec)?;
    let (time, state) = moment(parent, spec.when)?;
    pieces(parent, spec, state, seed)
        .into_iter()
        .map(|piece| fall(parent, spec, time, piece))
        .collect()
}

/// Returns a course until an instant; `None` if that is not after its begin.
pub fn cut(course: &Course, until: Time) -> Option<Course> {
    let legs = course.legs().iter().filter(|leg| leg.from < until).map(|leg| Leg {
        until: leg.until.min(until),
        ..leg.clone()
    });
    Course::new(legs.collect()).ok()
}

fn check(spec: &SeparationSpec) -> Result<(), SeparationError> {
    let count = spec.debris.saturating_add(usize::from(spec.stage.is_some()));
    if !(1..=PIECES_MAX).contains(&count) {
        return Err(SeparationError::Pieces { pieces: count });
    }
    let within = |name, (from, until): (f64, f64), above: f64, expected| {
        let is_fine = from >= above && until >= from && until.is_finite();
        let error = SeparationError::Value {
            name,
            from,
            until,
            expected,
        };
        if is_fine { Ok(()) } else { Err(error) }
    };
    let (positive, some) = (f64::MIN_POSITIVE, "above 0");
    within("drag_m2pkg", spec.drag_m2pkg, positive, some)?;
    within("cross_section_m2", spec.cross_section_m2, positive, some)?;
    within("spread_mps", (spec.spread_mps, spec.spread_mps), 0.0, "0 or more")?;
    if let Some(stage) = spec.stage {
        within("stage.drag_m2pkg", (stage.drag_m2pkg, stage.drag_m2pkg), positive, some)?;
        let section_m2 = stage.cross_section_m2;
        within("stage.cross_section_m2", (section_m2, section_m2), positive, some)?;
        within("stage.push_mps", (stage.push_mps, stage.push_mps), 0.0, "0 or more")?;
    }
    Ok(())
}

/// When and in which state it happens.
fn moment(parent: &Truth, when: When) -> Result<(Time, State<Ecef>), SeparationError> {
    let span = parent.course.span();
    let falls_past = |is_past: &dyn Fn(f64, f64) -> bool| {
        first(span, |time| {
            let state = parent.course.state(time);
            let seen = state.and_then(|state| falling(&state));
            seen.is_some_and(|(height_m, pressure_pa)| is_past(height_m, pressure_pa))
        })
    };
    let time = match when {
        When::Time(time) => Some(time),
        When::Height { height_m } => falls_past(&|at_m, _| at_m <= height_m),
        When::Pressure { pressure_pa } => falls_past(&|_, at_pa| at_pa >= pressure_pa),
    };
    let found = time.and_then(|time| Some((time, parent.course.state(time)?)));
    found.ok_or_else(|| SeparationError::Never {
        id: parent.id.clone(),
        when,
        from: span.0,
        until: span.1,
    })
}

fn pieces(parent: &Truth, spec: &SeparationSpec, state: State<Ecef>, seed: u64) -> Vec<Piece> {
    let id = parent.id.as_ref();
    let mut pieces = Vec::with_capacity(spec.debris + 1);
    if let Some(stage) = spec.stage {
        let mut chance = Chance::new(seed, &[id, "separation", "stage"]);
        let along = state.velocity.vector().try_normalize(0.0).unwrap_or_default();
        let kick_mps = kick(&mut chance, spec.spread_mps) - along * stage.push_mps;
        pieces.push(Piece {
            id: format!("{id}/stage").into(),
            kind: Kind::Stage,
            state: pushed(state, kick_mps),
            drag_m2pkg: stage.drag_m2pkg,
            cross_section_m2: stage.cross_section_m2,
        });
    }
    for number in 1..=spec.debris {
        let mut chance = Chance::new(seed, &[id, "separation", &number.to_string()]);
        pieces.push(Piece {
            id: format!("{id}/debris-{number}").into(),
            kind: Kind::Debris,
            state: pushed(state, kick(&mut chance, spec.spread_mps)),
            drag_m2pkg: log_uniform(&mut chance, spec.drag_m2pkg),
            cross_section_m2: log_uniform(&mut chance, spec.cross_section_m2),
        });
    }
    pieces
}

fn kick(chance: &mut Chance, spread_mps: f64) -> Vector3<f64> {
    let [x, y, z] = std::array::from_fn(|_| chance.normal() * spread_mps);
    Vector3::new(x, y, z)
}

fn pushed(state: State<Ecef>, kick_mps: Vector3<f64>) -> State<Ecef> {
    State {
        velocity: Velocity::from_vector(state.velocity.vector() + kick_mps),
        ..state
    }
}

fn log_uniform(chance: &mut Chance, (from, until): (f64, f64)) -> f64 {
    exp(chance.between(ln(from), ln(until))).clamp(from, until)
}

/// The fall of one piece.
fn fall(parent: &Truth, spec: &SeparationSpec, time: Time, piece: Piece) -> Result<Truth, SeparationError> {
    let body = Body {
        drag_curve: Some(Arc::new(DragCurve::sphere())),
        ..Body::ballistic(piece.drag_m2pkg)
    };
    let options = Options {
        position_tolerance_m: 1e-3,
        velocity_tolerance_mps: 1e-6,
        ground_height_m: Some(spec.ground_height_m),
        ..Options::default()
    };
    let forces = Forces::ballistic();
    let path = propagate(&forces, &body, time, piece.state, time + FALL_MAX_S, &options)?;
    let stretches = flight::phases(&forces, &body, &path, REENTRY_SHARE);
    let height_m = geo::Geodetic::from_ecef(piece.state.position).height_m;
    if stretches.is_empty() || height_m <= spec.ground_height_m {
        let id = parent.id.clone();
        return Err(SeparationError::OnGround { id, time });
    }
    let path = Arc::new(path);
    let legs = stretches.into_iter().map(|stretch| Leg {
        phase: stretch.phase,
        from: stretch.from,
        until: stretch.until,
        motion: Motion::Flight(path.clone()),
    });
    Ok(Truth {
        id: piece.id,
        kind: piece.kind,
        course: Course::new(legs.collect())?,
        signature: Signature {
            cross_section_m2: piece.cross_section_m2,
            boost_wpsr: 0.0,
            identity: None,
        },
    })
}

#[cfg(test)]
mod tests {
    use flight::Phase;
    use geo::{Geodetic, Site, geodesic};

    use super::*;

    fn start() -> Time {
        "2022-01-29T22:54:00Z".parse().unwrap()
    }

    /// After burnout at 100 km, until the ground.
    fn parent() -> Truth {
        let site = Site::new(Geodetic::from_degrees(40.9, 127.5, 100e3));
        let state = State {
            position: site.origin(),
            velocity: site.velocity_to_ecef(Velocity::new(1_500.0, 300.0, 2_200.0)),
        };
        let (forces, body) = (Forces::ballistic(), Body::ballistic(1e-4));
        let path = propagate(&forces, &body, start(), state, start() + 3_600.0, &Options::default()).unwrap();
        let (from, until) = path.span();
        let leg = Leg {
            phase: Phase::Coast,
            from,
            until,
            motion: Motion::Flight(Arc::new(path)),
        };
        Truth {
            id: "b".into(),
            kind: Kind::Ballistic,
            course: Course::new(vec![leg]).unwrap(),
            signature: Signature {
                cross_section_m2: 0.1,
                boost_wpsr: 0.0,
                identity: None,
            },
        }
    }

    #[test]
    fn a_stage_and_debris_leave_where_the_object_is_and_fall_behind() {
        let parent = parent();
        let at = start() + 5.0;
        let spec = SeparationSpec::stage(When::Time(at), 20);
        let pieces = separate(&parent, &spec, 7).unwrap();
        assert_eq!(pieces.len(), 21);
        assert_eq!((pieces[0].id.as_ref(), pieces[0].kind), ("b/stage", Kind::Stage));
        assert_eq!((pieces[20].id.as_ref(), pieces[20].kind), ("b/debris-20", Kind::Debris));
        let own = parent.course.state(at).unwrap();
        let arrival = parent.course.geodetic(parent.course.span().1).unwrap();
        let from = Geodetic::from_ecef(own.position);
        for piece in &pieces {
            let state = piece.course.state(at).unwrap();
            assert!((state.position - own.position).norm() < 1e-6);
            let kick_mps = (state.velocity.vector() - own.velocity.vector()).norm();
            assert!((0.01..8.0).contains(&kick_mps), "{kick_mps}");
            let (_, until) = piece.course.span();
            let end = piece.course.geodetic(until).unwrap();
            assert!(end.height_m.abs() < 0.1, "{}", end.height_m);
            // More drag, sooner braked: it comes down later and shorter.
            assert!(until > parent.course.span().1);
            assert!(geodesic(from, end).distance_m < geodesic(from, arrival).distance_m);
            assert!(piece.signature.cross_section_m2 >= 1e-3 && piece.signature.cross_section_m2 <= 3.0);
            let phases: Vec<Phase> = piece.course.legs().iter().map(|leg| leg.phase).collect();
            assert_eq!(phases, [Phase::Coast, Phase::Reentry]);
        }
    }

    #[test]
    fn a_break_up_happens_on_the_way_down_at_its_pressure() {
        let parent = parent();
        let pieces = separate(&parent, &SeparationSpec::break_up(5), 1).unwrap();
        let (time, _) = pieces[0].course.span();
        let state = parent.course.state(time).unwrap();
        let (height_m, pressure_pa) = falling(&state).unwrap();
        assert!((pressure_pa / 50e3 - 1.0).abs() < 1e-3, "{pressure_pa}");
        assert!((20e3..60e3).contains(&height_m), "{height_m}");
        assert!(
            pieces
                .iter()
                .all(|piece| piece.kind == Kind::Debris && piece.course.span().0 == time)
        );
        let whole = cut(&parent.course, time).unwrap();
        assert_eq!(whole.span(), (start(), time));
        assert!(cut(&parent.course, start()).is_none());
        let low = SeparationSpec {
            when: When::Height { height_m: 12e3 },
            ..SeparationSpec::break_up(1)
        };
        let piece = &separate(&parent, &low, 1).unwrap()[0];
        assert!((piece.course.geodetic(piece.course.span().0).unwrap().height_m - 12e3).abs() < 1.0);
    }

    #[test]
    fn the_seed_decides_and_the_count_does_not() {
        let (parent, when) = (parent(), When::Time(start() + 5.0));
        let ends = |debris, seed| -> Vec<[u64; 3]> {
            let pieces = separate(&parent, &SeparationSpec::stage(when, debris), seed).unwrap();
            let end = |piece: &Truth| piece.course.state(piece.course.span().1).unwrap().position.to_array();
            pieces.iter().map(|piece| end(piece).map(f64::to_bits)).collect()
        };
        assert_eq!(ends(3, 1), ends(3, 1));
        assert_eq!(ends(3, 1), ends(6, 1)[..4]);
        assert_ne!(ends(3, 1), ends(3, 2));
    }

    #[test]
    fn what_cannot_come_off_says_why() {
        let parent = parent();
        let refused = |spec: SeparationSpec| separate(&parent, &spec, 1).unwrap_err();
        let good = SeparationSpec::stage(When::Time(start() + 5.0), 1);
        let late = SeparationSpec::stage(When::Time(start() + 1e5), 1);
        assert!(matches!(refused(late), SeparationError::Never { .. }));
        let hard = SeparationSpec {
            when: When::Pressure { pressure_pa: 1e12 },
            ..good.clone()
        };
        assert!(refused(hard).to_string().starts_with("b never comes to Pressure"));
        let none = SeparationSpec {
            stage: None,
            debris: 0,
            ..good.clone()
        };
        assert_eq!(refused(none), SeparationError::Pieces { pieces: 0 });
        for drag_m2pkg in [(0.0, 1.0), (2.0, 1.0), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
            let bad = SeparationSpec {
                drag_m2pkg,
                ..good.clone()
            };
            assert!(matches!(
                refused(bad),
                SeparationError::Value { name: "drag_m2pkg", .. }
            ));
        }
        let landed = SeparationSpec::stage(When::Time(parent.course.span().1), 1);
        assert!(matches!(
            refused(landed),
            SeparationError::OnGround { .. } | SeparationError::Never { .. }
        ));
    }
}
