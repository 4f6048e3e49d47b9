//! The short name of a key, for people, files and logs.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// Octets of a [`NodeId`].
pub const ID_OCTETS: usize = 16;

/// Letters of a [`NodeId`] as text, the hyphens not counted.
const LETTERS: usize = 28;
/// Letters between two hyphens.
const GROUP: usize = 4;
/// Digits of five bits, without those that are easily taken for another (i, l, o, u).
///
/// Source: Crockford, Base 32 (2002).
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Names a key by its content: the first 16 octets of a SHA-256 of it.
///
/// As text it is seven groups of four letters and digits, such as `1w0c-…`: 128 bits of the name and 12 of a checksum,
/// so that one letter misheard is noticed. It names the keys of nodes and the root keys of owners alike, and is what
/// people compare by telephone: to find another key of the same name takes about 2¹²⁸ trials.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub [u8; ID_OCTETS]);

/// Why a text names no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NodeIdError {
    /// Too few or too many letters.
    #[error("{letters} letters and digits; the name of a key has {LETTERS}, in seven groups of four")]
    Length {
        /// How many, hyphens and spaces not counted.
        letters: usize,
    },
    /// A letter that no name has.
    #[error("{letter:?} at place {place}; the name of a key has digits and the letters a to z without u")]
    Letter {
        /// The letter.
        letter: char,
        /// The how manieth, from 1, hyphens and spaces not counted.
        place: usize,
    },
    /// The letters do not belong together.
    #[error("the letters do not fit together: one of them was misread or misheard")]
    Checksum,
}

impl NodeId {
    /// The name of a public key.
    pub(super) fn of(public: &[u8]) -> Self {
        let mut digest = Sha256::new();
        digest.update(b"trilat/v1/key-name\0");
        digest.update(public);
        Self(first(&digest.finalize()))
    }

    /// The twelve bits that stand behind the name in text.
    fn checksum(&self) -> u16 {
        let mut digest = Sha256::new();
        digest.update(b"trilat/v1/key-name-check\0");
        digest.update(self.0);
        let octets: [u8; 2] = first(&digest.finalize());
        u16::from_be_bytes(octets) >> 4
    }
}

/// The first octets of a digest.
fn first<const N: usize>(digest: &[u8]) -> [u8; N] {
    std::array::from_fn(|at| digest[at])
}

impl fmt::Display for NodeId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = u128::from_be_bytes(self.0);
        let checksum = self.checksum();
        let mut text = String::with_capacity(LETTERS + LETTERS / GROUP);
        for letter in 0..LETTERS {
            if letter > 0 && letter % GROUP == 0 {
                text.push('-');
            }
            // 140 bits, five at a time: 125 of the name, its last three with the first two of the checksum, the rest.
            let five = match letter {
                0..25 => (name >> (123 - 5 * letter)) as u16,
                25 => (name as u16) << 2 | checksum >> 10,
                _ => checksum >> (135 - 5 * letter),
            };
            text.push(char::from(DIGITS[usize::from(five & 31)]));
        }
        to.pad(&text)
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "NodeId({self})")
    }
}

/// The value of a digit; capital letters count as small ones, and what looks like 1 or 0 as that.
fn digit(letter: char) -> Option<u16> {
    let letter = match letter.to_ascii_lowercase() {
        'i' | 'l' => '1',
        'o' => '0',
        other => other,
    };
    let place = DIGITS.iter().position(|digit| char::from(*digit) == letter)?;
    u16::try_from(place).ok()
}

/// Reads what [`fmt::Display`] writes; hyphens and spaces may stand anywhere, capitals count as small letters.
///
/// Errors: [`NodeIdError`].
impl FromStr for NodeId {
    type Err = NodeIdError;

    fn from_str(text: &str) -> Result<Self, NodeIdError> {
        let letters = || text.chars().filter(|letter| !matches!(letter, '-' | ' '));
        let (mut name, mut checksum) = (0_u128, 0_u16);
        for (at, letter) in letters().enumerate().take(LETTERS) {
            let place = at + 1;
            let five = digit(letter).ok_or(NodeIdError::Letter { letter, place })?;
            match at {
                0..25 => name = name << 5 | u128::from(five),
                25 => (name, checksum) = (name << 3 | u128::from(five >> 2), five & 3),
                _ => checksum = checksum << 5 | five,
            }
        }
        let count = letters().count();
        if count != LETTERS {
            return Err(NodeIdError::Length { letters: count });
        }
        let id = Self(name.to_be_bytes());
        (id.checksum() == checksum).then_some(id).ok_or(NodeIdError::Checksum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_text_form_stays_as_it_is() {
        // Certificates, files and notes of telephone calls hold it.
        let id = NodeId::of(&[7; 32]);
        // The same by Python's hashlib, five bits a digit.
        let text = "4gkt-k4gp-dskv-yghj-0jpx-vs7w-z2qw";
        assert_eq!(id.to_string(), text);
        assert_eq!(format!("{id:?}"), format!("NodeId({text})"));
    }

    #[test]
    fn what_is_no_name_says_why() {
        let good = NodeId::of(&[7; 32]).to_string();
        for (text, why) in [
            (String::new(), "0 letters"),
            (good[..30].to_owned(), "24 letters"),
            (format!("{good}0"), "29 letters"),
            (good.replacen(char::is_alphanumeric, "u", 1), "'u' at place 1"),
            (format!("{}ü", &good[..33]), "'ü' at place 28"),
            (good.replacen(char::is_alphanumeric, "!", 1), "'!' at place 1"),
        ] {
            let error = text.parse::<NodeId>().unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn text_and_back_is_the_same(octets: [u8; ID_OCTETS]) {
            let id = NodeId(octets);
            let text = id.to_string();
            prop_assert_eq!(text.len(), LETTERS + LETTERS / GROUP - 1);
            prop_assert_eq!(text.parse(), Ok(id));
            let heard = text.to_uppercase().replace('-', " ").replace('0', "O").replace('1', "I");
            prop_assert_eq!(heard.parse(), Ok(id));
        }

        #[test]
        fn a_letter_misheard_is_another_name_if_any(octets: [u8; ID_OCTETS], place in 0..LETTERS, other in 1..32_u8) {
            let text: Vec<u8> = NodeId(octets).to_string().bytes().filter(|letter| *letter != b'-').collect();
            let mut heard = text.clone();
            let was = DIGITS.iter().position(|digit| *digit == text[place]).unwrap();
            heard[place] = DIGITS[(was + usize::from(other)) % 32];
            let heard = String::from_utf8(heard).unwrap();
            // The one in 4,096 is another key's name, never this one's.
            if let Ok(id) = heard.parse::<NodeId>() {
                prop_assert_ne!(id, NodeId(octets));
            }
        }
    }
}
