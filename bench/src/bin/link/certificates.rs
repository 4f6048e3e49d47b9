//! Authorities and certificates for the ends, and some that do not hold.

use std::fs;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

/// Writes for each owner `OWNER.ca.pem`, `OWNER.crt.pem` and `OWNER.key.pem`; and of the names `OWNER-expired` and
/// `OWNER-rogue`, which say that they are the owner, a certificate that is past, and one of an authority nobody knows.
pub fn write_all(folder: &Path, owners: &[&str]) {
    fs::create_dir_all(folder).expect("a folder");
    let rogue = authority("rogue");
    for owner in owners {
        let own = authority(owner);
        fs::write(folder.join(format!("{owner}.ca.pem")), &own.1).expect("a file");
        let expired = format!("{owner}-expired");
        let false_name = format!("{owner}-rogue");
        for (name, issuer, until) in [
            (*owner, &own.0, 2120),
            (&*expired, &own.0, 2021),
            (&*false_name, &rogue.0, 2120),
        ] {
            let key = KeyPair::generate().expect("a key");
            let mut params = CertificateParams::default();
            params.distinguished_name.push(DnType::CommonName, *owner);
            (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(until, 1, 1));
            let made = params.signed_by(&key, issuer).expect("a certificate");
            fs::write(folder.join(format!("{name}.crt.pem")), made.pem()).expect("a file");
            fs::write(folder.join(format!("{name}.key.pem")), key.serialize_pem()).expect("a file");
        }
    }
}

fn authority(name: &str) -> (Issuer<'static, KeyPair>, String) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, format!("{name} authority"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let made = params.self_signed(&key).expect("a certificate");
    (Issuer::new(params, key), made.pem())
}
