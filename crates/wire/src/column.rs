//! The columns of plot files: one list for every format.

use plot::Field;

/// A column of plot files, by the name it has in each format.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// `time`: RFC 3339 in UTC.
    Time,
    /// `sensor`: the name of the sensor.
    Sensor,
    /// A number, in the unit of its name.
    Number(Field),
    /// `target`: an identity that the source claims.
    Target,
    /// `truth`: which simulated object it is.
    Truth,
}

/// How many columns hold numbers.
pub(crate) const NUMBERS: usize = 19;

/// The numbers a plot may have, in the order of files; each at the index `field as usize`.
pub(crate) const FIELDS: [Field; NUMBERS] = [
    Field::RangeM,
    Field::AzimuthDeg,
    Field::ElevationDeg,
    Field::RangeRateMps,
    Field::PressureAltitudeM,
    Field::LatDeg,
    Field::LonDeg,
    Field::HeightM,
    Field::EastMps,
    Field::NorthMps,
    Field::UpMps,
    Field::RangeSigmaM,
    Field::AzimuthSigmaDeg,
    Field::ElevationSigmaDeg,
    Field::RangeRateSigmaMps,
    Field::PositionSigmaM,
    Field::HeightSigmaM,
    Field::VelocitySigmaMps,
    Field::SnrDb,
];

const _: () = {
    let mut i = 0;
    while i < NUMBERS {
        assert!(FIELDS[i] as usize == i, "FIELDS is in the order of Field");
        i += 1;
    }
};

/// How many columns there are.
const COLUMNS: usize = NUMBERS + 4;

impl Column {
    /// All of them, in the order of files.
    pub const ALL: [Self; COLUMNS] = {
        let mut all = [Self::Time; COLUMNS];
        all[1] = Self::Sensor;
        let mut i = 0;
        while i < NUMBERS {
            all[2 + i] = Self::Number(FIELDS[i]);
            i += 1;
        }
        all[COLUMNS - 2] = Self::Target;
        all[COLUMNS - 1] = Self::Truth;
        all
    };

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Sensor => "sensor",
            Self::Number(field) => field.name(),
            Self::Target => "target",
            Self::Truth => "truth",
        }
    }

    /// Returns the column of a name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    /// Its place in the bits of [`Columns`].
    const fn bit(self) -> u32 {
        match self {
            Self::Time => 0,
            Self::Sensor => 1,
            Self::Target => 2,
            Self::Truth => 3,
            Self::Number(field) => 4 + field as u32,
        }
    }
}

/// The names of all columns.
pub(crate) const NAMES: &[&str] = &{
    let mut names = [""; COLUMNS];
    let mut i = 0;
    while i < COLUMNS {
        names[i] = Column::ALL[i].name();
        i += 1;
    }
    names
};

/// A set of columns; `time` and `sensor` are always in it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    bits: u64,
}

impl Columns {
    /// Every column.
    pub const ALL: Self = Self {
        bits: (1 << COLUMNS) - 1, // the numbers of plots take the lowest bits after the four names
    };
    /// No column, not even those.
    pub(crate) const EMPTY: Self = Self { bits: 0 };
    /// `time` and `sensor` alone.
    pub const NONE: Self = Self { bits: 0b11 };

    /// Returns the columns that some plots need.
    pub fn of<'a>(plots: impl IntoIterator<Item = &'a plot::Plot>) -> Self {
        plots.into_iter().fold(Self::NONE, |columns, plot| {
            columns.with_all(crate::plots::columns_of(plot))
        })
    }

    /// Returns these and one more.
    pub const fn with(self, column: Column) -> Self {
        Self {
            bits: self.bits | 1 << column.bit(),
        }
    }

    /// Returns these and others.
    pub const fn with_all(self, others: Self) -> Self {
        Self {
            bits: self.bits | others.bits,
        }
    }

    /// Whether a column is one of these.
    pub const fn has(self, column: Column) -> bool {
        self.bits >> column.bit() & 1 == 1
    }

    /// These, in the order of files.
    pub fn iter(self) -> impl Iterator<Item = Column> + Clone {
        Column::ALL.into_iter().filter(move |column| self.has(*column))
    }

    /// The first of these that others lack.
    pub(crate) fn first_beyond(self, others: Self) -> Option<Column> {
        self.iter().find(|column| !others.has(*column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_is_found_by_its_name_and_has_its_bit() {
        for column in Column::ALL {
            assert_eq!(Column::find(column.name()), Some(column));
            assert!(Columns::ALL.has(column));
            assert_eq!(Columns::NONE.with(column).iter().filter(|c| *c == column).count(), 1);
        }
        assert_eq!(Column::find("range"), None);
        assert_eq!(Columns::ALL.iter().count(), COLUMNS);
    }
}
