//! From a configuration to a running node, and to its end.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, PoisonError};
use std::thread::{Builder, JoinHandle};

use plot::Sensors;
use share::digest::{Circle, circles};
use share::exchange::{self, Exchange, RestoreError, Rules, Setup, keys};
use share::identity::NodeKey;
use share::item::{Item, ItemId};
use share::policy::PolicyError;
use share::store::{Page, Range};
use wire::{SensorFileError, read_sensors};

use super::belief::Belief;
use super::channel::Channel;
use super::core::{Core, Ending, State};
use super::counts::{FeedShown, Tallies};
use super::policies::PolicyWatch;
use super::policy::Policies;
use super::reader::Reader;
use super::reopen::Opener;
use super::rolls::{RollError, Rolls};
use super::roster_watch::{OwnRoster, RosterWatch};
use super::rules::{NodeRules, Released};
use super::{CIRCLES_MAX, Event, known};
use crate::clock::{NodeClock, Watch, wall};
use crate::config::Config;
use crate::engine::worker::ToEngine;
use crate::engine::{Engine, EngineOptions, worker};
use crate::feed::{self, FeedError, Intake, Known, Permits, Stop};
use crate::http::{Board, Http, HttpError};
use crate::link::zenoh::{self, ZenohLink};
use crate::metrics::Metrics;
use crate::store::{Control, DiskStore, GroupCommit, StoreError, StoreOptions};
use crate::urgency::{self, Scheduling, Urgency};
use crate::versions::{Versions, kept};
use crate::warnings::{self, OnDuty};
use crate::web;

/// Events of links, the store and the tracker that may wait, beside the plots of feeds.
const EVENTS_BESIDE: usize = 16_384;
/// Batches that may wait to be appended.
const BATCHES_WAITING_MAX: usize = 4_096;
/// Items that may wait for the tracker.
const ENGINE_WAITING_MAX: usize = 1 << 17;

/// A node cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The sensor file cannot be opened.
    #[error("cannot read {}: {source}", path.display())]
    SensorsRead {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The sensor file cannot be used.
    #[error(transparent)]
    Sensors(#[from] SensorFileError),
    /// A roster cannot be used.
    #[error(transparent)]
    Roll(#[from] RollError),
    /// No version of the agreement can be taken.
    #[error(
        "{}: no signed version of the agreement{}: sign one, trilat policy sign --help",
        folder.display(),
        refused.iter().map(|words| format!("\n{words}")).collect::<String>()
    )]
    NoVersion {
        /// The folder of signed versions.
        folder: PathBuf,
        /// What is there, and why it is refused.
        refused: Vec<String>,
    },
    /// The version that holds cannot be used.
    #[error("the version of the agreement that holds cannot be used:\n{source}")]
    Policy {
        /// Each fault.
        source: PolicyError,
    },
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] crate::store::OpenError),
    /// The store cannot be read.
    #[error("the log in {} cannot be read: {source}", path.display())]
    StoreRead {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// What is in the store cannot be begun with.
    #[error("the log in {}: {source}", path.display())]
    Restore {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: RestoreError,
    },
    /// A link cannot be opened.
    #[error(transparent)]
    Link(#[from] zenoh::OpenError),
    /// A feed cannot begin.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// HTTP cannot begin.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// Warnings cannot begin.
    #[error(transparent)]
    Warnings(#[from] warnings::DutyError),
    /// A file of the run folder cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system has no more threads.
    #[error("no thread can be started: {0}")]
    Thread(#[source] io::Error),
}

/// Reads the sensor file of a configuration.
pub fn sensors_of(config: &Config) -> Result<Sensors, StartError> {
    let path = &config.sensors;
    let file = fs::File::open(path).map_err(|source| StartError::SensorsRead {
        path: path.clone(),
        source,
    })?;
    Ok(read_sensors(file, &path.display().to_string())?)
}

/// Where `http.address` is written.
pub fn address_file(config: &Config) -> PathBuf {
    config.run.join("http.address")
}

/// Runs a node until it is told to stop. Errors: [`StartError`], and then nothing runs.
pub fn run(config: &Config) -> Result<Ending, StartError> {
    let sensors = sensors_of(config)?;
    let (key, clock, rosters, belief) = identity(config)?;
    write_folder(&config.run)?;
    let store = open_store(config)?;
    let node = key.id().to_string();
    let released = Released::default();
    let (watch, rules) = policies(config, rosters.own(), &sensors, (&store, &clock, &released))?;
    let policy = Policies::new(watch.list(), Rules::version(&*rules));
    let setup = setup_of(config, &belief, key, rules);
    let exchange = restore(config, setup, &store, &clock)?;
    let known = known::sensors(config, sensors.as_slice(), &read(config, &store, &known::kept())?);
    let (metrics, board) = (Metrics::new(), Board::default());
    let (to, events) = sync_channel(config.limits.rated_plots_per_s * config.feeds.len() + EVENTS_BESIDE);
    let on_duty = OnDuty::of(config, &clock, &metrics)?;
    let duty = on_duty.as_ref().map(|on_duty| on_duty.duty().clone());
    let (web, picture) =
        web::start(config, &clock, (&board, &metrics), duty, (&store, &known)).map_err(StartError::Thread)?;
    let answered = (metrics.clone(), Some(web));
    let http = Http::start(&config.http, board.clone(), answered, to.clone())?;
    write_address(config, http.local)?;
    let commit = start_commit(&store, &to)?;
    let _backups = start_backups(&store);
    let reader = Reader::start(store.clone(), commit.appends(), to.clone()).map_err(StartError::Thread)?;
    let stop = Stop::default();
    let (rosters, _) = rosters.start(to.clone(), stop.clone()).map_err(StartError::Thread)?;
    // From here on begins what a plot waits for, or a withdrawal.
    hurry(config.limits.scheduling);
    let watching = start_watch(watch, (&to, &stop))?;
    let feed = on_duty.as_ref().map(OnDuty::feed);
    let (engine, engine_thread) = start_engine((config, known), (&clock, &metrics, &board.engine), (&to, feed))?;
    let (opener, channels) = open_links(config, belief.rolls(), &metrics, (&to, &stop))?;
    let (shown, running) = start_feeds(config, &sensors, (&clock, &metrics), (&to, &stop))?;
    let own = sensors.as_slice().iter().filter(|sensor| sensor.owner == config.owner);
    let limits = (config.limits.free_disk_min_mib << 20, config.clock.partner_offset_max_s);
    let permits = shown.iter().map(|feed| feed.permits.clone()).collect();
    let mut core = Core {
        owner: config.owner.clone(),
        exercise: config.exercise,
        watch: Watch::new(config.clock.jump_max_s),
        exchange,
        events,
        commit,
        reader,
        channels,
        engine,
        engine_board: board.engine.clone(),
        sensors: own.map(|sensor| (sensor.name.clone(), sensor.clone())).collect(),
        permits,
        picture,
        released,
        belief,
        rosters,
        opener,
        tallies: Tallies::new((board, metrics, clock.clone()), shown, store, limits, node.clone()),
        clock,
        urgency: Urgency::of(config.limits.scheduling),
        state: State::new(policy),
    };
    tracing::info!(owner = &*config.owner, node, http = %http.address, "the node runs");
    let mut feeds = Some((running, watching));
    let ending = core.run(|| {
        if let Some((running, watching)) = feeds.take() {
            close_feeds(&stop, running, watching, to.clone());
        }
    });
    stop.set();
    finish(core, engine_thread);
    drop((on_duty, http));
    let _ = fs::remove_file(address_file(config));
    tracing::info!(?ending, "the node has ended");
    Ok(ending)
}

/// Who this node is, by what clock, and whom it believes.
fn identity(config: &Config) -> Result<(NodeKey, NodeClock, RosterWatch, Belief), StartError> {
    let rolls = Rolls::read(config)?;
    let key = rolls.keyring().node_key().map_err(RollError::from)?;
    let clock = NodeClock::start(config.clock.exercise);
    let rosters = RosterWatch::new(rolls.keyring().clone(), key.id(), clock.clone());
    let belief = Belief::new(rolls, key.id(), clock.now());
    Ok((key, clock, rosters, belief))
}

fn open_store(config: &Config) -> Result<DiskStore, StartError> {
    let options = StoreOptions {
        reserve_octets: config.limits.free_disk_min_mib << 20,
        ..StoreOptions::default()
    };
    Ok(DiskStore::open(&config.store, options)?)
}

fn hurry(scheduling: Scheduling) {
    if scheduling == Scheduling::RealTime
        && let Err(error) = urgency::hurry()
    {
        let remedy = "permit it (LimitRTPRIO=1, ulimit -r 1), or set [limits] scheduling = \"ordinary\"";
        tracing::warn!("the system does not permit real-time threads ({error:?}): {remedy}");
    }
}

/// The versions of the log and of the folder, and the rules that hold now.
fn policies(
    config: &Config,
    own: OwnRoster,
    sensors: &Sensors,
    (store, clock, released): (&DiskStore, &NodeClock, &Released),
) -> Result<(PolicyWatch, Box<NodeRules>), StartError> {
    let roster = own.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut versions = Versions::new(&config.policies, &roster);
    let page = read(config, store, &kept())?;
    for refused in versions.restore(&page) {
        tracing::error!("{refused}");
    }
    let looked = versions.look();
    let holds = versions.history().at(clock.now());
    // One that does not hold yet gives nobody anything.
    let Some(holds) = holds.or(versions.history().versions().first()) else {
        let refused = looked.as_ref().err().into_iter().chain(versions.refused());
        return Err(StartError::NoVersion {
            folder: versions.folder().to_owned(),
            refused: refused.map(ToString::to_string).collect(),
        });
    };
    let rules = NodeRules::of(holds, sensors, released.clone());
    let rules = rules.map_err(|source| StartError::Policy { source })?;
    let watch = PolicyWatch {
        handed: holds.number,
        own,
        own_version: roster.version,
        versions,
        sensors: sensors.clone(),
        released: released.clone(),
        to_keep: looked.unwrap_or_default(),
        told: None,
    };
    Ok((watch, Box::new(rules)))
}

fn start_watch(watch: PolicyWatch, (to, stop): (&SyncSender<Event>, &Stop)) -> Result<JoinHandle<()>, StartError> {
    let (to, stop) = (to.clone(), stop.clone());
    spawn("policy", move || watch.run(&to, &stop))
}

/// What the exchange is made of.
fn setup_of(config: &Config, belief: &Belief, key: NodeKey, rules: Box<NodeRules>) -> Setup {
    Setup {
        owner: config.owner.clone(),
        earlier: belief.rolls().own_earlier(key.id()),
        key,
        partners: belief.partners().to_vec(),
        rules,
        limits: exchange::limits::Limits::default(),
    }
}

fn restore(config: &Config, setup: Setup, store: &DiskStore, clock: &NodeClock) -> Result<Exchange, StartError> {
    let page = read(config, store, &keys::state())?;
    let items = store
        .read_last(&keys::items())
        .map_err(|source| unread(config, source))?;
    let last = items.first().and_then(|(key, _)| keys::time_of_item(key));
    Exchange::restore(setup, &page, last, clock.now()).map_err(|source| StartError::Restore {
        path: config.store.clone(),
        source,
    })
}

fn read(config: &Config, store: &DiskStore, range: &Range) -> Result<Page, StartError> {
    store.read(range).map_err(|source| unread(config, source))
}

fn unread(config: &Config, source: StoreError) -> StartError {
    let path = config.store.clone();
    StartError::StoreRead { path, source }
}

fn start_commit(store: &DiskStore, to: &SyncSender<Event>) -> Result<GroupCommit, StartError> {
    let to = to.clone();
    let tell = move |event| {
        // Who is gone needs to know nothing.
        let _ = to.send(Event::Store(event));
    };
    GroupCommit::start(store.clone(), BATCHES_WAITING_MAX, tell).map_err(StartError::Thread)
}

/// Lets `trilat log backup` ask this node for a backup while it runs.
fn start_backups(store: &DiskStore) -> Option<Control> {
    Control::start(store.clone(), wall)
        .inspect_err(|error| tracing::warn!("a backup can be made only while the node does not run: {error}"))
        .ok()
}

type EngineParts = (SyncSender<ToEngine>, JoinHandle<()>);

fn start_engine(
    (config, known): (&Config, Vec<(ItemId, Arc<Item>)>),
    (clock, metrics, board): (&NodeClock, &Metrics, &Arc<worker::Board>),
    (to, feed): (&SyncSender<Event>, Option<warnings::Feed>),
) -> Result<EngineParts, StartError> {
    let partners: Vec<Arc<str>> = config.partners.iter().map(|partner| partner.name.clone()).collect();
    let circles = circles(&config.owner, &partners, CIRCLES_MAX)
        .into_iter()
        .map(|circle| Circle {
            exercise: config.exercise,
            ..circle
        });
    let options = EngineOptions {
        exercise: config.exercise,
        lag_s: config.lag_s,
        checkpoint_s: config.checkpoint_s,
        ..EngineOptions::new(config.owner.clone(), circles.collect())
    };
    let engine = Engine::new(options);
    let (to_engine, inbox) = sync_channel(ENGINE_WAITING_MAX);
    for (id, item) in known {
        // The queue is empty, and holds more than sensor files.
        let _ = board.hand(&to_engine, ToEngine::Accepted(id, item));
    }
    let (clock, to, shown) = (clock.clone(), to.clone(), board.clone());
    let (now_clock, speed, metrics) = (clock.clone(), clock.speed(), metrics.clone());
    let scheduling = config.limits.scheduling;
    let work = move || {
        let urgency = Urgency::of(scheduling);
        let tell = |mut told: worker::Told| {
            if let Some(feed) = &feed {
                let look = &mut told.look;
                feed.hand(std::mem::take(&mut look.changed), std::mem::take(&mut look.forecasts));
            }
            let now = clock.now();
            for (origin, measured) in &told.look.fused {
                metrics.tracked(origin, (now - *measured) / speed);
            }
            let is_news = !(told.look.given.is_empty()
                && told.look.judged.is_empty()
                && told.digests.is_empty()
                && told.found.is_empty()
                && told.refused.is_empty());
            if is_news {
                let _ = to.send(Event::Engine(Box::new(told)));
            }
        };
        worker::run((engine, urgency), &inbox, shown, (move || now_clock.now(), speed), tell);
    };
    Ok((to_engine, spawn("tracker", work)?))
}

fn open_links(
    config: &Config,
    rolls: &Rolls,
    metrics: &Metrics,
    (to, stop): (&SyncSender<Event>, &Stop),
) -> Result<(Opener, BTreeMap<Arc<str>, Channel>), StartError> {
    let (mut links, mut channels) = (BTreeMap::new(), BTreeMap::new());
    for partner in config.partners.iter().filter(|partner| partner.is_linked()) {
        let name = partner.name.clone();
        let config = rolls.link(config, partner);
        let link = ZenohLink::<Event>::open(&config, to.clone())?;
        metrics.link_up(&name).set(0);
        channels.insert(name.clone(), Channel::new(&name, link, metrics));
        links.insert(name, config);
    }
    Ok((Opener::new(links, to.clone(), stop.clone()), channels))
}

fn start_feeds(
    config: &Config,
    sensors: &Sensors,
    (clock, metrics): (&NodeClock, &Metrics),
    (to, stop): (&SyncSender<Event>, &Stop),
) -> Result<(Vec<FeedShown>, Vec<feed::Running>), StartError> {
    let known = Arc::new(Known::of(sensors, &config.owner));
    let (mut shown, mut all) = (Vec::new(), Vec::new());
    for (place, feed) in config.feeds.iter().enumerate() {
        let permits = Arc::new(Permits::new(config.limits.rated_plots_per_s));
        let intake = Intake::new(
            (place, feed.name.clone()),
            known.clone(),
            clock.clone(),
            permits.clone(),
            to.clone(),
            metrics.clone(),
        );
        let counters = intake.counters().clone();
        let running = match feed::start(feed, intake, stop) {
            Ok(running) => running,
            Err(error) => {
                stop.set();
                return Err(error.into());
            }
        };
        shown.push(FeedShown {
            name: feed.name.clone(),
            address: running.address,
            counters,
            permits,
        });
        all.push(running);
    }
    Ok((shown, all))
}

/// Tells feeds to stop, and the deciding thread when all of them have: it has to go on taking what they bring.
fn close_feeds(stop: &Stop, running: Vec<feed::Running>, watching: JoinHandle<()>, to: SyncSender<Event>) {
    stop.set();
    let work = move || {
        running.into_iter().for_each(feed::Running::join);
        // A thread that panicked has said so already.
        let _ = watching.join();
        let _ = to.send(Event::FeedsClosed);
    };
    if spawn("closing", work).is_err() {
        tracing::error!("no thread for the end: ending without waiting for feeds");
    }
}

/// Closes links, so that partners are told; writes and syncs what is left; ends the tracker.
fn finish(core: Core, engine_thread: JoinHandle<()>) {
    let Core {
        channels,
        commit,
        events,
        reader,
        engine,
        ..
    } = core;
    // From here on nobody may wait for the deciding thread.
    drop(events);
    for (_, channel) in channels {
        channel.close();
    }
    drop(reader);
    drop(commit);
    drop(engine);
    let _ = engine_thread.join();
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StartError> {
    Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(StartError::Thread)
}

fn write_folder(folder: &Path) -> Result<(), StartError> {
    fs::create_dir_all(folder).map_err(|source| StartError::Write {
        path: folder.to_owned(),
        source,
    })
}

fn write_address(config: &Config, address: SocketAddr) -> Result<(), StartError> {
    let path = address_file(config);
    fs::write(&path, format!("{address}\n")).map_err(|source| StartError::Write { path, source })
}
