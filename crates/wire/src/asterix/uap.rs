//! How a record is laid out: a field specification says which items are there, a table how long each is.
//!
//! ```text
//! FSPEC  7 items an octet, the eighth bit (FX) says that another octet follows
//! items  in the order of the table (user application profile, UAP)
//! ```
//!
//! Items that nobody reads are stepped over by the same table. Source: EUROCONTROL-SPEC-0149 (ASTERIX Part 1), edition
//! 3.0, chapter 5.

use super::fault::FaultReason;

/// How long an item is.
#[derive(Copy, Clone, Debug)]
pub(super) enum Layout {
    /// As many octets, always.
    Fixed(usize),
    /// Parts of as many octets; the lowest bit of a part's last octet says that another follows.
    Extended(usize),
    /// One octet says how many entries of as many octets follow.
    Repetitive(usize),
    /// The first octet is the whole length, itself included.
    Explicit,
    /// Presence bits as in a field specification, then the parts that are present.
    Compound(&'static [Layout]),
    /// Nothing is assigned here, so its length is not known.
    Spare,
}

/// One row of a profile: the number of the item (`140` of I048/140) and its length.
pub(super) type Row = (u16, Layout);

/// The number that stands for the reserved expansion field.
pub(super) const RE: u16 = 1001;
/// The number that stands for the special purpose field.
pub(super) const SP: u16 = 1002;
/// A place of a profile to which nothing is assigned.
pub(super) const SPARE: Row = (0, Layout::Spare);

/// Octets of presence bits: the place of each bit that is set, from 0.
#[derive(Clone, Debug)]
struct Presence<'a> {
    octets: &'a [u8],
    at: usize,
}

impl<'a> Presence<'a> {
    /// Takes presence bits off the front of some bytes; `None` where they do not end.
    fn take(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let last = bytes.iter().position(|octet| octet & 1 == 0)?;
        let (octets, rest) = bytes.split_at(last + 1);
        Some((Self { octets, at: 0 }, rest))
    }
}

impl Iterator for Presence<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        loop {
            let octet = self.octets.get(self.at / 7)?;
            let place = self.at;
            self.at += 1;
            if octet >> (7 - place % 7) & 1 == 1 {
                return Some(place);
            }
        }
    }
}

/// Returns how many octets an item at the front of some bytes has.
fn length(item: u16, layout: Layout, bytes: &[u8]) -> Result<usize, FaultReason> {
    let truncated = || FaultReason::ItemTruncated { item };
    let length = match layout {
        Layout::Fixed(octets) => octets,
        Layout::Extended(step) => {
            let more = |part: &[u8]| part[step - 1] & 1 == 1;
            let parts = bytes.chunks_exact(step).take_while(|part| more(part)).count();
            (parts + 1) * step
        }
        Layout::Repetitive(step) => 1 + usize::from(*bytes.first().ok_or_else(truncated)?) * step,
        Layout::Explicit => match *bytes.first().ok_or_else(truncated)? {
            0 => return Err(FaultReason::ItemLength { item }),
            octets => usize::from(octets),
        },
        Layout::Compound(parts) => {
            let (presence, mut rest) = Presence::take(bytes).ok_or_else(truncated)?;
            for part in presence {
                let layout = *parts.get(part).unwrap_or(&Layout::Spare);
                rest = &rest[self::length(item, layout, rest)?..];
            }
            bytes.len() - rest.len()
        }
        Layout::Spare => return Err(FaultReason::Unassigned { item }),
    };
    if length > bytes.len() {
        return Err(truncated());
    }
    Ok(length)
}

/// The items of one record, as they come; each is as long as its layout says.
#[derive(Debug)]
pub(super) struct Items<'a> {
    profile: &'static [Row],
    presence: Presence<'a>,
    rest: &'a [u8],
}

impl<'a> Items<'a> {
    /// Begins a record at the front of some bytes. Errors: [`FaultReason::FieldSpecification`].
    pub(super) fn new(profile: &'static [Row], bytes: &'a [u8]) -> Result<Self, FaultReason> {
        let (presence, rest) = Presence::take(bytes).ok_or(FaultReason::FieldSpecification)?;
        if presence.octets.len() > profile.len().div_ceil(7) {
            return Err(FaultReason::FieldSpecification);
        }
        Ok(Self {
            profile,
            presence,
            rest,
        })
    }

    /// The number and the octets of the next item, `None` after the last.
    ///
    /// Errors: [`FaultReason`], where it has no length or runs beyond the end.
    pub(super) fn next(&mut self) -> Result<Option<(u16, &'a [u8])>, FaultReason> {
        let Some(place) = self.presence.next() else {
            return Ok(None);
        };
        let (item, layout) = *self.profile.get(place).unwrap_or(&SPARE);
        if matches!(layout, Layout::Spare) {
            return Err(FaultReason::Spare { place: place + 1 });
        }
        let (bytes, rest) = self.rest.split_at(length(item, layout, self.rest)?);
        self.rest = rest;
        Ok(Some((item, bytes)))
    }

    /// What follows the items taken so far.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

/// The parts of a compound item that are present: place from 0, and octets.
///
/// The bytes are those that [`Items`] gave, so every length is known to fit.
pub(super) fn parts<'a>(
    layouts: &'static [Layout],
    bytes: &'a [u8],
) -> impl Iterator<Item = (usize, &'a [u8])> + use<'a> {
    let (presence, mut rest) = Presence::take(bytes).unwrap_or((Presence { octets: &[], at: 0 }, &[]));
    presence.map_while(move |place| {
        let layout = *layouts.get(place)?;
        let (part, after) = rest.split_at_checked(length(0, layout, rest).ok()?)?;
        rest = after;
        Some((place, part))
    })
}

#[cfg(test)]
mod tests {
    use super::Layout::{Compound, Explicit, Extended, Fixed, Repetitive, Spare};
    use super::*;

    #[test]
    fn each_layout_has_its_length() {
        const PARTS: &[Layout] = &[
            Fixed(1),
            Spare,
            Repetitive(2),
            Fixed(3),
            Fixed(1),
            Fixed(1),
            Fixed(1),
            Fixed(2),
        ];
        for (layout, bytes, expected) in [
            (Fixed(2), &[1, 2, 3][..], Ok(2)),
            (Fixed(4), &[1, 2, 3], Err(FaultReason::ItemTruncated { item: 7 })),
            (Extended(1), &[2, 0], Ok(1)),
            (Extended(1), &[1, 3, 4, 9], Ok(3)),
            (Extended(3), &[0, 0, 1, 0, 0, 2], Ok(6)),
            // The bit promises a part that is not there.
            (Extended(1), &[1, 1], Err(FaultReason::ItemTruncated { item: 7 })),
            (Repetitive(2), &[2, 1, 2, 3, 4], Ok(5)),
            (Repetitive(8), &[255], Err(FaultReason::ItemTruncated { item: 7 })),
            (Repetitive(8), &[], Err(FaultReason::ItemTruncated { item: 7 })),
            (Explicit, &[3, 0, 0, 0], Ok(3)),
            // A length that does not hold itself would never advance.
            (Explicit, &[0, 0], Err(FaultReason::ItemLength { item: 7 })),
            (Compound(PARTS), &[0b1010_0000, 9, 1, 5, 5, 7], Ok(5)),
            (Compound(PARTS), &[0b1000_0001, 0b1000_0000, 1, 2, 3], Ok(5)),
            // A part to which nothing is assigned, and one beyond the table.
            (
                Compound(PARTS),
                &[0b0100_0000, 9],
                Err(FaultReason::Unassigned { item: 7 }),
            ),
            (
                Compound(PARTS),
                &[1, 0b0100_0000, 9],
                Err(FaultReason::Unassigned { item: 7 }),
            ),
            // Presence bits without end.
            (Compound(PARTS), &[1, 1, 1], Err(FaultReason::ItemTruncated { item: 7 })),
        ] {
            assert_eq!(length(7, layout, bytes), expected, "{layout:?} {bytes:?}");
        }
    }

    #[test]
    fn items_come_in_the_order_of_the_profile() {
        const PROFILE: &[Row] = &[
            (10, Fixed(1)),
            (20, Extended(1)),
            SPARE,
            (30, Fixed(2)),
            (40, Fixed(1)),
            (50, Fixed(1)),
            (60, Fixed(1)),
            (70, Fixed(1)),
        ];
        let mut items = Items::new(PROFILE, &[0b1101_0001, 0b1000_0000, 5, 1, 0, 6, 7, 8, 99]).expect("a record");
        let mut found = Vec::new();
        while let Some((item, bytes)) = items.next().expect("items") {
            found.push((item, bytes.to_vec()));
        }
        assert_eq!(
            found,
            [(10, vec![5]), (20, vec![1, 0]), (30, vec![6, 7]), (70, vec![8])]
        );
        assert_eq!(items.rest(), [99]);

        let mut spare = Items::new(PROFILE, &[0b0010_0000, 5]).expect("a record");
        assert_eq!(spare.next(), Err(FaultReason::Spare { place: 3 }));
        // More octets of presence bits than the profile has places for.
        let long = Items::new(PROFILE, &[1, 1, 0, 5]).map(|_| ());
        assert_eq!(long, Err(FaultReason::FieldSpecification));
    }
}
