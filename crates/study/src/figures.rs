//! The figures of one run, and the row of numbers they are kept as between two sittings.

/// One run: each object, each subset; in the order of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFigures {
    /// Which run.
    pub run: usize,
    pub(crate) objects: Vec<Vec<SubsetFigures>>,
    pub(crate) tracks: Vec<TrackFigures>,
}

/// Confirmed tracks of nothing, objects without a confirmed track.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub(crate) struct TrackFigures {
    pub false_tracks: f32,
    pub missed_objects: f32,
}

/// What one subset knew of one object; NaN is none. `f32` on purpose: what is kept is what is merged.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SubsetFigures {
    pub view_share: f32,
    pub first_after_s: f32,
    pub last_after_s: f32,
    pub gap_s: f32,
    pub confirmed_after_s: f32,
    pub known_after_s: [f32; 3],
    pub arrival_after_s: f32,
    /// 1 inside, 0 outside.
    pub is_inside: f32,
    pub arrival_error_m: f32,
    pub curve: Vec<InstantFigures>,
}

/// One instant.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct InstantFigures {
    pub error2_m2: f32,
    pub variance_m2: f32,
    pub nees: f32,
    pub bound_m2: f32,
    pub diameter_m: f32,
}

impl InstantFigures {
    pub const NONE: Self = Self {
        error2_m2: f32::NAN,
        variance_m2: f32::NAN,
        nees: f32::NAN,
        bound_m2: f32::NAN,
        diameter_m: f32::NAN,
    };
}

/// A row of numbers is not that of a run of this plan.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a run of this study has {expected} numbers, not {found}")]
pub struct NotOfThisPlan {
    /// How many there are.
    pub found: usize,
    /// How many there should be.
    pub expected: usize,
}

/// How many numbers a subset has without its curve.
const SCALARS: usize = 11;
/// How many an instant has.
const INSTANT: usize = 5;

impl RunFigures {
    /// The bits of all numbers in a fixed order, for a file.
    pub fn to_bits(&self) -> Vec<u32> {
        let mut row = Vec::new();
        for tracks in &self.tracks {
            row.extend([tracks.false_tracks, tracks.missed_objects]);
        }
        for figures in self.objects.iter().flatten() {
            row.extend([
                figures.view_share,
                figures.first_after_s,
                figures.last_after_s,
                figures.gap_s,
                figures.confirmed_after_s,
            ]);
            row.extend(figures.known_after_s);
            row.extend([figures.arrival_after_s, figures.is_inside, figures.arrival_error_m]);
            for i in &figures.curve {
                row.extend([i.error2_m2, i.variance_m2, i.nees, i.bound_m2, i.diameter_m]);
            }
        }
        row.into_iter().map(f32::to_bits).collect()
    }

    /// Reads what [`RunFigures::to_bits`] wrote, for a plan with so many subsets and, per object, instants.
    ///
    /// Errors: [`NotOfThisPlan`].
    pub(crate) fn from_bits(
        run: usize,
        bits: &[u32],
        subsets: usize,
        instants: &[usize],
    ) -> Result<Self, NotOfThisPlan> {
        let per_object = |count: &usize| subsets * (SCALARS + INSTANT * count);
        let expected = 2 * subsets + instants.iter().map(per_object).sum::<usize>();
        if bits.len() != expected {
            return Err(NotOfThisPlan {
                found: bits.len(),
                expected,
            });
        }
        let mut numbers = bits.iter().map(|bits| f32::from_bits(*bits));
        let mut next = || numbers.next().unwrap_or(f32::NAN);
        let tracks = (0..subsets)
            .map(|_| TrackFigures {
                false_tracks: next(),
                missed_objects: next(),
            })
            .collect();
        let objects = instants
            .iter()
            .map(|count| {
                (0..subsets)
                    .map(|_| SubsetFigures {
                        view_share: next(),
                        first_after_s: next(),
                        last_after_s: next(),
                        gap_s: next(),
                        confirmed_after_s: next(),
                        known_after_s: std::array::from_fn(|_| next()),
                        arrival_after_s: next(),
                        is_inside: next(),
                        arrival_error_m: next(),
                        curve: (0..*count)
                            .map(|_| InstantFigures {
                                error2_m2: next(),
                                variance_m2: next(),
                                nees: next(),
                                bound_m2: next(),
                                diameter_m: next(),
                            })
                            .collect(),
                    })
                    .collect()
            })
            .collect();
        Ok(Self { run, objects, tracks })
    }
}
