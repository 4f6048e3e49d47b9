//! When a sensor looks where.

/// When a sensor looks where.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Schedule {
    /// The antenna turns clockwise and passes an object when it points there.
    Rotating {
        /// Time of one turn.
        period_s: f64,
    },
    /// A phased array searches, and comes back sooner to what it found.
    Phased {
        /// Time between looks at the same place in search.
        search_s: f64,
        /// Time between looks at an object that was detected.
        track_s: f64,
        /// After so many looks without detection it is searched for again.
        misses_max: u32,
    },
    /// The whole field of view at once.
    Staring {
        /// Time between frames.
        period_s: f64,
    },
}

impl Schedule {
    /// The time in which all of the coverage is looked at once.
    pub fn scan_s(&self) -> f64 {
        match *self {
            Self::Rotating { period_s } | Self::Staring { period_s } => period_s,
            Self::Phased { search_s, .. } => search_s,
        }
    }
}
