//! Which threads of a process use the processor, by name: what limits a figure.

use std::collections::BTreeMap;
use std::fs;

/// Ticks of the processor's time that the kernel counts in a second.
const TICKS_PER_S: f64 = 100.0;

/// Seconds on a core since the start, by thread name without its number.
pub type Busy = BTreeMap<String, f64>;

/// Looks at a process; one that is gone has no threads.
pub fn look(pid: u32) -> Busy {
    let mut busy = Busy::new();
    let Ok(tasks) = fs::read_dir(format!("/proc/{pid}/task")) else {
        return busy;
    };
    for task in tasks.flatten() {
        let Ok(stat) = fs::read_to_string(task.path().join("stat")) else {
            continue;
        };
        let (Some(open), Some(close)) = (stat.find('('), stat.rfind(')')) else {
            continue;
        };
        let name = stat[open + 1..close].trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '-');
        // The thread that decides has the name of the process.
        let is_main = task.file_name().to_str() == Some(&*pid.to_string());
        let name = if is_main { "deciding" } else { name };
        let fields: Vec<&str> = stat[close + 2..].split(' ').collect();
        // utime and stime, the 14th and 15th.
        let ticks = |at: usize| {
            fields
                .get(at)
                .and_then(|field| field.parse::<f64>().ok())
                .unwrap_or(0.0)
        };
        *busy.entry(name.to_owned()).or_default() += (ticks(11) + ticks(12)) / TICKS_PER_S;
    }
    busy
}

/// What each used between two looks, as a share of one core, the busiest first.
pub fn shares(before: &Busy, after: &Busy, seconds: f64) -> Vec<(String, f64)> {
    let of = |(name, now): (&String, &f64)| (name.clone(), (now - before.get(name).unwrap_or(&0.0)) / seconds);
    let mut shares: Vec<(String, f64)> = after.iter().map(of).filter(|(_, share)| *share > 0.004).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    shares
}

/// In words: the sum, then each.
pub fn words(shares: &[(String, f64)]) -> String {
    let sum: f64 = shares.iter().map(|(_, share)| share).sum();
    let each: Vec<String> = shares
        .iter()
        .map(|(name, share)| format!("{name} {:.0}", 100.0 * share))
        .collect();
    format!("{:.0} % of a core: {}", 100.0 * sum, each.join(", "))
}
