//! Where the plots of a feed are judged, counted, and handed to the node.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};

use geo::Time;
use plot::{Plot, Sensors};
use prometheus_client::metrics::counter::Counter;
use wire::Reason;
use wire::asterix::{FaultReason, Sources};

use super::{Permits, Stop};
use crate::clock::{NodeClock, steady_ns};
use crate::log::Repeats;
use crate::metrics::Metrics;
use crate::run::Event;

/// A plot that a feed brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Fed {
    /// Which feed, by its place in the configuration.
    pub feed: usize,
    /// The plot.
    pub plot: Plot,
    /// When it was read, by the steady clock.
    pub at_ns: i64,
}

/// What is known of sensors before any plot.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The names of this owner's sensors.
    own: HashSet<Arc<str>>,
    /// The names of other owners' sensors.
    others: HashSet<Arc<str>>,
    /// Which sensor stands for which source of ASTERIX.
    pub sources: Sources,
}

impl Known {
    /// Sorts the sensors of a file by whose they are.
    pub fn of(sensors: &Sensors, owner: &str) -> Self {
        let (own, others): (Vec<_>, Vec<_>) = sensors.as_slice().iter().partition(|sensor| &*sensor.owner == owner);
        let names = |list: Vec<&plot::Sensor>| list.into_iter().map(|sensor| sensor.name.clone()).collect();
        Self {
            own: names(own),
            others: names(others),
            sources: Sources::of(sensors),
        }
    }
}

/// What one feed did, for metrics and status.
#[derive(Debug, Default)]
pub struct FeedCounters {
    /// Plots handed to the node.
    pub accepted: Counter,
    /// What was refused, by reason.
    refused: Mutex<HashMap<&'static str, Counter>>,
    /// Plots for which there was no room.
    pub dropped: Counter,
    /// Datagrams that the system threw away before they were read.
    pub overflown: Counter,
    /// Whether its input has ended.
    ended: AtomicBool,
}

impl FeedCounters {
    /// How many records were refused, whatever the reason.
    pub fn refused(&self) -> u64 {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.values().map(Counter::get).sum()
    }

    /// Whether its input has ended.
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }
}

/// The way from one feed into the node.
#[derive(Clone)]
pub struct Intake {
    /// The feed's name.
    pub name: Arc<str>,
    pub(super) feed: usize,
    pub(super) known: Arc<Known>,
    pub(super) clock: NodeClock,
    pub(super) permits: Arc<Permits>,
    pub(super) to: SyncSender<Event>,
    pub(super) counters: Arc<FeedCounters>,
    pub(super) metrics: Metrics,
    pub(super) repeats: Arc<Mutex<Repeats>>,
}

impl Intake {
    /// Makes the way of one feed, by its place in the configuration.
    pub fn new(
        (feed, name): (usize, Arc<str>),
        known: Arc<Known>,
        clock: NodeClock,
        permits: Arc<Permits>,
        to: SyncSender<Event>,
        metrics: Metrics,
    ) -> Self {
        let counters = Arc::new(FeedCounters {
            accepted: metrics.feed_plots(&name),
            dropped: metrics.feed_dropped(&name),
            overflown: metrics.feed_overflown(&name),
            ..FeedCounters::default()
        });
        Self {
            name,
            feed,
            known,
            clock,
            permits,
            to,
            counters,
            metrics,
            repeats: Arc::default(),
        }
    }

    /// What the feed did so far.
    pub fn counters(&self) -> &Arc<FeedCounters> {
        &self.counters
    }

    /// The node's time.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// Hands a plot over, or drops it where there is no room; it costs nothing else.
    pub fn offer(&self, plot: Plot) {
        if !self.permits.try_take() {
            return self.drop_one();
        }
        self.hand(plot);
    }

    /// Hands a plot over, waiting for room; returns false where it was told to stop before.
    pub fn wait(&self, plot: Plot, stop: &Stop) -> bool {
        if !self.permits.take(stop) {
            return false;
        }
        self.hand(plot)
    }

    /// Returns false where the node takes nothing any more.
    fn hand(&self, plot: Plot) -> bool {
        let fed = Fed {
            feed: self.feed,
            plot,
            at_ns: steady_ns(),
        };
        // There is room for all permits of all feeds; what links bring shares it, and gives it back soon.
        let sent = match self.to.try_send(Event::Plot(Box::new(fed))) {
            Ok(()) => true,
            Err(TrySendError::Full(event)) => self.to.send(event).is_ok(),
            Err(TrySendError::Disconnected(_)) => false,
        };
        if sent {
            self.counters.accepted.inc();
        } else {
            self.permits.give(1);
        }
        sent
    }

    /// Whether a plot is of a sensor of this owner; one that is not is refused, with the place where it stood.
    pub(super) fn is_own(&self, plot: &Plot, place: impl FnOnce() -> String) -> bool {
        if self.known.own.contains(&plot.sensor) {
            return true;
        }
        let sensor = &plot.sensor;
        if self.known.others.contains(sensor) {
            self.refuse("foreign_sensor", || {
                format!("{}: sensor {sensor:?} is of another owner", place())
            });
        } else {
            self.refuse("unknown_sensor", || {
                format!("{}: sensor {sensor:?} is not in the sensor file; add it there", place())
            });
        }
        false
    }

    fn drop_one(&self) {
        self.counters.dropped.inc();
        self.say("queue_full", || {
            format!(
                "{}: more plots than are rated, and no room for them: dropped",
                self.name
            )
        });
    }

    /// Counts datagrams that the system had no room for.
    pub(super) fn overflown(&self, count: u64) {
        if count > 0 {
            self.counters.overflown.inc_by(count);
            self.say("overflown", || {
                let advice = "raise net.core.rmem_max, or take load off this machine";
                format!(
                    "{}: the system threw {count} datagrams away unread: {advice}",
                    self.name
                )
            });
        }
    }

    /// Counts a record that was refused, and says why where it was not said lately.
    pub fn refuse(&self, reason: &'static str, words: impl FnOnce() -> String) {
        let mut refused = self.counters.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused
            .entry(reason)
            .or_insert_with(|| self.metrics.feed_refused(&self.name, reason))
            .inc();
        drop(refused);
        self.say(reason, words);
    }

    fn say(&self, reason: &'static str, words: impl FnOnce() -> String) {
        let mut repeats = self.repeats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = repeats.may_say(reason, steady_ns()) {
            tracing::warn!(feed = &*self.name, reason, repeated = before, "{}", words());
        }
    }

    /// Notes that the input has ended.
    pub(super) fn ended(&self) {
        self.counters.ended.store(true, Ordering::Release);
        tracing::info!(
            feed = &*self.name,
            plots = self.counters.accepted.get(),
            "the feed has ended"
        );
    }
}

/// The word of a reason, for metrics.
pub(super) fn word(reason: &Reason) -> &'static str {
    match reason {
        Reason::Limits(_) | Reason::AtLeast { .. } | Reason::Interval(_) => "limits",
        Reason::Time(_) => "time",
        Reason::Name | Reason::DuplicateSensor => "name",
        Reason::Kind(_) | Reason::OneOf(..) => "kind",
        Reason::NothingMeasured
        | Reason::PolarAndPosition
        | Reason::PositionWithout(_)
        | Reason::VelocityWithout(_)
        | Reason::VelocityAlone => "measurement",
        Reason::Cells { .. } | Reason::Quote => "cells",
        Reason::LineLength => "line_length",
        Reason::Utf8 => "utf8",
        Reason::SensorCount => "sensor_count",
        Reason::Syntax(_) => "syntax",
        Reason::UnknownKey { .. } | Reason::DuplicateKey | Reason::MissingKey(_) | Reason::KeyWithout(_) => "key",
    }
}

/// The word of a fault of ASTERIX, for metrics.
pub(super) fn fault_word(reason: &FaultReason) -> &'static str {
    match reason {
        FaultReason::NoBlock { .. } => "no_block",
        FaultReason::BlockTruncated { .. } => "block_truncated",
        FaultReason::Category => "category",
        FaultReason::FieldSpecification => "field_specification",
        FaultReason::Spare { .. } | FaultReason::Unassigned { .. } => "unassigned",
        FaultReason::ItemTruncated { .. } | FaultReason::ItemLength { .. } => "item",
        FaultReason::NoSource => "no_source",
        FaultReason::Capture(_) => "capture",
    }
}
