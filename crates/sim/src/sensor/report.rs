//! What objects say of themselves: ADS-B of aircraft, AIS of ships.

/// Transponders whose clock is wrong.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ClockFaults {
    /// Share of transponders, in [0, 1].
    pub share: f64,
    /// Standard deviation of their constant error.
    pub sigma_s: f64,
}

/// A receiver of ADS-B positions.
///
/// Positions are rounded to 5.1 m (compact position reporting, airborne), heights to 25 ft, speeds to 1 kt. Source:
/// RTCA DO-260B (2009), sections 2.2.3.2.3 and 2.2.3.2.6.
#[derive(Clone, Debug, PartialEq)]
pub struct AdsB {
    /// Mean time between positions that are kept (an aircraft sends two a second).
    pub period_s: f64,
    /// Probability that a position in view is received.
    pub probability: f64,
    /// Standard deviation of east and north each.
    pub position_sigma_m: f64,
    /// Standard deviation of the height.
    pub height_sigma_m: f64,
    /// Standard deviation of each component of velocity.
    pub velocity_sigma_mps: f64,
    /// Transponders whose clock is wrong.
    pub clock_faults: Option<ClockFaults>,
}

/// A receiver of AIS positions of ships with class A equipment.
///
/// Sent every 10 s, above 14 kt every 6 s, above 23 kt every 2 s, every 3 min when below 0.5 kt (turns are not sent
/// faster here); rounded to 1/10,000' and 0.1 kt. Source: Recommendation ITU-R M.1371-5 (2014), annex 1, table 1; annex
/// 8, message 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Ais {
    /// Probability that a position in view is received.
    pub probability: f64,
    /// Standard deviation of east and north each.
    pub position_sigma_m: f64,
    /// Height of the sea above the ellipsoid: AIS has no height.
    pub sea_height_m: f64,
    /// Standard deviation of that height.
    pub height_sigma_m: f64,
    /// Standard deviation of each component of velocity.
    pub velocity_sigma_mps: f64,
    /// Transponders whose clock is wrong.
    pub clock_faults: Option<ClockFaults>,
}
