//! A node that others reach: over TLS, with tokens, sessions and certificates.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::access::{Certificate, Role, admit, make};
use crate::clock::steady_ns;
use crate::config::{HttpConfig, PictureConfig};
use crate::http::{Board, Http};
use crate::metrics::Metrics;

/// What is needed to be let in.
struct Guarded {
    http: Http,
    client: Arc<ClientConfig>,
    /// What the node is known by.
    roots: RootCertStore,
    token: String,
    tokens: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

fn config(folder: &Path) -> (HttpConfig, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.join("a.pem"), folder.join("a.key"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let config = HttpConfig {
        address: "0.0.0.0:0".parse().unwrap(),
        picture: PictureConfig::All,
        history_mib: 1,
        tls: Some((certificate, key)),
        tokens: Some(folder.join("tokens")),
    };
    (config, made.cert.der().clone())
}

fn start(config: &HttpConfig) -> Result<Http, crate::http::HttpError> {
    let (to, _events) = sync_channel(1);
    Http::start(config, Board::default(), (Metrics::new(), None), to)
}

fn guarded() -> Guarded {
    let folder = tempfile::tempdir().unwrap();
    let (config, certificate) = config(folder.path());
    let tokens = folder.path().join("tokens");
    let made = make(&tokens, "desk", Role::Viewer, &[9; 32]).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    Guarded {
        http: start(&config).unwrap(),
        client: client(&roots, None),
        roots,
        token: made.token.to_string(),
        tokens,
        _folder: folder,
    }
}

/// A program that knows the node by its certificate, and may have one of its own.
fn client(roots: &RootCertStore, own: Option<&Own>) -> Arc<ClientConfig> {
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots.clone());
    Arc::new(match own {
        None => builder.with_no_client_auth(),
        Some(own) => {
            let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
            builder
                .with_client_auth_cert(vec![own.cert.der().clone()], key)
                .unwrap()
        }
    })
}

/// The certificate of another, with a key that is not its own.
#[derive(Debug)]
struct Stolen(Arc<rustls::sign::CertifiedKey>);

impl Stolen {
    fn of(whose: &Own) -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let key = rustls::crypto::ring::sign::any_supported_type(&key).unwrap();
        let chain = vec![whose.cert.der().clone()];
        Self(Arc::new(rustls::sign::CertifiedKey::new(chain, key)))
    }
}

impl rustls::client::ResolvesClientCert for Stolen {
    fn resolve(&self, _: &[&[u8]], _: &[rustls::SignatureScheme]) -> Option<Arc<rustls::sign::CertifiedKey>> {
        Some(self.0.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// A certificate and its key.
type Own = rcgen::CertifiedKey<rcgen::KeyPair>;

fn own(until: i32) -> Own {
    let mut facts = rcgen::CertificateParams::new(Vec::new()).unwrap();
    facts.not_before = rcgen::date_time_ymd(2020, 1, 1);
    facts.not_after = rcgen::date_time_ymd(until, 1, 1);
    let signing_key = rcgen::KeyPair::generate().unwrap();
    let cert = facts.self_signed(&signing_key).unwrap();
    Own { cert, signing_key }
}

impl Guarded {
    /// The answer to a request over TLS: what stands behind the path and the host.
    fn ask(&self, method: &str, path: &str, rest: &str) -> String {
        let address = SocketAddr::from(([127, 0, 0, 1], self.http.address.port()));
        let stream = TcpStream::connect(address).unwrap();
        let own = ClientConnection::new(self.client.clone(), "localhost".try_into().unwrap()).unwrap();
        let mut stream = StreamOwned::new(own, stream);
        // A handshake that is refused, and the end without a farewell of TLS, are ends too.
        let _ = write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{rest}"
        );
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    }

    fn get(&self, path: &str, head: &str) -> String {
        self.ask("GET", path, &format!("{head}\r\n"))
    }

    fn post(&self, kind: &str, body: &str) -> String {
        let length = body.len();
        let rest = format!("Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}");
        self.ask("POST", "/api/v1/session", &rest)
    }
}

#[test]
fn without_a_token_only_what_watches_machines_is_answered() {
    let node = guarded();
    assert!(node.get("/metrics", "").starts_with("HTTP/1.1 200"));
    let refused = node.get("/status", "");
    assert!(
        refused.starts_with("HTTP/1.1 401") && refused.contains("www-authenticate: Bearer"),
        "{refused}"
    );
    assert!(node.get("/", "").contains("location: /login"));
    assert!(node.get("/login", "").contains("<form method=\"post\""));
    assert!(
        node.get("/status", "Authorization: Bearer trilat_00\r\n")
            .starts_with("HTTP/1.1 401")
    );
    let own = format!("Authorization: Bearer {}\r\n", node.token);
    assert!(node.get("/status", &own).starts_with("HTTP/1.1 200"));
    assert!(
        node.get("/api/v1/session", &own)
            .ends_with("{\"name\":\"desk\",\"role\":\"viewer\",\"session\":false}\n")
    );
    // Plain HTTP is no way in, and for programs of this machine there is another.
    let mut plain = TcpStream::connect(("127.0.0.1", node.http.address.port())).unwrap();
    plain.write_all(b"GET /status HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"));
    assert!(node.http.local.ip().is_loopback() && node.http.local != node.http.address);
}

#[test]
fn a_browser_gets_a_session_that_ends_with_its_token() {
    let node = guarded();
    let json = "application/json";
    for (kind, body, code) in [
        (json, "{\"token\": \"trilat_00\"}", "401"),
        (json, "{\"token\": 1}", "400"),
        (json, "[", "400"),
        ("application/x-www-form-urlencoded", "taken=1", "400"),
    ] {
        let answer = node.post(kind, body);
        assert!(answer.starts_with(&format!("HTTP/1.1 {code}")), "{body}: {answer}");
    }
    // A person reads it on the page, and may try another.
    let wrong = node.post("application/x-www-form-urlencoded", "token=trilat_00");
    assert!(
        wrong.starts_with("HTTP/1.1 401") && wrong.contains("role=\"alert\">This token is not known"),
        "{wrong}"
    );
    assert!(wrong.contains("<form method=\"post\"") && !node.get("/login", "").contains("alert"));
    let answer = node.post("application/x-www-form-urlencoded", &format!("token={}", node.token));
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let cookie = answer
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "))
        .unwrap();
    for said in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
        assert!(cookie.contains(said), "{cookie}");
    }
    let own = format!("Cookie: a=b; {}\r\n", cookie.split(';').next().unwrap());
    assert!(node.get("/status", &own).starts_with("HTTP/1.1 200"));
    assert!(
        node.get("/status", &format!("{own}Origin: https://evil.example\r\n"))
            .starts_with("HTTP/1.1 403")
    );
    std::fs::write(&node.tokens, "").unwrap();
    assert!(
        node.get("/status", &own).starts_with("HTTP/1.1 401"),
        "the token is gone"
    );
}

#[test]
fn a_session_ends_when_it_is_told_to() {
    let node = guarded();
    let answer = node.post("application/json", &format!("{{\"token\": \"{}\"}}", node.token));
    let cookie = answer
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "))
        .unwrap();
    let own = format!("Cookie: {}\r\n", cookie.split(';').next().unwrap());
    assert!(node.get("/api/v1/session", &own).ends_with("\"session\":true}\n"));
    let ended = node.ask("DELETE", "/api/v1/session", &format!("{own}\r\n"));
    assert!(
        ended.starts_with("HTTP/1.1 204") && ended.contains("Max-Age=0"),
        "{ended}"
    );
    assert!(node.get("/status", &own).starts_with("HTTP/1.1 401"));
}

#[test]
fn guesses_are_slowed_down() {
    let node = guarded();
    let guess = |number: usize| node.post("application/json", &format!("{{\"token\": \"trilat_{number}\"}}"));
    let refused = (0..30)
        .map(guess)
        .filter(|answer| answer.starts_with("HTTP/1.1 429"))
        .count();
    assert!(refused >= 15, "{refused}");
    assert!(guess(99).contains("retry-after: "));
}

/// One that asks too often is refused, whatever it asks, until it has waited; what watches the machine is answered.
#[test]
fn a_client_that_asks_too_often_is_refused() {
    const AT_ONCE: usize = 600;
    const A_SECOND: f64 = 200.0;
    const ASKED: usize = 3_000;
    let config = HttpConfig {
        address: "127.0.0.1:0".parse().unwrap(),
        picture: PictureConfig::All,
        history_mib: 1,
        tls: None,
        tokens: None,
    };
    let node = start(&config).unwrap();
    let ask = |path: &str, rest: &str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{rest}\r\n");
    let mut all = ask("/api/v1/session", "").repeat(ASKED);
    all += &ask("/metrics", "Connection: close\r\n");
    let begun_ns = steady_ns();
    let mut stream = TcpStream::connect(node.address).unwrap();
    let mut asks = stream.try_clone().unwrap();
    // Nothing more is read where answers are not taken: both go on at once.
    let asking = std::thread::spawn(move || asks.write_all(all.as_bytes()));
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    let took_s = (steady_ns() - begun_ns) as f64 / 1e9;
    asking.join().unwrap().unwrap();
    let codes: Vec<&str> = answers
        .lines()
        .filter_map(|line| line.strip_prefix("HTTP/1.1 "))
        .collect();
    assert_eq!(codes.len(), ASKED + 1);
    let (watched, asked) = codes.split_last().unwrap();
    assert_eq!(*watched, "200 OK");
    let first_refused = asked.iter().position(|code| *code != "200 OK").unwrap();
    assert!(first_refused >= AT_ONCE, "{first_refused}");
    let let_in = asked.iter().filter(|code| **code == "200 OK").count();
    assert!(
        let_in as f64 <= AT_ONCE as f64 + A_SECOND * took_s + 1.0,
        "{let_in} in {took_s} s"
    );
    let refused = asked.iter().filter(|code| **code == "429 Too Many Requests").count();
    assert_eq!(let_in + refused, ASKED);
    assert_eq!(answers.matches("retry-after: ").count(), refused);
    assert!(answers.contains("this client asks too often"));
}

#[test]
fn what_is_wrong_with_certificate_or_tokens_is_said_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let (config, _) = config(folder.path());
    let said = |config: &HttpConfig| start(config).err().unwrap().to_string();
    assert!(said(&config).contains("tokens"), "there are none yet");
    make(&folder.path().join("tokens"), "desk", Role::Viewer, &[9; 32]).unwrap();
    std::fs::write(folder.path().join("a.key"), "no key").unwrap();
    assert!(said(&config).contains("a.key: no key in PEM"), "{}", said(&config));
    let without = HttpConfig { tls: None, ..config };
    assert!(
        said(&without).contains("give [http] certificate, key and tokens"),
        "{}",
        said(&without)
    );
}

/// Whoever has the key of a certificate that stands in the file comes in with it, as long as it is valid and stands
/// there; a token goes before it.
#[test]
fn a_certificate_that_is_known_lets_in() {
    let mut node = guarded();
    let (kim, late, stranger) = (own(4_000), own(2_021), own(4_000));
    for (name, held) in [("kim", &kim), ("late", &late)] {
        let read = Certificate::of(held.cert.der()).unwrap();
        admit(&node.tokens, name, Role::Releaser, &read).unwrap();
    }
    let mut asked = |held: Option<&Own>, head: &str| {
        node.client = client(&node.roots, held);
        node.get("/api/v1/session", head)
    };
    assert!(asked(Some(&kim), "").ends_with("{\"name\":\"kim\",\"role\":\"releaser\",\"session\":false}\n"));
    for (held, of) in [
        (Some(&late), "its time is over"),
        (Some(&stranger), "not known"),
        (None, "none"),
    ] {
        assert!(asked(held, "").starts_with("HTTP/1.1 401"), "{of}");
    }
    assert!(asked(Some(&kim), "Authorization: Bearer trilat_00\r\n").starts_with("HTTP/1.1 401"));
    // Who has no key of it has nothing of a certificate.
    let stolen = Stolen::of(&kim);
    let mut thief = (*client(&node.roots, Some(&stranger))).clone();
    thief.client_auth_cert_resolver = Arc::new(stolen);
    node.client = Arc::new(thief);
    assert_eq!(node.get("/api/v1/session", ""), "");
    node.client = client(&node.roots, Some(&kim));
    std::fs::write(&node.tokens, "").unwrap();
    assert!(node.get("/api/v1/session", "").starts_with("HTTP/1.1 401"));
}
