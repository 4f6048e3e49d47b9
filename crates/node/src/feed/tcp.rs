//! Lines of whoever connects: CSV, each connection with a header of its own, or JSON lines.

use std::io::{self, BufReader, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use wire::{PlotReader, ReadError};

use super::intake::word;
use super::udp::is_pause;
use super::{Feed, FeedError, Intake, Stop};
use crate::config::Format;

/// How many may be connected to one feed.
const CONNECTIONS_MAX: usize = 32;
/// How often a silent connection looks whether it should stop, and the listener for who connects.
const LOOK: Duration = Duration::from_millis(50);
const BUFFER_OCTETS: usize = 64 * 1024;

/// A listener, each of whose connections is read by a thread of its own.
pub(super) struct Tcp {
    listener: TcpListener,
    format: Format,
}

impl Tcp {
    pub(super) fn open(feed: &Arc<str>, address: SocketAddr, format: Format) -> Result<Self, FeedError> {
        let listen = |source| FeedError::Listen {
            feed: feed.clone(),
            address,
            source,
        };
        let listener = TcpListener::bind(address).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        Ok(Self { listener, format })
    }
}

impl Feed for Tcp {
    fn address(&self) -> Option<SocketAddr> {
        self.listener.local_addr().ok()
    }

    fn run(self: Box<Self>, intake: &Intake, stop: &Stop) {
        let open = Arc::new(AtomicUsize::new(0));
        let mut threads: Vec<JoinHandle<()>> = Vec::new();
        while !stop.is_set() {
            match self.listener.accept() {
                Ok((stream, from)) => {
                    threads.retain(|thread| !thread.is_finished());
                    if open.load(Ordering::Acquire) >= CONNECTIONS_MAX {
                        intake.refuse("connections", || {
                            format!("{}: {from}: {CONNECTIONS_MAX} are connected already", intake.name)
                        });
                        continue;
                    }
                    let started = connection(stream, from, self.format, (intake, stop), &open);
                    threads.extend(started);
                }
                Err(error) if is_pause(error.kind()) => {
                    stop.wait(LOOK);
                }
                Err(error) => {
                    intake.refuse("io", || format!("{}: {error}", intake.name));
                    stop.wait(LOOK);
                }
            }
        }
        drop(self.listener);
        for thread in threads {
            let _ = thread.join();
        }
    }
}

/// Begins to read a connection.
fn connection(
    stream: TcpStream,
    from: SocketAddr,
    format: Format,
    (intake, stop): (&Intake, &Stop),
    open: &Arc<AtomicUsize>,
) -> Option<JoinHandle<()>> {
    let (intake, stop, open) = (intake.clone(), stop.clone(), open.clone());
    if stream
        .set_nonblocking(false)
        .and(stream.set_read_timeout(Some(LOOK)))
        .is_err()
    {
        return None;
    }
    open.fetch_add(1, Ordering::AcqRel);
    let work = move || {
        tracing::info!(feed = &*intake.name, %from, "connected");
        let input = Patient {
            stream,
            stop: stop.clone(),
        };
        lines(
            BufReader::with_capacity(BUFFER_OCTETS, input),
            (format, &intake.name),
            &intake,
            |plot| {
                intake.offer(plot);
                true
            },
        );
        tracing::info!(feed = &*intake.name, %from, "the connection has ended");
        open.fetch_sub(1, Ordering::AcqRel);
    };
    Builder::new().name("feed connection".to_owned()).spawn(work).ok()
}

/// Reads lines until they end: plots go to `take` until it returns false, what is none is counted. `name` is where they
/// stand, for messages.
pub(super) fn lines(
    input: impl io::BufRead,
    (format, name): (Format, &str),
    intake: &Intake,
    mut take: impl FnMut(plot::Plot) -> bool,
) {
    let reader = match format {
        Format::Csv => PlotReader::csv(input, name),
        _ => Ok(PlotReader::json_lines(input, name)),
    };
    let mut reader = match reader {
        Ok(reader) => reader,
        Err(ReadError::Empty { .. }) => return,
        Err(error) => return intake.refuse("header", || error.to_string()),
    };
    while let Some(record) = reader.next() {
        match record {
            Ok(plot) => {
                let line = reader.line().unwrap_or_default();
                if intake.is_own(&plot, || format!("{name}:{line}")) && !take(plot) {
                    return;
                }
            }
            Err(refusal) => intake.refuse(word(&refusal.reason), || refusal.to_string()),
        }
    }
    match reader.finish() {
        Ok(_) | Err(ReadError::Empty { .. }) => {}
        Err(error @ ReadError::Io { .. }) => intake.refuse("io", || error.to_string()),
        Err(error) => intake.refuse("header", || error.to_string()),
    }
}

/// A stream that waits for more until it is told to stop, which ends it.
struct Patient {
    stream: TcpStream,
    stop: Stop,
}

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.stream.read(buffer) {
                Err(error) if is_pause(error.kind()) => {
                    if self.stop.is_set() {
                        return Ok(0);
                    }
                }
                other => return other,
            }
        }
    }
}
