//! What the tests share: scenarios that come with `sim`, as plots.

use plot::{Plot, Sensors};
use sim::Truth;
use sim::scenario::{read_scenario, shipped};
use sim::sensor::observe;

/// Plots, sensors and truth of a shipped scenario, by the figures of an authority where one is named.
pub fn simulated(name: &str, authority: Option<&str>, seed: u64) -> (Vec<Plot>, Sensors, Vec<Truth>) {
    let file = shipped().iter().find(|file| file.name == name).unwrap();
    let mut scenario = read_scenario(file.text, file.name).unwrap();
    if let Some(authority) = authority {
        scenario = scenario.with_authority(authority).unwrap();
    }
    let truths = scenario.fly(seed).unwrap();
    let observed = observe(&truths, &scenario.stations, scenario.span, seed);
    let mut sensors = Sensors::default();
    for station in &scenario.stations {
        sensors.insert(station.sensor.clone()).unwrap();
    }
    (observed.plots, sensors, truths)
}
