//! Sigmas as the plots show them, for sensors that state far smaller ones.
//!
//! A sensor that states a micrometre and scatters by twenty metres would have none of its plots near any path. The
//! scatter is that of second differences of neighbouring values, which a smooth flight hardly shows.

use plot::{Sensors, Sigmas};

use super::look::{Channel, Look};
use super::noise::median_by;

/// A stated sigma is not believed when the plots scatter by so many times more.
const FACTOR_MIN: f64 = 5.0;
/// Fewer values of one channel show no scatter.
const VALUES_MIN: usize = 8;
/// The median of absolute values of normal numbers times this is their standard deviation.
const SIGMA_PER_MAD: f64 = 1.482_602_218_505_602;

/// Looks and sensors with credible sigmas.
pub(super) struct Credible {
    pub looks: Vec<Look>,
    pub sensors: Sensors,
    /// What was not believed, in words.
    pub words: Vec<String>,
}

/// Lifts sigmas that the plots belie; `None` where there are none.
pub(super) fn credible(looks: &[Look], sensors: &Sensors) -> Option<Credible> {
    let mut looks = looks.to_vec();
    let mut lifted = Sensors::default();
    let mut words = Vec::new();
    for (index, sensor) in sensors.as_slice().iter().enumerate() {
        let mut sensor = sensor.clone();
        for channel in Channel::ALL {
            let Some((scatter, stated)) = scatter(&looks, index, channel) else {
                continue;
            };
            if scatter < FACTOR_MIN * stated {
                continue;
            }
            let items = looks
                .iter_mut()
                .filter(|look| look.sensor == index)
                .flat_map(|look| &mut look.items);
            for item in items.filter(|item| item.channel == channel) {
                item.sigma = item.sigma.max(scatter);
            }
            // What is not stated is taken from the looks.
            sensor.sigmas = Sigmas::default();
            words.push(format!(
                "{}: the sigma stated for its {} cannot be, its plots scatter about {:.0} times more; that was used",
                sensor.name,
                channel.name(),
                scatter / stated
            ));
        }
        // The names were unique before.
        lifted.insert(sensor).ok()?;
    }
    (!words.is_empty()).then_some(Credible {
        looks,
        sensors: lifted,
        words,
    })
}

/// How much a channel of a sensor scatters, at most its default sigma, and the median sigma stated.
fn scatter(looks: &[Look], sensor: usize, channel: Channel) -> Option<(f64, f64)> {
    let own = looks
        .iter()
        .filter(|look| look.sensor == sensor && look.place.is_none());
    let items: Vec<_> = own.filter_map(|look| look.item(channel)).collect();
    if items.len() < VALUES_MIN {
        return None;
    }
    let seconds: Vec<f64> = items
        .windows(3)
        .map(|w| channel.difference(w[2].value, w[1].value) - channel.difference(w[1].value, w[0].value))
        .collect();
    let scatter = SIGMA_PER_MAD * median_by(&seconds, f64::abs) / 6.0_f64.sqrt();
    let sigmas: Vec<f64> = items.iter().map(|item| item.sigma).collect();
    Some((scatter.min(channel.default_sigma()), median_by(&sigmas, |s| s)))
}
