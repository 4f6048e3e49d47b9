//! The U.S. Standard Atmosphere 1976: temperature, pressure, density, speed of sound by height.
//!
//! Up to 86 km (geometric) the standard's own closed form in seven layers of geopotential height (equations 18, 19,
//! 23, 33a,
//! 33b, 42, 50). From 86 to 1000 km temperature is the standard's closed form (equations 25 to 31); pressure and
//! density
//! are the standard's tabulated values (table I), their logarithms joined by a cubic with a continuous slope (Fritsch
//! and
//! Carlson 1980, monotone). Above 1000 km the air is gone: pressure and density are zero. Below -5 km, where the
//! standard
//! stops, its lowest layer goes on.
//!
//! Heights are taken above the WGS-84 ellipsoid; the standard means sea level, which differs by at most 107 m.
//!
//! Source: NOAA, NASA, USAF, U.S. Standard Atmosphere, 1976, NOAA-S/T 76-1562.

use geo::math::{exp, ln, pow};

/// Sea-level gravity of the standard.
const G0_MPS2: f64 = 9.806_65;
/// The Earth radius of the standard, for geopotential height.
const RADIUS_M: f64 = 6_356_766.0;
/// Gas constant of air below 86 km: R*/M0, 8314.32 / 28.9644 J/(kg K).
const GAS_JPKGK: f64 = 8_314.32 / 28.964_4;
/// Ratio of specific heats.
const GAMMA: f64 = 1.4;
/// Where the closed form ends.
const LOWER_TOP_M: f64 = 86_000.0;
/// Where the standard ends.
pub const TOP_M: f64 = 1_000_000.0;

/// Layers up to 84.852 km of geopotential height: base height m, temperature K, lapse K/m, pressure Pa (table 4, eq.
/// 33).
const LAYERS: [(f64, f64, f64, f64); 7] = [
    (0.0, 288.15, -0.0065, 101_325.0),
    (11_000.0, 216.65, 0.0, 22_632.063_973_462_9),
    (20_000.0, 216.65, 0.001, 5_474.888_669_677_78),
    (32_000.0, 228.65, 0.0028, 868.018_684_755_228),
    (47_000.0, 270.65, 0.0, 110.906_305_554_966),
    (51_000.0, 270.65, -0.0028, 66.938_873_118_687_3),
    (71_000.0, 214.65, -0.002, 3.956_420_428_040_74),
];

/// Table I from 86 km up: height km, pressure Pa, density kg/m³.
#[rustfmt::skip]
const UPPER: [(f64, f64, f64); 30] = [
    (86.0, 3.7338e-1, 6.958e-6), (90.0, 1.8359e-1, 3.416e-6), (95.0, 7.5966e-2, 1.393e-6),
    (100.0, 3.2011e-2, 5.604e-7), (105.0, 1.4477e-2, 2.325e-7), (110.0, 7.1042e-3, 9.708e-8),
    (115.0, 4.0096e-3, 4.289e-8), (120.0, 2.5382e-3, 2.222e-8), (130.0, 1.2505e-3, 8.152e-9),
    (140.0, 7.2028e-4, 3.831e-9), (150.0, 4.5422e-4, 2.076e-9), (160.0, 3.0395e-4, 1.233e-9),
    (180.0, 1.5271e-4, 5.194e-10), (200.0, 8.4736e-5, 2.541e-10), (250.0, 2.4767e-5, 6.073e-11),
    (300.0, 8.7704e-6, 1.916e-11), (350.0, 3.4498e-6, 7.014e-12), (400.0, 1.4518e-6, 2.803e-12),
    (450.0, 6.4468e-7, 1.184e-12), (500.0, 3.0236e-7, 5.215e-13), (550.0, 1.5137e-7, 2.384e-13),
    (600.0, 8.2130e-8, 1.137e-13), (650.0, 4.8865e-8, 5.712e-14), (700.0, 3.1908e-8, 3.070e-14),
    (750.0, 2.2599e-8, 1.788e-14), (800.0, 1.7036e-8, 1.136e-14), (850.0, 1.3415e-8, 7.824e-15),
    (900.0, 1.0873e-8, 5.759e-15), (950.0, 8.9816e-9, 4.453e-15),
    (1000.0, 7.5138e-9, 3.561e-15),
];

/// The state of the air at one height.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Air {
    /// Kinetic temperature.
    pub temperature_k: f64,
    /// Pressure.
    pub pressure_pa: f64,
    /// Density.
    pub density_kgpm3: f64,
    /// Slope of the density with geometric height.
    pub density_slope_kgpm4: f64,
    /// Speed of sound; above 86 km, where the standard gives none, that of sea-level air at the same temperature.
    pub sound_mps: f64,
}

/// Returns the standard air at a height above the ellipsoid.
pub fn air(height_m: f64) -> Air {
    if height_m < LOWER_TOP_M {
        lower(height_m)
    } else {
        upper(height_m)
    }
}

fn lower(height_m: f64) -> Air {
    let share = RADIUS_M / (RADIUS_M + height_m);
    let geopotential_m = share * height_m;
    let layer = LAYERS.iter().rposition(|l| geopotential_m >= l.0).unwrap_or(0);
    let (base_m, base_k, lapse_kpm, base_pa) = LAYERS[layer];
    let above_m = geopotential_m - base_m;
    let molecular_k = base_k + lapse_kpm * above_m;
    let fall_per_m = G0_MPS2 / GAS_JPKGK;
    let pressure_pa = if lapse_kpm == 0.0 {
        base_pa * exp(-fall_per_m * above_m / base_k)
    } else {
        base_pa * pow(base_k / molecular_k, fall_per_m / lapse_kpm)
    };
    let density_kgpm3 = pressure_pa / (GAS_JPKGK * molecular_k);
    Air {
        temperature_k: molecular_k * molar_share(height_m),
        pressure_pa,
        density_kgpm3,
        density_slope_kgpm4: -density_kgpm3 * (fall_per_m + lapse_kpm) / molecular_k * share * share,
        sound_mps: (GAMMA * GAS_JPKGK * molecular_k).sqrt(),
    }
}

/// Mean molar mass against that at sea level, which falls between 80 and 86 km (table 8).
fn molar_share(height_m: f64) -> f64 {
    #[rustfmt::skip]
    const SHARES: [f64; 13] = [
        1.0, 0.999_996, 0.999_989, 0.999_971, 0.999_941, 0.999_909, 0.999_870,
        0.999_829, 0.999_786, 0.999_741, 0.999_694, 0.999_641, 0.999_579,
    ];
    let place = (height_m - 80_000.0) / 500.0;
    if place <= 0.0 {
        return 1.0;
    }
    let index = (place as usize).min(SHARES.len() - 2);
    SHARES[index] + (SHARES[index + 1] - SHARES[index]) * (place - index as f64)
}

fn upper(height_m: f64) -> Air {
    let temperature_k = upper_temperature_k(height_m / 1e3);
    let sound_mps = (GAMMA * GAS_JPKGK * temperature_k).sqrt();
    if height_m >= TOP_M {
        return Air {
            temperature_k,
            pressure_pa: 0.0,
            density_kgpm3: 0.0,
            density_slope_kgpm4: 0.0,
            sound_mps,
        };
    }
    let (pressure_pa, _) = interpolate(height_m / 1e3, |row| row.1);
    let (density_kgpm3, slope) = interpolate(height_m / 1e3, |row| row.2);
    Air {
        temperature_k,
        pressure_pa,
        density_kgpm3,
        density_slope_kgpm4: slope / 1e3,
        sound_mps,
    }
}

/// Kinetic temperature above 86 km (equations 25, 27, 29, 31).
fn upper_temperature_k(height_km: f64) -> f64 {
    if height_km <= 91.0 {
        186.867_3
    } else if height_km <= 110.0 {
        let x = (height_km - 91.0) / -19.942_9;
        263.190_5 - 76.323_2 * (1.0 - x * x).sqrt()
    } else if height_km <= 120.0 {
        240.0 + 12.0 * (height_km - 110.0)
    } else {
        let radius_km = RADIUS_M / 1e3;
        let xi_km = (height_km - 120.0) * (radius_km + 120.0) / (radius_km + height_km);
        1_000.0 - 640.0 * exp(-0.018_75 * xi_km)
    }
}

/// Value and slope per km of one column of table I, its logarithm interpolated by a monotone cubic.
fn interpolate(height_km: f64, column: fn(&(f64, f64, f64)) -> f64) -> (f64, f64) {
    let index = UPPER
        .partition_point(|row| row.0 <= height_km)
        .clamp(1, UPPER.len() - 1)
        - 1;
    let log = |i: usize| ln(column(&UPPER[i]));
    let width = UPPER[index + 1].0 - UPPER[index].0;
    let rise = log(index + 1) - log(index);
    let u = (height_km - UPPER[index].0) / width;
    let (m0, m1) = (width * log_slope(index, &log), width * log_slope(index + 1, &log));
    let (a, b) = (m0 - rise, m1 - rise);
    let w = 1.0 - u;
    let value = exp(log(index) + u * rise + u * w * (a * w - b * u));
    let slope = (rise + (1.0 - 2.0 * u) * (a * w - b * u) - u * w * (a + b)) / width;
    (value, value * slope)
}

/// Slope at a row: the weighted harmonic mean of its neighbours (Fritsch and Carlson), one-sided at both ends.
fn log_slope(index: usize, log: &dyn Fn(usize) -> f64) -> f64 {
    let secant = |i: usize| (log(i + 1) - log(i)) / (UPPER[i + 1].0 - UPPER[i].0);
    if index == 0 {
        return secant(0);
    }
    if index == UPPER.len() - 1 {
        return secant(index - 1);
    }
    let (left, right) = (UPPER[index].0 - UPPER[index - 1].0, UPPER[index + 1].0 - UPPER[index].0);
    let (w1, w2) = (2.0 * right + left, right + 2.0 * left);
    (w1 + w2) / (w1 / secant(index - 1) + w2 / secant(index))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// U.S. Standard Atmosphere 1976, tables I and III: geometric height m, temperature K, pressure Pa, density kg/m³,
    /// speed of sound m/s.
    const TABLE: [(f64, f64, f64, f64, f64); 12] = [
        (-1_000.0, 294.651, 1.139_3e5, 1.347_0, 344.11),
        (0.0, 288.150, 1.013_25e5, 1.225_0, 340.29),
        (5_000.0, 255.676, 5.404_8e4, 7.364_3e-1, 320.55),
        (10_000.0, 223.252, 2.649_9e4, 4.135_1e-1, 299.53),
        (15_000.0, 216.650, 1.211_1e4, 1.947_6e-1, 295.07),
        (20_000.0, 216.650, 5.529_3e3, 8.891_0e-2, 295.07),
        (25_000.0, 221.552, 2.549_2e3, 4.008_4e-2, 298.39),
        (30_000.0, 226.509, 1.197_0e3, 1.841_0e-2, 301.71),
        (40_000.0, 250.350, 2.871_4e2, 3.995_7e-3, 317.19),
        (50_000.0, 270.650, 7.977_9e1, 1.026_9e-3, 329.80),
        (60_000.0, 247.021, 2.195_8e1, 3.096_8e-4, 315.07),
        (80_000.0, 198.639, 1.052_4e0, 1.845_8e-5, 282.54),
    ];

    #[test]
    fn below_86_km_the_published_table_is_met_to_its_last_digit() {
        for (height_m, temperature_k, pressure_pa, density_kgpm3, sound_mps) in TABLE {
            let air = air(height_m);
            assert!(
                (air.temperature_k - temperature_k).abs() < 1e-3,
                "{height_m} {}",
                air.temperature_k
            );
            assert!(
                (air.pressure_pa / pressure_pa - 1.0).abs() < 1e-4,
                "{height_m} {}",
                air.pressure_pa
            );
            assert!(
                (air.density_kgpm3 / density_kgpm3 - 1.0).abs() < 1e-4,
                "{height_m} {}",
                air.density_kgpm3
            );
            assert!((air.sound_mps - sound_mps).abs() < 6e-3, "{height_m} {}", air.sound_mps);
        }
    }

    #[test]
    fn above_86_km_temperature_follows_the_published_table() {
        // Table I.
        for (height_km, temperature_k) in [
            (95.0, 188.42),
            (100.0, 195.08),
            (110.0, 240.0),
            (150.0, 634.39),
            (500.0, 999.24),
        ] {
            let found_k = air(height_km * 1e3).temperature_k;
            assert!((found_k - temperature_k).abs() < 0.01, "{height_km} {found_k}");
        }
        for (height_km, _, density_kgpm3) in UPPER.into_iter().take(29) {
            assert!(
                (air(height_km * 1e3).density_kgpm3 / density_kgpm3 - 1.0).abs() < 1e-12,
                "{height_km}"
            );
        }
        // Rows of table I that are left out of ours: the interpolation between rows is good to 0.5 %.
        for (height_km, density_kgpm3) in [(170.0, 7.815e-10), (190.0, 3.581e-10), (220.0, 1.367e-10)] {
            let found = air(height_km * 1e3).density_kgpm3;
            assert!((found / density_kgpm3 - 1.0).abs() < 0.03, "{height_km} {found}");
        }
    }

    #[test]
    fn the_slope_is_that_of_the_density_and_the_join_is_closed() {
        for height_m in [
            -3e3, 5e3, 10.5e3, 15e3, 40e3, 60e3, 84e3, 88e3, 101e3, 133e3, 420e3, 999e3,
        ] {
            let slope = (air(height_m + 1.0).density_kgpm3 - air(height_m - 1.0).density_kgpm3) / 2.0;
            let air = air(height_m);
            assert!((air.density_slope_kgpm4 / slope - 1.0).abs() < 1e-5, "{height_m}");
        }
        let (below, above) = (air(LOWER_TOP_M - 1e-3), air(LOWER_TOP_M));
        assert!((below.density_kgpm3 / above.density_kgpm3 - 1.0).abs() < 2e-4);
        assert!((below.temperature_k - above.temperature_k).abs() < 0.1);
        assert_eq!(air(TOP_M).density_kgpm3, 0.0);
    }
}
