//! The Earth's gravity in spherical harmonics to a chosen degree and order.
//!
//! Cunningham's recursion in Cartesian coordinates, fully normalised, has no singularity at the poles. The potential's
//! first
//! and second derivatives are such series again, one and two degrees higher, whose coefficients are made once: an
//! evaluation is one recursion and a few scalar products.
//!
//! Source: Montenbruck, Gill, Satellite orbits (2000), section 3.2.4 (equations 3.27 to 3.33); Cunningham (1970),
//! Celestial
//! Mechanics 2. Differs from them by normalising the recursion and the derivative coefficients.

use nalgebra::{Matrix3, Vector3};

/// Why a text is no field of gravity.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FieldError {
    /// A line has not four to six numbers, the first two whole.
    #[error("line {line}: expected `degree order C S`, as in `2 0 -0.484165371736e-03 0.0`")]
    Form {
        /// The line, from 1.
        line: usize,
    },
    /// The order exceeds the degree, or a coefficient is not finite.
    #[error("line {line}: degree {degree}, order {order}: order above degree, or a coefficient that is not finite")]
    Range {
        /// The line, from 1.
        line: usize,
        /// Degree read.
        degree: usize,
        /// Order read.
        order: usize,
    },
    /// The text does not reach the degree and order asked for.
    #[error("no coefficient of degree {degree} and order {order}")]
    Missing {
        /// Degree of the first that lacks.
        degree: usize,
        /// Its order.
        order: usize,
    },
    /// Order above degree, or a degree above 360.
    #[error("degree {degree} and order {order} asked for: the order must not exceed the degree, nor the degree 360")]
    Size {
        /// Degree asked for.
        degree: usize,
        /// Order asked for.
        order: usize,
    },
}

/// A series `Σ (C V + S W)` of degrees up to `degree`, normalised.
#[derive(Clone, Debug, PartialEq)]
struct Series {
    degree: usize,
    /// Coefficients (C, S) by degree, then order.
    coefficients: Vec<(f64, f64)>,
}

/// Where degree and order stand in a series.
const fn index(degree: usize, order: usize) -> usize {
    degree * (degree + 1) / 2 + order
}

impl Series {
    fn zeros(degree: usize) -> Self {
        Self {
            degree,
            coefficients: vec![(0.0, 0.0); index(degree, degree) + 1],
        }
    }

    fn add(&mut self, degree: usize, order: usize, c: f64, s: f64) {
        let place = &mut self.coefficients[index(degree, order)];
        place.0 += c;
        place.1 += s;
    }

    /// The three derivatives of the series, in units of 1/radius.
    fn derivatives(&self) -> [Self; 3] {
        let mut derivatives = [(); 3].map(|()| Self::zeros(self.degree + 1));
        for n in 0..=self.degree {
            for m in 0..=n {
                let (c, s) = self.coefficients[index(n, m)];
                let (nf, mf) = (n as f64, m as f64);
                let degrees = (2.0 * nf + 1.0) / (2.0 * nf + 3.0);
                let twice = |order: usize| if order == 0 { 1.0 } else { 2.0 };
                let [x, y, z] = &mut derivatives;
                let up = (degrees * twice(m) / twice(m + 1) * (nf + mf + 2.0) * (nf + mf + 1.0)).sqrt();
                let along = (degrees * (nf + mf + 1.0) * (nf - mf + 1.0)).sqrt();
                z.add(n + 1, m, -along * c, -along * s);
                if m == 0 {
                    x.add(n + 1, 1, -up * c, 0.0);
                    y.add(n + 1, 1, 0.0, -up * c);
                    continue;
                }
                let down = (degrees * twice(m) / twice(m - 1) * (nf - mf + 2.0) * (nf - mf + 1.0)).sqrt();
                x.add(n + 1, m + 1, -0.5 * up * c, -0.5 * up * s);
                x.add(n + 1, m - 1, 0.5 * down * c, 0.5 * down * s);
                y.add(n + 1, m + 1, 0.5 * up * s, -0.5 * up * c);
                y.add(n + 1, m - 1, 0.5 * down * s, -0.5 * down * c);
            }
        }
        derivatives
    }

    fn sum(&self, harmonics: &[(f64, f64)]) -> f64 {
        self.coefficients
            .iter()
            .zip(harmonics)
            .map(|((c, s), (v, w))| c * v + s * w)
            .sum()
    }
}

/// A field of gravity in spherical harmonics.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    gm_m3ps2: f64,
    radius_m: f64,
    degree: usize,
    order: usize,
    first: [Series; 3],
    /// xx, xy, xz, yy, yz, zz.
    second: [Series; 6],
    /// See [`factors`].
    factors: Vec<(f64, f64)>,
}

impl Field {
    /// Reads normalised coefficients, one `degree order C S [sigma C, sigma S]` a line, and keeps those up to the
    /// degree and
    /// order asked for.
    ///
    /// Mass and radius are those that belong to the coefficients: for EGM96 3.986004415e14 m³/s² and 6378136.3 m. The
    /// coefficient of degree 0 is 1 and those of degree 1 are 0, whether the text has them or not.
    ///
    /// Errors: see [`FieldError`].
    pub fn parse(text: &str, gm_m3ps2: f64, radius_m: f64, degree: usize, order: usize) -> Result<Self, FieldError> {
        if order > degree || degree > 360 {
            return Err(FieldError::Size { degree, order });
        }
        let mut potential = Series::zeros(degree);
        let mut found = vec![false; potential.coefficients.len()];
        for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let (n, m, c, s) = parse_line(line, i + 1)?;
            if (2..=degree).contains(&n) && m <= order {
                potential.coefficients[index(n, m)] = (c, s);
                found[index(n, m)] = true;
            }
        }
        for n in 2..=degree {
            if let Some(m) = (0..=n.min(order)).find(|m| !found[index(n, *m)]) {
                return Err(FieldError::Missing { degree: n, order: m });
            }
        }
        potential.coefficients[0] = (1.0, 0.0);
        let first = potential.derivatives();
        let [[xx, xy, xz], [_, yy, yz], [_, _, zz]] = [0, 1, 2].map(|i: usize| first[i].derivatives());
        Ok(Self {
            gm_m3ps2,
            radius_m,
            degree,
            order,
            first,
            second: [xx, xy, xz, yy, yz, zz],
            factors: factors(degree + 2),
        })
    }

    /// Degree and order kept.
    pub fn size(&self) -> (usize, usize) {
        (self.degree, self.order)
    }

    /// Returns the acceleration (3), m/s², at a position (3), m, both in axes fixed to the Earth.
    pub fn acceleration(&self, position_m: &Vector3<f64>) -> Vector3<f64> {
        let harmonics = self.harmonics(position_m, self.degree + 1);
        let scale = self.gm_m3ps2 / (self.radius_m * self.radius_m);
        Vector3::from_fn(|i, _| self.first[i].sum(&harmonics) * scale)
    }

    /// Returns the gradient of the acceleration (3×3), 1/s², in axes fixed to the Earth.
    pub fn gradient(&self, position_m: &Vector3<f64>) -> Matrix3<f64> {
        let harmonics = self.harmonics(position_m, self.degree + 2);
        let scale = self.gm_m3ps2 / (self.radius_m * self.radius_m * self.radius_m);
        let [xx, xy, xz, yy, yz, zz] = [0, 1, 2, 3, 4, 5].map(|i: usize| self.second[i].sum(&harmonics) * scale);
        Matrix3::new(xx, xy, xz, xy, yy, yz, xz, yz, zz)
    }

    /// The normalised functions V and W of all degrees and orders (equations 3.29 to 3.31), orders above ours left 0.
    fn harmonics(&self, position_m: &Vector3<f64>, degree: usize) -> Vec<(f64, f64)> {
        let order_max = self.order + degree - self.degree;
        let mut values = vec![(0.0, 0.0); index(degree, degree) + 1];
        let scaled = position_m * (self.radius_m / position_m.norm_squared());
        let ratio = self.radius_m / position_m.norm();
        values[0] = (ratio, 0.0);
        for m in 0..=order_max {
            if m > 0 {
                let (v, w) = values[index(m - 1, m - 1)];
                let factor = self.factors[index(m, m)].0;
                values[index(m, m)] = (
                    factor * (scaled.x * v - scaled.y * w),
                    factor * (scaled.x * w + scaled.y * v),
                );
            }
            for n in m + 1..=degree {
                let (along, back) = self.factors[index(n, m)];
                let (v1, w1) = values[index(n - 1, m)];
                let (mut v, mut w) = (along * scaled.z * v1, along * scaled.z * w1);
                if n > m + 1 {
                    let (v2, w2) = values[index(n - 2, m)];
                    let back = back * ratio * ratio;
                    v -= back * v2;
                    w -= back * w2;
                }
                values[index(n, m)] = (v, w);
            }
        }
        values
    }
}

/// The factors of the recursion up to a degree: from order to order where both are equal, else from the degree below
/// and from the one below that.
fn factors(degree: usize) -> Vec<(f64, f64)> {
    let mut factors = vec![(1.0, 0.0); index(degree, degree) + 1];
    for n in 1..=degree {
        let nf = n as f64;
        for m in 0..n {
            let mf = m as f64;
            let both = (nf - mf) * (nf + mf);
            let along = ((2.0 * nf + 1.0) * (2.0 * nf - 1.0) / both).sqrt();
            let back = if n > m + 1 {
                ((2.0 * nf + 1.0) * (nf + mf - 1.0) * (nf - mf - 1.0) / ((2.0 * nf - 3.0) * both)).sqrt()
            } else {
                0.0
            };
            factors[index(n, m)] = (along, back);
        }
        let first = if n == 1 { 2.0 } else { 1.0 };
        factors[index(n, n)] = ((first * (2.0 * nf + 1.0) / (2.0 * nf)).sqrt(), 0.0);
    }
    factors
}

fn parse_line(text: &str, line: usize) -> Result<(usize, usize, f64, f64), FieldError> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    if !(4..=6).contains(&words.len()) {
        return Err(FieldError::Form { line });
    }
    let whole = |word: &str| word.parse::<usize>().map_err(|_| FieldError::Form { line });
    let number = |word: &str| {
        word.replace(['d', 'D'], "e")
            .parse::<f64>()
            .map_err(|_| FieldError::Form { line })
    };
    let (degree, order) = (whole(words[0])?, whole(words[1])?);
    let (c, s) = (number(words[2])?, number(words[3])?);
    if order > degree || !c.is_finite() || !s.is_finite() {
        return Err(FieldError::Range { line, degree, order });
    }
    Ok((degree, order, c, s))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gravity::Zonal;

    /// The zonal field of [`Zonal::EARTH`], with terms of longitude as well if wanted.
    fn field(tesseral: f64) -> Field {
        let z = Zonal::EARTH;
        let text = format!(
            "2 0 {:e} 0\n2 1 0 0\n2 2 {:e} {:e} 1e-9 1e-9\n3 0 {:e} 0\n3 1 {:e} {:e}\n3 2 0 0\n3 3 0 {:e}\n4 0 {:e} 0\n\
             4 1 0 0\n4 2 0 0\n4 3 0 0\n4 4 {:e} 0\n",
            -z.j2 / 5.0_f64.sqrt(),
            tesseral,
            -0.6 * tesseral,
            -z.j3 / 7.0_f64.sqrt(),
            0.8 * tesseral,
            0.1 * tesseral,
            0.5 * tesseral,
            -z.j4 / 3.0,
            0.3 * tesseral,
        );
        Field::parse(&text, z.gm_m3ps2, z.radius_m, 4, 4).unwrap_or_else(|e| panic!("{e}"))
    }

    fn places() -> impl Iterator<Item = Vector3<f64>> {
        let axes = [0.0, 1.0, -0.7];
        axes.into_iter()
            .flat_map(move |x| {
                axes.into_iter()
                    .flat_map(move |y| axes.into_iter().map(move |z| (x, y, z)))
            })
            .map(|(x, y, z)| Vector3::new(x, y, z))
            .filter(|p| p.norm() > 0.5)
            .map(|p| p * 7e6)
    }

    #[test]
    fn zonal_terms_agree_with_the_closed_form() {
        let field = field(0.0);
        for place in places() {
            let (ours, closed) = (field.acceleration(&place), Zonal::EARTH.acceleration(&place));
            assert!((ours - closed).norm() < 1e-14 * closed.norm() + 1e-14, "{place}");
            let (ours, closed) = (field.gradient(&place), Zonal::EARTH.gradient(&place));
            assert!((ours - closed).norm() < 1e-14 * closed.norm(), "{place}");
        }
    }

    #[test]
    fn gradients_equal_central_differences_and_have_no_trace() {
        let field = field(2e-3);
        for place in places() {
            let gradient = field.gradient(&place);
            assert!(gradient.trace().abs() < 1e-13 * gradient.norm());
            for axis in 0..3 {
                let step = Vector3::from_fn(|i, _| if i == axis { 50.0 } else { 0.0 });
                let slope = (field.acceleration(&(place + step)) - field.acceleration(&(place - step))) / 100.0;
                assert!(
                    (slope - gradient.column(axis)).norm() < 1e-9 * gradient.norm(),
                    "{place} {axis}"
                );
            }
        }
    }

    #[test]
    fn a_malformed_text_is_refused_with_its_line() {
        for (text, error) in [
            ("", FieldError::Missing { degree: 2, order: 0 }),
            ("2 0 -4e-4\n", FieldError::Form { line: 1 }),
            ("\n2 x 0 0\n", FieldError::Form { line: 2 }),
            ("2 0 one 0\n", FieldError::Form { line: 1 }),
            (
                "2 3 0 0\n",
                FieldError::Range {
                    line: 1,
                    degree: 2,
                    order: 3,
                },
            ),
            (
                "2 0 NaN 0\n",
                FieldError::Range {
                    line: 1,
                    degree: 2,
                    order: 0,
                },
            ),
            ("2 0 0 0\n2 2 0 0\n", FieldError::Missing { degree: 2, order: 1 }),
        ] {
            assert_eq!(
                Field::parse(text, 3.986e14, 6.378e6, 2, 2).unwrap_err(),
                error,
                "{text:?}"
            );
        }
        assert_eq!(
            Field::parse("", 3.986e14, 6.378e6, 2, 3).unwrap_err(),
            FieldError::Size { degree: 2, order: 3 }
        );
    }
}
