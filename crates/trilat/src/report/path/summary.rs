//! The flight in plain words.

use geo::{Geodetic, Time, geodesic};
use maud::{Markup, html};

use super::ObjectView;
use crate::output::{ApogeeOutput, GroundOutput};
use crate::words::{self, SIGMAS_95, clock, count, date, plural, zone_h, zone_name};

/// A time of day in UTC and in the zone of a longitude, or the text itself where it is no time.
fn moment(text: &str, lon_deg: f64) -> String {
    let Ok(time) = text.parse::<Time>() else {
        return text.to_owned();
    };
    let zone = zone_h(lon_deg);
    if zone == 0 {
        return format!("{} UTC", clock(time, 0));
    }
    format!("{} UTC ({} {})", clock(time, 0), clock(time, zone), zone_name(zone))
}

/// A time span in UTC and in the zone of a longitude, the date named once where it changes.
fn between(from: &str, to: &str, lon_deg: f64) -> String {
    let (Ok(a), Ok(b)) = (from.parse::<Time>(), to.parse::<Time>()) else {
        return format!("between {from} and {to}");
    };
    let zone = zone_h(lon_deg);
    let utc = format!("between {} and {} UTC", clock(a, 0), clock(b, 0));
    if zone == 0 {
        utc
    } else {
        format!("{utc} ({} to {} {})", clock(a, zone), clock(b, zone), zone_name(zone))
    }
}

/// Where a place is, seen from the nearest sensor.
fn from_sensor(object: &ObjectView<'_>, lat_deg: f64, lon_deg: f64) -> Option<String> {
    let place = Geodetic::from_degrees(lat_deg, lon_deg, 0.0);
    let nearest = object
        .places
        .iter()
        .map(|sensor| {
            (
                geodesic(Geodetic::from_degrees(sensor.lat_deg, sensor.lon_deg, 0.0), place),
                sensor,
            )
        })
        .min_by(|a, b| a.0.distance_m.total_cmp(&b.0.distance_m))?;
    let (line, sensor) = nearest;
    Some(format!(
        "{} {} of sensor {}",
        words::length(line.distance_m),
        words::direction(line.azimuth_from_deg),
        sensor.name
    ))
}

fn area_words(long_m: f64, wide_m: f64) -> String {
    if long_m < 1.15 * wide_m {
        format!("about {} across", words::length(long_m))
    } else {
        format!(
            "about {} long and {} wide",
            words::length(long_m),
            words::length(wide_m)
        )
    }
}

fn ground(object: &ObjectView<'_>, ground: &GroundOutput, verb: &str) -> Markup {
    let (long_m, wide_m) = words::extent_m(&ground.region);
    let (inner_long_m, inner_wide_m) = words::extent_m(&ground.region_50);
    html! {
        p {
            (verb) " at about " strong { (moment(&ground.time, ground.lon_deg)) } " near "
            strong { (words::place(ground.lat_deg, ground.lon_deg)) }
            @if let Some(where_) = from_sensor(object, ground.lat_deg, ground.lon_deg) { ", " (where_) }
            "."
        }
        p {
            "With 19 chances in 20 (95 %) the place lies in the outer region of the map, "
            (area_words(long_m, wide_m)) ", and the time "
            (between(&ground.interval.from, &ground.interval.to, ground.lon_deg))
            ". It is as likely as not (50 %) that the place lies in the inner region, "
            (area_words(inner_long_m, inner_wide_m)) "."
        }
    }
}

fn apogee(object: &ObjectView<'_>, apogee: &ApogeeOutput) -> Markup {
    html! {
        p {
            "It is at its highest, " strong { (words::length(apogee.height_m)) } " above the ellipsoid, at about "
            strong { (moment(&apogee.time, apogee.lon_deg)) } " over " (words::place(apogee.lat_deg, apogee.lon_deg))
            @if let Some(where_) = from_sensor(object, apogee.lat_deg, apogee.lon_deg) { ", " (where_) }
            "."
        }
        p {
            "With 19 chances in 20 (95 %) the height is right to within "
            (words::length(SIGMAS_95 * apogee.height_sigma_m)) " and the time to within "
            (words::duration(SIGMAS_95 * apogee.time_sigma_s)) "."
        }
    }
}

/// Who saw it, when, and how much.
fn lead(object: &ObjectView<'_>) -> String {
    let output = object.output;
    let mut owners: Vec<&str> = output.sensors.iter().map(|sensor| sensor.owner.as_str()).collect();
    owners.sort_unstable();
    owners.dedup();
    let mut text = format!(
        "{} {} of {} {} followed this object with {} {}",
        number_word(output.sensors.len()),
        plural(output.sensors.len(), "sensor", "sensors"),
        number_word(owners.len()).to_lowercase(),
        plural(owners.len(), "owner", "owners"),
        count(output.fit.plots),
        plural(output.fit.plots, "plot", "plots"),
    );
    if let Some([from, to]) = object.seen {
        text.push_str(&format!(
            " on {}, from {} to {} UTC ({})",
            date(from, 0),
            clock(from, 0),
            clock(to, 0),
            words::duration(to - from)
        ));
    }
    text.push('.');
    if output.fit.rejected > 0 {
        let verb = plural(output.fit.rejected, "lies", "lie");
        text.push_str(&format!(
            " Of them {} {verb} too far from any path and had no say.",
            count(output.fit.rejected)
        ));
    }
    text
}

fn number_word(count: usize) -> String {
    const WORDS: [&str; 7] = ["No", "One", "Two", "Three", "Four", "Five", "Six"];
    WORDS
        .get(count)
        .map_or_else(|| words::count(count), |&word| word.to_owned())
}

/// Returns the summary of one object.
pub fn summary(object: &ObjectView<'_>) -> Markup {
    let output = object.output;
    let known = [
        output.launch.is_some(),
        output.apogee.is_some(),
        output.arrival.is_some(),
    ];
    let known = known.into_iter().filter(|&is_known| is_known).count();
    html! {
        p.lead {
            (lead(object))
            @if known > 0 {
                " " (number_word(known)) " " (plural(known, "thing is", "things are")) " known of its flight:"
            }
        }
        ol.known {
            @if let Some(launch) = &output.launch {
                li.launch { h3 { "Where it began" } (ground(object, launch, "The path leads back to the ground")) }
            }
            @if let Some(top) = &output.apogee {
                li.apogee { h3 { "How high it goes" } (apogee(object, top)) }
            }
            @if let Some(arrival) = &output.arrival {
                li.arrival { h3 { "Where it comes down" } (ground(object, arrival, "The path leads to the ground")) }
            }
        }
        @if output.launch.is_none() || output.arrival.is_none() {
            p.note {
                @match (&output.launch, &output.arrival) {
                    (None, None) => {
                        "The path meets the ground neither before nor after the plots: "
                        "no launch point and no arrival are stated."
                    }
                    (None, Some(_)) => { "The path does not lead back to the ground: no launch point is stated." }
                    _ => { "The path does not lead to the ground in the time looked at: no arrival is stated." }
                }
            }
        }
        @if !output.warnings.is_empty() {
            aside.mind {
                h3 { "Mind" }
                ul { @for warning in &output.warnings { li { (warning) } } }
            }
        }
        p.note {
            "The first time is UTC, the time in brackets that of the place’s longitude; lawful local "
            "time may differ by an hour or more. "
            "“19 chances in 20” means: of twenty such statements, about nineteen hold and one does not."
        }
    }
}
