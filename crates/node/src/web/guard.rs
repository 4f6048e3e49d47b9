//! What holds for every answer: who may ask from where, and what a browser may do with it.
//!
//! A node that listens on loopback answers whoever calls it by a loopback name only: a page of somebody else's, whose
//! name was turned to this machine, gets nothing (DNS rebinding). A WebSocket is opened only for a page of the node's
//! own.

use axum::extract::Request;
use axum::http::header::{self, HeaderName};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// What every answer says beside its content.
const SAID: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Others are told nothing. Without any referrer a form of the node's own page would come from the origin "null".
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];
/// What watches a machine may call it as it likes.
pub(super) const OPEN: [&str; 3] = ["/metrics", "/health", "/ready"];

/// Refuses what comes by another name, and says what a browser may do with the rest.
pub(crate) async fn guard(is_loopback: bool, request: Request, next: Next) -> Response {
    let is_open = OPEN.contains(&request.uri().path());
    let refusal = match is_open {
        true => None,
        false => refusal(request.headers(), is_loopback),
    };
    let mut response = match refusal {
        Some(why) => refused(StatusCode::FORBIDDEN, why),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in SAID {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// An answer that refuses.
pub(crate) fn refused(code: StatusCode, why: &str) -> Response {
    let body = json!({ "error": why }).to_string() + "\n";
    (code, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn refusal(headers: &HeaderMap, is_loopback: bool) -> Option<&'static str> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text(header::HOST);
    if is_loopback && host.is_some_and(|host| !is_loopback_name(host)) {
        return Some("this node listens on loopback only: call it 127.0.0.1 or localhost");
    }
    // Who asks with a page of somebody else's says so; programs say nothing.
    let origin = text(header::ORIGIN);
    let is_foreign = |origin: &str| {
        let own = origin.split_once("://").map(|(_, own)| own);
        own.is_none() || own != host
    };
    origin
        .is_some_and(is_foreign)
        .then_some("a page of another origin asks: open this node's own")
}

/// Whether a name with or without a port means this machine, whoever is asked.
fn is_loopback_name(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    let is_address = name
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback());
    is_address || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_answered_on_loopback() {
        for (host, is_good) in [
            ("localhost", true),
            ("LOCALHOST:7480", true),
            ("127.0.0.1:7480", true),
            ("127.8.8.8", true),
            ("[::1]:7480", true),
            ("evil.example", false),
            ("localhost.evil.example:7480", false),
            ("127.0.0.1.nip.io", false),
            ("", false),
            ("a b", false),
            ("192.0.2.1", false),
        ] {
            assert_eq!(is_loopback_name(host), is_good, "{host}");
        }
    }

    #[test]
    fn a_page_of_another_origin_gets_nothing() {
        let headers = |origin: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("localhost:7480"));
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            headers
        };
        assert_eq!(refusal(&headers("http://localhost:7480"), true), None);
        for foreign in ["http://evil.example", "http://localhost:7481", "null", "file://", ""] {
            assert!(refusal(&headers(foreign), true).is_some(), "{foreign}");
        }
        assert_eq!(refusal(&HeaderMap::new(), true), None, "programs of HTTP/1.0");
    }
}
