//! `/metrics`, `/health`, `/ready`, `/status`, `/picture` and what [`crate::web`] adds, on loopback unless told
//! otherwise; and the signals that end a node.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
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
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

use crate::access::{TokenError, Tokens};
use crate::clock::steady_ns;
use crate::config::{HttpConfig, PictureConfig};
use crate::engine::worker;
use crate::metrics::Metrics;
use crate::run::Event;
use crate::status::Status;
use crate::web::{self, Door, Peer, TlsListener, Web};

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
pub enum HttpError {
    /// The address cannot be listened on.
    #[error("http: cannot listen on {address}: {source}; choose another [http] address")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Everybody on the network would see what the node sees.
    #[error(
        "http: {address} can be reached from other machines: give [http] certificate, key and tokens (`trilat node token` \
         makes one), or listen on 127.0.0.1; with picture = \"off\" only /metrics, /health and /ready are answered there, \
         which needs none of them"
    )]
    Unguarded {
        /// The address.
        address: SocketAddr,
    },
    /// Certificate or key cannot be used.
    #[error("http: {0}")]
    Certificate(String),
    /// The tokens cannot be used.
    #[error("http: {0}")]
    Tokens(#[from] TokenError),
}

/// The thread of HTTP and signals.
pub struct Http {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where `trilat node status` asks, without a token: the same where none is needed.
    pub local: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Clone)]
struct Shared {
    board: Board,
    metrics: Metrics,
}

/// What is answered where.
struct Ears {
    main: TcpListener,
    address: SocketAddr,
    tls: Option<Arc<ServerConfig>>,
    answers: Router,
    /// Beside an address that asks for a token or for TLS, one for `trilat node status`.
    local: Option<(TcpListener, Router)>,
}

impl Http {
    /// Begins to listen, and to wait for SIGTERM and SIGINT, which become [`Event::Stop`].
    ///
    /// Errors: [`HttpError`]; of an address that others reach, where nothing says who may ask.
    pub fn start(
        config: &HttpConfig,
        board: Board,
        (metrics, web): (Metrics, Option<Arc<Web>>),
        events: SyncSender<Event>,
    ) -> Result<Self, HttpError> {
        let failed = |source| HttpError::Listen {
            address: config.address,
            source,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let ears = runtime.block_on(ears(config, Shared { board, metrics }, web))?;
        let address = ears.address;
        let local = ears.local.as_ref().map_or(Ok(address), |(local, _)| local.local_addr());
        let local = local.map_err(failed)?;
        let (stop, stopped) = oneshot::channel();
        let signals = {
            let _inside = runtime.enter();
            Signals::new().map_err(failed)?
        };
        let work = move || {
            runtime.block_on(async move {
                let watch = tokio::spawn(signals.watch(events));
                ears.serve(stopped).await;
                watch.abort();
            });
            runtime.shutdown_timeout(FAREWELL);
        };
        let thread = Builder::new().name("http".to_owned()).spawn(work).map_err(failed)?;
        Ok(Self {
            address,
            local,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

/// Listens, and puts together who may ask what.
async fn ears(config: &HttpConfig, shared: Shared, web: Option<Arc<Web>>) -> Result<Ears, HttpError> {
    let address = config.address;
    let failed = |source| HttpError::Listen { address, source };
    let is_local = address.ip().is_loopback();
    let tokens = config.tokens.as_ref().map(|path| Tokens::read(path)).transpose()?;
    let tokens = tokens.map(Arc::new);
    let own = |(certificate, key): &(PathBuf, PathBuf)| web::tls(certificate, key, tokens.clone());
    let tls = config
        .tls
        .as_ref()
        .map(own)
        .transpose()
        .map_err(HttpError::Certificate)?;
    let is_guarded = is_local || (tls.is_some() && tokens.is_some());
    if !is_guarded && config.picture != PictureConfig::Off {
        return Err(HttpError::Unguarded { address });
    }
    let main = TcpListener::bind(address).await.map_err(failed)?;
    let answers = match is_guarded {
        true => {
            let door = Arc::new(Door::new(tokens, tls.is_some()));
            let all = open(shared.clone())
                .merge(told(shared.clone()))
                .merge(pictured(shared.clone()));
            let all = web.into_iter().fold(all, |all, web| all.merge(web::routes(web)));
            web::door(all, door)
        }
        false => open(shared.clone()),
    };
    let local = match config.has_local_ear() {
        false => None,
        true => {
            let beside = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
            Some((beside, guarded(open(shared.clone()).merge(told(shared)), true)))
        }
    };
    Ok(Ears {
        address: main.local_addr().map_err(failed)?,
        main,
        tls,
        answers: guarded(answers, is_local),
        local,
    })
}

fn guarded(router: Router, is_local: bool) -> Router {
    router.layer(from_fn(move |request: Request, next: Next| {
        web::guard(is_local, request, next)
    }))
}

impl Ears {
    /// Answers until told to stop, and a moment longer what was begun.
    async fn serve(self, stopped: oneshot::Receiver<()>) {
        let (told, wait) = watch::channel(false);
        let over = || {
            let mut wait = wait.clone();
            async move {
                // Whoever dropped the other end is stopping too.
                let _ = wait.wait_for(|is_told| *is_told).await;
            }
        };
        let mut served = JoinSet::new();
        if let Some((listener, router)) = self.local {
            let service = router.into_make_service_with_connect_info::<Peer>();
            served.spawn(
                axum::serve(listener, service)
                    .with_graceful_shutdown(over())
                    .into_future(),
            );
        }
        let service = self.answers.into_make_service_with_connect_info::<Peer>();
        match self.tls {
            Some(config) => {
                let listener = TlsListener::start(self.main, self.address, config);
                served.spawn(
                    axum::serve(listener, service)
                        .with_graceful_shutdown(over())
                        .into_future(),
                );
            }
            None => {
                served.spawn(
                    axum::serve(self.main, service)
                        .with_graceful_shutdown(over())
                        .into_future(),
                );
            }
        }
        let _ = stopped.await;
        let _ = told.send(true);
        let all = async { while served.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(FAREWELL, all).await;
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

/// What anybody may know who can reach the node.
fn open(shared: Shared) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/health", get(health))
        .route("/ready", get(ready))
        .with_state(shared)
}

/// What programs of this machine ask, too.
fn told(shared: Shared) -> Router {
    Router::new().route("/status", get(status)).with_state(shared)
}

fn pictured(shared: Shared) -> Router {
    Router::new().route("/picture", get(picture)).with_state(shared)
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

    fn config(address: &str) -> HttpConfig {
        HttpConfig {
            address: address.parse().unwrap(),
            picture: PictureConfig::All,
            history_mib: 1,
            tls: None,
            tokens: None,
        }
    }

    #[test]
    fn beyond_this_machine_nothing_is_told_to_everybody() {
        let begin = |config: &HttpConfig| {
            let (to, _events) = sync_channel(1);
            Http::start(config, Board::default(), (Metrics::new(), None), to)
        };
        let open = config("0.0.0.0:0");
        let refused = begin(&open).err().unwrap().to_string();
        assert!(refused.contains("certificate, key and tokens"), "{refused}");
        let watched = HttpConfig {
            picture: PictureConfig::Off,
            ..open
        };
        let http = begin(&watched).unwrap();
        let of = |path: &str| {
            let address = (Ipv4Addr::LOCALHOST, http.address.port()).into();
            get(address, path)
        };
        assert!(of("/metrics").starts_with("HTTP/1.1 200"));
        assert!(of("/status").starts_with("HTTP/1.1 404"));
        assert!(get(http.local, "/status").starts_with("HTTP/1.1 200"));
    }

    #[test]
    fn without_tokens_everybody_may_look_and_nobody_may_ask_without_end() {
        let (to, _events) = sync_channel(1);
        let http = Http::start(&config("127.0.0.1:0"), Board::default(), (Metrics::new(), None), to).unwrap();
        let who = get(http.address, "/api/v1/session");
        assert!(
            who.ends_with("{\"name\":\"local\",\"role\":\"viewer\",\"session\":false}\n"),
            "{who}"
        );
        // One connection, all at once.
        let asks = 2_000;
        let mut stream = TcpStream::connect(http.address).unwrap();
        let mut reads = stream.try_clone().unwrap();
        let answers = std::thread::spawn(move || {
            let mut text = String::new();
            reads.read_to_string(&mut text).map(|_| text)
        });
        for number in 1..=asks {
            let connection = if number == asks { "Connection: close\r\n" } else { "" };
            write!(stream, "GET /status HTTP/1.1\r\nHost: localhost\r\n{connection}\r\n").unwrap();
        }
        let text = answers.join().unwrap().unwrap();
        let count = |code: &str| text.matches(&format!("HTTP/1.1 {code}")).count();
        assert_eq!(count("200") + count("429"), asks, "{}", &text[..500]);
        assert!(
            count("200") >= 500 && count("429") >= 100,
            "{} and {}",
            count("200"),
            count("429")
        );
        let watches = get(http.address, "/health");
        assert!(!watches.starts_with("HTTP/1.1 429"), "{watches}");
    }

    #[test]
    fn each_page_says_what_holds() {
        let (to, _events) = sync_channel(1);
        let (board, metrics) = (Board::default(), Metrics::new());
        let http = Http::start(&config("127.0.0.1:0"), board.clone(), (metrics.clone(), None), to).unwrap();
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
