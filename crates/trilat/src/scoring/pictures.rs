//! One instant after another: what the tracks show, and what is there.

use geo::Time;
use score::{Cutoff, Follow, Gospa, Moment, Ospa, Picture, SiapTally, Thing, gospa, ospa, ospa2};

use super::scene::{Object, Tracked};
use super::{INSTANTS_MAX, Scene, ScoreError};
use crate::args::ScoreArgs;
use crate::output::score::{OspaOutput, SiapOutput};

/// What came of looking at all instants.
pub struct Seen {
    /// The first instant.
    pub from: Time,
    /// The last.
    pub until: Time,
    /// All of them.
    pub gospa: Gospa,
    /// The same.
    pub ospa: OspaMeans,
    /// The same.
    pub siap: SiapTally,
    /// Which track is on which object.
    pub follow: Follow,
}

impl Seen {
    /// As it is printed.
    pub fn siap_output(&self) -> SiapOutput {
        SiapOutput::new(&self.siap, self.follow.swaps())
    }
}

/// Power means over instants and over windows.
#[derive(Clone, Debug)]
pub struct OspaMeans {
    points: Mean,
    tracks: Mean,
}

impl OspaMeans {
    /// As they are printed.
    pub fn output(&self, window_s: f64) -> OspaOutput {
        OspaOutput::new(self.points.ospa(), self.tracks.ospa(), window_s)
    }
}

/// The power mean of distances and of their parts.
#[derive(Copy, Clone, Debug)]
struct Mean {
    cutoff: Cutoff,
    count: usize,
    sums: [f64; 3],
}

impl Mean {
    fn new(cutoff: Cutoff) -> Self {
        Self {
            cutoff,
            count: 0,
            sums: [0.0; 3],
        }
    }

    fn add(&mut self, found: &Ospa) {
        let parts = [found.distance_m, found.localisation_m, found.cardinality_m];
        for (sum, part) in self.sums.iter_mut().zip(parts) {
            *sum += self.cutoff.power_of(part);
        }
        self.count += 1;
    }

    fn ospa(&self) -> Ospa {
        let [distance_m, localisation_m, cardinality_m] = self
            .sums
            .map(|sum| self.cutoff.distance_m(sum / self.count.max(1) as f64));
        Ospa {
            distance_m,
            localisation_m,
            cardinality_m,
        }
    }
}

/// Looks at whole seconds of UTC, or steps from there, over the time of the truth.
pub fn look(scene: &Scene, args: &ScoreArgs) -> Result<Seen, ScoreError> {
    let cutoff = Cutoff::new(args.cutoff_m, args.order)?;
    let Some((first, until)) = scene.span() else {
        return Err(ScoreError::NoTruth { file: String::new() });
    };
    let from = first.ceil_utc_s().min(until);
    let count = ((until - from) / args.step_s).floor() + 1.0;
    if count > INSTANTS_MAX as f64 {
        return Err(ScoreError::Instants {
            step_s: args.step_s,
            count,
            from,
            until,
        });
    }
    let count = count as usize;
    let mut seen = Seen {
        from,
        until: from + (count - 1) as f64 * args.step_s,
        gospa: Gospa::empty(cutoff),
        ospa: OspaMeans {
            points: Mean::new(cutoff),
            tracks: Mean::new(cutoff),
        },
        siap: SiapTally::new(cutoff.cutoff_m()),
        follow: Follow::new(cutoff),
    };
    let width = (args.window_s / args.step_s).round().clamp(1.0, count as f64) as usize;
    let mut window: Vec<Picture> = Vec::with_capacity(width);
    for index in 0..count {
        let picture = counted(scene, &mut seen.follow, from + index as f64 * args.step_s, args);
        let places = |things: &[Thing]| things.iter().map(|thing| thing.position_m).collect::<Vec<_>>();
        let (tracks, truths) = (places(&picture.tracks), places(&picture.truths));
        seen.gospa.add(&gospa(&tracks, &truths, cutoff));
        seen.ospa.points.add(&ospa(&tracks, &truths, cutoff));
        seen.siap.add(&picture);
        window.push(picture);
        if window.len() == width || index + 1 == count {
            seen.ospa.tracks.add(&ospa2(&window, cutoff));
            window.clear();
        }
    }
    Ok(seen)
}

/// What is there at one instant, by the places of tracks and objects in the scene.
///
/// Which track is on which object is asked of all objects that sensors have seen and will see again. Those that none
/// sees at the time are then left out, with their tracks: neither are they missed nor are these false.
fn counted(scene: &Scene, follow: &mut Follow, time: Time, args: &ScoreArgs) -> Picture {
    let thing = |id: usize, moment: Option<Moment>| {
        let moment = moment?;
        Some(Thing::new(id, moment.position_m, moment.velocity_mps))
    };
    let near_s = 0.5 * args.step_s;
    let track = |(id, track): (usize, &Tracked)| {
        let mut thing = thing(id, track.course.at(time, args.gap_s, near_s))?;
        thing.covariance = track.covariance(time);
        Some(thing)
    };
    let truth = |(id, object): (usize, &Object)| thing(id, object.course.at(time, args.gap_s, 0.0));
    let known = |(id, _): &(usize, &Object)| scene.is_known(*id, time);
    let mut picture = Picture {
        time,
        tracks: scene.tracks.iter().enumerate().filter_map(track).collect(),
        truths: scene
            .objects
            .iter()
            .enumerate()
            .filter(known)
            .filter_map(truth)
            .collect(),
    };
    let pairs = follow.add(&picture);
    if !scene.is_seen_known {
        return picture;
    }
    let counts = |truth: &Thing| scene.counts(truth.id, time, args.gap_s);
    let idle = pairs.iter().filter(|(_, j)| !counts(&picture.truths[*j]));
    let idle: Vec<usize> = idle.map(|(i, _)| picture.tracks[*i].id).collect();
    picture.tracks.retain(|track| !idle.contains(&track.id));
    picture.truths.retain(counts);
    picture
}
