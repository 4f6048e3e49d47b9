//! Coarse plots, tracks and warnings, as messages and back.

use geo::Time;
use plot::Field;
use wire::messages;

use super::{CORNERS_MAX, ItemError, check, name};
use crate::item::{Coarse, TrackState, WarningNote};

/// Farthest coordinate of a track, as of a measured range.
const COORDINATE_M_MAX: f64 = 5e8;
/// Fastest component of a track.
const SPEED_MPS_MAX: f64 = 2e4;
/// Largest entry of a covariance: the square of the farthest coordinate.
const COVARIANCE_MAX: f64 = COORDINATE_M_MAX * COORDINATE_M_MAX;

/// The coarse plot as a message.
pub fn coarse_to(coarse: &Coarse) -> messages::Coarse {
    messages::Coarse {
        time_tai_ns: coarse.time.tai_ns(),
        place: Some(check::place_to(&coarse.place)),
        sigma_m: coarse.sigma_m,
    }
}

/// The coarse plot of a message. Errors: [`ItemError`].
pub fn coarse_of(coarse: &messages::Coarse) -> Result<Coarse, ItemError> {
    Ok(Coarse {
        time: Time::from_tai_ns(coarse.time_tai_ns),
        place: check::place(coarse.place)?,
        sigma_m: Field::PositionSigmaM.check(coarse.sigma_m)?,
    })
}

/// The track as a message.
pub fn track_to(track: &TrackState) -> messages::Track {
    messages::Track {
        track: track.track.to_string(),
        time_tai_ns: track.time.tai_ns(),
        existence: track.existence,
        phase: track.phase.to_string(),
        state: track.state.to_vec(),
        covariance: track.covariance.to_vec(),
    }
}

/// The track of a message. Errors: [`ItemError`].
pub fn track_of(track: messages::Track) -> Result<TrackState, ItemError> {
    let state = <[f64; 6]>::try_from(&track.state[..]);
    let covariance = <[f64; 21]>::try_from(&track.covariance[..]);
    check::count("state", track.state.len(), state.is_ok(), "6")?;
    check::count("covariance", track.covariance.len(), covariance.is_ok(), "21")?;
    let (state, covariance) = (state.unwrap_or_default(), covariance.unwrap_or([0.0; 21]));
    for (at, value) in state.into_iter().enumerate() {
        let max = if at < 3 { COORDINATE_M_MAX } else { SPEED_MPS_MAX };
        let expected = if at < 3 {
            "metres from -5e8 to 5e8"
        } else {
            "metres per second from -2e4 to 2e4"
        };
        check::number("state", value, |value| value.abs() <= max, expected)?;
    }
    for value in covariance {
        check::number(
            "covariance",
            value,
            |value| value.abs() <= COVARIANCE_MAX,
            "a number up to 2.5e17",
        )?;
    }
    // The diagonal of a triangle that is kept by rows: 6 + 5 + 4 …
    let mut at = 0;
    for row in 0..6 {
        check::number(
            "covariance",
            covariance[at],
            |value| value >= 0.0,
            "a diagonal not below 0",
        )?;
        at += 6 - row;
    }
    Ok(TrackState {
        track: name("track", track.track)?,
        time: Time::from_tai_ns(track.time_tai_ns),
        existence: check::number(
            "existence",
            track.existence,
            |p| (0.0..=1.0).contains(&p),
            "from 0 to 1",
        )?,
        phase: name("phase", track.phase)?,
        state,
        covariance,
    })
}

/// The warning as a message.
pub fn warning_to(warning: &WarningNote) -> messages::Warning {
    messages::Warning {
        track: warning.track.to_string(),
        time_tai_ns: warning.time.tai_ns(),
        area: warning.area.iter().map(check::place_to).collect(),
        probability: warning.probability,
        arrival_from_tai_ns: warning.arrival[0].tai_ns(),
        arrival_to_tai_ns: warning.arrival[1].tai_ns(),
    }
}

/// The warning of a message. Errors: [`ItemError`].
pub fn warning_of(warning: messages::Warning) -> Result<WarningNote, ItemError> {
    let corners = warning.area.len();
    check::count("area", corners, (3..=CORNERS_MAX).contains(&corners), "from 3 to 256")?;
    let (from_ns, to_ns) = (warning.arrival_from_tai_ns, warning.arrival_to_tai_ns);
    let span_s = (to_ns as f64 - from_ns as f64) * 1e-9;
    check::number(
        "arrival",
        span_s,
        |_| from_ns <= to_ns,
        "the latest arrival not before the earliest",
    )?;
    Ok(WarningNote {
        track: name("track", warning.track)?,
        time: Time::from_tai_ns(warning.time_tai_ns),
        area: warning
            .area
            .into_iter()
            .map(|corner| check::place(Some(corner)))
            .collect::<Result<_, _>>()?,
        probability: check::number(
            "probability",
            warning.probability,
            |p| p > 0.0 && p < 1.0,
            "above 0 and below 1",
        )?,
        arrival: [Time::from_tai_ns(from_ns), Time::from_tai_ns(to_ns)],
    })
}
