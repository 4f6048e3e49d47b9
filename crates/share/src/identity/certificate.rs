//! The X.509 certificates by which the links know each other: each owner is its own authority.
//!
//! ```text
//! authority: CN=<owner> root <name of the root key>    node: CN=<owner>
//!            signed by the owner's root key                  signed by the owner's root key
//!            may sign certificates, none below               may be client and server of a link
//!                                                            SAN: URI:trilat://<owner>/<NodeId>, hosts
//! ```
//!
//! The common name of a node is its owner: access rules of the links name owners. Which node it is stands in the URI,
//! and follows from its key. Equal arguments give equal octets.
//!
//! At a router between owners its operator is the authority for all: it signs, with its own root key, that the key of
//! another owner's node, which that owner's roster names, is that owner's.

use core::net::IpAddr;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use geo::Time;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyUsagePurpose, PublicKeyData,
    SanType, SerialNumber, SignatureAlgorithm, SigningKey,
};
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use super::armour::{armour, unarmour};
use super::{ArmourError, KeyError, NodeId, NodeKey, NodePublic, OwnerError, owner_name};

/// Octets of the longest certificate that is read.
pub const CERTIFICATE_OCTETS_MAX: usize = 4096;
/// Hosts that one certificate names, at most.
pub const HOSTS_MAX: usize = 16;

const LABEL: &str = "CERTIFICATE";

/// From when until when something holds: `from` is in it, `until` is not.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Validity {
    /// The first instant.
    pub from: Time,
    /// The instant after the last.
    pub until: Time,
}

/// SHA-256 of a certificate's octets.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(to, "{octet:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Fingerprint({self})")
    }
}

/// A certificate cannot be made, or octets are none of ours.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The owner cannot have that name.
    #[error(transparent)]
    Owner(#[from] OwnerError),
    /// It would never be valid, or at a time that no certificate can state.
    #[error("a certificate cannot be valid from {from} until {until}")]
    Validity {
        /// The first instant.
        from: Time,
        /// The instant after the last.
        until: Time,
    },
    /// Not the name of a host, nor an address.
    #[error("{host:?} is neither the name of a host nor an address")]
    Host {
        /// What was written.
        host: String,
    },
    /// Too many hosts.
    #[error("{hosts} hosts in one certificate, at most {HOSTS_MAX} can be named")]
    Hosts {
        /// How many.
        hosts: usize,
    },
    /// The text around it is not as it has to be.
    #[error(transparent)]
    Armour(#[from] ArmourError),
    /// Longer than any certificate of ours.
    #[error("a certificate of {octets} octets, at most {CERTIFICATE_OCTETS_MAX} are read")]
    TooLong {
        /// How many.
        octets: usize,
    },
    /// No X.509 certificate.
    #[error("no X.509 certificate, or something stands behind it")]
    Form,
    /// A part is not as certificates of this program have it.
    #[error("the certificate's {0} is not as it has to be")]
    Part(&'static str),
    /// Its public key is none.
    #[error("the certificate's key: {0}")]
    Key(#[from] KeyError),
    /// It cannot be written: a fault of the program.
    #[error("the certificate cannot be made: {0}")]
    Unwritable(#[from] rcgen::Error),
}

/// A certificate, as octets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Certificate(Arc<[u8]>);

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The common name of its subject: of a node's, the owner.
    pub common_name: Arc<str>,
    /// The key it is about.
    pub key: NodePublic,
    /// When it is valid.
    pub validity: Validity,
    /// Whether it may sign others.
    pub is_authority: bool,
    /// Names and addresses under which the node is reached.
    pub hosts: Vec<String>,
}

impl Certificate {
    /// Takes the octets of a certificate, of whatever they consist.
    ///
    /// Errors: [`CertificateError::TooLong`].
    pub fn from_der(octets: &[u8]) -> Result<Self, CertificateError> {
        if octets.len() > CERTIFICATE_OCTETS_MAX {
            let octets = octets.len();
            return Err(CertificateError::TooLong { octets });
        }
        Ok(Self(octets.into()))
    }

    /// Reads one certificate of PEM.
    ///
    /// Errors: [`CertificateError::Armour`], [`CertificateError::TooLong`].
    pub fn from_pem(text: &str) -> Result<Self, CertificateError> {
        Self::from_der(&unarmour(LABEL, text)?)
    }

    /// Its octets.
    pub fn der(&self) -> &[u8] {
        &self.0
    }

    /// The certificate as PEM.
    ///
    /// Errors: [`CertificateError::Armour`], a fault of the program.
    pub fn to_pem(&self) -> Result<String, CertificateError> {
        Ok(armour(LABEL, &self.0)?)
    }

    /// Names the certificate by its octets.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(Sha256::digest(&self.0).into())
    }

    /// What it says; who signed it is not looked at.
    ///
    /// Errors: [`CertificateError`], where it is not as this program makes them.
    pub fn facts(&self) -> Result<Facts, CertificateError> {
        let (rest, parsed) = X509Certificate::from_der(&self.0).map_err(|_| CertificateError::Form)?;
        if !rest.is_empty() {
            return Err(CertificateError::Form);
        }
        let mut names = parsed.subject().iter_common_name();
        let name = names.next().and_then(|name| name.as_str().ok());
        let common_name = name.ok_or(CertificateError::Part("common name"))?.into();
        if names.next().is_some() {
            return Err(CertificateError::Part("common name"));
        }
        Ok(Facts {
            common_name,
            key: public_key(&parsed)?,
            validity: validity(&parsed)?,
            is_authority: parsed.is_ca(),
            hosts: hosts(&parsed)?,
        })
    }
}

fn public_key(parsed: &X509Certificate<'_>) -> Result<NodePublic, CertificateError> {
    let key = parsed.public_key();
    let bits = &key.subject_public_key;
    let octets = <[u8; 32]>::try_from(bits.data.as_ref());
    let is_ed25519 = key.algorithm.algorithm == x509_parser::oid_registry::OID_SIG_ED25519;
    match octets {
        Ok(octets) if is_ed25519 && bits.unused_bits == 0 => Ok(NodePublic::from_octets(&octets)?),
        _ => Err(CertificateError::Part("public key")),
    }
}

fn validity(parsed: &X509Certificate<'_>) -> Result<Validity, CertificateError> {
    let time = |utc_s: i64| {
        let utc_ns = utc_s.checked_mul(1_000_000_000)?;
        Time::from_utc_ns(utc_ns).ok()
    };
    let stated = parsed.validity();
    let from = time(stated.not_before.timestamp());
    // The last second is in it.
    let until = time(stated.not_after.timestamp().saturating_add(1));
    let (Some(from), Some(until)) = (from, until) else {
        return Err(CertificateError::Part("validity"));
    };
    Ok(Validity { from, until })
}

fn hosts(parsed: &X509Certificate<'_>) -> Result<Vec<String>, CertificateError> {
    let wrong = || CertificateError::Part("alternative name");
    let names = parsed.subject_alternative_name().map_err(|_| wrong())?;
    let names = names.iter().flat_map(|extension| &extension.value.general_names);
    let hosts = names.filter_map(|name| match name {
        GeneralName::DNSName(host) => Some(Ok((*host).to_owned())),
        GeneralName::IPAddress(octets) => {
            let v4 = <[u8; 4]>::try_from(*octets).map(IpAddr::from);
            let address = v4.or_else(|_| <[u8; 16]>::try_from(*octets).map(IpAddr::from));
            Some(address.map(|address| address.to_string()).map_err(|_| wrong()))
        }
        _ => None,
    });
    hosts.collect()
}

/// How rcgen sees our public keys.
struct Public<'a>(&'a NodePublic);

impl PublicKeyData for Public<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.0.octets()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_ED25519
    }
}

/// How rcgen sees our private keys: the signature is made here, not there.
struct Signing<'a> {
    key: &'a NodeKey,
    public: NodePublic,
}

impl PublicKeyData for Signing<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.public.octets()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_ED25519
    }
}

impl SigningKey for Signing<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.key.sign(message).to_vec())
    }
}

impl<'a> From<&'a NodeKey> for Signing<'a> {
    fn from(key: &'a NodeKey) -> Self {
        let public = key.public();
        Self { key, public }
    }
}

/// What is common to both kinds: validity and a serial number that follows from what is certified.
fn params(root: NodeId, subject: NodeId, validity: Validity) -> Result<CertificateParams, CertificateError> {
    let Validity { from, until } = validity;
    let unix_s = |time: Time| {
        let utc_s = time.utc_ns()?.div_euclid(1_000_000_000);
        u64::try_from(utc_s).ok()
    };
    let (Some(from_s), Some(until_s)) = (unix_s(from), unix_s(until)) else {
        return Err(CertificateError::Validity { from, until });
    };
    if until_s <= from_s {
        return Err(CertificateError::Validity { from, until });
    }
    let day_one = rcgen::date_time_ymd(1970, 1, 1);
    let mut params = CertificateParams::default();
    params.not_before = day_one + Duration::from_secs(from_s);
    // A certificate states its last second.
    params.not_after = day_one + Duration::from_secs(until_s - 1);
    let mut digest = Sha256::new();
    for part in [&root.0[..], &subject.0, &from_s.to_be_bytes(), &until_s.to_be_bytes()] {
        digest.update(part);
    }
    let mut serial = digest.finalize()[..16].to_vec();
    // Positive, and never begun by zeros, in DER.
    serial[0] = serial[0] & 0x7f | 0x40;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    Ok(params)
}

fn authority_params(owner: &str, root: NodeId, validity: Validity) -> Result<CertificateParams, CertificateError> {
    let owner = owner_name(owner)?;
    let mut params = params(root, root, validity)?;
    params.distinguished_name = Default::default();
    // Other root, other name: a chain is built by names.
    params
        .distinguished_name
        .push(DnType::CommonName, format!("{owner} root {root}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    Ok(params)
}

/// The certificate of an owner's authority, signed by itself.
///
/// Errors: [`CertificateError`].
pub fn authority_certificate(owner: &str, root: &NodeKey, validity: Validity) -> Result<Certificate, CertificateError> {
    let params = authority_params(owner, root.id(), validity)?;
    let made = params.self_signed(&Signing::from(root))?;
    Certificate::from_der(made.der())
}

/// The certificate of a node, signed by its owner's root key; `hosts` are the names and addresses it is reached under.
///
/// Errors: [`CertificateError`].
pub fn node_certificate(
    owner: &str,
    root: &NodeKey,
    node: &NodePublic,
    hosts: &[String],
    validity: Validity,
) -> Result<Certificate, CertificateError> {
    certificate_under((owner, root), (owner, node), hosts, validity)
}

/// The certificate by which an owner's node is known where another is the authority, a router's operator: signed by
/// the operator's root key.
///
/// Errors: [`CertificateError`].
pub fn guest_certificate(
    operator: &str,
    root: &NodeKey,
    (owner, node): (&str, &NodePublic),
    validity: Validity,
) -> Result<Certificate, CertificateError> {
    certificate_under((operator, root), (owner, node), &[], validity)
}

fn certificate_under(
    (authority, root): (&str, &NodeKey),
    (owner, node): (&str, &NodePublic),
    hosts: &[String],
    validity: Validity,
) -> Result<Certificate, CertificateError> {
    let owner = owner_name(owner)?;
    if hosts.len() > HOSTS_MAX {
        let hosts = hosts.len();
        return Err(CertificateError::Hosts { hosts });
    }
    let mut params = params(root.id(), node.id(), validity)?;
    params.distinguished_name = Default::default();
    params.distinguished_name.push(DnType::CommonName, &*owner);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    let uri = format!("trilat://{owner}/{}", node.id());
    params.subject_alt_names = vec![SanType::URI(uri.try_into()?)];
    for host in hosts {
        params.subject_alt_names.push(alternative_name(host)?);
    }
    let issuer = Issuer::new(authority_params(authority, root.id(), validity)?, Signing::from(root));
    let made = params.signed_by(&Public(node), &issuer)?;
    Certificate::from_der(made.der())
}

fn alternative_name(host: &str) -> Result<SanType, CertificateError> {
    if let Ok(address) = host.parse() {
        return Ok(SanType::IpAddress(address));
    }
    let wrong = || CertificateError::Host { host: host.to_owned() };
    let is_label = |label: &str| {
        let inside = label
            .bytes()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == b'-');
        inside && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    if host.len() > 253 || !host.split('.').all(is_label) {
        return Err(wrong());
    }
    host.try_into().map(SanType::DnsName).map_err(|_| wrong())
}

#[cfg(test)]
#[path = "certificate_tests.rs"]
mod tests;
