//! Where the unknown constant errors of each sensor stand behind the moving components of a state.

use plot::Sensor;

use crate::subset::Subset;

/// Moving components of every state: position, velocity, and what the motion model adds.
pub(crate) const MOVING: usize = 9;

/// Which constant error of a sensor.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Range = 0,
    Azimuth = 1,
    Elevation = 2,
    RangeRate = 3,
    Clock = 4,
}

/// The places of the constant errors of those sensors that belong to a subset of owners.
#[derive(Clone, Debug)]
pub(crate) struct Slots {
    places: Vec<Option<[Option<usize>; 5]>>,
    sigmas: Vec<f64>,
}

impl Slots {
    /// Gives a place to each bias that has a prior. `owners` holds each sensor's place in the list of owners.
    pub fn new(sensors: &[Sensor], owners: &[Option<usize>], subset: Subset) -> Self {
        let mut slots = Self {
            places: Vec::with_capacity(sensors.len()),
            sigmas: Vec::new(),
        };
        for (sensor, owner) in sensors.iter().zip(owners) {
            let is_in = owner.is_some_and(|owner| subset.contains(owner));
            slots.places.push(is_in.then(|| {
                let b = &sensor.bias_sigmas;
                let sigmas = [
                    b.range_m,
                    b.azimuth_rad,
                    b.elevation_rad,
                    b.range_rate_mps,
                    sensor.time_bias_sigma_s,
                ];
                sigmas.map(|sigma| {
                    sigma.filter(|sigma| *sigma > 0.0).map(|sigma| {
                        slots.sigmas.push(sigma);
                        MOVING + slots.sigmas.len() - 1
                    })
                })
            }));
        }
        slots
    }

    /// The place of one constant error, if it is unknown.
    pub fn place(&self, sensor: usize, kind: Kind) -> Option<usize> {
        (*self.places.get(sensor)?)?[kind as usize]
    }

    /// Moving components and biases together.
    pub fn size(&self) -> usize {
        MOVING + self.sigmas.len()
    }

    /// Prior standard deviations of the biases, in the order of their places.
    pub fn sigmas(&self) -> &[f64] {
        &self.sigmas
    }
}
