//! What is counted and measured, in the form that Prometheus collects.

use std::f64::consts::SQRT_2;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

type One = [(&'static str, String); 1];
type Two = [(&'static str, String); 2];
type Number = Gauge<f64, AtomicU64>;

/// The hops of a plot, from the feed at its owner to the track at a partner.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hop {
    /// From the feed to the thread that decides.
    Queued,
    /// From there until every partner's share was decided, framed and handed to the links.
    Sent,
    /// From the feed until it is durable.
    Durable,
    /// A partner's message, from the link until its items were verified.
    Verified,
    /// From the measurement, wherever it was, until it is in the picture here.
    Tracked,
}

impl Hop {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Sent, Self::Durable, Self::Verified, Self::Tracked];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Durable => "durable",
            Self::Verified => "verified",
            Self::Tracked => "tracked",
        }
    }
}

/// Upper ends of classes: so many doublings from a first one on, each in as many steps.
fn doublings(first_s: f64, count: i32, steps: &[f64]) -> Histogram {
    let ends = (0..count).flat_map(|doubling| steps.iter().map(move |step| first_s * 2_f64.powi(doubling) * step));
    Histogram::new(ends)
}

/// The classes of a hop: 25 µs to 22 s, each 19 % above the one before.
fn classes() -> Histogram {
    doublings(25e-6, 20, &[1.0, 1.189_207_115, SQRT_2, 1.681_792_831])
}

/// The classes of the whole way: 100 µs to 6 s, each 9 % above the one before, so that what is asked of it can be told
/// from what is not.
fn fine_classes() -> Histogram {
    let eighths = [
        1.0,
        1.090_507_733,
        1.189_207_115,
        1.296_839_555,
        SQRT_2,
        1.542_210_825,
        1.681_792_831,
        1.834_008_086,
    ];
    doublings(100e-6, 16, &eighths)
}

/// All that is counted and measured; copies share it.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<Registry>,
    feed_plots: Family<One, Counter>,
    feed_dropped: Family<One, Counter>,
    feed_overflown: Family<One, Counter>,
    feed_refused: Family<Two, Counter>,
    /// Messages to and from partners: partner, lane and direction.
    link_messages: Family<Two, Counter>,
    link_not_sent: Family<Two, Counter>,
    link_up: Family<One, Gauge>,
    rejects: Family<Two, Counter>,
    items: Family<Two, Counter>,
    gaps: Family<One, Gauge>,
    unacknowledged: Family<One, Gauge>,
    clock_offset: Family<One, Number>,
    clock_error: Family<One, Number>,
    queue: Family<One, Gauge>,
    hops: [Histogram; Hop::ALL.len()],
    tracked: Family<One, Histogram>,
    doubts: Family<One, Gauge>,
    /// Tracks of the live picture.
    pub tracks: Gauge,
    /// Octets of the store on disk.
    pub store_octets: Gauge,
    /// Free octets on the store's disk.
    pub disk_free_octets: Gauge,
    /// How often the wall clock stepped.
    pub clock_jumps: Counter,
    /// Items that the thread of pictures was too busy for.
    pub picture_skipped: Counter,
    /// Warnings by how they stand.
    warnings: Family<One, Gauge>,
    /// Messages of warnings that this node wrote by itself.
    pub warnings_drafted: Counter,
    /// Looks at the picture that the thread of warnings was too busy for.
    pub warnings_skipped: Counter,
    /// Picture digests that agreed, and that did not.
    pub digests: Family<Two, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

macro_rules! register {
    ($registry:ident, $($name:literal $help:literal $metric:expr;)*) => {
        $($registry.register($name, $help, $metric.clone());)*
    };
}

impl Metrics {
    /// Nothing counted yet.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("trilat");
        let mut metrics = Self {
            registry: Arc::default(),
            feed_plots: Family::default(),
            feed_dropped: Family::default(),
            feed_overflown: Family::default(),
            feed_refused: Family::default(),
            link_messages: Family::default(),
            link_not_sent: Family::default(),
            link_up: Family::default(),
            rejects: Family::default(),
            items: Family::default(),
            gaps: Family::default(),
            unacknowledged: Family::default(),
            clock_offset: Family::default(),
            clock_error: Family::default(),
            queue: Family::default(),
            hops: std::array::from_fn(|_| classes()),
            tracked: Family::new_with_constructor(fine_classes),
            doubts: Family::default(),
            tracks: Gauge::default(),
            store_octets: Gauge::default(),
            disk_free_octets: Gauge::default(),
            clock_jumps: Counter::default(),
            digests: Family::default(),
            picture_skipped: Counter::default(),
            warnings: Family::default(),
            warnings_drafted: Counter::default(),
            warnings_skipped: Counter::default(),
        };
        register! { registry,
            "feed_plots" "Plots that a feed handed to the node" metrics.feed_plots;
            "feed_dropped" "Plots for which there was no room" metrics.feed_dropped;
            "feed_overflown" "Datagrams that the system threw away unread" metrics.feed_overflown;
            "feed_refused" "Records of a feed that were refused, by reason" metrics.feed_refused;
            "link_messages" "Messages of a partner's link, by direction" metrics.link_messages;
            "link_not_sent" "Messages a partner's link did not take, by reason; the log refills them"
                metrics.link_not_sent;
            "link_up" "Whether a partner can be reached" metrics.link_up;
            "rejects" "What a partner sent and was refused, by reason" metrics.rejects;
            "items" "Items that a partner gave, by kind" metrics.items;
            "gaps" "Frames of a partner that are known to be missing" metrics.gaps;
            "unacknowledged" "Frames that a partner has not acknowledged" metrics.unacknowledged;
            "clock_offset_seconds" "A partner's clock minus this node's" metrics.clock_offset;
            "clock_offset_error_seconds" "How much the offset of a partner's clock may be wrong: half the way there and back"
                metrics.clock_error;
            "queue" "What waits, by queue" metrics.queue;
            "sensor_doubts" "How far a sensor is believed: 0 trusted, 1 suspect, 2 contained" metrics.doubts;
            "tracks" "Tracks of the live picture" metrics.tracks;
            "store_octets" "Octets of the store on disk" metrics.store_octets;
            "disk_free_octets" "Free octets on the disk of the store" metrics.disk_free_octets;
            "clock_jumps" "Steps of the wall clock beyond the limit" metrics.clock_jumps;
            "picture_skipped" "Items that the thread of pictures was too busy for" metrics.picture_skipped;
            "warnings" "Warnings by how they stand: waiting for approval, overdue, told to people, due to be cleared"
                metrics.warnings;
            "warnings_drafted" "Messages of warnings that the node wrote by itself" metrics.warnings_drafted;
            "warnings_skipped" "Looks at the picture that the thread of warnings was too busy for"
                metrics.warnings_skipped;
            "digests" "Picture digests compared with a partner, by outcome" metrics.digests;
        }
        let latency: Family<One, Histogram> = Family::new_with_constructor(classes);
        metrics.hops = Hop::ALL.map(|hop| latency.get_or_create_owned(&[("hop", hop.name().to_owned())]));
        let help = "How long a plot took for one hop";
        registry.register_with_unit("latency", help, Unit::Seconds, latency);
        let help = "From the measurement of a plot to the picture that has it, by origin";
        registry.register_with_unit("tracked", help, Unit::Seconds, metrics.tracked.clone());
        metrics.registry = Arc::new(registry);
        metrics
    }

    /// The text that Prometheus collects.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }

    /// How long a hop took, by two readings of the steady clock.
    pub fn hop(&self, hop: Hop, from_ns: i64, to_ns: i64) {
        self.hops[hop as usize].observe((to_ns - from_ns).max(0) as f64 / 1e9);
    }

    /// How long it took from the measurement of a plot of an origin to the picture that has it, s.
    pub fn tracked(&self, origin: &str, seconds: f64) {
        let seconds = seconds.max(0.0);
        self.hops[Hop::Tracked as usize].observe(seconds);
        self.tracked
            .get_or_create_owned(&[("origin", origin.to_owned())])
            .observe(seconds);
    }

    /// Plots that a feed handed over.
    pub fn feed_plots(&self, feed: &str) -> Counter {
        self.feed_plots.get_or_create_owned(&[("feed", feed.to_owned())])
    }

    /// Plots of a feed for which there was no room.
    pub fn feed_dropped(&self, feed: &str) -> Counter {
        self.feed_dropped.get_or_create_owned(&[("feed", feed.to_owned())])
    }

    /// Datagrams of a feed that the system threw away before they were read.
    pub fn feed_overflown(&self, feed: &str) -> Counter {
        self.feed_overflown.get_or_create_owned(&[("feed", feed.to_owned())])
    }

    /// Records of a feed that were refused for a reason.
    pub fn feed_refused(&self, feed: &str, reason: &str) -> Counter {
        let labels = [("feed", feed.to_owned()), ("reason", reason.to_owned())];
        self.feed_refused.get_or_create_owned(&labels)
    }

    /// Messages of a partner, `in` or `out`.
    pub fn link_messages(&self, partner: &str, direction: &str) -> Counter {
        self.link_messages
            .get_or_create_owned(&partner_and("direction", partner, direction))
    }

    /// Messages that a partner's link did not take.
    pub fn link_not_sent(&self, partner: &str, reason: &str) -> Counter {
        self.link_not_sent
            .get_or_create_owned(&partner_and("reason", partner, reason))
    }

    /// Whether a partner can be reached.
    pub fn link_up(&self, partner: &str) -> Gauge {
        self.link_up.get_or_create_owned(&of_partner(partner))
    }

    /// What a partner sent and was refused.
    pub fn rejects(&self, partner: &str, reason: &str) -> Counter {
        self.rejects
            .get_or_create_owned(&partner_and("reason", partner, reason))
    }

    /// Items of a kind that a partner gave: `plot`, `coarse`, `track`, `warning`, `sensor`.
    pub fn items(&self, partner: &str, kind: &str) -> Counter {
        self.items.get_or_create_owned(&partner_and("kind", partner, kind))
    }

    /// Frames of a partner that are missing.
    pub fn gaps(&self, partner: &str) -> Gauge {
        self.gaps.get_or_create_owned(&of_partner(partner))
    }

    /// Frames that a partner has not acknowledged.
    pub fn unacknowledged(&self, partner: &str) -> Gauge {
        self.unacknowledged.get_or_create_owned(&of_partner(partner))
    }

    /// A partner's clock minus this node's, s.
    pub fn clock_offset(&self, partner: &str) -> Gauge<f64, AtomicU64> {
        self.clock_offset.get_or_create_owned(&of_partner(partner))
    }

    /// How much that may be wrong, s.
    pub fn clock_error(&self, partner: &str) -> Gauge<f64, AtomicU64> {
        self.clock_error.get_or_create_owned(&of_partner(partner))
    }

    /// How many warnings stand so: `waiting`, `overdue`, `told`, `clear-due`.
    pub fn warnings(&self, state: &str) -> Gauge {
        self.warnings.get_or_create_owned(&[("state", state.to_owned())])
    }

    /// How far a sensor is believed: 0 as it is, 1 with doubts, 2 not at all.
    pub fn doubts(&self, sensor: &str) -> Gauge {
        self.doubts.get_or_create_owned(&[("sensor", sensor.to_owned())])
    }

    /// What waits in a queue.
    pub fn queue(&self, queue: &str) -> Gauge {
        self.queue.get_or_create_owned(&[("queue", queue.to_owned())])
    }
}

fn of_partner(partner: &str) -> One {
    [("partner", partner.to_owned())]
}

fn partner_and(label: &'static str, partner: &str, value: &str) -> Two {
    [("partner", partner.to_owned()), (label, value.to_owned())]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The names of all metrics, as they are collected: each has happened once.
    fn names() -> BTreeSet<String> {
        let metrics = Metrics::new();
        let feed = [Metrics::feed_plots, Metrics::feed_dropped, Metrics::feed_overflown];
        for counter in feed {
            counter(&metrics, "f").inc();
        }
        let two = [
            Metrics::feed_refused,
            Metrics::link_messages,
            Metrics::link_not_sent,
            Metrics::rejects,
            Metrics::items,
        ];
        for counter in two {
            counter(&metrics, "a", "b").inc();
        }
        let gauges = [
            Metrics::link_up,
            Metrics::gaps,
            Metrics::unacknowledged,
            Metrics::warnings,
            Metrics::doubts,
            Metrics::queue,
        ];
        for gauge in gauges {
            gauge(&metrics, "a").set(1);
        }
        metrics.clock_offset("a").set(1.0);
        metrics.clock_error("a").set(1.0);
        metrics.tracked("a", 1.0);
        metrics
            .digests
            .get_or_create_owned(&partner_and("outcome", "a", "agreed"))
            .inc();
        let text = metrics.text();
        let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE trilat_"));
        let name = |line: &str| match line.split_once(' ') {
            Some((name, "counter")) => format!("{name}_total"),
            Some((name, _)) => name.to_owned(),
            None => panic!("{line}"),
        };
        types.map(name).collect()
    }

    #[test]
    fn the_documentation_lists_every_metric_and_no_other() {
        let page = include_str!("../../../docs/node.md");
        let (_, table) = page.split_once("| metric | by | says |\n").expect("a table");
        let (table, _) = table.split_once("\n\n").expect("its end");
        let first = table
            .lines()
            .filter_map(|row| row.strip_prefix("| `")?.split(" | ").next());
        let listed = first.flat_map(|cell| cell.trim_end_matches('`').split("`, `"));
        assert_eq!(listed.map(str::to_owned).collect::<BTreeSet<_>>(), names());
    }

    #[test]
    fn what_was_counted_is_in_the_text() {
        let metrics = Metrics::new();
        metrics.feed_plots("north").inc_by(3);
        metrics.feed_refused("north", "time").inc();
        metrics.link_up("bravo").set(1);
        metrics.hop(Hop::Sent, 0, 40_000);
        let text = metrics.text();
        for line in [
            "trilat_feed_plots_total{feed=\"north\"} 3",
            "trilat_feed_refused_total{feed=\"north\",reason=\"time\"} 1",
            "trilat_link_up{partner=\"bravo\"} 1",
            "trilat_latency_seconds_count{hop=\"sent\"} 1",
            "trilat_latency_seconds_bucket{le=\"0.00005\",hop=\"sent\"} 1",
            "trilat_latency_seconds_bucket{le=\"0.000025\",hop=\"sent\"} 0",
        ] {
            assert!(text.contains(line), "{line}\nin\n{text}");
        }
        assert_eq!(text.matches("# TYPE trilat_latency_seconds ").count(), 1);
        assert!(text.ends_with("# EOF\n"));
    }
}
