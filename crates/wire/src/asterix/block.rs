//! Data blocks of a file or datagram, and the way back to them after garbage.
//!
//! ```text
//! CAT (1 octet)  LEN (2 octets, the whole block)  records, without anything between them
//! ```
//!
//! Source: EUROCONTROL-SPEC-0149 (ASTERIX Part 1), edition 3.0, chapter 5.

use super::fault::FaultReason;

/// Octets of a block's head.
pub(super) const HEAD_OCTETS: usize = 3;

/// The categories that EUROCONTROL has assigned to surveillance, by their number.
const ASSIGNED: [u8; 45] = [
    1, 2, 3, 4, 7, 8, 9, 10, 11, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 30, 31, 32, 33, 34, 48, 62, 63, 64, 65, 148,
    149, 150, 152, 159, 204, 205, 239, 240, 244, 247, 249, 250, 252, 253, 255,
];

/// A block, by where it stands in its file or datagram.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// The category.
    pub(super) category: u8,
    /// Where it begins.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Whether another block or the end follows it, so that its length can be believed.
    pub(super) trusted: bool,
}

/// Returns the category and the end of a block that may begin at a place and fits into what is left.
fn head(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let [category, high, low] = *bytes.get(at..at + HEAD_OCTETS)? else {
        return None;
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    let end = at + length;
    (length > HEAD_OCTETS && end <= bytes.len()).then_some((category, end))
}

/// Whether the end or something that looks like a block is at a place; a last block may be cut off.
fn follows(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at..) {
        None | Some([]) => true,
        Some([category, rest @ ..]) => {
            let length = rest.get(..2).map(|l| usize::from(u16::from_be_bytes([l[0], l[1]])));
            ASSIGNED.contains(category) && length.is_none_or(|length| length > HEAD_OCTETS)
        }
    }
}

/// Whether a file begins as one of data blocks, by the head of its first and, where it is there, that of its second.
pub(crate) fn looks_like_asterix(head: &[u8]) -> bool {
    match *head {
        [category, high, low, _, ..] => {
            let length = usize::from(u16::from_be_bytes([high, low]));
            ASSIGNED.contains(&category) && length > HEAD_OCTETS && follows(head, length)
        }
        _ => false,
    }
}

/// What the categories that are read look like: whether one is, and whether octets are records of it.
#[derive(Copy, Clone)]
pub(super) struct Looks {
    /// Whether a category is read.
    pub(super) is_read: fn(u8) -> bool,
    /// Whether octets are records of a category, as far as a few of them tell.
    pub(super) holds_records: fn(u8, &[u8]) -> bool,
}

impl Looks {
    /// Returns the block that begins at a place.
    ///
    /// Errors, with where to go on: [`FaultReason::BlockTruncated`], [`FaultReason::NoBlock`].
    pub(super) fn block_at(self, bytes: &[u8], at: usize) -> Result<Block, (FaultReason, usize)> {
        if let Some((category, end)) = head(bytes, at) {
            let trusted = follows(bytes, end);
            if trusted || (self.is_read)(category) {
                return Ok(Block {
                    category,
                    start: at,
                    end,
                    trusted,
                });
            }
        }
        let next = self.next_block(bytes, at + 1);
        let left = bytes.len() - at;
        if next == bytes.len()
            && (self.is_read)(bytes[at])
            && let Some(&[high, low]) = bytes.get(at + 1..at + HEAD_OCTETS)
        {
            let length = usize::from(u16::from_be_bytes([high, low]));
            if length > left {
                return Err((FaultReason::BlockTruncated { length, left }, next));
            }
        }
        Err((FaultReason::NoBlock { octets: next - at }, next))
    }

    /// Returns the first place from one on where a block begins that is read, or the end.
    ///
    /// Between garbage a head of three octets is easily found; so it must hold records, and something must follow it
    /// that looks like a block too.
    pub(super) fn next_block(self, bytes: &[u8], from: usize) -> usize {
        let stands = |at: &usize| {
            (self.is_read)(bytes[*at])
                && head(bytes, *at).is_some_and(|(category, end)| {
                    follows(bytes, end) && (self.holds_records)(category, &bytes[at + HEAD_OCTETS..end])
                })
        };
        (from..bytes.len()).find(stands).unwrap_or(bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [u8; 5] = [48, 0, 5, 0, 0];

    fn at(bytes: &[u8], at: usize) -> Result<(u8, usize), (FaultReason, usize)> {
        let looks = Looks {
            is_read: |category| category == 48,
            holds_records: |_, bytes| bytes[0] == 0,
        };
        looks.block_at(bytes, at).map(|block| (block.category, block.end))
    }

    #[test]
    fn blocks_follow_each_other() {
        let two = [GOOD, GOOD].concat();
        assert_eq!(at(&two, 0), Ok((48, 5)));
        assert_eq!(at(&two, 5), Ok((48, 10)));
        // A category that is not read, between two that are.
        assert_eq!(at(&[&[65, 0, 4, 9][..], &GOOD].concat(), 0), Ok((65, 4)));
    }

    #[test]
    fn garbage_is_stepped_over_to_the_next_block() {
        let cut = [48, 0, 9, 1, 2];
        for (bytes, reason, next) in [
            (
                &[&[7, 7, 7][..], &GOOD].concat()[..],
                FaultReason::NoBlock { octets: 3 },
                3,
            ),
            // A length that does not hold its own head.
            (
                &[&[48, 0, 2][..], &GOOD].concat(),
                FaultReason::NoBlock { octets: 3 },
                3,
            ),
            (
                &[&[48, 0, 0][..], &GOOD].concat(),
                FaultReason::NoBlock { octets: 3 },
                3,
            ),
            // One that reaches beyond the end, and hides a good block.
            (
                &[&[48, 255, 255][..], &GOOD].concat(),
                FaultReason::NoBlock { octets: 3 },
                3,
            ),
            // A head in whose block no record stands.
            (
                &[&[7, 48, 0, 4, 9][..], &GOOD].concat(),
                FaultReason::NoBlock { octets: 5 },
                5,
            ),
            (&cut, FaultReason::BlockTruncated { length: 9, left: 5 }, 5),
            (&[48, 0], FaultReason::NoBlock { octets: 2 }, 2),
            (&[0; 40], FaultReason::NoBlock { octets: 40 }, 40),
        ] {
            assert_eq!(at(bytes, 0), Err((reason, next)), "{bytes:?}");
        }
    }
}
