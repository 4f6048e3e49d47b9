//! The two ends that are compared: our link, and a session of Zenoh with nothing around it.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use node::link::zenoh::{Limits, LinkConfig, Way, ZenohLink};
use node::link::{Lane, Link, LinkEvent};
use zenoh::pubsub::Publisher;
use zenoh::qos::{CongestionControl, Priority};
use zenoh::{Session, Wait as _};

/// Events that may wait for the process.
const ROOM: usize = 65_536;

/// Who is at the other end, and how to get there.
pub struct Peer {
    me: String,
    partner: String,
    folder: PathBuf,
    listens: bool,
    address: String,
}

impl Peer {
    /// `me` may be `OWNER-expired` or `OWNER-rogue`: the owner, with a certificate that does not hold.
    pub fn new(me: &str, partner: &str, folder: &Path, listens: bool, address: &str) -> Self {
        Self {
            me: me.into(),
            partner: partner.into(),
            folder: folder.into(),
            listens,
            address: address.into(),
        }
    }

    fn owner(&self) -> &str {
        self.me.split_once('-').map_or(&self.me, |(owner, _)| owner)
    }

    fn file(&self, of: &str, what: &str) -> PathBuf {
        self.folder.join(format!("{of}.{what}.pem"))
    }
}

/// An end that sends octets and gets some.
pub trait End {
    /// Sends; returns whether it was taken.
    fn send(&self, octets: Vec<u8>) -> bool;

    /// What came, or nothing within the time.
    fn next(&self, within: Duration) -> Option<Vec<u8>>;
}

/// Our link.
pub struct Ours {
    link: ZenohLink<LinkEvent>,
    events: Receiver<LinkEvent>,
}

impl Ours {
    pub fn open(peer: &Peer) -> Self {
        let addresses = vec![peer.address.clone()];
        let way = if peer.listens {
            Way::Direct {
                listen: addresses,
                connect: vec![],
            }
        } else {
            Way::Direct {
                listen: vec![],
                connect: addresses,
            }
        };
        let (to, events) = sync_channel(ROOM);
        let config = LinkConfig {
            me: peer.owner().into(),
            partner: (&*peer.partner).into(),
            certificate: peer.file(&peer.me, "crt"),
            key: peer.file(&peer.me, "key"),
            authority: peer.file(&peer.partner, "ca"),
            way,
            limits: Limits::default(),
        };
        Self {
            link: ZenohLink::open(&config, to).expect("a link"),
            events,
        }
    }

    /// Prints what happens, until it is ended: `up`, `down`, and `first` for the first message since.
    pub fn print_events(&self) {
        let mut is_first = true;
        for event in &self.events {
            match event {
                LinkEvent::Up { .. } => println!("up"),
                LinkEvent::Down { .. } => println!("down"),
                LinkEvent::Octets { .. } if is_first => println!("first"),
                LinkEvent::Octets { .. } => {}
            }
            is_first = !matches!(event, LinkEvent::Octets { .. });
        }
    }
}

impl End for Ours {
    fn send(&self, octets: Vec<u8>) -> bool {
        self.link.send(Lane::Live, octets).is_ok()
    }

    fn next(&self, within: Duration) -> Option<Vec<u8>> {
        match self.events.recv_timeout(within).ok()? {
            LinkEvent::Octets { octets, .. } => Some(octets),
            LinkEvent::Up { .. } | LinkEvent::Down { .. } => None,
        }
    }
}

/// A session of Zenoh, as it comes, but for who is at the other end.
pub struct Bare {
    _session: Session,
    publisher: Publisher<'static>,
    came: Receiver<Vec<u8>>,
}

impl Bare {
    pub fn open(peer: &Peer) -> Self {
        let file = |of: &str, what: &str| peer.file(of, what).display().to_string();
        let (listen, connect) = if peer.listens {
            (&*peer.address, "")
        } else {
            ("", &*peer.address)
        };
        let list = |address: &str| {
            if address.is_empty() {
                "[]".to_owned()
            } else {
                format!("[{address:?}]")
            }
        };
        let (crt, key) = (file(&peer.me, "crt"), file(&peer.me, "key"));
        let config = format!(
            r#"{{ mode: "peer",
                listen: {{ endpoints: {} }}, connect: {{ endpoints: {} }},
                scouting: {{ multicast: {{ enabled: false }}, gossip: {{ enabled: false }} }},
                transport: {{ link: {{ tls: {{
                    enable_mtls: true, verify_name_on_connect: false, root_ca_certificate: {:?},
                    listen_certificate: {crt:?}, listen_private_key: {key:?},
                    connect_certificate: {crt:?}, connect_private_key: {key:?},
                }} }} }} }}"#,
            list(listen),
            list(connect),
            file(&peer.partner, "ca"),
        );
        let config = zenoh::Config::from_json5(&config).expect("a configuration");
        let session = zenoh::open(config).wait().expect("a session");
        let (to, came) = sync_channel(ROOM);
        let own = session.declare_subscriber(format!("bare/{}", peer.owner()));
        let own = own.callback(move |sample| {
            let _ = to.try_send(sample.payload().to_bytes().into_owned());
        });
        own.background().wait().expect("a subscriber");
        let publisher = session
            .declare_publisher(format!("bare/{}", peer.partner))
            .express(true);
        let publisher = publisher
            .priority(Priority::DataHigh)
            .congestion_control(CongestionControl::Drop);
        Self {
            publisher: publisher.wait().expect("a publisher"),
            _session: session,
            came,
        }
    }
}

impl End for Bare {
    fn send(&self, octets: Vec<u8>) -> bool {
        self.publisher.put(octets).wait().is_ok()
    }

    fn next(&self, within: Duration) -> Option<Vec<u8>> {
        self.came.recv_timeout(within).ok()
    }
}
