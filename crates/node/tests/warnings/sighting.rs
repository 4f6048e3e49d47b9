//! What a track file says of an object at a time.

use geo::Time;
use node::warnings::sightings;
use wire::TableFormat;
use wire::tracks::{TrackRow, read_tracks};

const HEAD: &str = "time,track,kind,existence,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps,way,weight,\
                    probability,in_s,earliest_s,latest_s,major_m,minor_m,azimuth_deg\n";

fn rows(lines: &[&str]) -> Vec<TrackRow> {
    let text = format!("{HEAD}{}\n", lines.join("\n"));
    let table = read_tracks(TableFormat::Csv, std::io::Cursor::new(text), "tracks.csv").unwrap();
    assert_eq!(table.refusals, []);
    table.rows
}

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

/// What was foretold or measured later is not known yet.
#[test]
fn a_sighting_is_what_was_known_then() {
    let rows = rows(&[
        "2022-10-03T22:23:00Z,a,update,0.9,41,128,90000,0,0,0,,,,,,,,,",
        "2022-10-03T22:23:00Z,a,forecast,0.9,40.8,140.8,0,0,0,0,any,1,0.5,600,500,700,100000,50000,75",
        "2022-10-03T22:23:00Z,a,forecast,0.9,40.8,140.8,0,0,0,0,any,1,0.95,600,400,800,300000,150000,75",
        "2022-10-03T22:23:00Z,a,forecast,0.9,40.7,140.7,0,0,0,0,coast,0.8,0.95,600,500,700,200000,90000,75",
        "2022-10-03T22:23:00Z,a,forecast,0.9,40.9,142,0,0,0,0,glide,0.2,0.95,600,400,800,200000,90000,75",
        "2022-10-03T22:24:00Z,a,update,0.95,41,129,90000,0,0,0,,,,,,,,,",
        "2022-10-03T22:24:00Z,a,forecast,0.95,40.8,141,0,0,0,0,any,1,0.95,540,400,600,90000,40000,75",
        "2022-10-03T22:24:00Z,b,update,0.95,41,129,90000,0,0,0,,,,,,,,,",
    ]);
    let early = sightings(&rows, at("2022-10-03T22:23:30Z"));
    assert_eq!(early.len(), 1);
    assert_eq!((&*early[0].object, early[0].existence), ("a", 0.9));
    let weights: Vec<f64> = early[0].ellipses.iter().map(|one| one.weight).collect();
    assert_eq!(weights, [0.8, 0.2]);
    assert_eq!(
        (early[0].measured, early[0].fixes.len()),
        (at("2022-10-03T22:23:00Z"), 1)
    );
    assert_eq!(
        early[0].arrival(),
        [at("2022-10-03T22:29:40Z"), at("2022-10-03T22:36:20Z")]
    );
    let late = sightings(&rows, at("2022-10-03T22:24:00Z"));
    assert_eq!((late.len(), late[0].ellipses.len(), late[0].fixes.len()), (1, 1, 2));
    assert!(sightings(&rows, at("2022-10-03T22:22:59Z")).is_empty());
}
