//! POST over HTTPS, or to this machine: one attempt, within a time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Error, Timeout};

use super::{Answer, Parcel};
use crate::warnings::settings::Post;

/// Where systems keep the certificates of authorities.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
/// So much of an answer is read.
const ANSWER_OCTETS_MAX: u64 = 4096;
/// So much of the time may pass until there is a connection, so that it is known which of the two did not come.
const CONNECT_SHARE: f64 = 0.8;
/// The longest token.
const TOKEN_OCTETS_MAX: usize = 8192;

/// Posts a body. Nothing is tried a second time: who does not answer may have it.
pub(super) fn deliver(post: &Post, parcel: &Parcel, kind: &str, body: &[u8]) -> Answer {
    let prepared = agent(post).and_then(|agent| Ok((agent, token(post)?)));
    let (agent, token) = match prepared {
        Ok(prepared) => prepared,
        Err(words) => return Answer::failed(words),
    };
    let mut request = agent
        .post(&post.url)
        .header("Content-Type", kind)
        .header("Idempotency-Key", &parcel.identifier);
    if let Some(token) = token {
        request = request.header("Authorization", format!("Bearer {token}"));
    }
    match request.send(body) {
        Ok(mut answer) => {
            let status = answer.status();
            let read = answer
                .body_mut()
                .with_config()
                .limit(ANSWER_OCTETS_MAX)
                .lossy_utf8(true)
                .read_to_string();
            let words = format!("HTTP {} {}", status.as_u16(), read.unwrap_or_default());
            judged(status.as_u16(), words)
        }
        Err(error) if was_not_sent(&error) => Answer::failed(format!("{}: {error}", post.url)),
        Err(Error::Timeout(_)) => Answer::unknown(format!("{}: no answer within {} s", post.url, post.timeout_s)),
        Err(error) => Answer::unknown(format!("{}: {error}", post.url)),
    }
}

/// What a status says: refused is not there; an error of the server leaves it open, but for those that say that it was
/// not looked at.
fn judged(status: u16, words: String) -> Answer {
    match status {
        200..=299 => Answer::delivered(words),
        300..=499 | 503 => Answer::failed(words),
        _ => Answer::unknown(words),
    }
}

/// Whether nothing of the message has left this machine.
fn was_not_sent(error: &Error) -> bool {
    match error {
        Error::HostNotFound | Error::ConnectionFailed | Error::BadUri(_) | Error::Http(_) => true,
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => true,
        Error::Rustls(error) => is_of_certificate(error),
        Error::Io(error) => {
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
            let kinds = [
                io::ErrorKind::ConnectionRefused,
                io::ErrorKind::HostUnreachable,
                io::ErrorKind::NetworkUnreachable,
                io::ErrorKind::AddrNotAvailable,
            ];
            inner.is_some_and(is_of_certificate) || kinds.contains(&error.kind())
        }
        _ => false,
    }
}

/// Found before anything is sent.
fn is_of_certificate(error: &rustls::Error) -> bool {
    matches!(error, rustls::Error::InvalidCertificate(_))
}

fn agent(post: &Post) -> Result<Agent, String> {
    let limit = |share: f64| Some(Duration::from_secs_f64(post.timeout_s * share));
    let tls = TlsConfig::builder()
        .root_certs(roots(post)?)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let config = Agent::config_builder()
        .timeout_global(limit(1.0))
        .timeout_connect(limit(CONNECT_SHARE))
        .timeout_resolve(limit(CONNECT_SHARE))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_idle_connections(0)
        .proxy(None)
        .user_agent(concat!("trilat/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls)
        .build();
    Ok(config.new_agent())
}

/// Those who may vouch for the server; nobody, where nothing is encrypted.
fn roots(post: &Post) -> Result<RootCerts, String> {
    if !post.url.starts_with("https:") {
        return Ok(RootCerts::from([]));
    }
    let path = authorities(post)?;
    let pem = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let certificates: Vec<_> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err(format!("{}: it holds no certificate", path.display()));
    }
    Ok(RootCerts::Specific(Arc::new(certificates)))
}

fn authorities(post: &Post) -> Result<PathBuf, String> {
    let system = || {
        BUNDLES
            .into_iter()
            .map(Path::new)
            .find(|path| path.exists())
            .map(Path::to_owned)
    };
    let found = post.ca.clone().or_else(system);
    found.ok_or_else(|| "this system has no certificates of authorities; name a file with ca".to_owned())
}

fn token(post: &Post) -> Result<Option<String>, String> {
    let Some(path) = &post.token else { return Ok(None) };
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let token = text.trim();
    let is_token = !token.is_empty() && token.len() <= TOKEN_OCTETS_MAX && token.bytes().all(|b| b.is_ascii_graphic());
    if is_token {
        Ok(Some(token.to_owned()))
    } else {
        Err(format!("{}: expected one line, a token without blanks", path.display()))
    }
}

/// Whether token and certificates can be read.
pub(super) fn examine(post: &Post) -> Result<String, String> {
    token(post)?;
    roots(post)?;
    Ok(format!("{} within {} s", post.url, post.timeout_s))
}
