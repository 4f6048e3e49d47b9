//! Warnings over HTTP: how they stand, and what persons do to them. The desk decides; two at once are told apart by the
//! message that each had in view, and whoever comes second is told what became of it.

use std::sync::Arc;

use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use warn::life::{Command, Entry, Event, InView, Kind, Outcome, Reason, Refusal};

use super::Web;
use super::ask::Ask;
use super::guard::refused;
use super::warned::{Action, update_of, warned, warnings};
use crate::access::Person;
use crate::warnings::{Duty, OfficeError};

/// What is said of a message is no longer.
const BODY_OCTETS_MAX: usize = 4_096;
/// The kind of a CAP message.
const CAP: &str = "application/cap+xml";

/// What a person wants.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// The newest message as the person has it in view; 0: there is none.
    number: u32,
    /// Whether that is a draft there.
    #[serde(default)]
    is_draft: bool,
    /// Of a cancel.
    reason: Option<String>,
    /// Of a new warning: the object.
    object: Option<String>,
    /// Of what is sent again, or has arrived.
    channel: Option<String>,
    /// A person has found it there.
    #[serde(default)]
    arrived: bool,
}

/// Why nothing was done.
#[derive(Clone, Debug, PartialEq)]
struct No {
    status: StatusCode,
    /// For programs.
    code: &'static str,
    words: String,
}

impl No {
    fn new(status: StatusCode, code: &'static str, words: impl Into<String>) -> Self {
        let words = words.into();
        Self { status, code, words }
    }

    fn bad(words: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "question", words)
    }
}

impl From<OfficeError> for No {
    fn from(error: OfficeError) -> Self {
        let words = error.to_string();
        let OfficeError::Refused(refusal) = error else {
            tracing::error!("warnings: {words}");
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, "journal", words);
        };
        let (status, code) = code(&refusal);
        Self::new(status, code, words)
    }
}

/// The status and the word for programs of a refusal.
pub(super) fn code(refusal: &Refusal) -> (StatusCode, &'static str) {
    match refusal {
        Refusal::Unknown(_) | Refusal::NoMessage { .. } => (StatusCode::NOT_FOUND, "unknown"),
        Refusal::Name(_) | Refusal::Nobody | Refusal::Channels(_) | Refusal::Facts => {
            (StatusCode::BAD_REQUEST, "question")
        }
        Refusal::Quicker { .. } => (StatusCode::CONFLICT, "quicker"),
        Refusal::Begun(_) | Refusal::NotBegun(_) => (StatusCode::CONFLICT, "begun"),
        Refusal::Over(_) => (StatusCode::CONFLICT, "over"),
        Refusal::Ending { .. } => (StatusCode::CONFLICT, "ending"),
        Refusal::Early { .. } => (StatusCode::CONFLICT, "early"),
        Refusal::Late { .. } => (StatusCode::CONFLICT, "late"),
        Refusal::Twice(_) => (StatusCode::CONFLICT, "twice"),
        Refusal::Author(_) => (StatusCode::CONFLICT, "author"),
        Refusal::Out { .. } => (StatusCode::CONFLICT, "out"),
        Refusal::NotDue { .. } => (StatusCode::CONFLICT, "not-due"),
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.words, "code": self.code }).to_string() + "\n";
        (self.status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}

/// The warnings of the node, of an address with no question behind it.
pub(super) struct Asked(Arc<Duty>);

impl FromRequestParts<Arc<Web>> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        Ask::read(&parts.uri, &[]).map_err(IntoResponse::into_response)?;
        let words = "this node does not warn: it has no [warn] folder in its node.toml";
        let none = || No::new(StatusCode::NOT_FOUND, "none", words).into_response();
        web.duty.clone().map(Self).ok_or_else(none)
    }
}

/// Does what waits for the disk beside the thread that answers.
async fn blocking(work: impl FnOnce() -> Result<Response, No> + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.unwrap_or_else(IntoResponse::into_response),
        Err(error) => refused(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

/// All warnings.
pub(super) async fn all(Asked(duty): Asked, Extension(person): Extension<Person>) -> Response {
    blocking(move || {
        let up = duty.up();
        let shown = duty.office().look(|desk| warnings(&duty, desk, &person, &up))?;
        Ok(super::api::as_json(&shown))
    })
    .await
}

/// A message that is released, as CAP.
pub(super) async fn cap(Asked(duty): Asked, Path((name, number)): Path<(String, String)>) -> Response {
    blocking(move || {
        let message = format!("{}.{}", warn::clean(&name, 60), warn::clean(&number, 10));
        let found = duty.office().look(|desk| {
            let messages = &desk.warning(&name)?.messages;
            let message = messages.iter().find(|message| message.number.to_string() == number)?;
            Some((message.state.name(), message.cap().map(str::to_owned)))
        })?;
        match found {
            None => Err(No::new(
                StatusCode::NOT_FOUND,
                "unknown",
                format!("there is no message {message}"),
            )),
            Some((_, Some(cap))) => Ok(([(header::CONTENT_TYPE, CAP)], cap).into_response()),
            Some((state, None)) => {
                let words = format!("message {message} is not released: it is {state}");
                Err(No::new(StatusCode::CONFLICT, "not-released", words))
            }
        }
    })
    .await
}

/// What a person does to a warning.
pub(super) async fn act(
    Asked(duty): Asked,
    Extension(person): Extension<Person>,
    Path((name, action)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let wanted = match wanted(&headers, body).await {
        Ok(wanted) => wanted,
        Err(no) => return no.into_response(),
    };
    blocking(move || {
        let done = done(&duty, &person, (&name, &action), wanted);
        let (who, role, name) = (&*person.name, person.role.name(), warn::clean(&name, 60));
        match &done {
            Ok(_) => tracing::info!(target: "audit", who, role, warning = name, action, "done"),
            Err(no) => {
                let action = warn::clean(&action, 20);
                tracing::info!(target: "audit", who, role, warning = name, action, "refused: {}", no.words);
            }
        }
        done
    })
    .await
}

/// Reads what is wanted. A page of somebody else's cannot say that it is JSON without being asked whether it may.
async fn wanted(headers: &HeaderMap, body: Body) -> Result<Wanted, No> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_json = kind.is_some_and(|kind| kind.split(';').next().map(str::trim) == Some("application/json"));
    if !is_json {
        let words = "expected Content-Type: application/json";
        return Err(No::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "question", words));
    }
    let long = |_| {
        No::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "question",
            "what is wanted is shorter than this",
        )
    };
    let octets = to_bytes(body, BODY_OCTETS_MAX).await.map_err(long)?;
    let read = serde_json::from_slice(&octets);
    read.map_err(|error| {
        No::bad(format!(
            "expected JSON {{\"number\": 1, …}}, the message in view: {error}"
        ))
    })
}

/// Does it, and answers with the warning as it is then.
fn done(duty: &Arc<Duty>, person: &Person, (name, action): (&str, &str), wanted: Wanted) -> Result<Response, No> {
    let Some(action) = Action::ALL.into_iter().find(|known| known.name() == action) else {
        let known = Action::ALL.map(Action::name).join(", ");
        let words = format!(
            "{:?} is nothing to do to a warning, expected one of {known}",
            warn::clean(action, 20)
        );
        return Err(No::new(StatusCode::NOT_FOUND, "unknown", words));
    };
    if person.role < action.role() {
        let (action, needed, role) = (action.name(), action.role().name(), person.role.name());
        let words = format!("{action} is for a {needed}: {} is a {role}", person.name);
        return Err(No::new(StatusCode::FORBIDDEN, "role", words));
    }
    let command = command(duty, person, (name, action), wanted)?;
    let name = name_of(&command).to_owned();
    let entries = duty.act(command)?;
    let (up, now) = (duty.up(), duty.now());
    let shown = duty.office().look(|desk| {
        let own = desk.warning(&name)?;
        Some(warned(duty, desk, own, (person, &up, now)))
    })?;
    let number = entries.iter().rev().find_map(number_of);
    Ok(super::api::as_json(&json!({ "number": number, "warning": shown })))
}

/// What the desk is to decide on.
fn command(duty: &Duty, person: &Person, (name, action): (&str, Action), wanted: Wanted) -> Result<Command, No> {
    let (warning, number, by) = (name.to_owned(), wanted.number, person.name.to_string());
    let in_view = InView {
        number,
        is_draft: wanted.is_draft,
    };
    let end = |kind: Kind| Command::Draft {
        warning: name.to_owned(),
        kind,
        facts: None,
        first: None,
        in_view: Some(in_view),
        by: by.clone(),
    };
    Ok(match action {
        Action::Approve => Command::Approve { warning, number, by },
        Action::Withdraw => Command::Withdraw { warning, number, by },
        Action::AllClear => end(Kind::AllClear),
        Action::Cancel => {
            let said = wanted.reason.as_deref().unwrap_or_default();
            let reason = Reason::ALL.into_iter().find(|reason| reason.name() == said);
            let words = || No::bad(format!("reason is {said:?}, expected no-threat or error"));
            end(Kind::Cancel(reason.ok_or_else(words)?))
        }
        Action::Draft | Action::Update => return draft(duty, by, (name, action), (wanted.object, in_view)),
        Action::Send => {
            let channel = wanted
                .channel
                .ok_or_else(|| No::bad("channel is missing: by which it is sent again"))?;
            match wanted.arrived {
                false => Command::Again {
                    warning,
                    number,
                    channel,
                    by,
                },
                true => Command::Report {
                    warning,
                    number,
                    channel,
                    outcome: Outcome::Delivered,
                    answer: format!("found there by {by}"),
                },
            }
        }
    })
}

/// A message of what the node foretells now.
fn draft(
    duty: &Duty,
    by: String,
    (name, action): (&str, Action),
    (object, in_view): (Option<String>, InView),
) -> Result<Command, No> {
    let known = duty.office().look(|desk| {
        let own = desk.warning(name)?;
        Some((update_of(own), own.object().map(str::to_owned)))
    })?;
    let (kind, object) = match (action, known) {
        (Action::Draft, None) => (Kind::Alert, object),
        (Action::Draft, Some(_)) => {
            let words = format!(
                "there is a warning {} already: update it, or begin another",
                warn::clean(name, 60)
            );
            return Err(No::new(StatusCode::CONFLICT, "begun", words));
        }
        (_, None) => return Err(OfficeError::from(Refusal::Unknown(warn::clean(name, 60))).into()),
        (_, Some((kind, known))) => (kind, known),
    };
    let object = object.ok_or_else(|| No::bad("object is missing: of which the warning is to be"))?;
    let gone = || {
        let words = format!(
            "nothing is foretold of {} now: there is nothing to write",
            warn::clean(&object, 64)
        );
        No::new(StatusCode::CONFLICT, "gone", words)
    };
    let sighting = duty.sighting(&object).ok_or_else(gone)?;
    let facts = sighting.facts(duty.now(), duty.office().map()).map_err(|error| {
        let words = format!("no warning can be made of {}: {error}", warn::clean(&object, 64));
        No::new(StatusCode::CONFLICT, "gone", words)
    })?;
    let is_new = action == Action::Draft;
    if is_new {
        let going_on = duty.office().look(|desk| {
            let found = desk.of_object(&facts.object).find(|own| own.goes_on());
            found.map(|own| own.name.clone())
        })?;
        if let Some(other) = going_on {
            let words = format!("{} has the warning {other} already, which goes on", facts.object);
            return Err(No::new(StatusCode::CONFLICT, "begun", words));
        }
    }
    Ok(Command::Draft {
        warning: if name == UNNAMED {
            fresh(duty, &sighting.name())?
        } else {
            name.to_owned()
        },
        kind,
        facts: Some(Box::new(facts)),
        first: is_new.then(|| duty.office().settings().first(false)),
        in_view: Some(in_view),
        by,
    })
}

/// Of a new warning: make a name for it.
const UNNAMED: &str = "-";

/// A name that no warning has: one of the same object may have ended.
fn fresh(duty: &Duty, name: &str) -> Result<String, No> {
    let found = duty.office().look(|desk| {
        let mut names = std::iter::once(name.to_owned()).chain((2..1_000).map(|count| format!("{name}-{count}")));
        names.find(|name| desk.warning(name).is_none())
    })?;
    found.ok_or_else(|| No::bad("give the warning a name"))
}

fn name_of(command: &Command) -> &str {
    match command {
        Command::Draft { warning, .. }
        | Command::Approve { warning, .. }
        | Command::Withdraw { warning, .. }
        | Command::Hand { warning, .. }
        | Command::Report { warning, .. }
        | Command::Again { warning, .. } => warning,
        Command::Restart | Command::Tick => "",
    }
}

/// The message that an entry is about.
fn number_of(entry: &Entry) -> Option<u32> {
    match &entry.event {
        Event::Drafted { number, .. }
        | Event::Approved { number, .. }
        | Event::Withdrawn { number, .. }
        | Event::Overdue { number, .. }
        | Event::Released { number, .. }
        | Event::Handing { number, .. }
        | Event::Reported { number, .. }
        | Event::Again { number, .. } => Some(*number),
        Event::Opened { .. } | Event::AllClearDue { .. } | Event::Restarted => None,
    }
}
