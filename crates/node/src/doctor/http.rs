//! Who may ask over HTTP, and by what the node is known there.

use geo::Time;

use super::Finding;
use super::files::{SOON_S, permissions};
use crate::access::{Certificate, CertificateError, Tokens};
use crate::clock::wall;
use crate::config::{HttpConfig, PictureConfig};
use crate::web;

/// Certificate and key, tokens and certificates of persons; on loopback without any there is nothing to say.
pub(super) fn http(config: &HttpConfig) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some((certificate, key)) = &config.tls {
        findings.push(permissions(key));
        findings.push(match web::tls(certificate, key, None) {
            Err(why) => Finding::fail(format!("http: {why}"), "give the certificate of this key, both in PEM"),
            Ok(_) => dates(Certificate::read(certificate, wall()), wall()),
        });
    }
    match config.tokens.as_ref().map(|path| Tokens::read(path)) {
        Some(Ok(tokens)) => findings.push(persons(&tokens)),
        Some(Err(error)) => findings.push(Finding::fail(
            format!("http: {error}"),
            "make one with `trilat node token`",
        )),
        None => {}
    }
    let is_open = config.tls.is_none() || config.tokens.is_none();
    if !config.address.ip().is_loopback() && is_open && config.picture != PictureConfig::Off {
        let what = format!("http: {} can be reached from other machines", config.address);
        let remedy = "give [http] certificate, key and tokens, or listen on 127.0.0.1";
        findings.push(Finding::fail(what, remedy));
    }
    findings
}

fn dates(read: Result<Certificate, CertificateError>, now: Time) -> Finding {
    let remedy = "have a new one made, and start the node again";
    match read {
        Err(error) => Finding::fail(format!("http: {error}"), remedy),
        Ok(read) if read.until - now < SOON_S => {
            Finding::warn(format!("http: the certificate ends on {}", read.until), remedy)
        }
        Ok(read) => Finding::ok(format!("http: a certificate until {}", read.until)),
    }
}

fn persons(tokens: &Tokens) -> Finding {
    match tokens.count() {
        (0, 0) => Finding::warn("http: nobody may ask", "let somebody with `trilat node token`"),
        (tokens, certificates) => Finding::ok(format!(
            "http: persons known by token: {tokens}, by certificate: {certificates}"
        )),
    }
}
