//! One run: a flight, the radars that see it, and the plots until the cut-off.

use geo::Time;
use plot::{Plot, Sensors};

use crate::chance::Chance;
use crate::radar::Radar;
use crate::rocket::Rocket;

/// A flight with all that was reported of it.
pub struct Scene {
    pub rocket: Rocket,
    pub radars: Vec<Radar>,
    pub sensors: Sensors,
    pub plots: Vec<Plot>,
    pub until: Time,
}

/// Whole positions after burnout, below which a scene is drawn anew: there is no path to speak of.
const WHOLE_PLOTS_MIN: usize = 20;
/// The shortest time they may span.
const WHOLE_SPAN_MIN_S: f64 = 30.0;

impl Scene {
    /// Draws a scene; the same for the same seed.
    pub fn draw(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        loop {
            if let Some(scene) = Self::attempt(&mut chance) {
                return scene;
            }
        }
    }

    fn attempt(chance: &mut Chance) -> Option<Self> {
        let rocket = Rocket::draw(chance)?;
        let count = chance.one_of(&[1, 2, 3]);
        // In three of five the plots end in the coast, else with what the radars see.
        let coast_s = rocket.arrival.0 - rocket.burnout;
        let part = if chance.is(0.6) { chance.between(0.1, 0.7) } else { 1.0 };
        let until = rocket.burnout + part * coast_s;
        let wild_share = chance.between(0.0, 0.05);
        let radars: Vec<Radar> = (0..count).map(|number| Radar::draw(chance, &rocket, number)).collect();
        let mut sensors = Sensors::default();
        let mut plots = Vec::new();
        let mut has_path = false;
        for radar in &radars {
            sensors.insert(radar.sensor.clone()).ok()?;
            let own = radar.watch(chance, &rocket, until, wild_share);
            let coast: Vec<Time> = own
                .iter()
                .map(|plot| plot.time)
                .filter(|t| *t > rocket.burnout)
                .collect();
            if let (true, [first, .., last]) = (radar.is_whole(), coast.as_slice()) {
                has_path |= coast.len() >= WHOLE_PLOTS_MIN && *last - *first >= WHOLE_SPAN_MIN_S;
            }
            plots.extend(own);
        }
        has_path.then_some(Self {
            rocket,
            radars,
            sensors,
            plots,
            until,
        })
    }
}
