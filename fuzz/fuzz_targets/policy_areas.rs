//! Bytes of any kind as areas: no panic, and every area can be asked about any place.
#![no_main]

use geo::{Geodetic, Time};
use share::policy::{AGREEMENT, AREAS, Agreement, Files, Policy, Spot, Text};

libfuzzer_sys::fuzz_target!(|areas: &str| {
    let agreement = Agreement::first("japan", &["korea"], &["north"], Time::from_tai_ns(0) + 2e9);
    let text = |name: &str, text: &str| Text {
        name: name.into(),
        text: text.into(),
    };
    let Ok(files) = Files::new([text(AGREEMENT, &agreement.to_toml()), text(AREAS, areas)]) else {
        return;
    };
    let Ok(policy) = Policy::new(&files) else {
        return;
    };
    for area in policy.areas() {
        for (lat, lon) in [(0.0, 0.0), (90.0, 0.0), (-90.0, 0.0), (38.0, 180.0), (38.0, -180.0)] {
            area.holds(&Spot::new(Geodetic::from_degrees(lat, lon, 0.0)));
        }
        assert!(area.is_within(area) && !area.is_apart_from(area));
    }
});
