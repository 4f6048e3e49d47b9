//! The tiers below full plots, at nodes that run: what a partner's log has of each, and what it has nothing of.

use std::collections::BTreeSet;

use geo::Time;
use node::store::DiskStore;
use share::audit;
use share::encode::body_of;
use share::exchange::keys;
use share::exchange::records::{FrameRecord, decode};
use share::frame::{Carried, Frame};
use share::item::Body;
use share::store::{Range, Table};

use crate::nodes::{Federation, Node, now, trilat};
use crate::send;

/// The first of the two missiles of 27 January 2022, up to a while before it comes down.
const SCENARIO: &str = "2022-01-27-depressed";
const END: &str = "2022-01-26T23:04:50Z";
/// So many steps bring the plots; the first ones before charlie's tracks end.
const STEPS: usize = 20;
const STEPS_OF_TRACKS: usize = 14;

/// Coarse plots to bravo; to charlie what the tier is.
fn rules(charlie: &str) -> String {
    format!(
        "@id(\"coarse\")\npermit (principal == Partner::\"bravo\", action == Action::\"coarse\", resource);\n\
         @id(\"less\")\npermit (principal == Partner::\"charlie\", action == Action::\"{charlie}\", resource);\n"
    )
}

/// A flight that every radar of alpha's sees: the head of its file, the rows in their order, names of its radars.
struct Flight {
    head: String,
    rows: Vec<String>,
    sensors: BTreeSet<String>,
}

impl Flight {
    /// Flies it and gives alpha the radars. It ended some seconds ago.
    fn new(federation: &Federation) -> Self {
        let path = |file: &str| federation.path("alpha", file).display().to_string();
        let out = trilat(&["simulate", SCENARIO, "--seed", "1", "--out", &path("flown")]);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let read = |file: &str| std::fs::read_to_string(path(file)).expect("it was written");
        let own = |line: &str| match line.starts_with("owner = ") {
            true => "owner = \"alpha\"\n".to_owned(),
            false => format!("{line}\n"),
        };
        let sensors: String = read("flown/sensors.toml").lines().map(own).collect();
        std::fs::write(path("sensors.toml"), sensors).expect("it can be written");
        let end: Time = END.parse().expect("a time");
        let shift_s = now() + -5.0 - end;
        let plots = read("flown/plots.csv");
        let (head, rows) = plots.split_once('\n').expect("a head");
        let mut rows: Vec<(Time, &str)> = rows
            .lines()
            .filter_map(|row| row.split_once(','))
            .map(|(time, rest)| (time.parse().expect("a time"), rest))
            .filter(|(time, _)| *time < end)
            .collect();
        rows.sort_by_key(|(time, _)| *time);
        let names = rows.iter().filter_map(|(_, rest)| rest.split(',').next());
        Self {
            head: format!("{head}\n"),
            sensors: names.map(str::to_owned).collect(),
            rows: rows
                .iter()
                .map(|(time, rest)| format!("{:.6},{rest}\n", *time + shift_s))
                .collect(),
        }
    }

    /// The plots of a step, as text.
    fn step(&self, number: usize) -> String {
        let place = |step: usize| self.rows.len() * step / STEPS;
        self.rows[place(number)..place(number + 1)].concat()
    }

    /// How many plots there were with a step.
    fn plots_with(&self, number: usize) -> u64 {
        (self.rows.len() * (number + 1) / STEPS) as u64
    }
}

/// Which of some words is anywhere in a log.
fn words_in(store: &DiskStore, words: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (key, value) in Table::ALL
        .into_iter()
        .flat_map(|table| crate::audit::entries(store, table))
    {
        let is_in = |octets: &[u8], word: &str| octets.windows(word.len()).any(|part| part == word.as_bytes());
        let in_it = words.iter().filter(|word| is_in(&key, word) || is_in(&value, word));
        found.extend(in_it.cloned());
    }
    found
}

/// What alpha gave, in the order of its frames. Frames of each epoch are there without a gap.
fn given_by_alpha(federation: &Federation, store: &DiskStore) -> Vec<Body> {
    let keyring = node::keyring::Keyring::open(&federation.path("alpha", "")).expect("the keys are there");
    let key = keyring.node_key().expect("its own key").public();
    let range = Range {
        entries_max: usize::MAX,
        octets_max: usize::MAX,
        ..audit::frames(Table::Inbox, "alpha")
    };
    let (mut bodies, mut before) = (Vec::new(), (0, 0));
    for (at, value) in store.read(&range).expect("the log can be read") {
        let (epoch, sequence) = keys::place_of(&at).expect("the key of a frame");
        let follows = match epoch == before.0 {
            true => before.1 + 1,
            false => 1,
        };
        assert_eq!(sequence, follows, "of epoch {epoch}");
        before = (epoch, sequence);
        let record: FrameRecord = decode(&at, &value).expect("a record");
        for carried in Frame::open(&record.sealed, &key).expect("a frame of alpha's").items {
            let Carried::Plain { body, .. } = carried else {
                panic!("alpha lets nobody give anything on")
            };
            bodies.push(body_of(&body).expect("a body"));
        }
    }
    bodies
}

/// Coarse plots alone, as many as there were plots: whole seconds, places whose error says nothing of a radar.
fn is_coarse(bodies: &[Body], plots: usize) {
    assert_eq!(bodies.len(), plots);
    for body in bodies {
        let Body::Coarse(coarse) = body else {
            panic!("bravo is given coarse plots only: {body:?}")
        };
        assert_eq!(coarse.time.tai_ns() % 1_000_000_000, 0, "{coarse:?}");
        let steps = (coarse.sigma_m / 1_024.0).log2();
        assert!(steps >= 0.0 && steps.fract() == 0.0, "{coarse:?}");
    }
}

/// Tracks, and once the rules changed warnings: never the other.
fn is_tracks_then_warnings(bodies: &[Body]) {
    let first = bodies.iter().position(|body| matches!(body, Body::Warning(_)));
    let (tracks, warnings) = bodies.split_at(first.expect("a warning"));
    assert!(tracks.len() >= STEPS_OF_TRACKS / 2, "{} tracks", tracks.len());
    for body in tracks {
        let Body::Track(track) = body else {
            panic!("first charlie is given tracks only: {body:?}")
        };
        assert!((0.0..=1.0).contains(&track.existence), "{track:?}");
        assert!(
            [0, 6, 11, 15, 18, 20].iter().all(|at| track.covariance[*at] > 0.0),
            "{track:?}"
        );
    }
    for body in warnings {
        let Body::Warning(note) = body else {
            panic!("then charlie is given warnings only: {body:?}")
        };
        assert!(note.area.len() > 2 && note.arrival[0] < note.arrival[1], "{note:?}");
        assert!(note.time < note.arrival[1], "{note:?}");
    }
}

/// What partners have is all that alpha sent.
fn is_all_there(alpha: &Node, partners: [&Node; 2]) {
    alpha.until("all that was sent is acknowledged", |status| {
        let mut partners = status.partners.iter();
        partners.all(|partner| partner.frames_acknowledged == partner.frames_sent && partner.frames_sent > 0)
    });
    for node in partners {
        node.until("nothing is missing", |status| {
            status.partners[0].missing == 0 && status.store.waiting == 0
        });
    }
}

#[test]
fn coarse_plots_tracks_and_warnings_are_given_alone_without_a_sensor_or_a_gap() {
    let federation = Federation::new("tiers");
    let flight = Flight::new(&federation);
    federation.edit("alpha", "node.toml", |text| {
        text.replace("format = \"jsonl\"", "format = \"csv\"")
    });
    let names: Vec<String> = flight.sensors.iter().map(|name| format!("{name:?}")).collect();
    federation.edit("alpha", "policies/agreement.toml", |text| {
        text.replace("\"alpha-radar\"", &names.join(", "))
    });
    federation.rules("alpha", &rules("track"));
    let [alpha, bravo, charlie] = ["alpha", "bravo", "charlie"].map(|owner| federation.start(owner));
    alpha.until("both are reached", |status| {
        status.partners.iter().all(|partner| partner.is_up)
    });
    let mut feed = alpha.feed();
    send(&mut feed, &flight.head);
    let fly = |feed: &mut std::net::TcpStream, step: usize| {
        send(feed, &flight.step(step));
        alpha.until("the step is in the picture", |status| {
            status.engine.plots_own == flight.plots_with(step) && status.engine.used == flight.plots_with(step)
        });
    };
    (0..STEPS_OF_TRACKS).for_each(|step| fly(&mut feed, step));
    is_all_there(&alpha, [&bravo, &charlie]);
    federation.rules("alpha", &rules("warning"));
    alpha.until("the version holds", |status| status.policy.holds.version == 3);
    (STEPS_OF_TRACKS..STEPS).for_each(|step| fly(&mut feed, step));
    is_all_there(&alpha, [&bravo, &charlie]);
    // What people have to be warned of is shown.
    let picture = charlie.get("/picture").expect("it answers");
    let body = picture.split_once("\r\n\r\n").expect("a head and a body").1;
    let pictures: node::engine::worker::Pictures = serde_json::from_str(body).expect("JSON of pictures");
    assert!(pictures.notes.iter().any(|note| note.owner == "alpha"), "{pictures:?}");
    for node in [alpha, bravo, charlie] {
        assert_eq!(node.terminate(), Some(0));
    }
    let [alpha, bravo, charlie] = ["alpha", "bravo", "charlie"].map(|owner| crate::audit::open(&federation, owner));
    assert!(flight.sensors.len() > 1 && flight.sensors.iter().all(|name| name.len() > 3));
    assert_eq!(
        words_in(&alpha, &flight.sensors),
        flight.sensors,
        "what is looked for can be found"
    );
    for (owner, store) in [("bravo", &bravo), ("charlie", &charlie)] {
        assert_eq!(
            words_in(store, &flight.sensors),
            BTreeSet::new(),
            "{owner} knows of a sensor"
        );
    }
    is_coarse(&given_by_alpha(&federation, &bravo), flight.rows.len());
    is_tracks_then_warnings(&given_by_alpha(&federation, &charlie));
}
