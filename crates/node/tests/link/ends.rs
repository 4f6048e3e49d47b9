//! Ends of links, as a node opens them, and waiting for what comes.

use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use node::link::zenoh::{Limits, LinkConfig, Way, ZenohLink};
use node::link::{Lane, LinkEvent};

use crate::certs::{Authority, Files, Folder, Valid};

/// Long enough for anything that will happen at all, on a machine that is busy with other things.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// One owner: its authority and its node's certificate.
pub struct Owner {
    pub name: &'static str,
    pub authority: Authority,
    pub files: Files,
}

impl Owner {
    pub fn new(folder: &Folder, name: &'static str) -> Self {
        let authority = Authority::new(folder, name);
        let files = authority.vouch(folder, name, Valid::Now);
        Self { name, authority, files }
    }

    /// What it opens its link to another with.
    pub fn to(&self, partner: &Owner, way: Way) -> LinkConfig {
        config((self.name, &self.files), (partner.name, &partner.authority.path), way)
    }
}

pub fn config(me: (&str, &Files), partner: (&str, &Path), way: Way) -> LinkConfig {
    LinkConfig {
        me: me.0.into(),
        partner: partner.0.into(),
        certificate: me.1.certificate.clone(),
        key: me.1.key.clone(),
        authority: partner.1.to_owned(),
        way,
        limits: Limits::default(),
    }
}

pub fn listen(address: &str) -> Way {
    Way::Direct {
        listen: vec![address.to_owned()],
        connect: vec![],
    }
}

pub fn connect(address: &str) -> Way {
    Way::Direct {
        listen: vec![],
        connect: vec![address.to_owned()],
    }
}

/// A link and what comes through it.
pub struct End {
    pub link: ZenohLink<LinkEvent>,
    pub events: Receiver<LinkEvent>,
}

impl End {
    pub fn open(config: &LinkConfig) -> Self {
        Self::open_with_room(config, 1024)
    }

    /// With a channel that holds so many events.
    pub fn open_with_room(config: &LinkConfig, room: usize) -> Self {
        let (to, events) = sync_channel(room);
        Self {
            link: ZenohLink::open(config, to).unwrap(),
            events,
        }
    }

    /// Waits for the next event.
    pub fn next(&self) -> LinkEvent {
        self.events.recv_timeout(DEADLINE).expect("nothing comes")
    }

    pub fn wait_up(&self) {
        while !matches!(self.next(), LinkEvent::Up { .. }) {}
    }

    pub fn wait_down(&self) {
        while !matches!(self.next(), LinkEvent::Down { .. }) {}
    }

    /// Waits for the next message.
    pub fn message(&self) -> (Lane, Vec<u8>) {
        loop {
            if let LinkEvent::Octets { lane, octets, .. } = self.next() {
                return (lane, octets);
            }
        }
    }
}

/// Opens both ends of a link and waits until both are up.
pub fn pair(a: &LinkConfig, b: &LinkConfig) -> [End; 2] {
    let ends = [End::open(a), End::open(b)];
    ends.iter().for_each(End::wait_up);
    ends
}
