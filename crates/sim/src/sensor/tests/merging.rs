//! Objects in one resolution cell are one plot, others are not.

use super::*;

/// A strong radar without Doppler, and two objects at 300 km that differ by so much of a cell in one quantity.
fn scene(range: f64, azimuth: f64, elevation: f64) -> (Vec<Truth>, Station) {
    let mut station = with(&station("a", Source::Radar(radar())), |radar| {
        radar.reference_range_m = 4e6;
        radar.schedule = Schedule::Phased {
            search_s: 10.0,
            track_s: 1.0,
            misses_max: 3,
        };
    });
    station.sensor.measures.pop();
    let site = station.sensor.site;
    let level = geo::math::cos(30.0 * RAD_PER_DEG);
    let first = standing("first", &site, 359.9, 30.0, 3e5, 200.0);
    let mut second = standing(
        "second",
        &site,
        359.9 + azimuth * 1.0 / level,
        30.0 + elevation * 1.5,
        3e5 + range * 100.0,
        200.0,
    );
    second.signature.cross_section_m2 = 3.0;
    (vec![first, second], station)
}

fn names(found: &[plot::Plot], from_s: f64) -> Vec<&str> {
    let late = found.iter().filter(|plot| plot.time - start() > from_s);
    late.map(|plot| plot.truth.as_deref().unwrap()).collect()
}

#[test]
fn within_a_cell_there_is_one_plot_of_the_centroid() {
    for (range, azimuth, elevation) in [(0.9, 0.0, 0.0), (0.0, 0.9, 0.0), (0.0, 0.0, -0.9), (0.5, -0.5, 0.5)] {
        let (truths, station) = scene(range, azimuth, elevation);
        let found = plots(&truths, &station, 200.0, 1);
        // Both are found by the end of the first search, then looked at together once a second.
        let late = names(&found, 12.0);
        assert!((185..=189).contains(&late.len()), "{}", late.len());
        assert!(late.iter().all(|name| *name == "second"), "the stronger");
        let mean = |of: &dyn Fn(&plot::Plot) -> f64| found.iter().map(of).sum::<f64>() / found.len() as f64;
        let range_m = mean(&|plot| polar(plot).range_m.unwrap());
        assert!((range_m - 3e5 - 0.75 * range * 100.0).abs() < 4.0, "{range_m}");
        let elevation_deg = mean(&|plot| polar(plot).elevation_rad.unwrap()) / RAD_PER_DEG;
        assert!(
            (elevation_deg - 30.0 - 0.75 * elevation * 1.5).abs() < 0.05,
            "{elevation_deg}"
        );
        let level = geo::math::cos(30.0 * RAD_PER_DEG);
        let azimuth_rad = |plot: &plot::Plot| geo::angle::wrap_pi(polar(plot).azimuth_rad.unwrap());
        let azimuth_deg = mean(&|plot| azimuth_rad(plot)) / RAD_PER_DEG;
        assert!(
            (azimuth_deg + 0.1 - 0.75 * azimuth / level).abs() < 0.05,
            "{azimuth_deg}"
        );
    }
}

#[test]
fn outside_a_cell_there_are_two() {
    for (range, azimuth, elevation) in [(1.1, 0.0, 0.0), (0.0, 1.1, 0.0), (0.0, 0.0, 1.1)] {
        let (truths, station) = scene(range, azimuth, elevation);
        let found = plots(&truths, &station, 200.0, 1);
        let late = names(&found, 12.0);
        let firsts = late.iter().filter(|name| **name == "first").count();
        assert!((186..=190).contains(&firsts), "{firsts}");
        assert!((186..=190).contains(&(late.len() - firsts)), "{}", late.len());
        // Each at its own place.
        for plot in &found {
            let own_m = if plot.truth.as_deref() == Some("first") {
                3e5
            } else {
                3e5 + range * 100.0
            };
            assert!((polar(plot).range_m.unwrap() - own_m).abs() < 60.0);
        }
    }
}

#[test]
fn range_rate_tells_objects_apart_where_it_is_measured() {
    let (mut truths, mut station) = scene(0.0, 0.0, 0.0);
    let position = truths[0].course.state(start()).unwrap().position;
    let away = (position - station.sensor.site.origin()).normalize() * 30.0;
    // They are 15 m and more apart, less than a cell, for three seconds.
    truths[1].course = course(position + away * 0.5, Velocity::from_vector(away), 200.0, Phase::Coast);
    let count = |station: &Station| {
        let found = plots(&truths, station, 13.5, 1);
        names(&found, 0.0).len()
    };
    let station_alone = with(&station, |radar| radar.schedule = Schedule::Staring { period_s: 0.5 });
    let merged = count(&station_alone);
    station.sensor.measures.push(Quantity::RangeRate);
    let resolved = count(&with(&station, |radar| {
        radar.schedule = Schedule::Staring { period_s: 0.5 }
    }));
    assert!((resolved - merged) > 2, "{resolved} {merged}");
    assert!((53..=54).contains(&resolved), "{resolved}");
}

#[test]
fn objects_that_meet_merge_while_they_are_close() {
    let (mut truths, station) = scene(0.0, 0.0, 0.0);
    let station = with(&station, |radar| radar.schedule = Schedule::Rotating { period_s: 1.0 });
    let position = truths[0].course.state(start()).unwrap().position;
    let away = (position - station.sensor.site.origin()).normalize();
    // From 2,000 m beyond to 2,000 m before, through the first at 100 s: within a cell of 100 m for 10 s.
    let velocity = Velocity::from_vector(away * -20.0);
    truths[1].course = course(position + away * 2_000.0, velocity, 200.0, Phase::Coast);
    let found = plots(&truths, &station, 200.0, 1);
    let firsts = found.iter().filter(|plot| plot.truth.as_deref() == Some("first"));
    let gone: Vec<f64> = firsts.map(|plot| plot.time - start()).collect();
    let close = gone.iter().filter(|t| (95.5..104.5).contains(*t)).count();
    assert_eq!(close, 0, "{gone:?}");
    assert!(gone.len() >= 186, "{}", gone.len());
}

/// Far apart at first, so that the pair is left alone for a while: the meeting must not be slept through.
#[test]
fn objects_that_come_from_afar_merge_when_they_meet() {
    let (mut truths, station) = scene(0.0, 0.0, 0.0);
    let station = with(&station, |radar| radar.schedule = Schedule::Staring { period_s: 0.05 });
    let position = truths[0].course.state(start()).unwrap().position;
    let away = (position - station.sensor.site.origin()).normalize();
    // From 60 km beyond at 600 m/s: within a cell of 100 m for a third of a second around 100 s.
    let velocity = Velocity::from_vector(away * -600.0);
    truths[1].course = course(position + away * 60e3, velocity, 200.0, Phase::Coast);
    let found = plots(&truths, &station, 200.0, 1);
    let firsts = found.iter().filter(|plot| plot.truth.as_deref() == Some("first"));
    let close = firsts.filter(|plot| (plot.time - start() - 100.0).abs() < 0.16).count();
    assert_eq!(close, 0);
    let around = found
        .iter()
        .filter(|plot| (plot.time - start() - 100.0).abs() < 0.16)
        .count();
    assert!((5..=7).contains(&around), "{around}");
}
