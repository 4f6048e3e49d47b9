//! How a node is, in words.

use std::fmt::Write;

use node::status::{LatencyStatus, PolicyStatus, Status};

/// Returns the status of a node as people read it.
pub fn words(status: &Status) -> String {
    let mut text = String::new();
    // Writing to a text does not fail.
    let _ = write_words(status, &mut text);
    text
}

fn write_words(status: &Status, text: &mut String) -> std::fmt::Result {
    let ready = if status.is_ready { "ready" } else { "NOT READY" };
    writeln!(text, "{}, {}, {ready}", status.owner, status.mode)?;
    for why in &status.not_ready {
        writeln!(text, "  {why}")?;
    }
    writeln!(text, "  node {}, version {}", status.node, status.version)?;
    writeln!(text, "  {}, running for {:.0} s", status.time, status.uptime_s)?;
    policy(&status.policy, text)?;
    let (store, mib) = (&status.store, |octets: u64| octets >> 20);
    let (used, free) = (mib(store.octets), mib(store.free_octets));
    writeln!(
        text,
        "  log {}, {used} MiB, {free} MiB free, {} batches wait for the disk",
        store.state, store.waiting
    )?;
    text.push('\n');
    feeds(status, text);
    partners(status, text);
    for partner in &status.partners {
        if let Some(why) = &partner.not_believed {
            writeln!(text, "  {} is not believed: {why}", partner.name)?;
        }
        if let Some(difference) = &partner.difference {
            writeln!(text, "  pictures differ with {}: {difference}", partner.name)?;
        }
    }
    let engine = &status.engine;
    writeln!(
        text,
        "picture: {} tracks; {} own plots accepted, {} plots in the picture, {} too late, {} left out",
        engine.tracks, engine.plots_own, engine.used, engine.late, engine.skipped
    )?;
    for doubt in &engine.doubted {
        let (sensor, standing, since) = (&doubt.sensor, &doubt.standing, &doubt.since);
        writeln!(text, "  sensor {sensor} is {standing} since {since}: {}", doubt.fault)?;
    }
    for (circle, digest) in &engine.digests {
        writeln!(text, "  digest {circle}  {digest}")?;
    }
    latencies("from measurement to picture, ms, by owner", &engine.latency_ms, text);
    latencies("hops in this node, ms", &status.latency_ms, text);
    Ok(())
}

fn policy(policy: &PolicyStatus, text: &mut String) -> std::fmt::Result {
    let holds = &policy.holds;
    write!(text, "  policy version {}, from {}", holds.version, holds.from)?;
    match policy.late_ms {
        Some(late_ms) => writeln!(text, ", decided by {late_ms:.1} ms after that")?,
        None => writeln!(text)?,
    }
    for next in &policy.next {
        writeln!(text, "  policy version {} from {} on", next.version, next.from)?;
    }
    for refused in &policy.refused {
        writeln!(text, "  refused: {refused}")?;
    }
    Ok(())
}

fn feeds(status: &Status, text: &mut String) {
    let mut rows = vec![["feed", "accepted", "refused", "dropped", "waiting", ""].map(str::to_owned)];
    for feed in &status.feeds {
        let state = match (&feed.address, feed.has_ended) {
            (_, true) => "ended".to_owned(),
            (Some(address), false) => format!("on {address}"),
            (None, false) => String::new(),
        };
        rows.push([
            feed.name.clone(),
            feed.accepted.to_string(),
            feed.refused.to_string(),
            feed.dropped.to_string(),
            feed.waiting.to_string(),
            state,
        ]);
    }
    table(&rows, text);
}

fn partners(status: &Status, text: &mut String) {
    let head = [
        "partner", "link", "sent", "acked", "received", "items", "twice", "missing", "rejected", "clock", "digests",
    ];
    let mut rows = vec![head.map(str::to_owned)];
    for partner in &status.partners {
        rows.push([
            partner.name.clone(),
            if partner.is_up { "up" } else { "DOWN" }.to_owned(),
            partner.frames_sent.to_string(),
            partner.frames_acknowledged.to_string(),
            partner.frames_received.to_string(),
            partner.items_received.to_string(),
            partner.duplicates.to_string(),
            partner.missing.to_string(),
            partner.rejected.to_string(),
            partner.clock_offset_s.map_or("-".to_owned(), |offset_s| {
                let error_s = partner.clock_error_s.unwrap_or_default();
                format!("{offset_s:+.3} s ±{error_s:.3}")
            }),
            format!("{} agree, {} differ", partner.digests_agreed, partner.digests_differed),
        ]);
    }
    table(&rows, text);
}

fn latencies(what: &str, latencies: &[LatencyStatus], text: &mut String) {
    if latencies.is_empty() {
        return;
    }
    let mut rows = vec![[what, "p50", "p99", "max", "count"].map(str::to_owned)];
    for latency in latencies {
        rows.push([
            latency.hop.clone(),
            format!("{:.3}", latency.p50),
            format!("{:.3}", latency.p99),
            format!("{:.3}", latency.max),
            latency.count.to_string(),
        ]);
    }
    text.push('\n');
    table(&rows, text);
}

/// Writes rows under each other; the first column to the left, what is a number to the right.
fn table<const N: usize>(rows: &[[String; N]], text: &mut String) {
    if rows.len() < 2 {
        return;
    }
    let widths: [usize; N] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    for row in rows {
        let mut line = String::from("  ");
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            if column == 0 || column + 1 == N {
                let _ = write!(line, "{cell:<width$}  ");
            } else {
                let _ = write!(line, "{cell:>width$}  ");
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use node::status::{FeedStatus, PartnerStatus};

    use super::*;

    #[test]
    fn what_does_not_work_stands_first_and_columns_stand_under_each_other() {
        let status = Status {
            owner: "alpha".into(),
            mode: "exercise".into(),
            not_ready: vec!["the disk is full".into()],
            feeds: vec![FeedStatus {
                name: "north".into(),
                accepted: 12345,
                ..FeedStatus::default()
            }],
            partners: vec![PartnerStatus {
                name: "bravo".into(),
                clock_offset_s: Some(-0.25),
                ..PartnerStatus::default()
            }],
            ..Status::default()
        };
        let text = words(&status);
        assert!(
            text.starts_with("alpha, exercise, NOT READY\n  the disk is full\n"),
            "{text}"
        );
        assert!(text.contains("\n  feed   accepted  refused"), "{text}");
        assert!(text.contains("\n  north     12345        0"), "{text}");
        assert!(text.contains("DOWN") && text.contains("-0.250 s"), "{text}");
    }
}
