//! Ed25519 keys: of nodes, and of owners.

use std::fmt;
use std::ops::Deref;

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{self, DecodePrivateKey, EncodePrivateKey};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::NodeId;

/// Octets of the seed a key is made from.
pub const SEED_OCTETS: usize = 32;
/// Octets of a public key.
pub const PUBLIC_OCTETS: usize = 32;

/// A text or octets are no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No private key that can be read.
    #[error("no Ed25519 private key in PKCS#8 PEM (\"-----BEGIN PRIVATE KEY-----\"): {0}")]
    Private(pkcs8::Error),
    /// The private key cannot be written: a fault of the program.
    #[error("the private key cannot be written as PKCS#8 PEM: {0}")]
    Unwritable(pkcs8::Error),
    /// The octets are no point of the curve.
    #[error("the octets of the public key are no point of the curve")]
    Public,
    /// A point under which nearly any signature would be valid for somebody.
    #[error("the public key is weak: it is of small order")]
    Weak,
}

/// The private key of a node, or of an owner (then it is the root of all it says).
///
/// It is overwritten when dropped, and nothing prints it. It signs through [`crate::seal`] and by certificates only, so
/// that every signature says what it is for.
pub struct NodeKey(SigningKey);

impl NodeKey {
    /// Makes the key of a seed, which has to come from a good source of chance and be kept as secret as the key.
    pub fn from_seed(seed: &[u8; SEED_OCTETS]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Reads a key of PKCS#8 PEM, with or without its public half; where that is there, it has to fit.
    ///
    /// Errors: [`KeyError::Private`].
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        SigningKey::from_pkcs8_pem(text).map(Self).map_err(KeyError::Private)
    }

    /// Returns the key as PKCS#8 PEM, in a text that is overwritten when dropped.
    ///
    /// Without its public half (version 1): OpenSSL reads no other form.
    ///
    /// Errors: [`KeyError::Unwritable`], a fault of the program.
    pub fn to_pem(&self) -> Result<impl Deref<Target = String> + use<>, KeyError> {
        // Overwritten when dropped, too.
        let pair = pkcs8::KeypairBytes {
            secret_key: self.0.to_bytes(),
            public_key: None,
        };
        pair.to_pkcs8_pem(LineEnding::LF).map_err(KeyError::Unwritable)
    }

    /// The public half.
    pub fn public(&self) -> NodePublic {
        NodePublic(self.0.verifying_key())
    }

    /// The key's short name.
    pub fn id(&self) -> NodeId {
        self.public().id()
    }

    /// Signs octets that say themselves what they are for.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; Signature::BYTE_SIZE] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for NodeKey {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "NodeKey(of {})", self.id())
    }
}

/// The public key of a node, or of an owner.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
pub struct NodePublic(VerifyingKey);

impl NodePublic {
    /// Makes a key of its octets.
    ///
    /// Errors: [`KeyError::Public`], [`KeyError::Weak`].
    pub fn from_octets(octets: &[u8; PUBLIC_OCTETS]) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(octets).map_err(|_| KeyError::Public)?;
        if key.is_weak() {
            return Err(KeyError::Weak);
        }
        Ok(Self(key))
    }

    /// Its octets.
    pub fn octets(&self) -> &[u8; PUBLIC_OCTETS] {
        self.0.as_bytes()
    }

    /// The key's short name.
    pub fn id(&self) -> NodeId {
        NodeId::of(self.octets())
    }

    /// Whether a signature of octets is of this key, by the strict rule: no weak key, one form of each signature.
    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8; Signature::BYTE_SIZE]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Debug for NodePublic {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "NodePublic({})", self.id())
    }
}

impl PartialOrd for NodePublic {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for NodePublic {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.octets().cmp(other.octets())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8410, section 10.3.
    const RFC_8410: &str = "-----BEGIN PRIVATE KEY-----\n\
         MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
         -----END PRIVATE KEY-----\n";

    #[test]
    fn the_key_of_the_standard_is_read_and_written() {
        let public = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
        let key = NodeKey::from_pem(RFC_8410).unwrap();
        assert_eq!(key.to_pem().unwrap().as_str(), RFC_8410);
        let octets: String = key.public().octets().iter().map(|o| format!("{o:02x}")).collect();
        assert_eq!(octets, public);
    }

    #[test]
    fn a_key_written_and_read_is_the_same() {
        let key = NodeKey::from_seed(&[3; SEED_OCTETS]);
        let pem = key.to_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        let back = NodeKey::from_pem(&pem).unwrap();
        assert_eq!(back.public(), key.public());
        assert_eq!(back.to_pem().unwrap().as_str(), pem.as_str());
    }

    #[test]
    fn what_is_no_private_key_is_refused() {
        let good = NodeKey::from_seed(&[3; SEED_OCTETS]).to_pem().unwrap().to_string();
        // The seed of one, the public half of the other.
        let lines = |seed: u8| {
            let pair = SigningKey::from_bytes(&[seed; SEED_OCTETS]);
            let text = pair.to_pkcs8_pem(LineEnding::LF).unwrap();
            assert!(NodeKey::from_pem(&text).is_ok());
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        };
        let (mut crossed, other) = (lines(3), lines(4));
        crossed[2].clone_from(&other[2]);
        for (text, what) in [
            (String::new(), "nothing"),
            ("a key".to_owned(), "no PEM"),
            (good.replace("PRIVATE", "PUBLIC"), "of another kind"),
            (good[..good.len() / 2].to_owned(), "cut off"),
            (
                good.replacen("MC4CAQAwBQYDK2Vw", "MC4CAQAwBQYDK2Vv", 1),
                "of another algorithm",
            ),
            (crossed.join("\n"), "two halves that do not fit"),
        ] {
            let error = NodeKey::from_pem(&text).unwrap_err();
            assert!(error.to_string().contains("PKCS#8 PEM"), "{what}: {error}");
        }
    }

    #[test]
    fn nothing_prints_the_secret() {
        let seed = [0xab; SEED_OCTETS];
        let shown = format!("{:?}", NodeKey::from_seed(&seed));
        assert!(
            !shown.contains("ab, ab") && !shown.contains("171, 171") && !shown.contains("abab"),
            "{shown}"
        );
    }

    #[test]
    fn weak_and_impossible_public_keys_are_refused() {
        let mut one = [0; PUBLIC_OCTETS];
        one[0] = 1;
        // The identity, the point of order two and one of order four; then two that is the y of no point.
        assert_eq!(NodePublic::from_octets(&one), Err(KeyError::Weak));
        let mut minus_one = [0xff; PUBLIC_OCTETS];
        (minus_one[0], minus_one[31]) = (0xec, 0x7f);
        assert_eq!(NodePublic::from_octets(&minus_one), Err(KeyError::Weak));
        assert_eq!(NodePublic::from_octets(&[0; PUBLIC_OCTETS]), Err(KeyError::Weak));
        let mut two = [0; PUBLIC_OCTETS];
        two[0] = 2;
        assert_eq!(NodePublic::from_octets(&two), Err(KeyError::Public));
    }
}
