//! The scores for a person.

use std::fmt::{self, Write};

use super::{BoundOutput, ContainmentOutput, Held, HeldBoth, NeesPart, ObjectScored, ScoreOutput, SiapOutput};
use crate::words::{count, duration, length, number, plural, share};

/// The columns of the table of objects: a name, and how wide it is.
const COLUMNS: [(&str, usize); 11] = [
    ("kind", 10),
    ("life", 12),
    ("tracked", 8),
    ("tracks", 6),
    ("breaks", 6),
    ("first track", 12),
    ("position", 9),
    ("velocity", 9),
    ("over bound", 10),
    ("NEES (6)", 8),
    ("area right", 0),
];
/// What does not exist.
const NONE: &str = "—";

impl ScoreOutput {
    /// Returns the scores as text.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _infallible = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        writeln!(
            out,
            "{} {} with {} updates against {} {}, {} instants from {} to {}",
            count(self.tracks),
            plural(self.tracks, "track", "tracks"),
            count(self.updates),
            count(self.objects),
            plural(self.objects, "object", "objects"),
            count(self.instants),
            self.from,
            self.until
        )?;
        self.write_distances(out)?;
        if let Some(siap) = &self.siap {
            write_siap(out, siap)?;
        }
        if let Some(nees) = &self.nees {
            write_nees(out, "NEES", "state", &nees.state)?;
            write_nees(out, "", "position", &nees.position)?;
            write_nees(out, "", "velocity", &nees.velocity)?;
            if nees.unusable > 0 {
                let unusable = count(nees.unusable);
                writeln!(out, "             {unusable} updates without a usable covariance")?;
            }
        }
        if let Some(containment) = &self.containment {
            write_containment(out, containment)?;
        }
        if let Some(bound) = &self.bound {
            write_bound(out, bound)?;
        }
        write_objects(out, &self.per_object)?;
        let lives = match self.is_seen_only {
            true => "while sensors see it; first track after its first plot",
            false => "from its first row to its last; first track after that",
        };
        writeln!(
            out,
            "An object counts {lives}. An area counts up to {} km.",
            self.area_km
        )?;
        if !self.false_tracks.is_empty() {
            let shown: Vec<&str> = self.false_tracks.iter().take(10).map(String::as_str).collect();
            let more = if self.false_tracks.len() > 10 { ", …" } else { "" };
            let all = count(self.false_tracks.len());
            writeln!(out, "Never on an object: {all} ({}{more})", shown.join(", "))?;
        }
        Ok(())
    }

    fn write_distances(&self, out: &mut String) -> fmt::Result {
        if let Some(gospa) = &self.gospa {
            writeln!(
                out,
                "GOSPA        {}: localisation {}, missed {}, false {}  (cutoff {}, order {})",
                length(gospa.distance_m),
                length(gospa.localisation_m),
                length(gospa.missed_m),
                length(gospa.false_m),
                length(self.cutoff_m),
                self.order
            )?;
            writeln!(
                out,
                "             in the mean {} tracked, {} off, {} missed, {} false",
                number(gospa.assigned, 2),
                or_none(gospa.pair_m, length),
                number(gospa.missed, 2),
                number(gospa.false_tracks, 2)
            )?;
        }
        if let Some(ospa) = &self.ospa {
            let parts = |name: &str, whole: f64, place: f64, number: f64| {
                format!(
                    "{name:<12} {}: localisation {}, number {}",
                    length(whole),
                    length(place),
                    length(number)
                )
            };
            let first = parts("OSPA", ospa.distance_m, ospa.localisation_m, ospa.cardinality_m);
            writeln!(out, "{first}")?;
            let of_tracks = parts(
                "OSPA(2)",
                ospa.ospa2_m,
                ospa.ospa2_localisation_m,
                ospa.ospa2_cardinality_m,
            );
            writeln!(out, "{of_tracks}  (over {})", duration(ospa.window_s))?;
        }
        Ok(())
    }
}

fn speed(value_mps: f64) -> String {
    format!("{}\u{a0}m/s", number(value_mps, if value_mps < 9.95 { 1 } else { 0 }))
}

fn or_none<T>(value: Option<T>, words: impl Fn(T) -> String) -> String {
    value.map_or_else(|| NONE.to_owned(), words)
}

fn of_share(value: Option<f64>) -> String {
    or_none(value, share)
}

fn write_siap(out: &mut String, siap: &SiapOutput) -> fmt::Result {
    writeln!(
        out,
        "SIAP         complete {}, ambiguity {}, spurious {}, longest track {}; {} {}, {} {}",
        of_share(siap.completeness),
        or_none(siap.ambiguity, |value| number(value, 3)),
        of_share(siap.spuriousness),
        of_share(siap.longest_track),
        siap.breaks,
        plural(siap.breaks, "break", "breaks"),
        siap.swaps,
        plural(siap.swaps, "swap", "swaps"),
    )?;
    writeln!(
        out,
        "             off by {} and {} in the mean",
        or_none(siap.position_m, length),
        or_none(siap.velocity_mps, speed)
    )
}

fn write_nees(out: &mut String, head: &str, name: &str, part: &NeesPart) -> fmt::Result {
    let interval = |[low, high]: [f64; 2]| format!("{} to {}", number(low, 2), number(high, 2));
    writeln!(
        out,
        "{head:<12} {name:<9}{:>7}  expected {}; by chance {}, or {} where all updates of an object err alike",
        or_none(part.mean, |mean| number(mean, 2)),
        part.expected,
        interval(part.interval_if_updates_are_independent),
        interval(part.interval_if_objects_are_independent),
    )
}

fn write_bound(out: &mut String, bound: &BoundOutput) -> fmt::Result {
    writeln!(
        out,
        "Bound        position {} where {} is the least possible ({}), velocity {} and {} ({}); {} {} in free flight",
        length(bound.position_rms_m),
        length(bound.position_bound_m),
        number(bound.position_ratio, 2),
        speed(bound.velocity_rms_mps),
        speed(bound.velocity_bound_mps),
        number(bound.velocity_ratio, 2),
        count(bound.updates),
        plural(bound.updates, "update", "updates"),
    )
}

fn write_containment(out: &mut String, found: &ContainmentOutput) -> fmt::Result {
    let head = found
        .position
        .iter()
        .map(|held| format!("{:>9}", share(held.probability)));
    writeln!(out, "Said with    {}", head.collect::<String>())?;
    for (name, curve) in [("position", &found.position), ("velocity", &found.velocity)] {
        let cells = curve.iter().map(|held| format!("{:>9}", of_share(held.share)));
        let of = curve.first().map_or(0, |held| held.of);
        writeln!(
            out,
            "  {name:<11}{}  of {} updates",
            cells.collect::<String>(),
            count(of)
        )?;
    }
    for (name, statements) in [("arrival", &found.arrival), ("launch", &found.launch)] {
        let words = |held: &Held| {
            format!(
                "{} ({} of {})",
                of_share(held.share),
                count(held.inside),
                count(held.of)
            )
        };
        for HeldBoth { place, time } in statements {
            writeln!(
                out,
                "  {name:<8}  said with {}: place {}, time {}",
                share(place.probability),
                words(place),
                words(time)
            )?;
        }
    }
    Ok(())
}

fn write_objects(out: &mut String, objects: &[ObjectScored]) -> fmt::Result {
    let longest = objects
        .iter()
        .map(|of| of.object.chars().count())
        .max()
        .unwrap_or(0)
        .max(6);
    let head = COLUMNS.iter().map(|(name, width)| format!("  {name:<width$}"));
    let head = format!("{:<longest$}{}", "object", head.collect::<String>());
    writeln!(out, "\n{}", head.trim_end())?;
    for of in objects {
        let tracked = if of.life_s > 0.0 { of.tracked_s / of.life_s } else { 0.0 };
        let cells = [
            of.kind.clone().unwrap_or_else(|| NONE.to_owned()),
            duration(of.life_s),
            share(tracked),
            count(of.tracks),
            count(of.breaks),
            or_none(first_s(of), duration),
            or_none(of.position_rms_m, length),
            or_none(of.velocity_rms_mps, speed),
            or_none(of.bound.as_ref(), |bound| number(bound.position_ratio, 2)),
            or_none(of.nees, |nees| number(nees, 1)),
            area(of),
        ];
        let cells = cells
            .iter()
            .zip(COLUMNS)
            .map(|(cell, (_, width))| format!("  {cell:<width$}"));
        let line = format!("{:<longest$}{}", of.object, cells.collect::<String>());
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The first update after the first plot, or after its begin.
fn first_s(of: &ObjectScored) -> Option<f64> {
    Some(of.first_update_s? - of.first_plot_s.unwrap_or(0.0))
}

/// Since when the ground area was right.
fn area(of: &ObjectScored) -> String {
    let Some(area) = &of.area else { return NONE.to_owned() };
    let right = format!("{} of {}", count(area.right), count(area.said));
    match (area.lasting_s, area.before_arrival_s, area.diameter_m) {
        (Some(after_s), Some(before_s), Some(diameter_m)) => format!(
            "after {}, {} before, {} long ({right})",
            duration(after_s),
            duration(before_s),
            length(diameter_m)
        ),
        _ => format!("not at the end ({right})"),
    }
}
