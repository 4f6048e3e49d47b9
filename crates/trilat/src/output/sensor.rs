//! One sensor's part in a path.

use serde::Serialize;

/// One sensor's part in the path of one object: what it gave, its constant errors, and how well it fits.
///
/// A bias is what has to be *subtracted* from the measurement. `None` (`null`) where the quantity is not measured or
/// the bias not estimated. The sigma of a bias says how well the fit knows it; the rms is of the residuals that were
/// used, bias removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SensorOutput {
    /// Its name.
    pub name: String,
    /// The organisation that runs it.
    pub owner: String,
    /// Its plots of this object, the rejected included.
    pub plots: usize,
    /// Plots rejected as outliers.
    pub rejected: usize,
    /// Bias in range.
    pub range_bias_m: Option<f64>,
    /// Standard deviation of that bias.
    pub range_bias_sigma_m: Option<f64>,
    /// Bias in azimuth.
    pub azimuth_bias_deg: Option<f64>,
    /// Standard deviation of that bias.
    pub azimuth_bias_sigma_deg: Option<f64>,
    /// Bias in elevation.
    pub elevation_bias_deg: Option<f64>,
    /// Standard deviation of that bias.
    pub elevation_bias_sigma_deg: Option<f64>,
    /// Bias in range rate.
    pub range_rate_bias_mps: Option<f64>,
    /// Standard deviation of that bias.
    pub range_rate_bias_sigma_mps: Option<f64>,
    /// Bias of its clock: positive when its times are late.
    pub time_bias_s: Option<f64>,
    /// Standard deviation of that bias.
    pub time_bias_sigma_s: Option<f64>,
    /// Root mean square of the range residuals.
    pub range_rms_m: Option<f64>,
    /// Root mean square of the azimuth residuals.
    pub azimuth_rms_deg: Option<f64>,
    /// Root mean square of the elevation residuals.
    pub elevation_rms_deg: Option<f64>,
    /// Root mean square of the range rate residuals.
    pub range_rate_rms_mps: Option<f64>,
    /// Root mean square of the residuals of stated positions, all directions.
    pub position_rms_m: Option<f64>,
}

/// One measured quantity of one sensor, for tables.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct SensorRow {
    /// The quantity in words.
    pub name: &'static str,
    /// The unit of all three numbers.
    pub unit: &'static str,
    /// How many decimals are ever shown.
    pub decimals_max: usize,
    /// Constant error.
    pub bias: Option<f64>,
    /// Its standard deviation.
    pub bias_sigma: Option<f64>,
    /// Root mean square of the residuals.
    pub rms: Option<f64>,
}

impl SensorOutput {
    /// The quantities that have a bias or an rms, in the order of files.
    pub(crate) fn rows(&self) -> impl Iterator<Item = SensorRow> {
        let row = |name, unit, decimals_max, bias, bias_sigma, rms| SensorRow {
            name,
            unit,
            decimals_max,
            bias,
            bias_sigma,
            rms,
        };
        [
            row(
                "range",
                "m",
                1,
                self.range_bias_m,
                self.range_bias_sigma_m,
                self.range_rms_m,
            ),
            row(
                "azimuth",
                "°",
                4,
                self.azimuth_bias_deg,
                self.azimuth_bias_sigma_deg,
                self.azimuth_rms_deg,
            ),
            row(
                "elevation",
                "°",
                4,
                self.elevation_bias_deg,
                self.elevation_bias_sigma_deg,
                self.elevation_rms_deg,
            ),
            row(
                "range rate",
                "m/s",
                2,
                self.range_rate_bias_mps,
                self.range_rate_bias_sigma_mps,
                self.range_rate_rms_mps,
            ),
            row("clock", "s", 3, self.time_bias_s, self.time_bias_sigma_s, None),
            row("position", "m", 1, None, None, self.position_rms_m),
        ]
        .into_iter()
        .filter(|row| row.bias.is_some() || row.rms.is_some())
    }
}
