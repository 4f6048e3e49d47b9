//! The demonstration in plain words, as it goes on and at its end.

use geo::Time;
use node::status::Status;

use super::figures::Figures;
use super::output::{DemoOutput, Gain, WarningOutput};
use super::scene::Scene;
use crate::words::plural;

/// Something that happens, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// By the clock of the exercise.
    pub time: Time,
    /// What.
    pub words: String,
}

/// What stands at the top.
pub fn opening(scene: &Scene, speed: f64) -> String {
    let owners: Vec<String> = scene
        .owners
        .iter()
        .map(|owner| format!("{} with {} radars", owner.name, owner.sensors.len()))
        .collect();
    format!(
        "{}\n{}\nThree nodes on this machine, each a process with its own keys, rules and log: {}.\nEach gets the plots \
         of its own radars only, and gives them to the others over QUIC with mutual TLS, signed.\nWhat each would know \
         alone, and all together, the same engine computes of the same plots beside the nodes.\nRadars are notional. \
         {speed} seconds pass in one; Ctrl-C ends it.\n\n",
        scene.title,
        scene.what.trim_end(),
        owners.join(", "),
    )
}

/// What happens when, for each owner alone and for all together.
pub fn story(scene: &Scene, each: &[Figures], together: &Figures) -> Vec<Told> {
    let mut story = vec![Told {
        time: scene.launch,
        words: "launch".to_owned(),
    }];
    let mut add = |after_s: Option<f64>, words: String| {
        story.extend(after_s.map(|after_s| Told {
            time: scene.launch + after_s,
            words,
        }));
    };
    let of_object = |plot: &&plot::Plot| plot.truth.is_some();
    let first = scene
        .owners
        .iter()
        .filter_map(|owner| Some((&owner.name, owner.plots.iter().find(of_object)?)));
    if let Some((name, plot)) = first.min_by_key(|(_, plot)| plot.time) {
        let words = format!("the first plot: {} of {name} sees it", plot.sensor);
        add(Some(plot.time - scene.launch), words);
    }
    for (owner, alone) in scene.owners.iter().zip(each) {
        let name = &owner.name;
        add(
            alone.first_track_s,
            format!("{name} alone would have its first track now"),
        );
        add(alone.first_warning_s, format!("{name} alone could warn now"));
        add(
            alone.known_s,
            format!("{name} alone would know the ground area to 100 km now"),
        );
    }
    add(together.first_track_s, "TOGETHER: the first track".to_owned());
    add(
        together.first_warning_s,
        "TOGETHER: the first warning with a ground area".to_owned(),
    );
    add(
        together.known_s,
        "TOGETHER: the ground area is known to 100 km".to_owned(),
    );
    story.sort_by_key(|told| told.time);
    story
}

/// The address of a node's picture that tells the story as it goes on, and stays at it.
pub fn telling(url: &str) -> String {
    format!("{url}?story=1")
}

/// Where the pictures of the nodes are.
pub fn pictures<'a>(urls: impl Iterator<Item = (&'a str, &'a String)>) -> String {
    let lines: Vec<String> = urls.map(|(owner, url)| format!("Picture of {owner}: {url}")).collect();
    lines.join("\n")
}

/// One line of the story.
pub fn line(told: &Told, scene: &Scene) -> String {
    format!("{}  {}\n", after(told.time, scene), told.words)
}

/// How the nodes stand.
pub fn nodes(time: Time, scene: &Scene, last: &[Option<Status>]) -> String {
    let of = |(owner, status): (&super::scene::Owner, &Option<Status>)| match status {
        None => format!("{}: beginning", owner.name),
        Some(status) => {
            let received: u64 = status.partners.iter().map(|partner| partner.plots_received).sum();
            let up = status.partners.iter().filter(|partner| partner.is_up).count();
            format!(
                "{}: {} own plots, {} of {} partners, {} {}",
                owner.name,
                status.engine.plots_own,
                received,
                up,
                status.engine.tracks,
                plural(status.engine.tracks as usize, "track", "tracks")
            )
        }
    };
    let all: Vec<String> = scene.owners.iter().zip(last).map(of).collect();
    format!("{}  {}\n", after(time, scene), all.join("; "))
}

fn after(time: Time, scene: &Scene) -> String {
    let after_s = time - scene.launch;
    let whole_s = after_s.abs().floor() as u64;
    let sign = if after_s < 0.0 { '-' } else { '+' };
    format!("T{sign}{:02}:{:02}", whole_s / 60, whole_s % 60)
}

/// What came of it.
pub fn closing(output: &DemoOutput) -> String {
    let mut text =
        String::from("\n                      first track  warning  area to 100 km  off by (root mean square)\n");
    let s = |value: Option<f64>| value.map_or("never".to_owned(), |s| format!("{s:.0} s"));
    let m = |value: Option<f64>| value.map_or("-".to_owned(), |m| format!("{m:.0} m"));
    let row = |name: &str, of: &Figures| {
        format!(
            "{name:22}{:>11}{:>9}{:>16}  {:>8}\n",
            s(of.first_track_s),
            s(of.first_warning_s),
            s(of.known_s),
            m(of.position_rms_m)
        )
    };
    for (owner, alone) in &output.alone {
        text.push_str(&row(&format!("{owner} alone"), alone));
    }
    text.push_str(&row("together", &output.together));
    text.push('\n');
    text.push_str(&warned(output.warning.as_ref()));
    for (owner, gain) in &output.gain {
        text.push_str(&format!("{owner} gains {}\n", gained(gain)));
    }
    let plots: u64 = output.nodes.iter().map(|node| node.plots_own).sum();
    text.push_str(&format!(
        "\n{plots} plots; from measurement to a partner's picture {:.1} ms (half), {:.1} ms (99 %), at {} times the \
         speed.\n",
        output.latency_ms.p50, output.latency_ms.p99, output.speed
    ));
    for node in &output.nodes {
        text.push_str(&format!(
            "{}: {} own plots, {} received, {} lost, {} twice, picture {}\n",
            node.owner,
            node.plots_own,
            node.plots_received,
            node.lost,
            node.duplicates,
            node.digest.get(..16).unwrap_or(&node.digest)
        ));
    }
    if output.agreed {
        text.push_str(
            "All nodes have the same plots and the same picture, to the last bit: the one that an engine makes of all \
             plots in one place.\n",
        );
    }
    text
}

/// The warning, in a few lines.
fn warned(warning: Option<&WarningOutput>) -> String {
    let Some(warning) = warning else {
        return "No warning: nothing may come down where people live.\n\n".to_owned();
    };
    let s = |value: Option<f64>| value.map_or("never".to_owned(), |s| format!("{s:.0} s after the launch"));
    let mut text = format!(
        "{} warned: the first draft {}, told to people {}, the all clear {}; {} of {} messages were approved.\n",
        warning.owner,
        s(warning.drafted_s),
        s(warning.sent_s),
        s(warning.all_clear_s),
        warning.sent,
        warning.messages,
    );
    for (what, short) in [("told", &warning.sent_short), ("over", &warning.all_clear_short)] {
        for one in short {
            text.push_str(&format!("  {what} {}: {}\n", one.language, one.words));
        }
    }
    text.push('\n');
    text
}

fn gained(gain: &Gain) -> String {
    let mut parts = Vec::new();
    let earlier = |what: &str, s: Option<f64>| s.filter(|s| *s >= 1.0).map(|s| format!("{what} {s:.0} s earlier"));
    parts.extend(earlier("the first track", gain.track_earlier_s));
    parts.extend(earlier("the first warning", gain.warning_earlier_s));
    parts.extend(earlier("a known ground area", gain.known_earlier_s));
    if let (Some(alone_m), Some(together_m)) = (gain.alone_rms_m, gain.together_rms_m) {
        parts.push(format!(
            "an error of {together_m:.0} m instead of {alone_m:.0} m in the seconds it would see itself"
        ));
    }
    match parts.is_empty() {
        true => "all that the others see: alone it would see nothing".to_owned(),
        false => parts.join(", "),
    }
}
