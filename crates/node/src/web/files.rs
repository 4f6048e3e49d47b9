//! The files of the picture, which are in the program.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// Where no picture was built.
const ABSENT: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>trilat</title></head>\n\
    <body><p>The picture is not in this program: build it (npm ci and npm run build in web/), then build the program \
    again.</p></body></html>\n";

/// What assets have in their names is of their content: they never change.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Everything else is asked for each time.
const ANEW: &str = "no-cache";

/// The page.
pub(super) async fn index(headers: HeaderMap) -> Response {
    match find("index.html") {
        Some(content) => answer("index.html", content, &headers),
        None => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], ABSENT).into_response(),
    }
}

/// A file beside the page.
pub(super) async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let name = format!("assets/{path}");
    match find(&name) {
        Some(content) => answer(&name, content, &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file of the folder itself; what there is none of is not found.
pub(super) fn beside(path: &str, headers: &HeaderMap) -> Option<Response> {
    let name = path.strip_prefix('/')?;
    Some(answer(name, find(name)?, headers))
}

fn find(name: &str) -> Option<&'static [u8]> {
    let at = FILES.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    Some(FILES[at].1)
}

fn answer(name: &str, content: &'static [u8], headers: &HeaderMap) -> Response {
    let tag = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(content));
    let caching = if name.starts_with("assets/") { FOR_EVER } else { ANEW };
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let head = [
        (header::CONTENT_TYPE, kind(name).to_owned()),
        (header::CACHE_CONTROL, caching.to_owned()),
        (header::ETAG, tag),
    ];
    if is_known {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    (head, Body::from(Bytes::from_static(content))).into_response()
}

/// The media type of a file, by its name.
fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, end)| end) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "topojson" | "map" => "application/json",
        "geojson" => "application/geo+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_and_have_a_type() {
        assert!(FILES.is_sorted_by_key(|(name, _)| *name));
        assert_eq!(kind("assets/index-abc.js"), "text/javascript; charset=utf-8");
        assert_eq!(kind("a.css"), "text/css; charset=utf-8");
        assert_eq!(kind("LICENSE"), "application/octet-stream");
    }
}
