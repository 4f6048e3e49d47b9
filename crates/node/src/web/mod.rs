//! The pictures of a node as people and programs see them: in a browser, live and as they were; over HTTP.
//!
//! ```text
//! keeper (a thread) ─► Hub ─► live: WebSocket     api: tracks, forecasts, GeoJSON, CZML; then: history, moment, plots
//!   ├ view: what changed from one look to the next        files: the page itself, which is in the program
//!   ├ drawn, path: a row and its forecast as messages     ask: what is asked for, and what is wrong with it
//!   ├ plots: which plot is thought to be of which track
//!   ├ federation: links, age of data, agreement
//!   │                                            guard: from where, and what a browser may do with the answer
//!   │                                            door: tokens, sessions, rates; tls
//!   │                                            warnings: what persons do to them; warned: as JSON
//!   └ history: what was shown; past: what was measured up to a moment, whenever it came
//! archive: what was before what is in memory; recall: items out of the log; anew: pictures made of them
//! ```
//!
//! Pictures are for looking at: nothing decides by them, and no plot waits for them.

mod anew;
mod api;
mod archive;
mod ask;
mod czml;
mod door;
#[cfg(test)]
mod door_tests;
mod drawn;
mod federation;
mod files;
mod geojson;
mod guard;
mod history;
mod hub;
mod keeper;
mod live;
mod past;
mod path;
mod plots;
mod recall;
mod then;
mod tls;
mod view;
mod warned;
mod warnings;

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::{Builder, JoinHandle};

use axum::Router;
use axum::middleware::from_fn_with_state;
use prometheus_client::metrics::counter::Counter;
use share::item::{Item, ItemId};
use wire::messages::picture::Hello;

use crate::clock::{NodeClock, wall};
use crate::config::{Config, PictureConfig};
use crate::http::Board;
use crate::metrics::Metrics;
use crate::store::DiskStore;
use crate::urgency;
use crate::warnings::Duty;

pub(crate) use api::routes;
pub(crate) use door::Door;
pub(crate) use guard::guard;
pub(crate) use tls::{Peer, TlsListener, config as tls};

use archive::Archive;
use hub::Hub;
use keeper::{Handed, Keeper};
use past::{Items, Making, TOGETHER};
use recall::Log;

/// Items that may wait for the thread of pictures: beyond, they are left out of what is shown alone, and counted.
const WAITING_MAX: usize = 1 << 14;
/// Of what history may take, so much is for items.
const OF_ITEMS: usize = 3;

/// What HTTP answers from.
pub struct Web {
    hub: Arc<Hub>,
    board: Board,
    clock: NodeClock,
    /// All owners, the node's own first.
    owners: Vec<Arc<str>>,
    making: Making,
    /// What was before.
    archive: Archive,
    /// One such computation at a time.
    making_anew: Arc<tokio::sync::Semaphore>,
    picture: PictureConfig,
    /// Warnings, where the node warns.
    duty: Option<Arc<Duty>>,
}

impl Web {
    /// The names of all pictures.
    fn views(&self) -> Vec<String> {
        let together = std::iter::once(TOGETHER.to_owned());
        together.chain(self.alone().iter().map(ToString::to_string)).collect()
    }

    /// The owners whose own picture is shown.
    fn alone(&self) -> &[Arc<str>] {
        match self.picture {
            PictureConfig::All => &self.owners,
            PictureConfig::Own => &self.owners[..1],
            PictureConfig::Off => &[],
        }
    }
}

/// The thread of pictures, as the deciding thread sees it; it ends with this.
pub struct Feed {
    items: Option<SyncSender<Handed>>,
    wake: Option<SyncSender<()>>,
    skipped: Counter,
    thread: Option<JoinHandle<()>>,
}

impl Feed {
    /// Hands an accepted item over, without waiting: where the thread is behind, what is shown lacks it.
    pub fn hand(&self, id: ItemId, item: &Arc<Item>, clock: &NodeClock) {
        let Some(items) = &self.items else { return };
        if let Err(TrySendError::Full(_)) = items.try_send((id, item.clone(), clock.now())) {
            self.skipped.inc();
        }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.items.take();
        if let Some(wake) = self.wake.take() {
            // It may be awake.
            let _ = wake.try_send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Puts a door before routes.
pub(crate) fn door(routes: Router, door: Arc<Door>) -> Router {
    let all = routes.merge(door::routes(door.clone()));
    all.layer(from_fn_with_state(door, door::enter))
}

/// Starts the thread of pictures, told of all sensors that are known, and one that reads what was before this start out
/// of the log. Errors: the system has no more threads.
pub fn start(
    config: &Config,
    clock: &NodeClock,
    (board, metrics): (&Board, &Metrics),
    duty: Option<Arc<Duty>>,
    (store, known): (&DiskStore, &[(ItemId, Arc<Item>)]),
) -> io::Result<(Arc<Web>, Feed)> {
    let partners: Vec<Arc<str>> = config.partners.iter().map(|partner| partner.name.clone()).collect();
    let owners: Vec<Arc<str>> = std::iter::once(config.owner.clone())
        .chain(partners.iter().cloned())
        .collect();
    let making = Making {
        exercise: config.exercise,
        lag_s: config.lag_s,
        checkpoint_s: config.checkpoint_s,
    };
    let hello = Hello {
        owner: config.owner.to_string(),
        exercise: config.exercise,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        owners: owners.iter().map(ToString::to_string).collect(),
        speed: clock.speed(),
        instance: format!("{:x}", wall().tai_ns()),
        ..Hello::default()
    };
    let octets_max = config.http.history_mib << 20;
    let of_items = octets_max / OF_ITEMS;
    let (wake, woken) = sync_channel(1);
    let kept = (octets_max - of_items, Items::new(of_items));
    let hub = Arc::new(Hub::new(hello, kept, wake.clone()));
    let is_shown = config.http.picture != PictureConfig::Off;
    let mut feed = Feed {
        items: None,
        wake: None,
        skipped: metrics.picture_skipped.clone(),
        thread: None,
    };
    if is_shown {
        let (items, handed) = sync_channel(WAITING_MAX);
        let setup = keeper::Setup {
            own: config.owner.clone(),
            partners,
            making: making.clone(),
            clock: clock.clone(),
            board: board.clone(),
            hub: hub.clone(),
            is_each_alone: config.http.picture == PictureConfig::All,
            duty: duty.clone(),
        };
        let work = move || {
            if let Err(error) = urgency::stand_back() {
                tracing::warn!("the thread of pictures is not behind others: {error:?}");
            }
            Keeper::new(setup, handed).run(&woken);
        };
        feed.thread = Some(Builder::new().name("picture".to_owned()).spawn(work)?);
        (feed.items, feed.wake) = (Some(items), Some(wake));
    }
    known.iter().for_each(|(id, item)| feed.hand(*id, item, clock));
    let log = Log {
        store: store.clone(),
        owners: owners.clone(),
    };
    let web = Arc::new(Web {
        hub,
        board: board.clone(),
        clock: clock.clone(),
        owners,
        archive: Archive::new(log),
        making,
        making_anew: Arc::new(tokio::sync::Semaphore::new(1)),
        picture: config.http.picture,
        duty,
    });
    archive::begin(&web, known.to_vec());
    Ok((web, feed))
}
