//! What the deciding thread counts, and the status it makes of it.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use prometheus_client::metrics::counter::Counter;
use share::digest::Finding;
use share::exchange::{Counts, Reason};
use share::item::Body;
use track::{SensorEvent, Standing};

use super::channel::Channel;
use super::core::{Core, StoreState};
use super::policy::Policies;
use crate::clock::{NodeClock, steady_ns};
use crate::engine::{Found, Latencies};
use crate::feed::{FeedCounters, Permits};
use crate::http::Board;
use crate::metrics::{Hop, Metrics};
use crate::status::{EngineStatus, FeedStatus, LatencyStatus, PartnerStatus, Status, StoreStatus};
use crate::store::DiskStore;

/// How often the disk is looked at, ns.
const DISK_EACH_NS: i64 = 2_000_000_000;

/// What came of one partner.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PartnerCounts {
    /// Items, in the order of [`KINDS`].
    items: [u64; KINDS.len()],
    /// Beside what the exchange counts: digests and rosters.
    pub rejected: u64,
}

/// What items are, as metrics say it.
const KINDS: [&str; 5] = ["plot", "coarse", "track", "warning", "sensor"];

impl PartnerCounts {
    /// Counts an item.
    pub(super) fn take(&mut self, body: &Body) {
        let kind = match body {
            Body::Plot(_) => 0,
            Body::Coarse(_) => 1,
            Body::Track(_) => 2,
            Body::Warning(_) => 3,
            Body::Sensor(_) => 4,
        };
        self.items[kind] += 1;
    }

    fn plots(&self) -> u64 {
        let [full, coarse, ..] = self.items;
        full + coarse
    }
}

/// One feed, as the status shows it.
pub(super) struct FeedShown {
    pub name: Arc<str>,
    pub address: Option<SocketAddr>,
    pub counters: Arc<FeedCounters>,
    pub permits: Arc<Permits>,
}

/// What is counted, and where it is shown.
pub(super) struct Tallies {
    pub board: Board,
    pub metrics: Metrics,
    pub clock: NodeClock,
    pub feeds: Vec<FeedShown>,
    pub store: DiskStore,
    pub free_min_octets: u64,
    pub offset_max_s: f64,
    pub node: String,
    hops: [Latencies; Hop::ALL.len()],
    received: HashMap<Arc<str>, Counter>,
    found: BTreeMap<Arc<str>, (u64, u64, Option<String>)>,
    /// What the exchange had counted when the metrics were made last.
    rejects: Counts,
    /// How many items of each partner the metrics have.
    items: BTreeMap<Arc<str>, [u64; KINDS.len()]>,
    /// When the disk was looked at, octets of the store, free octets.
    disk: (Option<i64>, u64, u64),
    began_ns: i64,
}

impl Tallies {
    pub(super) fn new(
        (board, metrics, clock): (Board, Metrics, NodeClock),
        feeds: Vec<FeedShown>,
        store: DiskStore,
        (free_min_octets, offset_max_s): (u64, f64),
        node: String,
    ) -> Self {
        Self {
            board,
            metrics,
            clock,
            feeds,
            store,
            free_min_octets,
            offset_max_s,
            node,
            hops: Default::default(),
            received: HashMap::new(),
            found: BTreeMap::new(),
            rejects: Counts::new(),
            items: BTreeMap::new(),
            disk: (None, 0, u64::MAX),
            began_ns: steady_ns(),
        }
    }

    pub(super) fn hop(&mut self, hop: Hop, from_ns: i64, to_ns: i64) {
        self.metrics.hop(hop, from_ns, to_ns);
        self.hops[hop as usize].add((to_ns - from_ns) as f64 / 1e9);
    }

    pub(super) fn received(&mut self, partner: &Arc<str>) {
        if let Some(counter) = self.received.get(partner) {
            counter.inc();
            return;
        }
        let counter = self.metrics.link_messages(partner, "in");
        counter.inc();
        self.received.insert(partner.clone(), counter);
    }

    pub(super) fn up(&self, partner: &str, is_up: bool) {
        self.metrics.link_up(partner).set(i64::from(is_up));
    }

    pub(super) fn reject(&self, from: &str, reason: &str) {
        self.metrics.rejects(from, reason).inc();
    }

    /// Brings the metrics up to what the exchange has counted: of a flood it tells only a part one by one.
    fn count_rejects(&mut self, counts: &Counts) {
        for ((from, reason), count) in counts {
            let before = self.rejects.entry((from.clone(), *reason)).or_default();
            if *count > *before {
                let from = from.as_deref().unwrap_or("own");
                self.metrics.rejects(from, reason.name()).inc_by(*count - *before);
                *before = *count;
            }
        }
    }

    pub(super) fn found(&mut self, found: &Found) {
        let (agreed, differed, difference) = self.found.entry(found.partner.clone()).or_default();
        let outcome = match found.words() {
            None => {
                *agreed += 1;
                "agreed"
            }
            Some(words) => {
                *differed += 1;
                if matches!(found.finding, Finding::PlotsDiffer(_)) {
                    tracing::warn!(partner = &*found.partner, "pictures differ: {words}");
                }
                *difference = Some(words);
                "differed"
            }
        };
        let labels = [("partner", found.partner.to_string()), ("outcome", outcome.to_owned())];
        self.metrics.digests.get_or_create_owned(&labels).inc();
    }

    /// A sensor is believed otherwise from now on, which its owner has to hear of.
    pub(super) fn judged(&self, sensor: &str, event: &SensorEvent) {
        let (standing, fault) = (event.standing.name(), event.fault);
        let doubt = match event.standing {
            Standing::Trusted => {
                tracing::info!(sensor, standing, "the sensor is believed again; what was: {fault}");
                0
            }
            Standing::Suspect => {
                tracing::warn!(sensor, standing, "something is wrong with the sensor: {fault}");
                1
            }
            Standing::Contained => {
                tracing::error!(sensor, standing, "plots of the sensor change no track: {fault}");
                2
            }
        };
        self.metrics.doubts(sensor).set(doubt);
    }

    fn look_at_disk(&mut self) {
        let now_ns = steady_ns();
        if self.disk.0.is_some_and(|looked_ns| now_ns - looked_ns < DISK_EACH_NS) {
            return;
        }
        let octets = self.store.disk_octets().unwrap_or(self.disk.1);
        let free_octets = self.store.free_octets().unwrap_or(self.disk.2);
        self.disk = (Some(now_ns), octets, free_octets);
        self.metrics.store_octets.set(octets as i64);
        self.metrics.disk_free_octets.set(free_octets as i64);
    }

    /// The status of now; sets the metrics that are looked up rather than counted, too.
    pub(super) fn status(&mut self, core: &View<'_>) -> Status {
        self.look_at_disk();
        let (_, octets, free_octets) = self.disk;
        let not_ready = self.not_ready(core, free_octets);
        for (queue, waiting) in &core.queues {
            self.metrics.queue(queue).set(*waiting as i64);
        }
        let engine = core.engine.status();
        let tracks = engine.tracks;
        self.metrics.tracks.set(tracks as i64);
        let digest = engine.digests.iter().max_by_key(|(circle, _)| circle.len());
        Status {
            owner: core.owner.to_string(),
            node: self.node.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            mode: if core.exercise { "exercise" } else { "real" }.to_owned(),
            time: self.clock.now().to_string(),
            uptime_s: (steady_ns() - self.began_ns) as f64 / 1e9,
            is_ready: not_ready.is_empty(),
            not_ready,
            feeds: self.feeds.iter().map(|feed| self.feed(feed)).collect(),
            partners: self.partners(core),
            engine: EngineStatus {
                tracks,
                plots_own: core.plots_own,
                used: engine.plots.values().sum(),
                late: engine.late,
                skipped: core.engine_skipped,
                timelines: engine.timelines as u64,
                digest: digest.map(|(_, digest)| digest.clone()).unwrap_or_default(),
                is_digest_whole: engine.is_digest_whole,
                latency_ms: engine
                    .latency_ms
                    .iter()
                    .map(|(origin, latency)| LatencyStatus {
                        hop: origin.clone(),
                        count: latency.count,
                        p50: latency.p50,
                        p99: latency.p99,
                        max: latency.max,
                    })
                    .collect(),
                digests: engine.digests,
                doubted: engine.doubted,
            },
            store: StoreStatus {
                state: match core.store {
                    StoreState::Good => "good".to_owned(),
                    StoreState::Full => "full".to_owned(),
                    StoreState::Failed(why) => format!("failed: {why}"),
                },
                octets,
                free_octets,
                waiting: core.undurable as u64,
            },
            policy: core.policy.status(),
            latency_ms: Hop::ALL.iter().filter_map(|hop| self.latency(*hop)).collect(),
        }
    }

    fn not_ready(&self, core: &View<'_>, free_octets: u64) -> Vec<String> {
        let mut not_ready = Vec::new();
        if core.is_stopping {
            not_ready.push("stopping".to_owned());
        }
        if *core.store != StoreState::Good {
            not_ready.push("the disk is full or failed: make room".to_owned());
        }
        if free_octets < self.free_min_octets {
            let (free_mib, min_mib) = (free_octets >> 20, self.free_min_octets >> 20);
            not_ready.push(format!(
                "{free_mib} MiB are free on the disk of the store, expected {min_mib}"
            ));
        }
        not_ready.extend(core.own_fault.map(str::to_owned));
        if self.clock.is_alarmed() {
            not_ready.push("the wall clock stepped: look after time synchronisation".to_owned());
        }
        not_ready
    }

    fn feed(&self, feed: &FeedShown) -> FeedStatus {
        self.metrics
            .queue(&format!("feed {}", feed.name))
            .set(feed.permits.taken() as i64);
        FeedStatus {
            name: feed.name.to_string(),
            address: feed.address.map(|address| address.to_string()),
            accepted: feed.counters.accepted.get(),
            refused: feed.counters.refused(),
            dropped: feed.counters.dropped.get(),
            overflown: feed.counters.overflown.get(),
            waiting: feed.permits.taken() as u64,
            has_ended: feed.counters.has_ended(),
        }
    }

    /// Brings the metrics up to what a partner gave.
    fn count_items(&mut self, partner: &Arc<str>, counts: &PartnerCounts) {
        let shown = self.items.entry(partner.clone()).or_default();
        for (at, kind) in KINDS.iter().enumerate() {
            self.metrics.items(partner, kind).inc_by(counts.items[at] - shown[at]);
        }
        *shown = counts.items;
    }

    fn partners(&mut self, core: &View<'_>) -> Vec<PartnerStatus> {
        let mut partners = Vec::new();
        for partner in core.exchange.partners.iter() {
            let name = &partner.owner;
            let counts = core.counts.get(name).copied().unwrap_or_default();
            self.count_items(name, &counts);
            let missing = partner.head.saturating_sub(partner.contiguous);
            let unacknowledged = partner.sequence.saturating_sub(partner.acknowledged);
            self.metrics.gaps(name).set(missing as i64);
            self.metrics.unacknowledged(name).set(unacknowledged as i64);
            if let Some(clock) = partner.clock {
                self.metrics.clock_offset(name).set(clock.offset_s);
                self.metrics.clock_error(name).set(clock.error_s);
            }
            let duplicates = core.duplicates.get(name).copied().unwrap_or(0);
            let (agreed, differed, difference) = self.found.get(name).cloned().unwrap_or_default();
            partners.push(PartnerStatus {
                name: name.to_string(),
                is_up: partner.is_up,
                not_believed: core.doubts.get(name).cloned(),
                frames_sent: partner.sequence,
                last_frame: partner.sent_at.map(|sent| sent.to_string()),
                frames_acknowledged: partner.acknowledged,
                frames_received: partner.contiguous,
                items_received: counts.items.iter().sum(),
                plots_received: counts.plots(),
                duplicates,
                missing,
                rejected: counts.rejected + core.rejected.get(name).copied().unwrap_or(0),
                not_sent: core.not_sent.get(name).copied().unwrap_or(0),
                clock_offset_s: partner.clock.map(|clock| clock.offset_s),
                clock_error_s: partner.clock.map(|clock| clock.error_s),
                is_clock_off: partner
                    .clock
                    .is_some_and(|clock| clock.offset_s.abs() > self.offset_max_s),
                digests_agreed: agreed,
                digests_differed: differed,
                difference,
            });
        }
        partners
    }

    fn latency(&self, hop: Hop) -> Option<LatencyStatus> {
        let latencies = &self.hops[hop as usize];
        Some(LatencyStatus {
            hop: hop.name().to_owned(),
            count: latencies.count(),
            p50: latencies.quantile_ms(0.5)?,
            p99: latencies.quantile_ms(0.99)?,
            max: latencies.max_ms(),
        })
    }
}

/// What of the thread the status needs.
pub(super) struct View<'a> {
    owner: &'a Arc<str>,
    exercise: bool,
    is_stopping: bool,
    exchange: share::exchange::Status,
    duplicates: BTreeMap<Arc<str>, u64>,
    rejected: BTreeMap<Arc<str>, u64>,
    not_sent: BTreeMap<Arc<str>, u64>,
    counts: &'a BTreeMap<Arc<str>, PartnerCounts>,
    engine: &'a crate::engine::worker::Board,
    engine_skipped: u64,
    plots_own: u64,
    undurable: usize,
    queues: [(&'static str, usize); 4],
    store: &'a StoreState,
    policy: &'a Policies,
    doubts: &'a BTreeMap<Arc<str>, String>,
    own_fault: Option<&'a str>,
}

impl Core {
    /// Makes the status anew, and brings the metrics up to it; so many plots wait to be decided.
    pub(super) fn show(&mut self, is_stopping: bool, plots: usize) {
        self.tallies.count_rejects(self.exchange.counts());
        let mut rejected: BTreeMap<Arc<str>, u64> = BTreeMap::new();
        for ((from, reason), count) in self.exchange.counts() {
            if let Some(from) = from.as_ref().filter(|_| *reason != Reason::Duplicate) {
                *rejected.entry(from.clone()).or_default() += count;
            }
        }
        let duplicates = self.exchange.counts().iter().filter_map(|((from, reason), count)| {
            let from = from.clone()?;
            (*reason == Reason::Duplicate).then_some((from, *count))
        });
        self.channels.values().for_each(Channel::show);
        let channels = self.channels.iter();
        let view = View {
            owner: &self.owner,
            exercise: self.exercise,
            is_stopping,
            exchange: self.exchange.status(),
            duplicates: duplicates.collect(),
            rejected,
            not_sent: channels
                .map(|(partner, channel)| (partner.clone(), channel.not_sent()))
                .collect(),
            counts: &self.state.counts,
            engine: &self.engine_board,
            engine_skipped: self.state.engine_skipped.load(Ordering::Relaxed),
            plots_own: self.state.plots_own,
            undurable: self.undurable(),
            queues: [
                ("events", std::mem::take(&mut self.state.events_found)),
                ("plots", plots),
                ("tracker", self.engine_board.waiting() as usize),
                ("undurable", self.undurable()),
            ],
            store: &self.state.store,
            policy: &self.state.policy,
            doubts: self.belief.doubts(),
            own_fault: self.belief.own_fault(),
        };
        let status = self.tallies.status(&view);
        self.tallies.board.publish(status);
    }
}
