//! `/metrics`, `/health`, `/ready`, `/status`, `/picture` and what [`crate::web`] adds, on loopback unless told
//! otherwise; and the signals that end a node.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::clock::steady_ns;
use crate::engine::worker;
use crate::metrics::Metrics;
use crate::run::Event;
use crate::status::Status;
use crate::web::{self, Web};

/// The deciding thread has to be heard of within this.
const SILENCE_MAX_NS: i64 = 5_000_000_000;
/// How long answers that were begun may take once the node stops.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long the engine has to say what is in the air.
const PICTURE: Duration = Duration::from_secs(2);

/// The newest status, and when the deciding thread was heard of last.
#[derive(Clone, Debug, Default)]
pub struct Board {
    status: Arc<Mutex<Arc<Status>>>,
    heard_ns: Arc<AtomicI64>,
    /// What the engine says.
    pub engine: Arc<worker::Board>,
}

impl Board {
    /// Notes that the deciding thread lives.
    pub fn beat(&self, now_ns: i64) {
        self.heard_ns.store(now_ns, Ordering::Relaxed);
    }

    /// Puts a newer status up.
    pub fn publish(&self, status: Status) {
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(status);
    }

    /// The newest status.
    pub fn status(&self) -> Arc<Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the deciding thread was heard of lately.
    pub fn is_alive(&self) -> bool {
        steady_ns() - self.heard_ns.load(Ordering::Relaxed) < SILENCE_MAX_NS
    }
}

/// HTTP cannot begin.
#[derive(Debug, thiserror::Error)]
#[error("http: cannot listen on {address}: {source}; choose another [http] address")]
pub struct HttpError {
    /// The address.
    address: SocketAddr,
    /// What the system said.
    source: io::Error,
}

/// The thread of HTTP and signals.
pub struct Http {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Clone)]
struct Shared {
    board: Board,
    metrics: Metrics,
}

impl Http {
    /// Begins to listen, and to wait for SIGTERM and SIGINT, which become [`Event::Stop`].
    ///
    /// Errors: [`HttpError`], where the address cannot be listened on.
    pub fn start(
        address: SocketAddr,
        board: Board,
        (metrics, web): (Metrics, Option<Arc<Web>>),
        events: SyncSender<Event>,
    ) -> Result<Self, HttpError> {
        let failed = |source| HttpError { address, source };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let listener = runtime.block_on(TcpListener::bind(address)).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, stopped) = oneshot::channel();
        let router = router(Shared { board, metrics }, web, address);
        let signals = {
            let _inside = runtime.enter();
            Signals::new().map_err(failed)?
        };
        let work = move || {
            runtime.block_on(async move {
                let watch = tokio::spawn(signals.watch(events));
                let (told, wait) = oneshot::channel();
                let serve = axum::serve(listener, router).with_graceful_shutdown(async {
                    // Whoever dropped the other end is stopping too.
                    let _ = wait.await;
                });
                let served = tokio::spawn(serve.into_future());
                let _ = stopped.await;
                let _ = told.send(());
                let _ = tokio::time::timeout(FAREWELL, served).await;
                watch.abort();
            });
        };
        let thread = Builder::new().name("http".to_owned()).spawn(work).map_err(failed)?;
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The signals that end a node.
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn watch(mut self, events: SyncSender<Event>) {
        let mut is_second = false;
        loop {
            tokio::select! {
                _ = self.terminate.recv() => {}
                _ = self.interrupt.recv() => {}
            }
            if is_second {
                tracing::warn!("told to stop twice: ending at once; the log is in order all the same");
                std::process::exit(1);
            }
            is_second = true;
            let events = events.clone();
            // The queue may be full: the wait for room is not for this thread.
            drop(tokio::task::spawn_blocking(move || events.send(Event::Stop)));
        }
    }
}

fn router(shared: Shared, web: Option<Arc<Web>>, address: SocketAddr) -> Router {
    let own = Router::new()
        .route("/metrics", get(metrics))
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/status", get(status))
        .route("/picture", get(picture))
        .with_state(shared);
    let all = match web {
        Some(web) => own.merge(web::routes(web)),
        None => own,
    };
    let is_loopback = address.ip().is_loopback();
    all.layer(from_fn(move |request: Request, next: Next| {
        web::guard(is_loopback, request, next)
    }))
}

const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

async fn metrics(State(shared): State<Shared>) -> Response {
    ([(header::CONTENT_TYPE, METRICS_TYPE)], shared.metrics.text()).into_response()
}

async fn health(State(shared): State<Shared>) -> Response {
    if shared.board.is_alive() {
        (StatusCode::OK, "ok\n").into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the deciding thread is stuck\n").into_response()
    }
}

async fn ready(State(shared): State<Shared>) -> Response {
    let status = shared.board.status();
    if status.is_ready && shared.board.is_alive() {
        (StatusCode::OK, "ready\n").into_response()
    } else if status.not_ready.is_empty() {
        (StatusCode::SERVICE_UNAVAILABLE, "starting\n").into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, status.not_ready.join("\n") + "\n").into_response()
    }
}

async fn status(State(shared): State<Shared>) -> Response {
    json(&*shared.board.status())
}

async fn picture(State(shared): State<Shared>) -> Response {
    let engine = shared.board.engine;
    let asked = tokio::task::spawn_blocking(move || engine.pictures(PICTURE));
    match asked.await.ok().flatten() {
        Some(pictures) => json(&*pictures),
        None => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the tracker is busy or has not begun\n",
        )
            .into_response(),
    }
}

fn json(value: &impl serde::Serialize) -> Response {
    match serde_json::to_string_pretty(value) {
        Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text + "\n").into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::sync::mpsc::sync_channel;

    use super::*;

    fn get(address: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn each_page_says_what_holds() {
        let (to, _events) = sync_channel(1);
        let (board, metrics) = (Board::default(), Metrics::new());
        let http = Http::start(
            "127.0.0.1:0".parse().unwrap(),
            board.clone(),
            (metrics.clone(), None),
            to,
        )
        .unwrap();
        assert!(get(http.address, "/ready").starts_with("HTTP/1.1 503"));
        board.beat(steady_ns());
        assert!(get(http.address, "/health").starts_with("HTTP/1.1 200"));
        board.publish(Status {
            owner: "alpha".into(),
            not_ready: vec!["the disk is full".into()],
            ..Status::default()
        });
        assert!(get(http.address, "/ready").ends_with("the disk is full\n"));
        board.publish(Status {
            is_ready: true,
            owner: "alpha".into(),
            ..Status::default()
        });
        assert!(get(http.address, "/ready").starts_with("HTTP/1.1 200"));
        assert!(get(http.address, "/status").contains("\"owner\": \"alpha\""));
        metrics.feed_plots("north").inc();
        assert!(get(http.address, "/metrics").contains("trilat_feed_plots_total{feed=\"north\"} 1"));
        assert!(get(http.address, "/secrets").starts_with("HTTP/1.1 404"));
        board.beat(steady_ns() - SILENCE_MAX_NS);
        assert!(get(http.address, "/health").starts_with("HTTP/1.1 503"));
        let address = http.address;
        drop(http);
        assert!(TcpStream::connect(address).is_err());
    }
}
