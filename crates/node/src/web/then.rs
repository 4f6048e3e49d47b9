//! What can be asked of the past: what was shown, what is known of it now, and plots. What is in memory is answered at
//! once; what is older is made anew of the log, one such question at a time.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use wire::messages::Message;
use wire::messages::picture::{Live, What};

use super::Web;
use super::api::{Answer, PROTOBUF, as_json, is_json, unavailable};
use super::ask::{Ask, Fault};
use super::drawn::{time_of_unix, unix_s};
use super::history::{Page, Step, page, plots as plots_of};
use super::past::pictures;
use crate::config::PictureConfig;

/// Whole pictures of one answer, at most.
const MOMENTS_MAX: usize = 600;
/// About so many octets of one answer, at most.
const OCTETS_MAX: usize = 16 << 20;
/// Plots of one answer, at most.
const PLOTS_MAX: usize = 20_000;
/// How far back plots go where nothing is said.
const PLOTS_BEFORE_S: f64 = 60.0;
/// How far back history goes where nothing is said.
const HISTORY_BEFORE_S: f64 = 600.0;
/// One computation of the past at a time.
const BUSY: &str = "another moment is being computed: ask again";

pub(super) async fn history(State(web): State<Arc<Web>>, headers: HeaderMap, uri: Uri) -> Answer {
    let asked = Ask::read(&uri, &["from", "to", "step_s"])?;
    let now = unix_s(web.clock.now());
    let to = asked.time("to")?.unwrap_or(now);
    let from = asked.time("from")?.unwrap_or(to - HISTORY_BEFORE_S);
    let each_s = asked
        .number("step_s", 0.1..=86_400.0, "seconds from 0.1 to 86400")?
        .unwrap_or(1.0);
    if from > to {
        return Err(Fault::of(
            "from",
            asked.text("from").unwrap_or_default(),
            "a time that is not after to",
        ));
    }
    let past = match past(&web, from, to).await {
        Ok(past) => past,
        Err(busy) => return Ok(busy),
    };
    let begin = past
        .begins
        .map_or(from, |first| from + each_s * ((first - from) / each_s).ceil().max(0.0));
    let until = past.until.unwrap_or(to);
    let made = blocking(move || page(&past.steps, (begin, until, each_s), (MOMENTS_MAX, OCTETS_MAX))).await;
    let mut page = made.unwrap_or_default();
    page.next_unix_s = page.next_unix_s.or(past.until);
    Ok(moments(&headers, page, past.begins))
}

/// Steps of the past.
struct Past {
    steps: Vec<Step>,
    /// Up to when, where there is more after that.
    until: Option<f64>,
    /// From when on there are any.
    begins: Option<f64>,
}

/// What is in memory, or, of times before that, made anew out of the log, one such computation at a time.
async fn past(web: &Arc<Web>, from: f64, to: f64) -> Result<Past, Response> {
    let (steps, in_memory) = web.hub.steps(from, to);
    let only_memory = Past {
        steps,
        until: None,
        begins: in_memory,
    };
    let Some(memory) = in_memory.filter(|memory| from < *memory && web.picture != PictureConfig::Off) else {
        return Ok(only_memory);
    };
    let Ok(only) = web.making_anew.clone().try_acquire_owned() else {
        return Err(unavailable(BUSY));
    };
    let of = web.clone();
    let work = move || {
        let begins = of.archive.begins_unix_s().filter(|begins| *begins < memory)?;
        let from = from.max(begins);
        let stretch = of.archive.stretch(&of, from, memory)?;
        drop(only);
        Some((stretch.steps(from, to), stretch.to_unix_s, begins))
    };
    let Some((mut steps, made, begins)) = blocking(work).await.flatten() else {
        return Ok(only_memory);
    };
    let is_cut = made < memory && made < to;
    if !is_cut {
        steps.extend(only_memory.steps);
    }
    Ok(Past {
        steps,
        until: is_cut.then_some(made),
        begins: Some(begins),
    })
}

pub(super) async fn moment(State(web): State<Arc<Web>>, headers: HeaderMap, uri: Uri) -> Answer {
    let asked = Ask::read(&uri, &["at", "known"])?;
    let at = asked.time("at")?.unwrap_or_else(|| unix_s(web.clock.now()));
    let known = asked.word("known", &["then", "now"])?;
    if known == "then" {
        let past = match past(&web, at, at).await {
            Ok(past) => past,
            Err(busy) => return Ok(busy),
        };
        let made = blocking(move || page(&past.steps, (at, at, 1.0), (1, OCTETS_MAX))).await;
        return Ok(moments(&headers, made.unwrap_or_default(), past.begins));
    }
    let Some(time) = time_of_unix(at) else {
        return Err(Fault::of(
            "at",
            asked.text("at").unwrap_or_default(),
            "a time from 1972 on",
        ));
    };
    let Ok(only) = web.making_anew.clone().try_acquire_owned() else {
        return Ok(unavailable(BUSY));
    };
    let (mut kept, oldest) = web.hub.items().until(time);
    let is_older = oldest.is_none_or(|oldest| time < oldest);
    let of = web.clone();
    let work = move || {
        if is_older {
            kept = of.archive.until(&of, time);
        }
        let made = pictures(&kept, &of.owners, time, &of.making);
        drop(only);
        made
    };
    let made = blocking(work).await;
    let page = Page {
        moments: made.into_iter().collect(),
        next_unix_s: None,
    };
    Ok(moments(&headers, page, oldest.map(unix_s)))
}

pub(super) async fn plots(State(web): State<Arc<Web>>, uri: Uri) -> Answer {
    let asked = Ask::read(&uri, &["from", "to"])?;
    let to = asked.time("to")?.unwrap_or_else(|| unix_s(web.clock.now()));
    let from = asked.time("from")?.unwrap_or(to - PLOTS_BEFORE_S);
    if from > to {
        return Err(Fault::of(
            "from",
            asked.text("from").unwrap_or_default(),
            "a time that is not after to",
        ));
    }
    // What was measured then came later; how much later is known only of what came.
    let past = match past(&web, from, to + 2.0 * web.making.lag_s).await {
        Ok(past) => past,
        Err(busy) => return Ok(busy),
    };
    let (history_from, is_more) = (past.begins, past.until.is_some());
    let made = blocking(move || plots_of(&past.steps, from, to, PLOTS_MAX)).await;
    let (plots, is_cut) = made.unwrap_or_default();
    Ok(as_json(&json!({
        "from_unix_s": from,
        "to_unix_s": to,
        "history_from_unix_s": history_from,
        "is_cut": is_cut || is_more,
        "plots": plots,
    })))
}

/// Does what takes long beside the thread that answers.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

/// Moments as whoever asks wants them: messages behind their lengths, or JSON.
fn moments(headers: &HeaderMap, page: Page, from: Option<f64>) -> Response {
    if is_json(headers) {
        let body = json!({
            "moments": page.moments,
            "next_unix_s": page.next_unix_s,
            "from_unix_s": from,
        });
        return as_json(&body);
    }
    let mut body = Vec::new();
    for moment in page.moments {
        let live = Live {
            what: Some(What::Moment(moment)),
        };
        body.extend(live.encode_length_delimited_to_vec());
    }
    let mut response = ([(header::CONTENT_TYPE, PROTOBUF)], body).into_response();
    for (name, value) in [("x-trilat-next", page.next_unix_s), ("x-trilat-from", from)] {
        if let Some(value) = value.and_then(|value| value.to_string().parse().ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
