//! What is withheld leaves no trace: not its content, not its sensor, not that it is.

use std::process::Command;

use super::{JP, KR, Outcome, Stage, US, logs, packets};
use crate::Failure;
use crate::folders::OWNERS;
use crate::nodes::tally;

/// Words that stand in what is withheld and in nothing else.
const TARGET: &str = "WITHHELDTARGET77";
/// How long each slice of the traffic is, s, and how many there are of each kind.
const SLICE_S: f64 = 12.0;
const SLICES: usize = 4;

/// Everything but JP's first radar goes to everybody.
fn rules(withheld: &str) -> String {
    format!(
        "@id(\"all\")\npermit (principal, action in Action::\"plot\", resource);\n\
         @id(\"withheld\")\nforbid (principal, action, resource in Sensor::\"{withheld}\");\n"
    )
}

/// Starts all anew with rules that withhold JP's first radar from everybody; its name.
fn withhold(stage: &mut Stage) -> Result<String, Failure> {
    let withheld = stage.scene.radars[JP][0].name.clone();
    stage.nodes.list[JP].take().ok_or("it is down")?.end()?;
    stage.nodes.folders.rules(JP, &rules(&withheld))?;
    stage.nodes.launch(JP)?;
    stage.nodes.meet()?;
    Ok(withheld)
}

/// Plots of one radar of JP, with a word in each, until the time is over; how many.
fn pour(stage: &Stage, sensor: &str, word: &str, seconds: f64) -> Result<u64, Failure> {
    use std::io::Write;
    let mut feed = stage.nodes.node(JP)?.feed(Some(stage.spaces))?;
    feed.write_all(b"time,sensor,range_m,azimuth_deg,elevation_deg,target\n")?;
    let since = std::time::Instant::now();
    let mut written = 0;
    while since.elapsed().as_secs_f64() < seconds {
        let time = crate::feeder::wall();
        let azimuth_deg = (written % 3_600) as f64 / 10.0;
        writeln!(feed, "{time:.6},{sensor},81234.5,{azimuth_deg},4.25,{word}")?;
        written += 1;
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    Ok(written)
}

/// Withheld and released plots beside each other: of the former nothing is in the packets or in a partner's log; of the
/// latter the log has it, so the search can find something.
pub fn marker(stage: &mut Stage) -> Result<Outcome, Failure> {
    let withheld = withhold(stage)?;
    let capture = stage.spaces.capture(JP, stage.nodes.folders.path.join("wire.pcap"))?;
    let released = stage.scene.radars[JP][1].name.clone();
    let hidden = pour(stage, &withheld, TARGET, 5.0)?;
    let shown = pour(stage, &released, "RELEASEDTARGET", 2.0)?;
    crate::until("the released ones arrive", super::PATIENCE, || {
        let has = |at: usize| {
            stage
                .nodes
                .status(at)
                .is_ok_and(|status| tally(&status).received == shown)
        };
        has(KR) && has(US)
    })?;
    let own = || stage.nodes.status(JP).map_or(0, |status| tally(&status).own);
    crate::until("all are accepted", super::PATIENCE, || own() == hidden + shown)?;
    let file = capture.end()?;
    for node in &mut stage.nodes.list {
        node.take().ok_or("it is down")?.end()?;
    }
    let log = logs::read(&stage.nodes)?;
    let ids = log[JP].own();
    let words: Vec<String> = [TARGET, &withheld, "RELEASEDTARGET", &released, "trilat/v1"]
        .map(str::to_owned)
        .into();
    let in_packets = packets::find(&file, &words)?;
    let mut faults = Vec::new();
    if !in_packets.is_empty() {
        faults.push(format!("in the packets in the clear: {}", in_packets.join(", ")));
    }
    let mut searched = String::new();
    for at in [KR, US] {
        let found = Command::new(logs::program()?)
            .arg("find")
            .arg(stage.nodes.folders.store(at))
            .args([TARGET, &withheld, "RELEASEDTARGET"])
            .output()?;
        let text = String::from_utf8(found.stdout)?;
        searched = text.lines().last().unwrap_or_default().to_owned();
        if text.contains(TARGET) || text.contains(&withheld) {
            faults.push(format!("{} has of what was withheld", OWNERS[at]));
        }
        if !text.contains("found RELEASEDTARGET") {
            faults.push("the search does not find what is there".to_owned());
        }
        let ids_there = ids.iter().filter(|id| log[at].has(id)).count() as u64;
        if ids_there != shown {
            faults.push(format!(
                "{} has {ids_there} of JP's plots by name, {shown} were released",
                OWNERS[at]
            ));
        }
    }
    let traffic = packets::read(&file)?;
    Ok(Outcome {
        is_good: faults.is_empty(),
        words: match faults.is_empty() {
            true => format!(
                "{hidden} withheld beside {shown} released: nothing of them in {} packets, nor at KR or US ({searched})",
                traffic.packets()
            ),
            false => faults.join("; "),
        },
    })
}

/// The traffic of a node whose feed brings withheld plots only is that of one whose feed brings nothing: in number and
/// lengths of packets they differ on the average by no more than the two idle slices that differ most.
pub fn existence(stage: &mut Stage) -> Result<Outcome, Failure> {
    let withheld = withhold(stage)?;
    // What a start brings is over.
    stage.go_on(15.0);
    let (mut idle, mut busy, mut hidden) = (Vec::new(), Vec::new(), 0);
    for slice in 0..2 * SLICES {
        let capture = stage.spaces.capture(JP, stage.nodes.folders.path.join("wire.pcap"))?;
        if slice % 2 == 0 {
            // The feed is connected to, and brings nothing.
            let _feed = stage.nodes.node(JP)?.feed(Some(stage.spaces))?;
            stage.go_on(SLICE_S);
            idle.push(packets::read(&capture.end()?)?);
        } else {
            hidden += pour(stage, &withheld, TARGET, SLICE_S)?;
            busy.push(packets::read(&capture.end()?)?);
        }
    }
    let own = || stage.nodes.status(JP).map_or(0, |status| tally(&status).own);
    crate::until("all withheld plots are accepted", super::PATIENCE, || own() == hidden)?;
    let pairs = |a: &[packets::Traffic], b: &[packets::Traffic]| -> Vec<u64> {
        let of = |(i, one): (usize, &packets::Traffic)| {
            let rest = b.iter().enumerate().filter(move |(j, _)| !std::ptr::eq(a, b) || i < *j);
            let one = one.clone();
            rest.map(move |(_, other)| one.differs_by(other)).collect::<Vec<_>>()
        };
        a.iter().enumerate().flat_map(of).collect()
    };
    let (within, between) = (pairs(&idle, &idle), pairs(&idle, &busy));
    let most = within.iter().copied().max().unwrap_or(0);
    let mean = between.iter().sum::<u64>() as f64 / between.len().max(1) as f64;
    let counts = |list: &[packets::Traffic]| -> Vec<(u64, u64)> {
        list.iter().map(|one| (one.packets(), one.octets())).collect()
    };
    Ok(Outcome {
        is_good: mean <= most as f64 && hidden > 100,
        words: format!(
            "{hidden} withheld; packets and octets of idle slices {:?}, of busy ones {:?}; packets that differ: idle \
             slices among each other {within:?}, idle and busy {mean:.1} on the average",
            counts(&idle),
            counts(&busy),
        ),
    })
}
