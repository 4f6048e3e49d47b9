//! The ASCII grid of Esri, which most elevation data can be had as.

use super::Grid;

/// Why a text is no grid.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GridError {
    /// A line of the head is missing.
    #[error("the head has no line `{key}`; an ASCII grid begins with ncols, nrows, xllcorner, yllcorner, cellsize")]
    Missing {
        /// The first word of the line.
        key: &'static str,
    },
    /// A value is no number, or not one that can stand there.
    #[error("line {line}: `{value}` is not {expected}")]
    Value {
        /// Counted from 1.
        line: usize,
        /// What stands there.
        value: String,
        /// What should.
        expected: &'static str,
    },
    /// There are not as many heights as the head says.
    #[error("the head says {rows} rows of {columns} heights, which is {}; there are {found}", rows * columns)]
    Count {
        /// `nrows`.
        rows: usize,
        /// `ncols`.
        columns: usize,
        /// Heights in the text.
        found: usize,
    },
    /// The head says what cannot be.
    #[error("{rows} rows of {columns} nodes every {step_deg} deg from latitude {south_deg} lie on no Earth")]
    Extent {
        /// `nrows`.
        rows: usize,
        /// `ncols`.
        columns: usize,
        /// `cellsize`.
        step_deg: f64,
        /// Latitude of the southernmost nodes.
        south_deg: f64,
    },
}

/// More rows or columns than this are refused.
const SIDE_MAX: usize = 1_000_000;

/// What the head of a file says.
#[derive(Default)]
struct Head {
    columns: Option<usize>,
    rows: Option<usize>,
    west_deg: Option<f64>,
    south_deg: Option<f64>,
    is_corner: [bool; 2],
    step_deg: Option<f64>,
    none: Option<f64>,
}

/// Reads an Esri ASCII grid in degrees of latitude and longitude; heights are taken as they stand.
///
/// Where the file has no height (`NODATA_value`), the ground is at 0 m unless [`Grid::with_outside`] says otherwise.
/// Errors: [`GridError`]. Source: Esri, ArcGIS Pro help, "Esri ASCII raster format".
pub fn read_ascii_grid(text: &str) -> Result<Grid, GridError> {
    let mut head = Head::default();
    let mut lines = text.lines().zip(1..).peekable();
    while let Some((row, line)) = lines.peek() {
        let mut words = row.split_whitespace();
        match (words.next(), words.next()) {
            (None, _) => {}
            (Some(key), value) if key.starts_with(|c: char| c.is_ascii_alphabetic()) && !is_number(key) => {
                head.read(key, value.unwrap_or_default(), *line)?;
            }
            _ => break,
        }
        lines.next();
    }
    let columns = head.columns.ok_or(GridError::Missing { key: "ncols" })?;
    let rows = head.rows.ok_or(GridError::Missing { key: "nrows" })?;
    let west_deg = head.west_deg.ok_or(GridError::Missing { key: "xllcorner" })?;
    let south_deg = head.south_deg.ok_or(GridError::Missing { key: "yllcorner" })?;
    let step_deg = head.step_deg.ok_or(GridError::Missing { key: "cellsize" })?;
    // A head may promise more than the text holds: at least two characters a height.
    let mut from_north = Vec::with_capacity((rows * columns).min(text.len() / 2 + 1));
    for (row, line) in lines {
        for word in row.split_whitespace() {
            let height_m = number(word, line, "a height in metres")?;
            let is_none = head.none == Some(height_m);
            from_north.push(if is_none { f64::NAN } else { height_m });
        }
    }
    let found = from_north.len();
    if found != rows * columns {
        return Err(GridError::Count { rows, columns, found });
    }
    let heights_m: Vec<f64> = from_north.chunks(columns).rev().flatten().copied().collect();
    // A corner is that of a cell; the height stands at its centre.
    let half = |is_corner: bool| if is_corner { 0.5 * step_deg } else { 0.0 };
    let (west_deg, south_deg) = (west_deg + half(head.is_corner[0]), south_deg + half(head.is_corner[1]));
    Grid::new(south_deg, west_deg, step_deg, columns, heights_m).ok_or(GridError::Extent {
        rows,
        columns,
        step_deg,
        south_deg,
    })
}

impl Head {
    fn read(&mut self, key: &str, value: &str, line: usize) -> Result<(), GridError> {
        let degrees = || number(value, line, "a number of degrees");
        match key.to_ascii_lowercase().as_str() {
            "ncols" => self.columns = Some(count(value, line)?),
            "nrows" => self.rows = Some(count(value, line)?),
            "xllcorner" => (self.west_deg, self.is_corner[0]) = (Some(degrees()?), true),
            "xllcenter" => self.west_deg = Some(degrees()?),
            "yllcorner" => (self.south_deg, self.is_corner[1]) = (Some(degrees()?), true),
            "yllcenter" => self.south_deg = Some(degrees()?),
            "cellsize" => self.step_deg = Some(degrees()?),
            "nodata_value" => self.none = Some(number(value, line, "a height in metres")?),
            _ => {
                return Err(GridError::Value {
                    line,
                    value: key.to_owned(),
                    expected: "ncols, nrows, xllcorner, xllcenter, yllcorner, yllcenter, cellsize or NODATA_value",
                });
            }
        }
        Ok(())
    }
}

fn is_number(word: &str) -> bool {
    word.parse::<f64>().is_ok()
}

fn number(word: &str, line: usize, expected: &'static str) -> Result<f64, GridError> {
    let value = word.parse::<f64>().ok().filter(|x| x.is_finite());
    value.ok_or_else(|| GridError::Value {
        line,
        value: word.to_owned(),
        expected,
    })
}

fn count(word: &str, line: usize) -> Result<usize, GridError> {
    let value = word.parse::<usize>().ok().filter(|n| (1..=SIDE_MAX).contains(n));
    value.ok_or_else(|| GridError::Value {
        line,
        value: word.to_owned(),
        expected: "a whole number from 1 to 1000000",
    })
}
