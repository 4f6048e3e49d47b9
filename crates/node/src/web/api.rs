//! What can be asked of the pictures over HTTP; `openapi.json` beside this file says it for programs.

use std::sync::Arc;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;
use serde_json::{Value, json};
use wire::messages::picture::{Moment, Track};

use super::Web;
use super::ask::{Ask, Fault};
use super::door::Pass;
use super::drawn::unix_s;
use super::guard::refused;
use super::past::TOGETHER;
use super::{czml, files, geojson, live, then, warnings};
use crate::config::PictureConfig;

const OPENAPI: &str = include_str!("openapi.json");
pub(super) const PROTOBUF: &str = "application/x-protobuf";

/// All paths of pictures, beside those of [`crate::http`].
#[cfg(test)]
const PATHS: &[&str] = &[
    "/api/v1/live",
    "/api/v1/history",
    "/api/v1/moment",
    "/api/v1/tracks",
    "/api/v1/tracks.geojson",
    "/api/v1/tracks.czml",
    "/api/v1/forecasts",
    "/api/v1/plots",
    "/api/v1/health",
    "/api/v1/openapi.json",
    "/api/v1/warnings",
    "/api/v1/warnings/{name}/{action}",
    "/api/v1/warnings/{name}/{number}/cap",
];

/// The routes of pictures.
pub(crate) fn routes(web: Arc<Web>) -> Router {
    Router::new()
        .route("/", get(files::index))
        .route("/assets/{*path}", get(files::asset))
        .route("/api/v1/live", get(live_))
        .route("/api/v1/history", get(then::history))
        .route("/api/v1/moment", get(then::moment))
        .route("/api/v1/tracks", get(tracks))
        .route("/api/v1/tracks.geojson", get(tracks_geojson))
        .route("/api/v1/tracks.czml", get(tracks_czml))
        .route("/api/v1/forecasts", get(forecasts))
        .route("/api/v1/plots", get(then::plots))
        .route("/api/v1/health", get(health))
        .route("/api/v1/openapi.json", get(openapi))
        .route("/api/v1/warnings", get(warnings::all))
        .route("/api/v1/warnings/{name}/{action}", post(warnings::act))
        .route("/api/v1/warnings/{name}/{number}/cap", get(warnings::cap))
        .fallback(other)
        .with_state(web)
}

/// An answer, or what is wrong with the question.
pub(super) type Answer = Result<Response, Fault>;

/// The answer where something is not to be had now.
pub(super) fn unavailable(why: &str) -> Response {
    refused(StatusCode::SERVICE_UNAVAILABLE, why)
}

async fn other(headers: HeaderMap, uri: Uri) -> Response {
    let missing = || refused(StatusCode::NOT_FOUND, &format!("there is no {}", uri.path()));
    files::beside(uri.path(), &headers).unwrap_or_else(missing)
}

async fn openapi(State(web): State<Arc<Web>>, uri: Uri) -> Answer {
    Ask::read(&uri, &[])?;
    let document: Value = serde_json::from_str(OPENAPI).unwrap_or_default();
    Ok(as_json(&with_views(document, &web.views())))
}

/// The document with the names of this node's pictures.
fn with_views(mut document: Value, views: &[String]) -> Value {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    let parameters = paths.filter_map(|(_, path)| path.pointer_mut("/get/parameters")?.as_array_mut());
    for parameter in parameters.flatten().filter(|parameter| parameter["name"] == "view") {
        parameter["schema"]["enum"] = json!(views);
    }
    document
}

async fn live_(State(web): State<Arc<Web>>, uri: Uri, request: Request) -> Answer {
    Ask::read(&uri, &[])?;
    if web.picture == PictureConfig::Off {
        return Ok(unavailable("this node shows no pictures: [http] picture is \"off\""));
    }
    let (mut parts, _) = request.into_parts();
    match WebSocketUpgrade::from_request_parts(&mut parts, &web).await {
        Ok(upgrade) => Ok(live::live(&web.hub, upgrade, parts.extensions.remove::<Pass>())),
        Err(_) => Err(Fault::of("Upgrade", "", "websocket: this is asked for by a WebSocket")),
    }
}

/// Whether whoever asks wants JSON rather than messages.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("application/json") && !accept.contains(PROTOBUF))
}

pub(super) fn as_json(value: &impl Serialize) -> Response {
    answer("application/json", value)
}

fn answer(kind: &'static str, value: &impl Serialize) -> Response {
    match serde_json::to_string(value) {
        Ok(text) => ([(header::CONTENT_TYPE, kind)], text + "\n").into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// The objects of the picture that is asked for.
fn of_view(web: &Web, uri: &Uri) -> Result<(String, Vec<Arc<Track>>, Moment), Fault> {
    let asked = Ask::read(uri, &["view"])?;
    let view = asked.text("view").unwrap_or(TOGETHER);
    let latest = web.hub.latest();
    let known = web.views();
    if !known.iter().any(|known| known == view) {
        return Err(Fault::of("view", view, &format!("one of {}", known.join(", "))));
    }
    let head = latest
        .pictures
        .iter()
        .find(|(head, _)| head.view == view)
        .map(|(head, _)| head.clone());
    let moment = Moment {
        now_unix_s: latest.now_unix_s,
        pictures: head.into_iter().collect(),
        ..Moment::default()
    };
    let tracks = latest.tracks(view).unwrap_or_default().to_vec();
    Ok((view.to_owned(), tracks, moment))
}

async fn tracks(State(web): State<Arc<Web>>, uri: Uri) -> Answer {
    let (view, tracks, moment) = of_view(&web, &uri)?;
    let tracks: Vec<&Track> = tracks.iter().map(|track| &**track).collect();
    let firsts = moment.pictures.first().cloned().unwrap_or_default();
    Ok(as_json(&json!({
        "view": view,
        "now_unix_s": moment.now_unix_s,
        "first_track_unix_s": firsts.first_track_unix_s,
        "first_warning_unix_s": firsts.first_warning_unix_s,
        "first_known_unix_s": firsts.first_known_unix_s,
        "tracks": tracks,
    })))
}

async fn forecasts(State(web): State<Arc<Web>>, uri: Uri) -> Answer {
    let (view, tracks, moment) = of_view(&web, &uri)?;
    let foretold = tracks
        .iter()
        .filter(|track| !(track.arrival.is_empty() && track.launch.is_empty()));
    let forecast = |track: &Arc<Track>| {
        json!({
            "track": track.name,
            "phase": track.phase,
            "existence": track.existence,
            "lost": track.lost,
            "arrival": track.arrival,
            "launch": track.launch,
            "path": track.path,
        })
    };
    let forecasts: Vec<Value> = foretold.map(forecast).collect();
    Ok(as_json(
        &json!({ "view": view, "now_unix_s": moment.now_unix_s, "forecasts": forecasts }),
    ))
}

async fn tracks_geojson(State(web): State<Arc<Web>>, uri: Uri) -> Answer {
    let (_, tracks, _) = of_view(&web, &uri)?;
    Ok(answer("application/geo+json", &geojson::document(&tracks)))
}

async fn tracks_czml(State(web): State<Arc<Web>>, uri: Uri) -> Answer {
    let (view, tracks, _) = of_view(&web, &uri)?;
    Ok(answer("application/json", &czml::document(&view, &tracks)))
}

async fn health(State(web): State<Arc<Web>>, uri: Uri) -> Answer {
    Ask::read(&uri, &[])?;
    let status = web.board.status();
    let latest = web.hub.latest();
    Ok(as_json(&json!({
        "is_alive": web.board.is_alive(),
        "is_ready": status.is_ready,
        "not_ready": status.not_ready,
        "owner": latest.hello.owner,
        "exercise": latest.hello.exercise,
        "version": latest.hello.version,
        "instance": latest.hello.instance,
        "now_unix_s": unix_s(web.clock.now()),
        "history_from_unix_s": latest.hello.history_from_unix_s,
        "viewers": web.hub.viewers(),
        "partners": latest.partners,
        "agreement": latest.agreement,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_in_the_document_and_every_field_of_the_messages() {
        let document: Value = serde_json::from_str(OPENAPI).expect("it is JSON");
        let paths = document["paths"].as_object().expect("paths");
        let named: Vec<&str> = paths.keys().map(String::as_str).collect();
        let mut known = PATHS.to_vec();
        known.push(super::super::door::SESSION);
        known.sort_unstable();
        let mut named_in_order = named;
        named_in_order.sort_unstable();
        assert_eq!(named_in_order, known);
        let source = include_str!("api.rs");
        let routed = source.matches(".route(\"/api").count();
        assert_eq!(routed, PATHS.len());
        for (path, methods) in document["paths"].as_object().expect("paths") {
            for (method, facts) in methods.as_object().expect("methods") {
                let said = facts["responses"].as_object().expect("responses");
                for code in ["401", "403", "429"] {
                    assert!(
                        said.contains_key(code),
                        "{method} {path}: what the door and the guard answer"
                    );
                }
            }
        }
        let said = |schema: &str, value: Value| {
            let fields = document["components"]["schemas"][schema]["properties"]
                .as_object()
                .expect(schema);
            let own = value.as_object().expect("an object");
            assert_eq!(
                fields.keys().collect::<Vec<_>>(),
                own.keys().collect::<Vec<_>>(),
                "{schema}"
            );
        };
        use wire::messages::picture;
        said("Track", json!(picture::Track::default()));
        said("Area", json!(picture::Area::default()));
        said("PathPoint", json!(picture::PathPoint::default()));
        said("Contribution", json!(picture::Contribution::default()));
        said("Picture", json!(picture::Picture::default()));
        said("Plot", json!(picture::Plot::default()));
        said("Event", json!(picture::Event::default()));
        said("Partner", json!(picture::Partner::default()));
        said("Agreement", json!(picture::Agreement::default()));
        said("Moment", json!(picture::Moment::default()));
        use super::super::warned;
        said("Warnings", json!(warned::Warnings::default()));
        said("Warning", json!(warned::Warned::default()));
        said("Message", json!(warned::Written::default()));
        said("Next", json!(warned::Next::default()));
        said("Words", json!(warned::Words::default()));
        said("Delivery", json!(warned::Delivered::default()));
        let known: Vec<&str> = warned::Action::ALL.iter().map(|action| action.name()).collect();
        let action = &document["paths"]["/api/v1/warnings/{name}/{action}"]["post"]["parameters"][1];
        assert_eq!(action["schema"]["enum"], json!(known));
    }
}
