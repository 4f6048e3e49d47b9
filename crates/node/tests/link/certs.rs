//! Authorities and certificates, as owners make them, and as nobody should.

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

/// A folder of one test, gone with it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("trilat-link-{}-{}", process::id(), unique()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A number that no other has asked for in this process.
fn unique() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// An address at which nobody else listens, in this process or another: the whole of 127/8 is this machine.
pub fn address() -> String {
    let host = Ipv4Addr::from(0x7f00_0000 | (process::id() & 0xffff) << 8 | unique() & 0xff);
    format!("quic/{host}:7447")
}

/// An authority, whose certificate stands in `NAME.ca.pem`.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub path: PathBuf,
}

/// When a certificate is valid.
#[derive(Copy, Clone)]
pub enum Valid {
    Now,
    Before,
}

/// The files of a certificate and its key.
#[derive(Clone)]
pub struct Files {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Authority {
    pub fn new(folder: &Folder, name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::CommonName, format!("{name} authority"));
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let path = folder.path().join(format!("{name}.ca.pem"));
        fs::write(&path, params.self_signed(&key).unwrap().pem()).unwrap();
        Self {
            issuer: Issuer::new(params, key),
            path,
        }
    }

    /// Vouches for a key that it makes: the certificate says that it is `name`.
    pub fn vouch(&self, folder: &Folder, name: &str, valid: Valid) -> Files {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        (params.not_before, params.not_after) = match valid {
            Valid::Now => (date_time_ymd(2020, 1, 1), date_time_ymd(2120, 1, 1)),
            Valid::Before => (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1)),
        };
        let number = unique();
        let file = |what| folder.path().join(format!("{name}-{number}.{what}.pem"));
        let files = Files {
            certificate: file("crt"),
            key: file("key"),
        };
        fs::write(&files.certificate, params.signed_by(&key, &self.issuer).unwrap().pem()).unwrap();
        fs::write(&files.key, key.serialize_pem()).unwrap();
        files
    }
}
