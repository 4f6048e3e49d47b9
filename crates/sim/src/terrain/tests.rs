//! Terrain against what is known of it: planes, ridges, horizons, malformed files.

use super::*;

fn place(lat_deg: f64, lon_deg: f64, height_m: f64) -> Geodetic {
    Geodetic::from_degrees(lat_deg, lon_deg, height_m)
}

/// A plane with a ridge of 2 km along 128.5 degrees east.
fn ridge() -> Terrain {
    let mut heights_m = vec![100.0; 101 * 101];
    for row in 0..101 {
        heights_m[row * 101 + 50] = 2_000.0;
    }
    Terrain::Grid(Arc::new(Grid::new(37.5, 128.0, 0.01, 101, heights_m).unwrap()))
}

#[test]
fn a_bilinear_field_is_met_exactly_between_the_nodes() {
    let height =
        |lat: f64, lon: f64| 50.0 + 30.0 * (lat - 38.0) - 20.0 * (lon - 179.0) + 7.0 * (lat - 38.0) * (lon - 179.0);
    // Over the date line.
    let heights_m = (0..12).flat_map(|row| {
        (0..9).map(move |column| height(38.0 + 0.25 * f64::from(row), 179.0 + 0.25 * f64::from(column)))
    });
    let grid = Grid::new(38.0, 179.0, 0.25, 9, heights_m.collect())
        .unwrap()
        .with_outside(-3.0);
    assert_eq!(grid.size(), (12, 9));
    let terrain = Terrain::Grid(Arc::new(grid));
    for (lat, lon) in [
        (38.0, 179.0),
        (38.1, 179.3),
        (39.99, 180.7),
        (40.75, 181.0),
        (38.3, -179.1),
    ] {
        let east = if lon < 0.0 { lon + 360.0 } else { lon };
        let found = terrain.height_m(place(lat, lon, 9e3));
        assert!((found - height(lat, east)).abs() < 1e-6, "{lat} {lon}: {found}");
    }
    for (lat, lon) in [(37.9, 179.5), (40.8, 179.5), (39.0, 178.9), (39.0, 181.1)] {
        assert_eq!(terrain.height_m(place(lat, lon, 0.0)), -3.0);
    }
}

#[test]
fn over_flat_ground_the_horizon_is_where_the_formula_says() {
    let flat = Terrain::Flat { height_m: 0.0 };
    for (antenna_m, target_m, factor) in [
        (20.0, 500.0, 1.0),
        (20.0, 500.0, 4.0 / 3.0),
        (300.0, 9_000.0, 4.0 / 3.0),
    ] {
        let from = place(38.0, 128.0, antenna_m);
        let radius_m = factor * 6_372e3;
        let horizon_m = (2.0 * radius_m * antenna_m).sqrt() + (2.0_f64 * radius_m * target_m).sqrt();
        let at = |share: f64| {
            let to = geo::destination(from, 60.0, horizon_m * share);
            flat.is_visible(
                from,
                Geodetic {
                    height_m: target_m,
                    ..to
                },
                factor,
            )
        };
        assert!(at(0.99) && !at(1.01), "{antenna_m} {target_m} {factor}");
    }
    // From the ground upwards, and never to the other side.
    assert!(flat.is_visible(place(38.0, 128.0, 0.0), place(38.0, 128.0, 1e3), 1.0));
    assert!(!flat.is_visible(place(38.0, 128.0, 0.0), place(-38.0, -52.0, 1e6), 1.0));
    assert!(!flat.is_visible(place(38.0, 128.0, -5.0), place(38.0, 128.1, 1e3), 1.0));
}

#[test]
fn a_ridge_hides_what_is_low_behind_it() {
    let terrain = ridge();
    assert_eq!(terrain.highest_m(), 2_000.0);
    let radar = place(38.0, 128.2, 120.0);
    let sees = |lon_deg: f64, height_m: f64| terrain.is_visible(radar, place(38.0, lon_deg, height_m), 4.0 / 3.0);
    assert!(sees(128.45, 150.0), "before the ridge");
    assert!(!sees(128.8, 150.0) && !sees(128.8, 3_500.0), "behind the ridge");
    // The ridge stands halfway: twice its height above the radar is free.
    assert!(sees(128.8, 4_000.0), "over the ridge");
    // Both ways alike.
    for height_m in [150.0, 3_500.0, 4_000.0] {
        let target = place(38.0, 128.8, height_m);
        assert_eq!(
            terrain.is_visible(target, radar, 4.0 / 3.0),
            terrain.is_visible(radar, target, 4.0 / 3.0)
        );
    }
}

const TEXT: &str = "ncols 3\nnrows 2\nxllcorner 128.0\nyllcorner 37.0\ncellsize 0.5\nNODATA_value -9999\n\
                    1 2 3\n4 -9999 6\n";

#[test]
fn an_ascii_grid_is_read_from_north_to_south() {
    let terrain = Terrain::Grid(Arc::new(read_ascii_grid(TEXT).unwrap()));
    for (lat, lon, height_m) in [
        (37.75, 128.25, 1.0),
        (37.75, 129.25, 3.0),
        (37.25, 128.25, 4.0),
        (37.25, 129.25, 6.0),
        (37.25, 128.75, 0.0),
        (37.5, 128.25, 2.5),
    ] {
        assert!(
            (terrain.height_m(place(lat, lon, 0.0)) - height_m).abs() < 1e-9,
            "{lat} {lon}"
        );
    }
    let centres = TEXT.replace("corner", "center").replace("NODATA_value -9999\n", "");
    let grid = read_ascii_grid(&centres).unwrap();
    assert!((grid.height_m(37.5_f64.to_radians(), 128.0_f64.to_radians()) - 1.0).abs() < 1e-9);
}

#[test]
fn a_malformed_grid_says_where() {
    let cases = [
        ("", "no line `ncols`"),
        ("1 2 3", "no line `ncols`"),
        (&TEXT.replace("cellsize 0.5\n", ""), "no line `cellsize`"),
        (
            &TEXT.replace("ncols 3", "ncols three"),
            "line 1: `three` is not a whole number",
        ),
        (&TEXT.replace("ncols 3", "ncols 99999999999"), "line 1"),
        (&TEXT.replace("ncols 3", "ncols 999999"), "there are 6"),
        (&TEXT.replace("4 -9999", "4 high"), "line 8: `high` is not a height"),
        (&TEXT.replace("1 2 3", "1 2"), "there are 5"),
        (&TEXT.replace("1 2 3", "1 2 NaN"), "line 7"),
        (&TEXT.replace("yllcorner 37", "yllcorner 370"), "on no Earth"),
        (&TEXT.replace("cellsize 0.5", "cellsize -0.5"), "on no Earth"),
        (&TEXT.replace("cellsize", "cell"), "line 5: `cell` is not ncols"),
    ];
    for (text, says) in cases {
        let error = read_ascii_grid(text).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}
