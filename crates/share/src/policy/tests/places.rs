//! Named areas on the ellipsoid.

use geo::{destination, geodesic};
use proptest::prelude::*;

use super::*;

fn deg(lat: f64, lon: f64) -> Geodetic {
    Geodetic::from_degrees(lat, lon, 0.0)
}

proptest! {
    /// A circle holds what is nearer than its radius, by the geodesic, at any height.
    #[test]
    fn circles_are_geodesic(
        lat in -89.9..89.9_f64, lon in -180.0..180.0_f64, radius_m in 1e3..4e6_f64,
        azimuth in 0.0..360.0_f64, part in prop_oneof![0.0..2.0_f64, 0.9999..1.0001_f64], height_m in -100.0..1e6_f64,
    ) {
        let area = Area::circle("x".into(), deg(lat, lon), radius_m);
        let there = Geodetic { height_m, ..destination(deg(lat, lon), azimuth, part * radius_m) };
        let distance_m = geodesic(deg(lat, lon), there).distance_m;
        prop_assert_eq!(area.holds(&Spot::new(there)), distance_m <= radius_m);
    }

    /// Turning a polygon around its corners, or giving it the other way round, changes nothing.
    #[test]
    fn polygons_do_not_depend_on_where_they_begin(lat in 29.0..47.0_f64, lon in 124.0..148.0_f64, turn in 0_usize..12) {
        let corners = [
            (45.8, 141.0), (45.8, 146.0), (42.5, 146.5), (38.0, 143.0), (34.0, 141.0), (32.5, 134.5), (30.0, 131.5),
            (31.0, 129.0), (34.2, 129.0), (36.0, 132.0), (38.0, 136.5), (42.0, 139.0),
        ].map(|(lat, lon)| deg(lat, lon));
        let mut turned = corners;
        turned.rotate_left(turn);
        let mut back = turned;
        back.reverse();
        let spot = Spot::new(deg(lat, lon));
        let holds = [&corners, &turned, &back].map(|c| Area::polygon("x".into(), c).expect("a polygon").holds(&spot));
        prop_assert!(holds == [true; 3] || holds == [false; 3]);
    }

    /// Areas that are said to be apart share no place.
    #[test]
    fn what_is_apart_shares_no_place(
        a in (20.0..50.0_f64, 120.0..150.0_f64, 1e4..1e6_f64), b in (20.0..50.0_f64, 120.0..150.0_f64, 1e4..1e6_f64),
        azimuth in 0.0..360.0_f64, part in 0.0..1.0_f64,
    ) {
        let [x, y] = [a, b].map(|(lat, lon, radius_m)| Area::circle("x".into(), deg(lat, lon), radius_m));
        let inside = destination(deg(a.0, a.1), azimuth, part * a.2);
        prop_assert!(!(x.is_apart_from(&y) && y.holds(&Spot::new(inside))));
        prop_assert!(!x.is_within(&y) || y.holds(&Spot::new(inside)));
    }
}

#[test]
fn polygons_across_the_date_line_and_around_a_pole() {
    let pacific = [
        deg(10.0, 170.0),
        deg(10.0, -170.0),
        deg(-10.0, -170.0),
        deg(-10.0, 170.0),
    ];
    let pacific = Area::polygon("pacific".into(), &pacific).unwrap();
    let pole: Vec<Geodetic> = (0..8).map(|i| deg(80.0, 45.0 * f64::from(i))).collect();
    let pole = Area::polygon("pole".into(), &pole).unwrap();
    let holds = |area: &Area, lat, lon| area.holds(&Spot::new(deg(lat, lon)));
    assert!(holds(&pacific, 0.0, 180.0) && holds(&pacific, 5.0, -175.0) && holds(&pacific, -5.0, 175.0));
    assert!(!holds(&pacific, 0.0, 165.0) && !holds(&pacific, 0.0, 0.0) && !holds(&pacific, 15.0, 180.0));
    assert!(
        holds(&pole, 90.0, 0.0) && holds(&pole, 85.0, 123.0) && !holds(&pole, 75.0, 10.0) && !holds(&pole, -90.0, 0.0)
    );
}
