//! How the drag coefficient changes with the Mach number.

use geo::math::exp;

/// The drag coefficient by Mach number, as a share of what `drag_m2pkg` of a [`Body`](crate::Body) stands for.
///
/// Monotone cubics (Fritsch and Carlson) through the rows, held at both ends. The named curves are shares of their own
/// value at the highest Mach number, so that `drag_m2pkg` is that of hypersonic flight.
#[derive(Clone, Debug, PartialEq)]
pub struct DragCurve {
    /// Mach number, share, slope.
    rows: Vec<(f64, f64, f64)>,
}

/// Why rows make no curve.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DragCurveError {
    /// There are no rows.
    #[error("a curve of drag needs a row")]
    Empty,
    /// A Mach number or share is negative or not finite, or Mach numbers do not ascend.
    #[error("row {row}: share {share} at Mach {mach}; Mach numbers must ascend from 0, shares must not be negative")]
    Row {
        /// Counted from 0.
        row: usize,
        /// Its Mach number.
        mach: f64,
        /// Its share.
        share: f64,
    },
}

impl DragCurve {
    /// Makes a curve of rows of Mach number and share, ascending. Errors: [`DragCurveError`].
    pub fn new(rows: &[(f64, f64)]) -> Result<Self, DragCurveError> {
        if rows.is_empty() {
            return Err(DragCurveError::Empty);
        }
        let mut before = f64::NEG_INFINITY;
        for (row, &(mach, share)) in rows.iter().enumerate() {
            let is_fine = mach.is_finite() && share.is_finite() && mach > before && mach >= 0.0 && share >= 0.0;
            if !is_fine {
                return Err(DragCurveError::Row { row, mach, share });
            }
            before = mach;
        }
        Ok(Self::of(rows))
    }

    fn of(rows: &[(f64, f64)]) -> Self {
        let slopes = (0..rows.len()).map(|i| slope(rows, i));
        let rows = rows
            .iter()
            .zip(slopes)
            .map(|(&(mach, share), slope)| (mach, share, slope));
        Self { rows: rows.collect() }
    }

    /// A finned rocket, axis along the flow. Source: Sutton, Rocket propulsion elements (7th edition, 2001), page 108,
    /// the V-2 without thrust: 0.15 up to Mach 0.8, 0.40 at 1.2, 0.25 at 1.8, 0.15 from Mach 5 on.
    pub fn rocket() -> Self {
        Self::of(&[(0.8, 1.0), (1.2, 0.40 / 0.15), (1.8, 0.25 / 0.15), (5.0, 1.0)])
    }

    /// A sphere, for pieces that tumble. Source: Carter, Jandir, Kress, Estimating the drag coefficients of meteorites
    /// for all Mach number regimes (2009), 40th Lunar and Planetary Science Conference; its formula at 16 Mach numbers.
    pub fn sphere() -> Self {
        const MACHS: [f64; 16] = [
            0.0, 0.2, 0.4, 0.6, 0.722, 0.8, 0.9, 1.0, 1.2, 1.4, 1.7, 2.0, 2.5, 3.0, 4.0, 6.0,
        ];
        let coefficient = |mach: f64| {
            if mach <= 0.722 {
                0.45 * mach * mach + 0.424
            } else {
                2.1 * exp(-1.2 * (mach + 0.35)) - 8.9 * exp(-2.2 * (mach + 0.35)) + 0.92
            }
        };
        Self::of(&MACHS.map(|mach| (mach, coefficient(mach) / coefficient(6.0))))
    }

    /// Returns the share at a Mach number.
    pub fn share(&self, mach: f64) -> f64 {
        let above = self.rows.partition_point(|row| row.0 <= mach);
        if above == 0 || above == self.rows.len() {
            // A curve has a row.
            return self.rows[above.saturating_sub(1)].1;
        }
        let ((x0, y0, m0), (x1, y1, m1)) = (self.rows[above - 1], self.rows[above]);
        let width = x1 - x0;
        let (u, rise) = ((mach - x0) / width, y1 - y0);
        let w = 1.0 - u;
        y0 + u * rise + u * w * ((m0 * width - rise) * w - (m1 * width - rise) * u)
    }
}

/// Slope at a row: the weighted harmonic mean of its neighbours, zero at peaks and at the ends.
fn slope(rows: &[(f64, f64)], i: usize) -> f64 {
    if i == 0 || i + 1 == rows.len() {
        return 0.0;
    }
    let (left, right) = (rows[i].0 - rows[i - 1].0, rows[i + 1].0 - rows[i].0);
    let (before, after) = ((rows[i].1 - rows[i - 1].1) / left, (rows[i + 1].1 - rows[i].1) / right);
    if before * after <= 0.0 {
        return 0.0;
    }
    let (w1, w2) = (2.0 * right + left, right + 2.0 * left);
    (w1 + w2) / (w1 / before + w2 / after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_points_are_met_and_nothing_overshoots() {
        let rocket = DragCurve::rocket();
        for (mach, coefficient) in [
            (0.0, 0.15),
            (0.8, 0.15),
            (1.2, 0.40),
            (1.8, 0.25),
            (5.0, 0.15),
            (20.0, 0.15),
        ] {
            assert!((rocket.share(mach) * 0.15 - coefficient).abs() < 1e-12, "{mach}");
        }
        let sphere = DragCurve::sphere();
        // The paper's formula between the rows.
        for (mach, coefficient) in [(0.3, 0.4645), (1.1, 0.9466), (5.0, 0.9237)] {
            let found = sphere.share(mach) * (sphere_at_6());
            assert!((found / coefficient - 1.0).abs() < 0.05, "{mach}: {found}");
        }
        for curve in [rocket, sphere] {
            let shares = (0..700).map(|i| curve.share(f64::from(i) * 0.01));
            assert!(shares.into_iter().all(|share| (0.4..2.67).contains(&share)));
        }
    }

    fn sphere_at_6() -> f64 {
        2.1 * exp(-1.2 * 6.35) - 8.9 * exp(-2.2 * 6.35) + 0.92
    }

    #[test]
    fn bad_rows_are_refused() {
        assert_eq!(DragCurve::new(&[]), Err(DragCurveError::Empty));
        for rows in [
            [(0.0, 1.0), (0.0, 1.0)],
            [(1.0, 1.0), (0.5, 1.0)],
            [(0.0, 1.0), (1.0, -1.0)],
            [(0.0, 1.0), (f64::NAN, 1.0)],
            [(0.0, 1.0), (1.0, f64::INFINITY)],
        ] {
            assert!(matches!(DragCurve::new(&rows), Err(DragCurveError::Row { row: 1, .. })));
        }
    }
}
