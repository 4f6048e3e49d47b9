//! The picture of a node that runs, as a browser and a program see it.

use std::io::{Read, Write};
use std::net::TcpStream;

use geo::Time;
use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use wire::messages::Message;
use wire::messages::picture::{Hello, Live, Moment, What};

use crate::nodes::{Federation, Node, now, trilat, until};

/// One comes each second, or more often.
const MESSAGES_MAX: usize = 60;

/// An aircraft that flies away from alpha's radar, seen five times a second.
fn flight(from: Time, plots: usize) -> String {
    let line = |number: usize| {
        let after_s = 0.2 * number as f64;
        // Within what the radar states of its errors, and never the same.
        let off = |by: usize| (number * by % 13) as f64 / 13.0 - 0.5;
        let (time, range_m) = (from + after_s, 60_000.0 + 220.0 * after_s + 100.0 * off(5));
        let (azimuth_deg, elevation_deg) = (90.0 + 0.2 * off(7), 8.0 + 0.2 * off(11));
        format!(
            "{{\"time\":\"{time:.6}\",\"sensor\":\"alpha-radar\",\"range_m\":{range_m},\
             \"azimuth_deg\":{azimuth_deg},\"elevation_deg\":{elevation_deg}}}\n"
        )
    };
    (0..plots).map(line).collect()
}

/// An answer: status, head, body.
fn ask(node: &Node, path: &str, head: &str) -> (u16, String, Vec<u8>) {
    let mut stream = TcpStream::connect(node.http()).expect("it listens");
    write!(stream, "GET {path} HTTP/1.0\r\n{head}\r\n").expect("it takes it");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    let end = answer.windows(4).position(|part| part == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8(answer[..end].to_vec()).expect("text").to_lowercase();
    let status = head.split_whitespace().nth(1).and_then(|code| code.parse().ok());
    (status.expect("a status"), head, answer[end + 4..].to_vec())
}

fn json(node: &Node, path: &str) -> Value {
    let (status, head, body) = ask(node, path, "Accept: application/json\r\n");
    assert_eq!(status, 200, "{path}: {head}\n{}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The moments of a body of messages behind their lengths.
fn moments(body: &[u8]) -> Vec<Moment> {
    let (mut rest, mut moments) = (body, Vec::new());
    while !rest.is_empty() {
        match Live::decode_length_delimited(&mut rest).expect("a message").what {
            Some(What::Moment(moment)) => moments.push(moment),
            other => panic!("{other:?}"),
        }
    }
    moments
}

/// What a browser is told, until it has what it waits for.
struct Browser(tungstenite::WebSocket<TcpStream>);

impl Browser {
    fn open(node: &Node) -> Self {
        let stream = TcpStream::connect(node.http()).expect("it listens");
        let url = format!("ws://{}/api/v1/live", node.http());
        let (socket, _) = tungstenite::client(url.into_client_request().expect("a request"), stream).expect("open");
        Self(socket)
    }

    fn next(&mut self) -> What {
        loop {
            if let tungstenite::Message::Binary(octets) = self.0.read().expect("it goes on") {
                return Live::decode(octets).expect("a message").what.expect("something");
            }
        }
    }

    fn begin(&mut self) -> (Hello, Moment) {
        match (self.next(), self.next()) {
            (What::Hello(hello), What::Moment(moment)) => (hello, moment),
            other => panic!("{other:?}"),
        }
    }

    /// Waits for a moment.
    fn until(&mut self, holds: impl Fn(&Moment) -> bool) -> Moment {
        for _ in 0..MESSAGES_MAX {
            if let What::Moment(moment) = self.next()
                && holds(&moment)
            {
                return moment;
            }
        }
        panic!("not within {MESSAGES_MAX} messages");
    }
}

#[test]
fn a_browser_sees_what_flies_and_a_program_can_ask_for_it() {
    let federation = Federation::new("shown");
    let alpha = federation.start("alpha");
    let mut browser = Browser::open(&alpha);
    let (hello, first) = browser.begin();
    assert_eq!(hello.owners, ["alpha", "bravo", "charlie"]);
    assert!(hello.exercise && hello.speed == 1.0 && !hello.instance.is_empty());
    assert!(
        first
            .pictures
            .iter()
            .all(|picture| picture.whole && picture.tracks.is_empty())
    );

    let text = flight(now() + -8.0, 40);
    let mut feed = alpha.feed();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    // As it comes in life: a few at a time, all of it within the lag.
    for (number, part) in lines.chunks(8).enumerate() {
        feed.write_all(part.concat().as_bytes()).expect("the feed takes it");
        let sent = 8 * (number as u64 + 1);
        alpha.until("the tracker has them", |status| status.engine.used == sent);
    }
    let is_seen = |view: &'static str| {
        move |moment: &Moment| {
            moment
                .pictures
                .iter()
                .any(|picture| picture.view == view && !picture.tracks.is_empty())
        }
    };
    let moment = browser.until(is_seen("together"));
    let track = moment.pictures[0].tracks[0].clone();
    assert_eq!(
        (&*track.phase, track.lost, track.covariance.len()),
        ("air-breathing", false, 6)
    );
    assert!(track.east_mps > 100.0 && track.height_m > 5_000.0, "{track:?}");
    let seen = |moment: &Moment| moment.events.iter().map(|event| event.kind.clone()).collect::<Vec<_>>();
    assert!(seen(&moment).contains(&"confirmed".to_owned()), "{:?}", seen(&moment));

    // Who comes later gets the whole.
    let (hello, whole) = Browser::open(&alpha).begin();
    assert_eq!(
        (&*hello.sensors[0].owner, &*hello.sensors[0].name),
        ("alpha", "alpha-radar")
    );
    let views: Vec<_> = whole
        .pictures
        .iter()
        .map(|picture| (&*picture.view, picture.tracks.len()))
        .collect();
    assert_eq!(views, [("together", 1), ("alpha", 1), ("bravo", 0), ("charlie", 0)]);
    let partners: Vec<_> = whole
        .partners
        .iter()
        .map(|partner| (&*partner.owner, partner.up))
        .collect();
    assert_eq!(partners, [("bravo", false), ("charlie", false)]);

    programs_ask(&alpha, &track.name);
    pages_are_served(&alpha);
    assert_eq!(alpha.terminate(), Some(0));
}

#[test]
fn what_comes_all_at_once_is_seen_too() {
    let federation = Federation::new("burst");
    let alpha = federation.start("alpha");
    let mut browser = Browser::open(&alpha);
    browser.begin();
    let text = flight(now() + -8.0, 40);
    alpha.feed().write_all(text.as_bytes()).expect("the feed takes it");
    alpha.until("the tracker has them", |status| status.engine.used == 40);
    let status = alpha.until("an object", |status| status.engine.tracks == 1);
    assert_eq!(status.engine.timelines, 2, "what partners hold is not tracked beside");
    browser.until(|moment| moment.pictures.iter().any(|picture| !picture.tracks.is_empty()));
    assert_eq!(alpha.terminate(), Some(0));
}

/// A partner says where its radar stands once: a node that begins again finds it in its log.
#[test]
fn a_node_that_begins_again_sees_what_its_partner_measures() {
    let federation = Federation::new("again");
    let all = "@id(\"all\")\npermit (principal, action in Action::\"plot\", resource);\n";
    federation.rules("alpha", all);
    let (alpha, bravo) = (federation.start("alpha"), federation.start("bravo"));
    let mut feed = alpha.feed();
    feed.write_all(flight(now() + -8.0, 40).as_bytes())
        .expect("the feed takes it");
    bravo.until("it sees the object", |status| status.engine.tracks == 1);
    assert_eq!(bravo.terminate(), Some(0));
    let begun = now();
    let bravo = federation.start("bravo");
    // What it showed before is told out of its log, by both ways.
    let before = format!("from={}&to={begun}", begun + -60.0);
    until("the log is read", || {
        let history = json(&bravo, &format!("/api/v1/history?{before}"));
        let moments = history["moments"].as_array().cloned().unwrap_or_default();
        let seen = moments
            .iter()
            .flat_map(|moment| moment["pictures"].as_array().cloned().unwrap_or_default());
        let objects = |picture: &Value| picture["tracks"].as_array().map_or(0, Vec::len);
        let views: Vec<Value> = seen
            .filter(|picture| objects(picture) == 1)
            .map(|of| of["view"].clone())
            .collect();
        ["together", "alpha"].iter().all(|view| views.contains(&json!(view)))
    });
    let then = json(&bravo, &format!("/api/v1/moment?at={begun}&known=now"));
    assert_eq!(
        then["moments"][0]["pictures"][0]["tracks"].as_array().map(Vec::len),
        Some(1),
        "{then}"
    );
    feed.write_all(flight(now() + -7.9, 40).as_bytes())
        .expect("the feed takes it");
    bravo.until("it sees the object again", |status| status.engine.tracks == 1);
    assert_eq!([alpha.terminate(), bravo.terminate()], [Some(0); 2]);
}

/// What a node has in memory goes back to its start; what it measured before is in its log.
#[test]
fn what_is_older_than_memory_is_made_anew_of_the_log() {
    let federation = Federation::new("archive");
    let alpha = federation.start("alpha");
    let before = now() + -7_200.0;
    let mut feed = alpha.feed();
    for from in [before, now() + -8.0] {
        feed.write_all(flight(from, 40).as_bytes()).expect("the feed takes it");
    }
    alpha.until("the log has all", |status| status.engine.used == 80);
    until("memory has some", || {
        json(&alpha, "/api/v1/health")["history_from_unix_s"].as_f64() > Some(0.0)
    });
    let objects = |moment: &Value, view: &str| -> Option<usize> {
        let mut pictures = moment["pictures"].as_array()?.iter();
        let picture = pictures.find(|picture| picture["view"] == view)?;
        picture["tracks"].as_array().map(Vec::len)
    };
    let history = |from: Time, to: Time| -> Vec<Option<usize>> {
        let answer = json(&alpha, &format!("/api/v1/history?from={from}&to={to}"));
        let moments = answer["moments"].as_array().cloned().unwrap_or_default();
        let views = |moment: &Value| ["together", "alpha"].map(|view| objects(moment, view));
        moments.iter().flat_map(views).collect()
    };
    // Each second of a flight, of all together and of its own; and nothing before.
    let first = history(before, before + 60.0);
    assert!(first.len() >= 8 && first.ends_with(&[Some(1); 2]), "{first:?}");
    assert_eq!(history(before + -600.0, before + -1.0), []);
    for known in ["then", "now"] {
        let answer = json(&alpha, &format!("/api/v1/moment?at={}&known={known}", before + 7.5));
        assert_eq!(objects(&answer["moments"][0], "together"), Some(1), "{known}: {answer}");
    }
    let plots = json(
        &alpha,
        &format!("/api/v1/plots?from={}&to={}", before + -1.0, before + 60.0),
    );
    assert_eq!(plots["plots"].as_array().map(Vec::len), Some(40));
    assert_eq!(alpha.terminate(), Some(0));
}

/// A person may be known by a certificate: by its SHA-256, which is printed and written down.
#[test]
fn a_certificate_is_entered_in_the_place_of_a_token() {
    let federation = Federation::new("certified");
    federation.edit("alpha", "node.toml", |text| {
        text.replace("[http]\n", "[http]\ntokens = \"http.tokens\"\n")
    });
    let path = |name: &str| federation.path("alpha", name).display().to_string();
    let config = path("node.toml");
    let enter = |name: &str, certificate: &str| {
        let who = ["node", "token", &config, "--name", name, "--role", "releaser"];
        trilat(&[&who[..], &["--certificate", certificate]].concat())
    };
    let entered = enter("kim", &path("keys/node.crt"));
    assert_eq!(entered.status.code(), Some(0), "{entered:?}");
    let digits = String::from_utf8(entered.stdout).expect("text");
    let digits = digits.trim();
    assert!(
        digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()),
        "{digits}"
    );
    let lines = std::fs::read_to_string(path("http.tokens")).expect("it was made");
    assert_eq!(lines, format!("kim releaser certificate:{digits}\n"));
    let none = enter("lee", &config);
    let said = String::from_utf8_lossy(&none.stderr).into_owned();
    assert_eq!(none.status.code(), Some(4), "{said}");
    assert!(said.contains("node.toml: no certificate in PEM"), "{said}");
    let doctor = trilat(&["node", "doctor", &config]);
    let found = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(
        found.contains("ok   http: persons known by token: 0, by certificate: 1"),
        "{found}"
    );
}

#[test]
fn with_tokens_only_those_who_have_one_see_the_picture() {
    let federation = Federation::new("guarded");
    federation.edit("alpha", "node.toml", |text| {
        text.replace("[http]\n", "[http]\ntokens = \"http.tokens\"\n")
    });
    let config = federation.path("alpha", "node.toml").display().to_string();
    let token = |name: &str| trilat(&["node", "token", &config, "--name", name, "--role", "viewer"]);
    let made = token("wall");
    let complaint = String::from_utf8_lossy(&made.stderr).into_owned();
    assert_eq!(made.status.code(), Some(0), "{complaint}");
    assert_eq!(token("wall").status.code(), Some(1), "there is one of the name");
    let secret = String::from_utf8(made.stdout).expect("text");
    let alpha = federation.start("alpha");
    // What is written down is for `trilat node status`, and shows nothing else.
    assert_eq!(ask(&alpha, "/status", "").0, 200);
    assert_eq!(ask(&alpha, "/api/v1/tracks", "").0, 404);
    let said = "http=";
    let log = alpha.log();
    let address = log
        .split(said)
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next())
        .expect("it says where");
    let asked = |head: &str| {
        let mut stream = TcpStream::connect(address).expect("it listens");
        let handshake = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        write!(
            stream,
            "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n{handshake}{head}\r\n"
        )
        .expect("it takes it");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).expect("it answers");
        String::from_utf8_lossy(&answer).into_owned()
    };
    assert_eq!(asked(""), "HTTP/1.1 401");
    assert_eq!(
        asked(&format!("Authorization: Bearer {}\r\n", secret.trim())),
        "HTTP/1.1 101"
    );
    assert_eq!(alpha.terminate(), Some(0));
}

fn programs_ask(alpha: &Node, name: &str) {
    let tracks = json(alpha, "/api/v1/tracks?view=alpha");
    assert_eq!(tracks["tracks"][0]["name"], name);
    assert!(json(alpha, "/api/v1/forecasts")["forecasts"].is_array());
    let mut plots = Value::Null;
    until("all plots are in the history", || {
        plots = json(alpha, "/api/v1/plots");
        plots["plots"].as_array().map(Vec::len) == Some(40)
    });
    let of_track = |plot: &&Value| plot["track"] == *name;
    let plot = plots["plots"].as_array().into_iter().flatten().find(of_track);
    let plot = plot.unwrap_or_else(|| panic!("no plot of {name} in {plots:#}"));
    assert_eq!(
        (&plot["sensor"], &plot["placed"]),
        (&"alpha-radar".into(), &true.into())
    );
    assert_eq!(
        json(alpha, "/api/v1/tracks.geojson")["features"][0]["geometry"]["type"],
        "Point"
    );
    assert_eq!(json(alpha, "/api/v1/tracks.czml")[1]["id"], name);
    assert_eq!(json(alpha, "/api/v1/health")["is_alive"], true);
    assert_eq!(json(alpha, "/api/v1/openapi.json")["openapi"], "3.1.0");
    let of_moment = |known: &str| json(alpha, &format!("/api/v1/moment?known={known}"));
    for known in ["then", "now"] {
        let said = of_moment(known);
        assert_eq!(said["moments"][0]["pictures"][0]["whole"], true, "{said:#}");
    }
    assert_eq!(of_moment("now")["moments"][0]["pictures"][0]["tracks"][0]["name"], name);
    until("a step of history has the track", || {
        let (status, _, body) = ask(alpha, "/api/v1/history?step_s=1", "");
        assert_eq!(status, 200);
        let last = moments(&body).pop();
        last.is_some_and(|last| {
            last.pictures
                .iter()
                .any(|picture| picture.view == "together" && picture.tracks.len() == 1)
        })
    });
    for (path, parameter, value) in [
        ("/api/v1/history?from=noon", "from", "noon"),
        ("/api/v1/history?from=1700000009&to=1700000008", "from", "1700000009"),
        ("/api/v1/history?step_s=0", "step_s", "0"),
        ("/api/v1/moment?known=never", "known", "never"),
        ("/api/v1/tracks?view=delta", "view", "delta"),
        ("/api/v1/plots?form=1", "query", "form"),
    ] {
        let (status, head, body) = ask(alpha, path, "");
        let fault: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(
            (status, &fault["parameter"], &fault["value"]),
            (400, &parameter.into(), &value.into()),
            "{head}"
        );
        assert!(fault["expected"].is_string());
    }
}

fn pages_are_served(alpha: &Node) {
    let (status, head, body) = ask(alpha, "/?lang=ja&at=1", "");
    assert_eq!(status, 200);
    assert!(String::from_utf8_lossy(&body).contains("<html"));
    for said in [
        "content-type: text/html; charset=utf-8",
        "content-security-policy: default-src 'self';",
        "nosniff",
    ] {
        assert!(head.contains(said), "{said} in\n{head}");
    }
    assert_eq!(ask(alpha, "/assets/none.js", "").0, 404);
    assert_eq!(ask(alpha, "/../Cargo.toml", "").0, 404);
    // A page of somebody else's, whose name was turned to this machine, gets nothing.
    assert_eq!(ask(alpha, "/api/v1/tracks", "Host: evil.example\r\n").0, 403);
    assert_eq!(ask(alpha, "/metrics", "Host: machine.example\r\n").0, 200);
}
