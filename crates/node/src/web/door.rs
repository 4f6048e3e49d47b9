//! Who comes in: by a token, a session of a browser or a certificate; how often one client may ask; and a line of audit
//! for each action.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::{Value, json};

use super::ask::plain;
use super::guard::{OPEN, refused};
use super::tls::Peer;
use crate::access::{Person, Rates, Role, SESSION_S, Sessions, Tokens};
use crate::clock::{steady_ns, wall};

/// One client asks so often a second at most, and so often at once.
const ASKS: (f64, f64) = (200.0, 600.0);
/// One client may be wrong with a token so often a second, and so often at once.
const TRIES: (f64, f64) = (0.1, 10.0);
/// The longest a token comes in.
const BODY_OCTETS_MAX: usize = 4_096;
const COOKIE: &str = "trilat_session";
/// What goes on after the answer: whoever has it open is looked at again.
pub(super) const LIVE: &str = "/api/v1/live";
/// Where a session begins, is asked for, and ends.
pub(super) const SESSION: &str = "/api/v1/session";
/// Where a token is asked for.
const LOGIN: &str = "/login";

/// Without script: a token, and that is all. What stands in the place of [`SAID`] is said of the one before.
const FORM: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"/icon.svg\">\
    <title>trilat</title></head><body><main>\n\
    <h1>trilat</h1>\n<!-- said -->\n<form method=\"post\" action=\"/api/v1/session\">\n\
    <p><label for=\"token\">Token · トークン · 토큰</label></p>\n\
    <p><input id=\"token\" name=\"token\" type=\"password\" autocomplete=\"current-password\" size=\"72\" required autofocus>\
    </p>\n<p><button>Open · 開く · 열기</button></p></form></main></body></html>\n";

const SAID: &str = "<!-- said -->";
/// Of a token that is none, and of too many of them.
const IS_NONE: &str = "This token is not known here. · このトークンは使用できません。 · 이 토큰은 사용할 수 없습니다.";
const TOO_MANY: &str = "Too many attempts: try again in 10 seconds. · 試行回数が多すぎます。10秒後にもう一度お試しください。 · \
    시도 횟수가 너무 많습니다. 10초 후 다시 시도하십시오.";

/// The door of a node.
#[derive(Debug)]
pub(crate) struct Door {
    /// Without tokens everybody comes in, to look and no more: on loopback only.
    tokens: Option<Arc<Tokens>>,
    sessions: Sessions,
    asks: Rates,
    tries: Rates,
    is_tls: bool,
}

impl Door {
    pub fn new(tokens: Option<Arc<Tokens>>, is_tls: bool) -> Self {
        Self {
            tokens,
            sessions: Sessions::default(),
            asks: Rates::new(ASKS.0, ASKS.1),
            tries: Rates::new(TRIES.0, TRIES.1),
            is_tls,
        }
    }

    /// Who asks; `None` of somebody who may not.
    fn person(&self, headers: &HeaderMap, peer: &Peer) -> Option<Person> {
        let Some(tokens) = &self.tokens else {
            return Some(Person {
                name: "local".into(),
                role: Role::Viewer,
            });
        };
        if let Some(token) = bearer(headers) {
            return tokens.person(token);
        }
        let of_session = cookie(headers).and_then(|own| self.sessions.person(own, steady_ns()));
        // Whoever was taken out of the file is out.
        let of_session = of_session.filter(|person| tokens.holds(person));
        of_session.or_else(|| tokens.holder(peer.certificate.as_ref()?, wall()))
    }

    /// Whether it is a session that somebody comes in by: one that can be ended.
    fn is_session(&self, headers: &HeaderMap) -> bool {
        let own = || cookie(headers).and_then(|own| self.sessions.person(own, steady_ns()));
        self.tokens.is_some() && bearer(headers).is_none() && own().is_some()
    }

    fn set_cookie(&self, own: &str, age_s: u64) -> String {
        let secure = if self.is_tls { "; Secure" } else { "" };
        format!("{COOKIE}={own}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Strict{secure}")
    }
}

/// By what somebody came in: it may not hold any more while what it opened goes on.
#[derive(Clone, Debug)]
pub(super) struct Pass {
    door: Arc<Door>,
    headers: HeaderMap,
    peer: Peer,
    person: Person,
}

impl Pass {
    /// Whether the same person would be let in with the same role now.
    pub fn holds(&self) -> bool {
        self.door.person(&self.headers, &self.peer).as_ref() == Some(&self.person)
    }

    /// Whose it is.
    pub fn name(&self) -> &str {
        &self.person.name
    }
}

/// Lets in who may, and notes who it is.
pub(crate) async fn enter(
    State(door): State<Arc<Door>>,
    ConnectInfo(from): ConnectInfo<Peer>,
    mut request: Request,
    next: Next,
) -> Response {
    let (path, peer) = (request.uri().path().to_owned(), from.address);
    if OPEN.contains(&&*path) {
        return next.run(request).await;
    }
    if !door.asks.may(peer.ip(), steady_ns()) {
        return too_often("this client asks too often");
    }
    match door.person(request.headers(), &from) {
        Some(person) => {
            let method = request.method().clone();
            if method != Method::GET && method != Method::HEAD {
                tracing::info!(target: "audit", who = &*person.name, role = person.role.name(), %peer, %method, path);
            }
            if path == LIVE {
                let headers = request.headers().clone();
                request.extensions_mut().insert(Pass {
                    door: door.clone(),
                    headers,
                    peer: from,
                    person: person.clone(),
                });
            }
            request.extensions_mut().insert(person);
            next.run(request).await
        }
        None if is_for_all(&path, request.method()) => next.run(request).await,
        None if path == "/" => (StatusCode::SEE_OTHER, [(header::LOCATION, LOGIN)]).into_response(),
        None => {
            if let Some(what) = tried(request.headers(), &from) {
                tracing::warn!(target: "audit", %peer, path, "{what} that is none of this node's, or not valid");
                if !door.tries.may(peer.ip(), steady_ns()) {
                    return too_often("too many that are none of this node's");
                }
            }
            let mut response = refused(
                StatusCode::UNAUTHORIZED,
                "a token is needed (Authorization: Bearer, or /login), or a certificate that this node knows",
            );
            let asked = HeaderValue::from_static("Bearer realm=\"trilat\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, asked);
            response
        }
    }
}

/// By what somebody came who is not known.
fn tried(headers: &HeaderMap, from: &Peer) -> Option<String> {
    if bearer(headers).is_some() {
        return Some("a token".to_owned());
    }
    let shown = from.certificate.as_ref()?;
    Some(format!("the certificate {}", shown.digits()))
}

/// What is the same for everybody: the program of the page, and where a token is given.
fn is_for_all(path: &str, method: &Method) -> bool {
    let is_page = path.starts_with("/assets/") || path == "/icon.svg" || path == LOGIN;
    let is_read = method == Method::GET || method == Method::HEAD;
    (is_page && is_read) || (path == SESSION && method == Method::POST)
}

fn too_often(why: &str) -> Response {
    let mut response = refused(StatusCode::TOO_MANY_REQUESTS, why);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    response
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = all
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

/// The routes of sessions.
pub(crate) fn routes(door: Arc<Door>) -> Router {
    Router::new()
        .route(LOGIN, get(login))
        .route(SESSION, get(session).post(begin).delete(end))
        .with_state(door)
}

async fn login() -> Response {
    form(StatusCode::OK, "")
}

/// Asks a person for a token, after something was said of the one before.
fn form(code: StatusCode, said: &str) -> Response {
    let said = match said {
        "" => String::new(),
        words => format!("<p role=\"alert\">{words}</p>"),
    };
    let page = FORM.replace(SAID, &said);
    (code, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

async fn session(State(door): State<Arc<Door>>, Extension(person): Extension<Person>, headers: HeaderMap) -> Response {
    said(&person, door.is_session(&headers))
}

fn said(person: &Person, is_session: bool) -> Response {
    let body = json!({ "name": &*person.name, "role": person.role.name(), "session": is_session }).to_string() + "\n";
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn begin(
    State(door): State<Arc<Door>>,
    ConnectInfo(Peer { address: peer, .. }): ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let is_form = kind.starts_with("application/x-www-form-urlencoded");
    let Ok(octets) = to_bytes(body, BODY_OCTETS_MAX).await else {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, "a token is shorter than this");
    };
    let Some(token) = token(&octets, is_form) else {
        return refused(
            StatusCode::BAD_REQUEST,
            "expected JSON {\"token\": \"…\"}, or a form with a field token",
        );
    };
    let Some(tokens) = &door.tokens else {
        return refused(StatusCode::NOT_FOUND, "this node asks for no token");
    };
    let Some(person) = tokens.person(&token) else {
        tracing::warn!(target: "audit", %peer, path = SESSION, "a token that is none");
        return match (door.tries.may(peer.ip(), steady_ns()), is_form) {
            (true, true) => form(StatusCode::UNAUTHORIZED, IS_NONE),
            (true, false) => refused(StatusCode::UNAUTHORIZED, "this token is none of this node's"),
            (false, true) => form(StatusCode::TOO_MANY_REQUESTS, TOO_MANY),
            (false, false) => too_often("too many tokens that are none"),
        };
    };
    let mut chance = [0; 32];
    if getrandom::fill(&mut chance).is_err() {
        return refused(StatusCode::SERVICE_UNAVAILABLE, "the system gives no chance");
    }
    tracing::info!(target: "audit", who = &*person.name, role = person.role.name(), %peer, "a session begins");
    let own = door.sessions.begin(person.clone(), &chance, steady_ns());
    let mut response = match is_form {
        true => (StatusCode::SEE_OTHER, [(header::LOCATION, "/")]).into_response(),
        false => said(&person, true),
    };
    if let Ok(cookie) = door.set_cookie(&own, SESSION_S).parse() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

async fn end(State(door): State<Arc<Door>>, headers: HeaderMap) -> Response {
    if let Some(person) = cookie(&headers).and_then(|own| door.sessions.end(own)) {
        tracing::info!(target: "audit", who = &*person.name, "a session ends");
    }
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, door.set_cookie("", 0))]).into_response()
}

/// The token of a body.
fn token(octets: &[u8], is_form: bool) -> Option<String> {
    let text = std::str::from_utf8(octets).ok()?;
    if is_form {
        let mut pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == "token")?;
        return plain(value);
    }
    let value: Value = serde_json::from_str(text).ok()?;
    value.get("token")?.as_str().map(str::to_owned)
}
