//! A plot made ready for all the filters of one run.

use estimate::sensor::{NotObservable, Reading, SensorModel, SensorOptions};
use estimate::with_observation;
use geo::{Aer, Time};
use nalgebra::{Matrix3, SMatrix, SVector, Vector3, Vector6};
use plot::{Measurement, Plot, Sensor};

use crate::slots::{Kind, Slots};

/// The most scalars of one plot.
pub(crate) const ROWS_MAX: usize = 6;

/// One plot.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    /// When it was measured.
    pub time: Time,
    /// When its owner had it.
    pub delivered: Time,
    /// Place of its sensor in the list.
    pub sensor: usize,
    /// Which object it came from: for scoring only.
    pub truth: Option<usize>,
    /// Where it says the object is, if it says that, with the standard deviation of the worst direction.
    pub place: Option<(Vector3<f64>, f64)>,
    reading: Reading,
    kinds: [Option<Kind>; ROWS_MAX],
}

/// A plot linearised about a state: `residual = jacobian · error of the state + biases + noise`.
pub(crate) struct Linear<const M: usize> {
    /// Measured minus expected, the biases believed so far taken off.
    pub residual: SVector<f64, M>,
    /// By position and velocity.
    pub jacobian: SMatrix<f64, M, 6>,
    /// Covariance of the noise.
    pub noise: SMatrix<f64, M, M>,
    /// Place of the constant error of each row.
    pub biases: [Option<usize>; M],
    /// Place of the constant error of the clock, with the rows' slopes by it.
    pub clock: Option<(usize, SVector<f64, M>)>,
}

/// Something to do with a linearised plot of whatever size.
pub(crate) trait UseLinear {
    type Output;
    fn with<const M: usize>(self, linear: &Linear<M>) -> Self::Output;
}

impl Sight {
    /// Makes a plot ready; `None` of one without a model (no sigma stated).
    pub fn new(plot: &Plot, delivered: Time, sensors: &[Sensor], truth: Option<usize>) -> Option<Self> {
        let index = sensors.iter().position(|sensor| sensor.name == plot.sensor)?;
        let sensor = &sensors[index];
        let reading = Reading::new(plot, sensor, &SensorOptions::default()).ok()?;
        let mut kinds = [None; ROWS_MAX];
        let mut place = None;
        match &plot.measurement {
            Measurement::Polar(polar) => {
                let measured = [
                    (polar.range_m, Kind::Range),
                    (polar.azimuth_rad, Kind::Azimuth),
                    (polar.elevation_rad, Kind::Elevation),
                    (polar.range_rate_mps, Kind::RangeRate),
                ];
                for (row, (_, kind)) in measured.iter().filter(|(value, _)| value.is_some()).enumerate() {
                    kinds[row] = Some(*kind);
                }
                if let (Some(range_m), Some(azimuth_rad), Some(elevation_rad)) =
                    (polar.range_m, polar.azimuth_rad, polar.elevation_rad)
                {
                    let aer = Aer {
                        azimuth_rad,
                        elevation_rad,
                        range_m,
                    };
                    let s = plot.sigmas.or(sensor.sigmas);
                    let angle_rad = s.azimuth_rad.unwrap_or(0.0).max(s.elevation_rad.unwrap_or(0.0));
                    let sigma_m = s.range_m.unwrap_or(0.0).max(range_m * angle_rad);
                    place = Some((sensor.site.from_aer(aer).vector(), sigma_m));
                }
            }
            Measurement::Position(fix) => {
                let s = plot.sigmas.or(sensor.sigmas);
                let sigma_m = s.position_m.unwrap_or(0.0).max(s.height_m.unwrap_or(0.0));
                place = Some((fix.geodetic.to_ecef().vector(), sigma_m));
            }
        }
        Some(Self {
            time: plot.time,
            delivered,
            sensor: index,
            truth,
            place,
            reading,
            kinds,
        })
    }

    /// Linearises about a state (6) and believed biases (by place, the whole mean). Errors: [`NotObservable`].
    pub fn linearize<U: UseLinear>(
        &self,
        state: &Vector6<f64>,
        mean: &[f64],
        slots: &Slots,
        user: U,
    ) -> Result<U::Output, NotObservable> {
        with_observation!(&self.reading, observation => {
            let (mut expected, jacobian) = observation.model.linearize(state)?;
            let biases = std::array::from_fn(|row| self.kinds[row].and_then(|kind| slots.place(self.sensor, kind)));
            for (row, place) in biases.iter().enumerate() {
                expected[row] += place.map_or(0.0, |place: usize| mean[place]);
            }
            let clock = match self.kinds[0] {
                Some(_) => slots.place(self.sensor, Kind::Clock),
                None => None,
            };
            let clock = clock.map(|place| {
                // The object was seen that much further back on its path.
                let slope = -(jacobian.fixed_columns::<3>(0) * state.fixed_rows::<3>(3));
                expected += slope * mean[place];
                (place, slope)
            });
            Ok(user.with(&Linear {
                residual: SensorModel::<6, _>::residual(&observation.model, &observation.measured, &expected),
                jacobian,
                noise: SensorModel::<6, _>::noise(&observation.model),
                biases,
                clock,
            }))
        })
    }

    /// Where this plot alone says the object is: covariance (3×3) of noise, and slopes (3×3) of the place by the three
    /// measured values; `None` of a plot that is no place.
    pub fn first(&self, slots: &Slots) -> Option<First> {
        struct Invert;
        impl UseLinear for Invert {
            type Output = Option<(Matrix3<f64>, Matrix3<f64>, [Option<usize>; 3])>;
            fn with<const M: usize>(self, linear: &Linear<M>) -> Self::Output {
                if M < 3 {
                    return None;
                }
                let by_position = Matrix3::from_fn(|row, column| linear.jacobian[(row, column)]);
                let noise = Matrix3::from_fn(|row, column| linear.noise[(row, column)]);
                let back = by_position.lu().solve(&Matrix3::identity())?;
                Some((back, noise, std::array::from_fn(|row| linear.biases[row])))
            }
        }
        let (place, _) = self.place?;
        let state = Vector6::new(place.x, place.y, place.z, 0.0, 0.0, 0.0);
        let nothing = vec![0.0; slots.size()];
        let (back, noise, biases) = self.linearize(&state, &nothing, slots, Invert).ok()??;
        Some(First {
            place,
            back,
            noise,
            biases,
        })
    }
}

/// What a first plot says.
pub(crate) struct First {
    /// ECEF.
    pub place: Vector3<f64>,
    /// Slopes of the place by the measured values.
    pub back: Matrix3<f64>,
    /// Covariance of the measured values.
    pub noise: Matrix3<f64>,
    /// Places of their constant errors.
    pub biases: [Option<usize>; 3],
}
