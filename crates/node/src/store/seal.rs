//! A checksum over each entry: a bit that flips anywhere between here and the disk is seen.

use share::store::Table;
use xxhash_rust::xxh3::Xxh3;

/// Octets of the checksum, after the value.
pub const CHECKSUM_OCTETS: usize = 8;

fn checksum(table: Table, key: &[u8], value: &[u8]) -> [u8; CHECKSUM_OCTETS] {
    let mut hash = Xxh3::new();
    hash.update(table.name().as_bytes());
    // The length keeps octets from wandering between key and value.
    hash.update(&(key.len() as u64).to_le_bytes());
    hash.update(key);
    hash.update(value);
    hash.digest().to_le_bytes()
}

/// Returns a value with its checksum (XXH3, 64 bits, over table, key and value) behind it.
pub fn seal(table: Table, key: &[u8], value: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(value.len() + CHECKSUM_OCTETS);
    sealed.extend_from_slice(value);
    sealed.extend_from_slice(&checksum(table, key, value));
    sealed
}

/// Returns the value of what was sealed; `None` where it is not what was sealed under this key of this table.
pub fn unseal<'a>(table: Table, key: &[u8], sealed: &'a [u8]) -> Option<&'a [u8]> {
    let (value, sum) = sealed.split_last_chunk()?;
    (checksum(table, key, value) == *sum).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_flipped_bit_is_seen() {
        let (key, value) = (b"partner-7".as_slice(), b"what was written".as_slice());
        let sealed = seal(Table::Inbox, key, value);
        assert_eq!(unseal(Table::Inbox, key, &sealed), Some(value));
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(unseal(Table::Inbox, key, &flipped), None, "bit {bit}");
        }
    }

    #[test]
    fn an_entry_elsewhere_is_not_the_entry() {
        let sealed = seal(Table::Inbox, b"ab", b"c");
        assert_eq!(unseal(Table::Outbox, b"ab", &sealed), None);
        assert_eq!(unseal(Table::Inbox, b"aa", &sealed), None);
        // The same octets, cut elsewhere.
        let [b'c', sum @ ..] = sealed.as_slice() else { panic!() };
        assert_eq!(unseal(Table::Inbox, b"abc", sum), None);
        assert_eq!(unseal(Table::Inbox, b"ab", b"short"), None);
    }
}
