//! Marks beside a frame, by which the first octet that was changed is found.
//!
//! ```text
//!          column 0 … 31
//!  row 0   o o o … o   ── a 32-bit mark for each row of 32 octets
//!  row 1   o o X … o
//!          │
//!          └── a 32-bit mark for each column
//! ```
//!
//! The first row whose mark is wrong holds the first change; the columns whose marks are wrong say where in it. Marks
//! find a change, they do not prove one: that the frame was changed is proven by its seal and by the hash in the next.

/// Octets of a row.
const ROW: usize = 32;

/// The marks of one frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks {
    octets: u32,
    columns: [u32; ROW],
    rows: Vec<u32>,
}

/// Where something was changed first.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// At this octet, from 0.
    At(usize),
    /// At one of these octets, the end excluded.
    Within(usize, usize),
    /// The marks themselves do not fit the frame: they were changed, or everything was.
    Unknown,
}

/// FNV-1a, 32 bits. Source: Eastlake and others, The FNV Non-Cryptographic Hash Algorithm (draft-eastlake-fnv).
const FNV_BEGIN: u32 = 0x811c_9dc5;

const fn fnv(mark: u32, octet: u8) -> u32 {
    (mark ^ octet as u32).wrapping_mul(0x0100_0193)
}

impl Marks {
    /// The marks of octets.
    pub fn of(octets: &[u8]) -> Self {
        let mut columns = [FNV_BEGIN; ROW];
        let row = |row: &[u8]| {
            let mut mark = FNV_BEGIN;
            for (column, octet) in columns.iter_mut().zip(row) {
                *column = fnv(*column, *octet);
                mark = fnv(mark, *octet);
            }
            mark
        };
        let rows = octets.chunks(ROW).map(row).collect();
        Self {
            octets: octets.len() as u32,
            columns,
            rows,
        }
    }

    /// As they are kept.
    pub fn octets(&self) -> Vec<u8> {
        let numbers = std::iter::once(&self.octets).chain(&self.columns).chain(&self.rows);
        numbers.flat_map(|number| number.to_be_bytes()).collect()
    }

    /// Of what was kept; `None` if it cannot be marks.
    pub fn of_octets(octets: &[u8]) -> Option<Self> {
        let (numbers, rest) = octets.as_chunks::<4>();
        let mut numbers = numbers.iter().map(|number| u32::from_be_bytes(*number));
        let count = numbers.next()?;
        let columns: Vec<u32> = numbers.by_ref().take(ROW).collect();
        let rows: Vec<u32> = numbers.collect();
        let fits = rest.is_empty() && rows.len() == (count as usize).div_ceil(ROW);
        fits.then_some(Self {
            octets: count,
            columns: columns.try_into().ok()?,
            rows,
        })
    }

    /// Where octets were changed first, of which these are the marks; `None` if they fit.
    ///
    /// Exact for one change of up to 32 octets in a row, whatever it says now, as long as each of them is another than
    /// before; for octets that were cut off or added, the place from which on that was done, or the 32 octets it is in.
    /// For changes at several places: the first of them, or the 32 octets it is in.
    pub fn first_change(&self, octets: &[u8]) -> Option<Changed> {
        let now = Self::of(octets);
        if now == *self {
            return None;
        }
        let is_other = |at: &usize| self.rows.get(*at) != now.rows.get(*at);
        let Some(row) = (0..self.rows.len().max(now.rows.len())).find(is_other) else {
            return Some(Changed::Unknown);
        };
        let from = row * ROW;
        let was = self.octets as usize;
        let to = (from + ROW).min(was.max(octets.len()));
        if octets.len() != was {
            // Cut off or longer: up to the shorter end everything may be as it was.
            let shorter = octets.len().min(was);
            return Some(match () {
                () if from + ROW > shorter && self.agrees_up_to(octets, shorter) => Changed::At(shorter),
                () => Changed::Within(from, to),
            });
        }
        let columns: Vec<usize> = (0..ROW).filter(|at| self.columns[*at] != now.columns[*at]).collect();
        let next_is_other = is_other(&(row + 1));
        let only_two = (row + 2..self.rows.len()).all(|at| !is_other(&at));
        let at = match (columns.first(), next_is_other) {
            _ if !only_two => None,
            (Some(first), false) => Some(*first),
            // Over the end of a row: the columns run to the last and go on from the first.
            (Some(_), true) => {
                let gap = columns.windows(2).position(|pair| pair[1] != pair[0] + 1);
                let runs_round = columns.first() == Some(&0) && columns.last() == Some(&(ROW - 1));
                let gaps = columns.windows(2).filter(|pair| pair[1] != pair[0] + 1).count();
                gap.filter(|_| runs_round && gaps == 1).map(|gap| columns[gap + 1])
            }
            (None, _) => None,
        };
        Some(at.map_or(Changed::Within(from, to), |column| Changed::At(from + column)))
    }

    /// Whether a frame that was cut off is the beginning of this one, or this one of a frame that became longer, as far
    /// as whole rows and the last octets can tell.
    fn agrees_up_to(&self, octets: &[u8], shorter: usize) -> bool {
        if octets.len() < self.octets as usize {
            // Of the row that was cut, the mark is gone; columns tell only with all rows.
            return shorter.is_multiple_of(ROW);
        }
        Self::of(&octets[..shorter]) == *self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(octets: usize) -> Vec<u8> {
        (0..octets).map(|at| (at * 7 % 251) as u8).collect()
    }

    proptest! {
        #[test]
        fn one_change_is_found_to_the_octet(at in 0..990_usize, octets in 1..=32_usize, flip in 1..=255_u8) {
            let was = frame(1_000);
            let marks = Marks::of_octets(&Marks::of(&was).octets()).unwrap();
            prop_assert_eq!(marks.first_change(&was), None);
            let mut now = was;
            let end = (at + octets).min(1_000);
            now[at..end].iter_mut().for_each(|octet| *octet ^= flip);
            let found = marks.first_change(&now);
            // 32 octets over two rows touch every column: which is the first cannot be told.
            let exact = at / ROW == (end - 1) / ROW || end - at < ROW;
            match found {
                Some(Changed::At(found)) => prop_assert_eq!(found, at),
                Some(Changed::Within(from, to)) => prop_assert!(!exact && (from..to).contains(&at)),
                other => prop_assert!(false, "{:?}", other),
            }
        }

        #[test]
        fn several_changes_are_found_to_the_row(places in prop::collection::btree_set(0..1_000_usize, 1..9)) {
            let was = frame(1_000);
            let marks = Marks::of(&was);
            let mut now = was;
            places.iter().for_each(|at| now[*at] ^= 0x55);
            let first = *places.first().unwrap();
            match marks.first_change(&now) {
                Some(Changed::At(at)) => prop_assert_eq!(at / ROW, first / ROW),
                Some(Changed::Within(from, to)) => prop_assert!((from..to).contains(&first)),
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }

    #[test]
    fn a_frame_cut_off_or_longer_is_found() {
        let was = frame(1_000);
        let marks = Marks::of(&was);
        assert_eq!(marks.first_change(&was[..640]), Some(Changed::At(640)));
        assert_eq!(marks.first_change(&was[..650]), Some(Changed::Within(640, 672)));
        let longer = [&was[..], b"more"].concat();
        assert_eq!(marks.first_change(&longer), Some(Changed::At(1_000)));
        assert_eq!(Marks::of_octets(b"no marks"), None);
    }
}
