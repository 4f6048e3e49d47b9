//! What all stations report of all objects in a span of time, drawn with a seed.

use geo::Time;
use plot::Plot;

use super::bias::{BiasTruth, Errors};
use super::{Station, dwell, transmission};
use crate::Truth;

/// What was reported, when it arrived, and the errors behind it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// In order of stated time, then of sensor name.
    pub plots: Vec<Plot>,
    /// When each plot arrived, by true time, in the same order.
    pub delivered: Vec<Time>,
    /// The constant errors of each station, in the order of the stations.
    pub biases: Vec<BiasTruth>,
}

/// One plot and its arrival.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    pub(super) plot: Plot,
    pub(super) at: Time,
}

/// Returns what the stations report of the objects between two instants (of true time), their ends included.
///
/// The same arguments give the same bits on every machine. Streams of chance are named by station and object: another
/// station changes nothing of what the others report, another object only what cannot be told apart from it. Objects in
/// one resolution cell give one plot, at the mean of their places by signal; its `truth` is the strongest of them.
/// Sensors and objects each need a name of their own, and stations must pass [`Station::check`].
pub fn observe(truths: &[Truth], stations: &[Station], span: (Time, Time), seed: u64) -> Observed {
    let mut deliveries = Vec::new();
    let mut biases = Vec::new();
    for station in stations {
        let errors = Errors::draw(station, span, seed);
        dwell::observe(truths, station, &errors, span, seed, &mut deliveries);
        transmission::observe(truths, station, &errors, span, seed, &mut deliveries);
        biases.push(errors.constant);
    }
    // Plots are large: order their places, then move each once.
    let mut order: Vec<usize> = (0..deliveries.len()).collect();
    order.sort_by(|a, b| {
        let key = |index: usize| (deliveries[index].plot.time, &deliveries[index].plot.sensor, index);
        key(*a).cmp(&key(*b))
    });
    let mut places: Vec<Option<Delivery>> = deliveries.into_iter().map(Some).collect();
    let sorted = order.into_iter().filter_map(|index| places[index].take());
    let (plots, delivered) = sorted.map(|delivery| (delivery.plot, delivery.at)).unzip();
    Observed {
        plots,
        delivered,
        biases,
    }
}
