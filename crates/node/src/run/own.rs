//! Own items as the rules see them: of which sensor, where, doing what.

use std::sync::Arc;

use geo::{Aer, Ecef, Geodetic, Position};
use plot::{Measurement, Plot, Sensor};
use share::exchange::OwnItem;
use share::item::Body;
use share::release::Subject;

use crate::engine::{Given, Knowledge};

/// An own plot with its place and, by the picture of own plots, what the object is doing.
pub(super) fn of_plot(plot: Plot, sensor: &Sensor, exercise: bool, knowledge: &Knowledge) -> OwnItem {
    let place = place_of(&plot, sensor);
    let phase = place.and_then(|place| knowledge.at(place, plot.time));
    let subject = Subject {
        sensor: plot.sensor.clone(),
        others: Vec::new(),
        time: plot.time,
        place: place.map(Geodetic::from_ecef),
        phase,
        exercise,
    };
    OwnItem {
        subject,
        body: Body::Plot(Box::new(plot)),
    }
}

/// A sensor, beside the first plot of it.
pub(super) fn of_sensor(sensor: &Sensor, with: &Subject) -> OwnItem {
    OwnItem {
        subject: with.clone(),
        body: Body::Sensor(Box::new(sensor.clone())),
    }
}

/// A track or a warning made of own plots; `None` without any sensor.
pub(super) fn of_given(given: Given, exercise: bool) -> Option<OwnItem> {
    let mut sensors: Vec<Arc<str>> = given.sensors;
    let sensor = sensors.pop()?;
    Some(OwnItem {
        subject: Subject {
            sensor,
            others: sensors,
            time: given.time,
            place: Some(given.place),
            phase: Some(given.phase),
            exercise,
        },
        body: given.body,
    })
}

/// An item that was lost from this disk and came back.
pub(super) fn of_recovered(body: Body, sensor: Option<&Sensor>, exercise: bool) -> OwnItem {
    match (body, sensor) {
        (Body::Plot(plot), Some(sensor)) => of_plot(*plot, sensor, exercise, &Knowledge::default()),
        (body, _) => OwnItem {
            subject: Subject {
                sensor: name_of(&body),
                others: Vec::new(),
                time: body.time(),
                place: None,
                phase: None,
                exercise,
            },
            body,
        },
    }
}

fn name_of(body: &Body) -> Arc<str> {
    match body {
        Body::Sensor(sensor) => sensor.name.clone(),
        Body::Plot(plot) => plot.sensor.clone(),
        // Of no sensor that is in any agreement: it is kept, and given to nobody.
        Body::Coarse(_) | Body::Track(_) | Body::Warning(_) => "-".into(),
    }
}

/// Where the object of a plot is, if the plot alone tells; refraction is left out, which is less than any rule draws.
fn place_of(plot: &Plot, sensor: &Sensor) -> Option<Position<Ecef>> {
    match &plot.measurement {
        Measurement::Position(fix) => Some(fix.geodetic.to_ecef()),
        Measurement::Polar(polar) => Some(sensor.site.from_aer(Aer {
            azimuth_rad: polar.azimuth_rad?,
            elevation_rad: polar.elevation_rad?,
            range_m: polar.range_m?,
        })),
    }
}

#[cfg(test)]
mod tests {
    use geo::Time;
    use share::item::TrackState;

    use super::*;

    fn given(sensors: &[&str]) -> Given {
        let time = Time::from_tai_ns(7);
        Given {
            body: Body::Track(Box::new(TrackState {
                track: "t1".into(),
                time,
                existence: 0.9,
                phase: "coast".into(),
                state: [1.0; 6],
                covariance: [1.0; 21],
            })),
            time,
            sensors: sensors.iter().map(|name| Arc::from(*name)).collect(),
            place: Geodetic::from_degrees(38.0, 140.0, 80e3),
            phase: "coast".into(),
        }
    }

    #[test]
    fn a_track_is_of_each_sensor_that_is_in_it_and_of_none_it_is_nobodys() {
        assert_eq!(of_given(given(&[]), true), None);
        for (sensors, first, others) in [
            (&["north"][..], "north", &[][..]),
            (&["north", "west"], "west", &["north"]),
            (&["east", "north", "west"], "west", &["east", "north"]),
        ] {
            let own = of_given(given(sensors), true).expect("it has a sensor");
            let Subject {
                sensor,
                others: more,
                time,
                place,
                phase,
                exercise,
            } = own.subject;
            let more: Vec<&str> = more.iter().map(|name| &**name).collect();
            assert_eq!((&*sensor, &more[..]), (first, others));
            assert_eq!((time, exercise), (Time::from_tai_ns(7), true));
            assert_eq!((place, phase.as_deref()), (Some(given(&[]).place), Some("coast")));
            assert_eq!(own.body, given(&[]).body);
        }
        assert!(of_given(given(&["north"]), false).is_some_and(|own| !own.subject.exercise));
    }
}
