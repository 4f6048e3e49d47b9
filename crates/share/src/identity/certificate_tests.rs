//! Certificates are what the TLS of the links accepts, and nothing else is.

use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;

use super::*;
use crate::identity::SEED_OCTETS;

fn key(seed: u8) -> NodeKey {
    NodeKey::from_seed(&[seed; SEED_OCTETS])
}

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn year() -> Validity {
    Validity {
        from: time("2026-01-01T00:00:00Z"),
        until: time("2027-01-01T00:00:00Z"),
    }
}

fn decade() -> Validity {
    Validity {
        from: time("2026-01-01T00:00:00Z"),
        until: time("2036-01-01T00:00:00Z"),
    }
}

fn node(root: u8, owner: &str) -> Certificate {
    let hosts = ["node.example.jp".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    node_certificate(owner, &key(root), &key(9).public(), &hosts, year()).unwrap()
}

fn authority(root: u8) -> Certificate {
    authority_certificate("japan", &key(root), decade()).unwrap()
}

/// What the two sides of a link, as rustls has them, say of a chain at a time: as a client's, and as a server's.
fn verified(authority: &Certificate, node: &Certificate, host: &str, at: &str) -> [bool; 2] {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.der().to_vec())).unwrap();
    let roots = Arc::new(roots);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let unix_ns = time(at).utc_ns().unwrap();
    let now = UnixTime::since_unix_epoch(Duration::from_nanos(unix_ns as u64));
    let der = CertificateDer::from(node.der().to_vec());
    let clients = WebPkiClientVerifier::builder_with_provider(roots.clone(), provider.clone())
        .build()
        .unwrap();
    let servers = WebPkiServerVerifier::builder_with_provider(roots, provider)
        .build()
        .unwrap();
    let host = ServerName::try_from(host.to_owned()).unwrap();
    [
        clients.verify_client_cert(&der, &[], now).is_ok(),
        servers.verify_server_cert(&der, &[], &host, &[], now).is_ok(),
    ]
}

#[test]
fn the_tls_of_the_links_accepts_a_node_under_its_owner_only() {
    let (ours, theirs) = (authority(1), authority(2));
    let certificate = node(1, "japan");
    let noon = "2026-07-01T12:00:00Z";
    for host in ["node.example.jp", "127.0.0.1", "::1"] {
        assert_eq!(verified(&ours, &certificate, host, noon), [true, true], "{host}");
    }
    assert_eq!(verified(&ours, &certificate, "node.example.kr", noon), [true, false]);
    assert_eq!(verified(&theirs, &certificate, "127.0.0.1", noon), [false, false]);
    // Issued by another root under the same owner's name.
    assert_eq!(verified(&ours, &node(2, "japan"), "127.0.0.1", noon), [false, false]);
}

#[test]
fn the_tls_of_the_links_accepts_it_in_its_time_only() {
    for (at, is_valid) in [
        ("2025-12-31T23:59:59Z", false),
        ("2026-01-01T00:00:00Z", true),
        ("2026-12-31T23:59:59Z", true),
        ("2027-01-01T00:00:00Z", false),
    ] {
        assert_eq!(
            verified(&authority(1), &node(1, "japan"), "127.0.0.1", at),
            [is_valid; 2],
            "{at}"
        );
    }
}

#[test]
fn an_authority_is_no_node_and_a_node_is_no_authority() {
    let noon = "2026-07-01T12:00:00Z";
    let itself = authority(1);
    assert_eq!(verified(&itself, &itself, "127.0.0.1", noon), [false, false]);
    // A node that signs another node's certificate: the anchor is no authority, or the chain leads elsewhere.
    let below = node_certificate("japan", &key(9), &key(8).public(), &["127.0.0.1".to_owned()], year()).unwrap();
    assert_eq!(verified(&authority(1), &below, "127.0.0.1", noon), [false, false]);
    assert!(authority(1).facts().unwrap().is_authority);
    assert!(!node(1, "japan").facts().unwrap().is_authority);
}

#[test]
fn a_guest_is_known_where_another_vouches_and_nowhere_else() {
    let noon = "2026-07-01T12:00:00Z";
    let hub = authority_certificate("hub", &key(5), decade()).unwrap();
    let guest = guest_certificate("hub", &key(5), ("japan", &key(9).public()), year()).unwrap();
    // It calls, and is not called.
    assert_eq!(verified(&hub, &guest, "127.0.0.1", noon), [true, false]);
    assert_eq!(verified(&authority(1), &guest, "127.0.0.1", noon), [false, false]);
    assert_eq!(verified(&hub, &node(1, "japan"), "127.0.0.1", noon), [false, false]);
    let facts = guest.facts().unwrap();
    assert_eq!((&*facts.common_name, facts.key), ("japan", key(9).public()));
    assert!(!facts.is_authority && facts.hosts.is_empty());
}

#[test]
fn facts_are_those_it_was_made_of() {
    let facts = node(1, "japan").facts().unwrap();
    assert_eq!(&*facts.common_name, "japan");
    assert_eq!(facts.key, key(9).public());
    assert_eq!(facts.validity, year());
    assert_eq!(facts.hosts, ["node.example.jp", "127.0.0.1", "::1"]);
    let facts = authority(1).facts().unwrap();
    assert_eq!(*facts.common_name, format!("japan root {}", key(1).id()));
    assert_eq!((facts.key, facts.validity), (key(1).public(), decade()));
    // Later than the two digits of a year in certificates reach.
    let late = Validity {
        from: time("2049-12-31T23:59:59Z"),
        until: time("2051-01-01T00:00:00Z"),
    };
    assert_eq!(
        authority_certificate("japan", &key(1), late)
            .unwrap()
            .facts()
            .unwrap()
            .validity,
        late
    );
}

#[test]
fn equal_arguments_give_equal_octets_and_others_another_serial_number() {
    assert_eq!(node(1, "japan"), node(1, "japan"));
    let serial = |certificate: &Certificate| {
        let (_, parsed) = X509Certificate::from_der(certificate.der()).unwrap();
        parsed.raw_serial().to_vec()
    };
    let renewed = node_certificate("japan", &key(1), &key(9).public(), &[], decade()).unwrap();
    assert_ne!(serial(&node(1, "japan")), serial(&renewed));
}

#[test]
fn pem_and_back_is_the_same_and_other_armour_is_refused() {
    let certificate = node(1, "japan");
    let pem = certificate.to_pem().unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n"));
    assert_eq!(Certificate::from_pem(&pem).unwrap(), certificate);
    let key = key(1).to_pem().unwrap();
    let error = Certificate::from_pem(&key).unwrap_err().to_string();
    assert!(
        error.contains("PRIVATE KEY") && error.contains("CERTIFICATE"),
        "{error}"
    );
    assert!(!error.contains(&key[30..60]), "the key is not told: {error}");
}

#[test]
fn what_cannot_be_certified_says_why() {
    let issue = |owner: &str, hosts: &[String], validity| {
        node_certificate(owner, &key(1), &key(9).public(), hosts, validity)
            .unwrap_err()
            .to_string()
    };
    let host = |host: &str| issue("japan", &[host.to_owned()], year());
    assert!(issue("a/b", &[], year()).contains("'/'"));
    for wrong in ["", "a b", "*.example.jp", "-a", "a..b", "http://a", &"a.".repeat(200)] {
        assert!(host(wrong).contains("neither"), "{wrong}");
    }
    let Validity { from, until } = year();
    assert!(
        issue(
            "japan",
            &[],
            Validity {
                from: until,
                until: from
            }
        )
        .contains("valid from")
    );
    assert!(issue("japan", &[], Validity { from, until: from }).contains("valid from"));
    assert!(issue("japan", &vec!["a".to_owned(); HOSTS_MAX + 1], year()).contains("17 hosts"));
}

#[test]
fn what_is_no_certificate_is_refused() {
    let good = node(1, "japan");
    let facts = |octets: &[u8]| Certificate::from_der(octets).and_then(|certificate| certificate.facts());
    for length in 0..good.der().len() {
        assert!(facts(&good.der()[..length]).is_err(), "{length}");
    }
    assert!(facts(&[good.der(), &[0]].concat()).is_err());
    assert!(matches!(
        facts(&[0; CERTIFICATE_OCTETS_MAX + 1]),
        Err(CertificateError::TooLong { .. })
    ));
}

#[test]
fn the_tls_of_the_links_reads_the_key_that_is_written() {
    let pem = key(9).to_pem().unwrap();
    let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).unwrap();
    let read = rustls::crypto::ring::sign::any_supported_type(&der).unwrap();
    assert_eq!(read.algorithm(), rustls::SignatureAlgorithm::ED25519);
    assert!(read.public_key().unwrap().ends_with(key(9).public().octets()));
}
