//! A certificate by which somebody is known: its SHA-256, and how long it is valid.

use std::path::{Path, PathBuf};

use geo::Time;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::tokens::hex;

/// A file holds no certificate that can be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// It cannot be read.
    #[error("{}: no certificate in PEM: {why}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What was found.
        why: String,
    },
    /// It is not valid now.
    #[error("{}: the certificate is valid from {from} to {until}, expected one of now", path.display())]
    Dates {
        /// The file.
        path: PathBuf,
        /// When it begins to be valid.
        from: Time,
        /// When it ends.
        until: Time,
    },
}

/// A certificate, as far as it says who comes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The SHA-256 of all its octets.
    pub hash: [u8; 32],
    /// When it begins to be valid,
    pub from: Time,
    /// and when it ends.
    pub until: Time,
}

impl Certificate {
    /// Reads the octets of one (DER); `None` of what is none.
    pub fn of(octets: &[u8]) -> Option<Self> {
        let (_, read) = X509Certificate::from_der(octets).ok()?;
        let validity = read.validity();
        Some(Self {
            hash: Sha256::digest(octets).into(),
            from: time(validity.not_before.timestamp()),
            until: time(validity.not_after.timestamp()),
        })
    }

    /// Reads the first of a file (PEM), which has to be valid. Errors: [`CertificateError`].
    pub fn read(path: &Path, now: Time) -> Result<Self, CertificateError> {
        let failed = |why: String| CertificateError::Read {
            path: path.to_owned(),
            why,
        };
        let octets = CertificateDer::from_pem_file(path).map_err(|error| failed(error.to_string()))?;
        let read = Self::of(&octets).ok_or_else(|| failed("it is not X.509".to_owned()))?;
        let (from, until) = (read.from, read.until);
        match read.is_valid(now) {
            true => Ok(read),
            false => Err(CertificateError::Dates {
                path: path.to_owned(),
                from,
                until,
            }),
        }
    }

    /// Whether it is valid at a moment.
    pub fn is_valid(&self, now: Time) -> bool {
        self.from <= now && now < self.until
    }

    /// Its SHA-256 in hexadecimal digits, as `openssl x509 -fingerprint -sha256` says it, without colons.
    pub fn digits(&self) -> String {
        hex(&self.hash)
    }
}

/// The time of Unix seconds. Certificates that are to last for ever end in the year 9999: no clock shows that, and the
/// last moment that one shows does as well.
fn time(unix_s: i64) -> Time {
    let ns = unix_s.saturating_mul(1_000_000_000);
    Time::from_utc_ns(ns).unwrap_or(Time::from_tai_ns(ns))
}
