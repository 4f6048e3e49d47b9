//! Ground areas on maps: against points drawn, on other people's maps, at the date line and the poles.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use geo::{Geodetic, Time};
use rand_distr::{Distribution, StandardNormal};
use warn::{Area, Ellipse, Ground, Map, ground};

fn ellipse(lat_deg: f64, lon_deg: f64, major_m: f64) -> Ellipse {
    let time: Time = "2022-10-03T22:29:00Z".parse().unwrap();
    Ellipse {
        weight: 1.0,
        probability: 0.95,
        centre: Geodetic::from_degrees(lat_deg, lon_deg, 0.0),
        major_m,
        minor_m: 0.4 * major_m,
        azimuth_deg: 75.0,
        earliest: time,
        latest: time + 300.0,
    }
}

fn area(ellipses: &[Ellipse]) -> Area {
    Area::new(ellipses).unwrap()
}

fn named<'a>(ground: &Ground, map: &'a Map) -> Vec<&'a str> {
    ground
        .places
        .iter()
        .map(|reached| map.places[reached.place].names.get("en"))
        .collect()
}

/// A map of the shared data; `None`, and said so, where there is none. On CI its absence fails.
fn map(name: &str) -> Option<Map> {
    let folder = std::env::var("TRILAT_DATA").unwrap_or(format!("{}/../../../shared/data", env!("CARGO_MANIFEST_DIR")));
    let path = format!("{folder}/maps/{name}");
    match std::fs::read(&path) {
        Ok(bytes) => {
            let (map, refused) = Map::read(&bytes, name).unwrap();
            assert!(refused.is_empty(), "{refused:?}");
            Some(map)
        }
        Err(error) if std::env::var_os("CI").is_some() => panic!("{path}: {error}"),
        Err(error) => {
            eprintln!("skipped: {path}: {error}");
            None
        }
    }
}

/// What is said of each prefecture is the share of points drawn on the ellipsoid that fall in it, of two ways of coming
/// down at once.
#[test]
fn probabilities_are_those_of_points_drawn() {
    let map = Map::built_in();
    let (mut first, mut second) = (ellipse(40.7, 140.9, 160e3), ellipse(42.5, 143.0, 90e3));
    (first.weight, second.weight, second.azimuth_deg) = (0.7, 0.3, 10.0);
    let found = ground(&area(&[first, second]), map);
    const DRAWS: usize = 20_000;
    const SEED: u128 = 7;
    let mut random = rand_pcg::Pcg64Mcg::new(SEED);
    let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
    let mut hits = vec![0usize; map.places.len()];
    for draw in 0..DRAWS {
        let one = if draw * 10 < DRAWS * 7 { &first } else { &second };
        let radius = (-2.0 * geo::math::ln(0.05)).sqrt();
        let (along_m, across_m) = (normal() * one.major_m / radius, normal() * one.minor_m / radius);
        let turn_deg = geo::math::atan2(across_m, along_m) / geo::angle::RAD_PER_DEG;
        let at = geo::destination(
            one.centre,
            one.azimuth_deg + turn_deg,
            geo::math::hypot(along_m, across_m),
        );
        let fix = warn::Fix {
            time: one.earliest,
            place: at,
            sigma_m: 0.0,
            is_measured: true,
        };
        for (place, _) in warn::overflown(&[fix], map) {
            hits[place] += 1;
        }
    }
    let mut land = 0.0;
    for reached in &found.places {
        let share = hits[reached.place] as f64 / DRAWS as f64;
        let error = (share * (1.0 - share) / DRAWS as f64).sqrt().max(1.0 / DRAWS as f64);
        let name = map.places[reached.place].names.get("en");
        assert!(
            (share - reached.probability).abs() < 4.5 * error,
            "{name}: {share}, {reached:?}, seed {SEED}"
        );
        land += reached.probability;
    }
    assert!(land > 0.5 && found.places[0].probability > 0.1);
    let sea = 1.0 - hits.iter().sum::<usize>() as f64 / DRAWS as f64;
    assert!((found.elsewhere - sea).abs() < 0.02, "{} and {sea}", found.elsewhere);
    assert!(found.is_elsewhere_sea);
    let order: Vec<f64> = found.places.iter().map(|reached| reached.probability).collect();
    assert!(order.is_sorted_by(|a, b| a >= b));
}

#[test]
fn regions_and_times_are_those_of_the_ways_that_reach_a_place() {
    let map = Map::built_in();
    let (near, mut far) = (ellipse(43.06, 141.35, 60e3), ellipse(33.6, 130.4, 90e3));
    far.earliest = far.earliest + 900.0;
    far.latest = far.latest + 900.0;
    let found = ground(
        &area(&[Ellipse { weight: 0.5, ..near }, Ellipse { weight: 0.5, ..far }]),
        map,
    );
    let of = |name: &str| {
        found
            .places
            .iter()
            .find(|reached| map.places[reached.place].names.get("en") == name)
    };
    assert_eq!(of("Hokkaido").unwrap().arrival, [near.earliest, near.latest]);
    assert_eq!(of("Fukuoka").unwrap().arrival, [far.earliest, far.latest]);
    assert!(of("Hokkaido").unwrap().is_likely && of("Fukuoka").unwrap().is_likely);
    // A place that only the outer region touches.
    assert!(!of("Oita").unwrap().is_likely);
    assert!(of("Tokyo").is_none());
}

/// Over open sea no place is named but the coasts that are nearest, and nothing is claimed where the map ends.
#[test]
fn sea_is_called_after_coasts_and_only_where_the_map_is_whole() {
    let map = Map::built_in();
    let found = ground(&area(&[ellipse(40.0, 138.5, 60e3)]), map);
    assert!(found.places.is_empty() && found.is_elsewhere_sea && found.elsewhere > 0.999);
    let coasts: Vec<&str> = found
        .coasts
        .iter()
        .map(|(place, _)| map.places[*place].names.get("en"))
        .collect();
    assert_eq!(coasts[0], "Akita", "{coasts:?}");
    assert!(found.coasts.windows(2).all(|pair| pair[0].1 <= pair[1].1));
    // Far out at sea the nearest alone.
    let far = ground(&area(&[ellipse(35.0, 155.0, 60e3)]), map);
    assert_eq!(far.coasts.len(), 1);
    assert!(far.coasts[0].1 > 1_000e3, "{:?}", far.coasts);
    // India is not on this map: what is not known is not called sea.
    assert!(!ground(&area(&[ellipse(20.0, 78.0, 60e3)]), map).is_elsewhere_sea);
}

/// A map of points: each is a disc of 5 km, whose share is its surface times the density there; one across the date
/// line as well. Those beyond the region of 95 % are not named, and nothing beside them is called sea.
#[test]
fn cities_that_are_points_are_small_places() {
    let city = |name: &str, lon_deg: f64, lat_deg: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{"name_en":"{name}"}},
                "geometry":{{"type":"Point","coordinates":[{lon_deg},{lat_deg}]}}}}"#
        )
    };
    let (major_m, minor_m) = (100e3, 40e3);
    let middle = Geodetic::from_degrees(40.0, 179.99, 0.0);
    let at = |azimuth_deg: f64, distance_m: f64| geo::destination(middle, azimuth_deg, distance_m);
    // At the middle, along the longer axis, across it, and outside: at the edge by less than a disc, and by more.
    let places = [
        ("middle", middle),
        ("along", at(75.0, 60e3)),
        ("across", at(165.0, 30e3)),
        ("edge", at(165.0, minor_m + 4e3)),
        ("outside", at(165.0, minor_m + 6e3)),
    ];
    let cities: Vec<String> = places
        .iter()
        .map(|(name, place)| city(name, place.lon_deg(), place.lat_deg()))
        .collect();
    let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, cities.join(","));
    let (map, refused) = Map::read(text.as_bytes(), "cities.geojson").unwrap();
    assert!(refused.is_empty(), "{refused:?}");
    let found = ground(&area(&[ellipse(40.0, 179.99, major_m)]), &map);
    assert_eq!(named(&found, &map), ["middle", "along", "across", "edge"]);
    let radius = (-2.0 * geo::math::ln(0.05)).sqrt();
    let (sigma_major_m, sigma_minor_m) = (major_m / radius, minor_m / radius);
    // Of a ring with 24 corners, 5 km from the middle.
    let surface_m2 = 12.0 * 5e3 * 5e3 * geo::math::sin(15.0 * geo::angle::RAD_PER_DEG);
    let density_m2 = 1.0 / (2.0 * std::f64::consts::PI * sigma_major_m * sigma_minor_m);
    let away = [0.0, 60e3 / sigma_major_m, 30e3 / sigma_minor_m];
    for (reached, away) in found.places.iter().zip(away) {
        let wanted = surface_m2 * density_m2 * geo::math::exp(-away * away / 2.0);
        let name = map.places[reached.place].names.get("en");
        assert!(
            (reached.probability / wanted - 1.0).abs() < 0.04,
            "{name}: {} and {wanted}",
            reached.probability
        );
    }
    let likely: Vec<bool> = found.places.iter().map(|reached| reached.is_likely).collect();
    assert_eq!(likely, [true, false, false, false]);
    let all: f64 = found.places.iter().map(|reached| reached.probability).sum();
    assert!(
        (1.0 - found.elsewhere - all).abs() < 1e-3,
        "{} beside {all}",
        found.elsewhere
    );
    assert!(!found.is_elsewhere_sea);
}

/// The Aleutians lie on both sides of the date line; a sea area at either pole names nothing and fails nowhere.
#[test]
fn the_date_line_and_the_poles_are_places_like_others() {
    let map = Map::built_in();
    for lon_deg in [179.9, -179.9, 180.1] {
        let found = ground(&area(&[ellipse(51.8, lon_deg, 200e3)]), map);
        assert_eq!(named(&found, map), ["Alaska"], "{lon_deg}");
        assert!(found.places[0].is_likely);
    }
    for lat_deg in [90.0, -90.0, 89.99] {
        for lon_deg in [0.0, 180.0] {
            let found = ground(&area(&[ellipse(lat_deg, lon_deg, 300e3)]), map);
            assert!(found.places.is_empty() && !found.is_elsewhere_sea);
        }
    }
    // A place that holds the pole, given as map files give it: along the edge of the world, and as a plain ring.
    let ring = |corners: &str| {
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"name":"Cap"}},
            "geometry":{{"type":"Polygon","coordinates":[[{corners}]]}}}}]}}"#
        )
    };
    let plain = "[0,-70],[60,-70],[120,-70],[180,-70],[-120,-70],[-60,-70],[0,-70]";
    let edged = "[-180,-70],[-90,-70],[0,-70],[90,-70],[180,-70],[180,-90],[-180,-90],[-180,-70]";
    for corners in [plain, edged] {
        let (map, _) = Map::read(ring(corners).as_bytes(), "cap").unwrap();
        let at = |lat_deg: f64| ground(&area(&[ellipse(lat_deg, 170.0, 100e3)]), &map);
        assert!(at(-89.0).places[0].probability > 0.9999, "{corners}");
        assert!(at(-75.0).places[0].probability > 0.9999, "{corners}");
        assert!(at(-60.0).places.is_empty(), "{corners}");
    }
}

#[test]
fn maps_of_others_name_the_same_prefectures() {
    let built_in = Map::built_in();
    let Some(japan) = map("dataofjapan_japan.topojson") else {
        return;
    };
    assert_eq!(japan.places.len(), 47);
    let area = area(&[ellipse(40.7, 140.9, 160e3)]);
    let (ours, theirs) = (ground(&area, built_in), ground(&area, &japan));
    for reached in ours.places.iter().filter(|reached| reached.probability > 0.01) {
        let name = built_in.places[reached.place].names.get("ja");
        let other = theirs
            .places
            .iter()
            .find(|other| japan.places[other.place].names.get("ja") == name)
            .unwrap();
        assert!(
            (other.probability - reached.probability).abs() < 0.01,
            "{name}: {reached:?} {other:?}"
        );
    }
}

/// Provinces and municipalities of Korea: the parts add up to the whole, with codes and both names.
#[test]
fn municipalities_add_up_to_provinces() {
    let (Some(provinces), Some(parts)) = (
        map("southkorea_provinces_2018_topo_simple.json"),
        map("southkorea_municipalities_2018_topo_simple.json"),
    ) else {
        return;
    };
    assert_eq!((provinces.places.len(), parts.places.len()), (17, 250));
    let area = area(&[ellipse(37.55, 126.98, 60e3)]);
    let (coarse, fine) = (ground(&area, &provinces), ground(&area, &parts));
    let seoul = coarse
        .places
        .iter()
        .find(|reached| provinces.places[reached.place].names.get("ko") == "서울특별시");
    let wards = fine.places.iter().filter(|reached| {
        parts.places[reached.place]
            .code
            .as_deref()
            .is_some_and(|code| code.starts_with("11"))
    });
    let (whole, sum) = (
        seoul.unwrap().probability,
        wards.clone().map(|ward| ward.probability).sum::<f64>(),
    );
    assert_eq!(wards.count(), 25);
    assert!((whole - sum).abs() < 5e-3, "{whole} and {sum}");
}
