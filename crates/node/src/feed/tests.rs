//! Feeds: what is good comes through, what is bad is named and counted and costs nothing else, and memory is bounded.

use std::io::Write;
use std::net::{TcpStream, UdpSocket};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use geo::Geodetic;
use plot::{Sensor, Sensors};

use super::*;
use crate::clock::NodeClock;
use crate::config::{Format, Pace};
use crate::metrics::Metrics;
use crate::run::Event;

/// Nothing here takes so long; a test that waits longer has failed.
const LONG: Duration = Duration::from_secs(20);

struct Bench {
    intake: Intake,
    permits: Arc<Permits>,
    events: Receiver<Event>,
    stop: Stop,
}

impl Bench {
    fn new(permits_max: usize) -> Self {
        let place = Geodetic::from_degrees(50.0, 8.0, 100.0);
        let mut sensors = Sensors::default();
        for (name, owner) in [("north", "alpha"), ("25-201", "alpha"), ("west", "bravo")] {
            sensors.insert(Sensor::new(name, owner, place)).unwrap();
        }
        let (to, events) = sync_channel(4096);
        let permits = Arc::new(Permits::new(permits_max));
        let intake = Intake::new(
            (0, "feed-1".into()),
            Arc::new(Known::of(&sensors, "alpha")),
            NodeClock::start(None),
            permits.clone(),
            to,
            Metrics::new(),
        );
        Self {
            intake,
            permits,
            events,
            stop: Stop::default(),
        }
    }

    fn start(&self, input: Input, format: Format) -> Running {
        let name = self.intake.name.clone();
        let config = FeedConfig { name, input, format };
        start(&config, self.intake.clone(), &self.stop).unwrap()
    }

    fn next(&self) -> plot::Plot {
        let Event::Plot(fed) = self.events.recv_timeout(LONG).unwrap() else {
            panic!("a feed brings plots")
        };
        self.permits.give(1);
        fed.plot
    }

    /// What was refused, by reason.
    fn refused(&self) -> Vec<String> {
        let text = self.intake.metrics.text();
        let of_feed = |line: &&str| line.starts_with("trilat_feed_refused_total{");
        let mut refused: Vec<String> = text
            .lines()
            .filter(of_feed)
            .map(|line| line.split("reason=\"").nth(1).unwrap().replace("\"}", ""))
            .collect();
        refused.sort();
        refused
    }

    /// Waits on a condition that other threads bring about.
    fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let looks = LONG.as_millis() / 5;
        let held = (0..looks).any(|_| {
            self.stop.wait(Duration::from_millis(5));
            holds(self)
        });
        assert!(held, "{what}: {:?}", self.refused());
    }
}

fn loopback() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

const HEADER: &str = "time,sensor,range_m,azimuth_deg,elevation_deg\n";

fn line(number: usize) -> String {
    format!(
        "2022-01-17T00:00:{:02}.{:03}Z,north,80000,34,4\n",
        number / 1000 % 60,
        number % 1000
    )
}

#[test]
fn a_bad_line_costs_only_itself() {
    let bench = Bench::new(100);
    let running = bench.start(Input::Tcp { address: loopback() }, Format::Csv);
    let mut stream = TcpStream::connect(running.address.unwrap()).unwrap();
    let bad: [&[u8]; 8] = [
        b"2022-01-17T00:00:01Z,north,80000,361,4\n",
        b"noon,north,80000,34,4\n",
        b"2022-01-17T00:00:01Z,north,80000\n",
        b"2022-01-17T00:00:01Z,north,\xff\xfe,34,4\n",
        b"2022-01-17T00:00:01Z,\"north,80000,34,4\n",
        b"2022-01-17T00:00:01Z,nort,80000,34,4\n",
        b"2022-01-17T00:00:01Z,west,80000,34,4\n",
        b"2022-01-17T00:00:01Z,north,,,\n",
    ];
    stream.write_all(HEADER.as_bytes()).unwrap();
    for (number, bad) in bad.into_iter().enumerate() {
        stream.write_all(bad).unwrap();
        stream.write_all(line(number).as_bytes()).unwrap();
    }
    stream
        .write_all("x".repeat(3 * wire::LINE_BYTES_MAX).as_bytes())
        .unwrap();
    stream.write_all(format!("\n{}", line(8)).as_bytes()).unwrap();
    for number in 0..9 {
        assert_eq!(
            bench.next().time,
            line(number).split(',').next().unwrap().parse().unwrap()
        );
    }
    let expected = [
        "cells 2",
        "foreign_sensor 1",
        "limits 1",
        "line_length 1",
        "measurement 1",
        "time 1",
        "unknown_sensor 1",
        "utf8 1",
    ];
    assert_eq!(bench.refused(), expected);
    bench.stop.set();
    running.join();
}

#[test]
fn a_connection_without_a_header_is_refused_and_the_next_is_served() {
    let bench = Bench::new(100);
    let running = bench.start(Input::Tcp { address: loopback() }, Format::Csv);
    for first in [
        line(0),
        "\x00\x01\x02\n".into(),
        "time,sensor\n".into(),
        "time;sensor;range_m\n".into(),
    ] {
        let mut stream = TcpStream::connect(running.address.unwrap()).unwrap();
        stream.write_all(first.as_bytes()).unwrap();
    }
    bench.until("four are refused", |bench| bench.refused() == ["header 4"]);
    let mut stream = TcpStream::connect(running.address.unwrap()).unwrap();
    stream.write_all(format!("{HEADER}{}", line(1)).as_bytes()).unwrap();
    bench.next();
    bench.stop.set();
    running.join();
}

#[test]
fn json_lines_come_as_they_are_sent() {
    let bench = Bench::new(100);
    let running = bench.start(Input::Tcp { address: loopback() }, Format::JsonLines);
    let mut stream = TcpStream::connect(running.address.unwrap()).unwrap();
    let good = "{\"time\":\"2022-01-17T00:00:01Z\",\"sensor\":\"north\",\"range_m\":80000}\n";
    // Each is there before the connection ends: nothing waits for more.
    for bad in ["{\"time\":1}\n", "[]\n", "{\"time\"\n"] {
        stream.write_all(bad.as_bytes()).unwrap();
        stream.write_all(good.as_bytes()).unwrap();
        bench.next();
    }
    assert_eq!(bench.refused(), ["syntax 2", "time 1"]);
    bench.stop.set();
    running.join();
}

#[test]
fn a_live_feed_that_finds_no_room_drops_and_counts() {
    let bench = Bench::new(10);
    let running = bench.start(Input::Tcp { address: loopback() }, Format::Csv);
    let mut stream = TcpStream::connect(running.address.unwrap()).unwrap();
    let text: String = (0..1000).map(line).collect();
    stream.write_all(format!("{HEADER}{text}").as_bytes()).unwrap();
    let counters = bench.intake.counters().clone();
    bench.until("all are counted", |_| {
        counters.accepted.get() + counters.dropped.get() == 1000
    });
    assert_eq!((counters.accepted.get(), counters.dropped.get()), (10, 990));
    assert_eq!(bench.permits.taken(), 10);
    for _ in 0..10 {
        bench.next();
    }
    stream.write_all(line(1).as_bytes()).unwrap();
    bench.next();
    bench.stop.set();
    running.join();
}

/// A file that is gone when dropped.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, content: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("trilat-feed-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn a_recording_waits_for_room_and_loses_nothing() {
    let bench = Bench::new(1);
    let text: String = (0..500).map(line).collect();
    let file = Temporary::new("fast.csv", format!("{HEADER}{text}").as_bytes());
    let (path, pace) = (file.0.clone(), Pace::Fast);
    let running = bench.start(Input::File { path, pace }, Format::Csv);
    let times: Vec<_> = (0..500).map(|_| bench.next().time).collect();
    assert!(times.is_sorted());
    running.join();
    let counters = bench.intake.counters();
    assert_eq!((counters.accepted.get(), counters.dropped.get()), (500, 0));
    assert!(counters.has_ended());
}

/// One Mode S roll-call report of SAC 25 SIC 201, as its radar sent it.
const REPORT: [u8; 48] = [
    0x30, 0x00, 0x30, 0xfd, 0xf7, 0x02, 0x19, 0xc9, 0x35, 0x6d, 0x4d, 0xa0, 0xc5, 0xaf, 0xf1, 0xe0, 0x02, 0x00, 0x05,
    0x28, 0x3c, 0x66, 0x0c, 0x10, 0xc2, 0x36, 0xd4, 0x18, 0x20, 0x01, 0xc0, 0x78, 0x00, 0x31, 0xbc, 0x00, 0x00, 0x40,
    0x0d, 0xeb, 0x07, 0xb9, 0x58, 0x2e, 0x41, 0x00, 0x20, 0xf5,
];

#[test]
fn datagrams_of_asterix_come_and_garbage_between_them_is_counted() {
    let bench = Bench::new(100);
    let input = Input::Udp {
        address: loopback(),
        interface: None,
    };
    let running = bench.start(input, Format::Asterix);
    let socket = UdpSocket::bind(loopback()).unwrap();
    let mut stranger = REPORT;
    stranger[6] = 26;
    // A capture file's first octets are no reason to take a datagram for one.
    let datagrams: [&[u8]; 6] = [
        &REPORT,
        &[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0],
        &REPORT[..20],
        &[],
        &stranger,
        &REPORT,
    ];
    for datagram in datagrams {
        socket.send_to(datagram, running.address.unwrap()).unwrap();
    }
    for _ in 0..2 {
        let plot = bench.next();
        assert_eq!((&*plot.sensor, plot.target.as_deref()), ("25-201", Some("3c660c")));
        // Its time of day is within half a day of now.
        assert!((plot.time - bench.intake.now()).abs() < 43_201.0);
    }
    let refused = bench.refused();
    assert!(refused.contains(&"unknown_sensor 1".to_owned()), "{refused:?}");
    assert!(refused.contains(&"block_truncated 1".to_owned()), "{refused:?}");
    assert!(
        refused.iter().any(|reason| reason.starts_with("no_block")),
        "{refused:?}"
    );
    bench.stop.set();
    running.join();
}

#[test]
fn a_multicast_group_is_joined() {
    let bench = Bench::new(100);
    let address = "239.255.71.7:0".parse().unwrap();
    let interface = Some("127.0.0.1".parse().unwrap());
    let running = bench.start(Input::Udp { address, interface }, Format::Asterix);
    let port = running.address.unwrap().port();
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None).unwrap();
    socket.set_multicast_if_v4(&"127.0.0.1".parse().unwrap()).unwrap();
    let group: SocketAddr = format!("239.255.71.7:{port}").parse().unwrap();
    socket.send_to(&REPORT, &group.into()).unwrap();
    assert_eq!(&*bench.next().sensor, "25-201");
    bench.stop.set();
    running.join();
}

#[test]
fn samples_of_a_key_come() {
    use zenoh::Wait;

    let bench = Bench::new(100);
    let port = std::net::TcpListener::bind(loopback())
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let endpoint = format!("tcp/127.0.0.1:{port}");
    let mut config = zenoh::Config::default();
    config
        .insert_json5("listen/endpoints", &format!("[\"{endpoint}\"]"))
        .unwrap();
    config.insert_json5("scouting/multicast/enabled", "false").unwrap();
    let session = zenoh::open(config).wait().unwrap();
    let (key, connect) = ("radar/north".to_owned(), vec![endpoint]);
    let running = bench.start(Input::Zenoh { key, connect }, Format::JsonLines);
    let publisher = session.declare_publisher("radar/north").wait().unwrap();
    let good = "{\"time\":\"2022-01-17T00:00:01Z\",\"sensor\":\"north\",\"range_m\":80000}\n";
    bench.until("somebody listens", |_| {
        publisher.matching_status().wait().unwrap().matching()
    });
    publisher.put(format!("{good}{{\n{good}")).wait().unwrap();
    publisher.put(vec![0xff; 100]).wait().unwrap();
    publisher.put(good).wait().unwrap();
    for _ in 0..3 {
        bench.next();
    }
    bench.until("bad ones are counted", |bench| {
        bench.refused() == ["header 1", "syntax 1"]
    });
    bench.stop.set();
    running.join();
    session.close().wait().unwrap();
}

#[test]
fn an_address_that_is_taken_is_said_with_the_feed() {
    let bench = Bench::new(1);
    let taken = std::net::TcpListener::bind(loopback()).unwrap();
    let address = taken.local_addr().unwrap();
    let config = FeedConfig {
        name: "feed-1".into(),
        input: Input::Tcp { address },
        format: Format::Csv,
    };
    let error = start(&config, bench.intake.clone(), &bench.stop)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with(&format!("feed feed-1: cannot listen on {address}")),
        "{error}"
    );
}
