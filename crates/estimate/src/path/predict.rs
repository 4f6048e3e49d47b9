//! What a sensor would measure of a path, and how that changes with the parameters.

use geo::math::exp;
use geo::{State, Time};
use nalgebra::{RowVector6, SMatrix, SVector, Vector6};
use plot::Sensor;

use super::arc::Arc;
use super::look::{Channel, Look};
use super::parameter::DYNAMIC;
use crate::sensor::{Refraction, linearize_polar, predict_polar};

/// Speed of light.
const LIGHT_MPS: f64 = 299_792_458.0;

/// How measurements are modelled.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Predictor {
    /// Exponential refractivity is that at sea level, see [`Predictor::refraction_at`].
    pub refraction: Refraction,
    /// Whether plots carry the time of arrival at the sensor, not that of reflection at the object.
    pub is_time_of_reception: bool,
    /// What the object itself adds to each range.
    pub transponder_m: f64,
}

/// The scalars one look could observe, with their derivatives.
pub(crate) struct Prediction {
    values: [f64; Channel::ALL.len()],
    by_state: [RowVector6<f64>; Channel::ALL.len()],
    partials: SMatrix<f64, 6, DYNAMIC>,
    state: Vector6<f64>,
    acceleration_mps2: [f64; 3],
}

impl Predictor {
    /// Refraction at a sensor: the air is thinner where it stands high.
    fn refraction_at(&self, sensor: &Sensor) -> Refraction {
        match self.refraction {
            Refraction::Exponential {
                surface_refractivity,
                scale_height_m,
            } => Refraction::Exponential {
                surface_refractivity: surface_refractivity * exp(-sensor.site.geodetic().height_m / scale_height_m),
                scale_height_m,
            },
            other => other,
        }
    }

    /// When the object was where a look saw it; `clock_s` is how far the sensor's clock is ahead.
    fn seen_at(&self, arc: &Arc, sensor: &Sensor, look: &Look, clock_s: f64) -> Time {
        let time = look.time + -clock_s;
        if !self.is_time_of_reception {
            return time;
        }
        // Two-way ranging: the two ways turn the Earth by equal parts, so the delay is all that remains.
        let far_m = (arc.state(time).fixed_rows::<3>(0) - sensor.site.origin().vector()).norm();
        time + -far_m / LIGHT_MPS
    }

    /// Predicts the values alone, by channel; `clock_s` is how far the sensor's clock is ahead.
    pub fn values(&self, arc: &Arc, sensor: &Sensor, look: &Look, clock_s: f64) -> [f64; Channel::ALL.len()] {
        let state = State::from_vector(&arc.state(self.seen_at(arc, sensor, look, clock_s)));
        let mut values = [0.0; Channel::ALL.len()];
        match &look.place {
            None => {
                let polar = predict_polar(&sensor.site, &state, &self.refraction_at(sensor)).to_vector();
                values[..4].copy_from_slice(polar.as_slice());
                values[Channel::Range.index()] += self.transponder_m;
            }
            Some(place) => values[4..].copy_from_slice(&place.to_enu(state.position).to_array()),
        }
        values
    }

    /// Predicts a look with its derivatives; `clock_s` is how far the sensor's clock is ahead.
    pub fn predict(&self, arc: &Arc, sensor: &Sensor, look: &Look, clock_s: f64) -> Prediction {
        let time = self.seen_at(arc, sensor, look, clock_s);
        let (state, partials) = arc.at(time);
        let mut prediction = Prediction {
            values: [0.0; Channel::ALL.len()],
            by_state: [RowVector6::zeros(); Channel::ALL.len()],
            partials,
            state,
            acceleration_mps2: match look.item(Channel::RangeRate) {
                Some(_) => acceleration(arc, time),
                None => [0.0; 3],
            },
        };
        match &look.place {
            None => {
                // A path through the radar itself has no direction: the rows stay 0 and say nothing.
                if let Ok((polar, rows)) =
                    linearize_polar(&sensor.site, &State::from_vector(&state), &self.refraction_at(sensor))
                {
                    for (i, value) in polar.to_vector().iter().enumerate() {
                        prediction.values[i] = *value;
                        prediction.by_state[i] = rows.row(i).into();
                    }
                    prediction.values[Channel::Range.index()] += self.transponder_m;
                }
            }
            Some(place) => {
                let enu = place.to_enu(State::from_vector(&state).position).vector();
                for i in 0..3 {
                    let channel = Channel::East.index() + i;
                    prediction.values[channel] = enu[i];
                    prediction.by_state[channel]
                        .fixed_columns_mut::<3>(0)
                        .copy_from(&place.enu_from_ecef().row(i));
                }
            }
        }
        prediction
    }
}

/// Acceleration in ECEF by the slope of the velocity.
fn acceleration(arc: &Arc, time: Time) -> [f64; 3] {
    const STEP_S: f64 = 0.25;
    let difference = (arc.state(time + STEP_S) - arc.state(time + -STEP_S)) / (2.0 * STEP_S);
    [difference[3], difference[4], difference[5]]
}

impl Prediction {
    /// The predicted scalar, without bias.
    pub fn value(&self, channel: Channel) -> f64 {
        self.values[channel.index()]
    }

    /// Its derivative by the object's parameters (14).
    pub fn partials(&self, channel: Channel) -> SVector<f64, DYNAMIC> {
        (self.by_state[channel.index()] * self.partials).transpose()
    }

    /// Its rate of change along the path, per second.
    pub fn rate(&self, channel: Channel) -> f64 {
        let h = &self.by_state[channel.index()];
        (0..3)
            .map(|i| h[i] * self.state[3 + i] + h[3 + i] * self.acceleration_mps2[i])
            .sum()
    }
}
