//! The folder of warnings. The program ends anywhere: whatever of the journal is on the disk, the next one goes on from
//! there, and what may have arrived by a channel that would show it twice is not sent there again.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod settings;
mod sighting;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use geo::{Geodetic, Time};
use warn::Ellipse;
use warn::life::{Command, Kind, Outcome};

use node::warnings::{Clock, FILE, Office, OfficeError, Post, Sighting, Way, What, deliver, parcel, send};

fn at(after_s: f64) -> Time {
    "2022-10-03T22:28:40Z".parse::<Time>().unwrap() + after_s
}

fn sighting() -> Sighting {
    Sighting {
        object: "1f3a".into(),
        said: at(-10.0),
        measured: at(-10.0),
        existence: 0.99,
        ellipses: vec![Ellipse {
            weight: 1.0,
            probability: 0.95,
            centre: Geodetic::from_degrees(40.8, 140.8, 0.0),
            major_m: 150e3,
            minor_m: 75e3,
            azimuth_deg: 75.0,
            earliest: at(60.0),
            latest: at(600.0),
        }],
        fixes: Vec::new(),
    }
}

/// Answers everything, and counts.
fn server() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            let mut length = 0;
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if line.trim().is_empty() {
                    break;
                }
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
            }
            reader.read_exact(&mut vec![0; length]).unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            reader.into_inner().write_all(answer.as_bytes()).unwrap();
        }
    });
    (url, count)
}

fn settings(folder: &Path, url: &str) {
    let text = format!(
        "sender = \"a@b\"\nsender_name = \"Centre\"\nexercise = true\n[[channel]]\nname = \"out\"\nkind = \"file\"\n\
         folder = \"out\"\n[[channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{url}\"\n"
    );
    std::fs::write(folder.join(FILE), text).unwrap();
}

fn draft(office: &Office, kind: Kind) -> Command {
    let facts = (!kind.is_end()).then(|| Box::new(sighting().facts(at(0.0), office.map()).unwrap()));
    Command::Draft {
        warning: "W1".to_owned(),
        kind,
        facts,
        first: Some(office.settings().first(false)),
        in_view: None,
        by: "ito".to_owned(),
    }
}

fn approve(number: u32) -> Command {
    Command::Approve {
        warning: "W1".to_owned(),
        number,
        by: "kim".to_owned(),
    }
}

#[test]
fn any_part_of_the_journal_is_gone_on_from_and_nothing_is_sent_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (url, count) = server();
    settings(folder.path(), &url);
    let office = Arc::new(Office::open(folder.path()).unwrap());
    let clock = Clock::showing(at(0.0));
    for (number, kind) in [(1, Kind::Alert), (2, Kind::Update)] {
        office.act(draft(&office, kind), at(1.0)).unwrap();
        office.act(approve(number), at(2.0)).unwrap();
        for news in send(&office, &clock).unwrap() {
            assert!(
                matches!(&news.what, What::Answered(answer) if answer.outcome == Outcome::Delivered),
                "{news:?}"
            );
        }
    }
    assert_eq!(count.load(Ordering::SeqCst), 2);
    let journal = std::fs::read(folder.path().join("journal.jsonl")).unwrap();
    let ends: Vec<usize> = (0..journal.len())
        .filter(|at| journal[*at] == b'\n')
        .map(|at| at + 1)
        .collect();
    assert!(ends.len() > 14, "{}", ends.len());
    for end in ends.iter().flat_map(|end| [*end, end - 1, end - 7]) {
        let part = tempfile::tempdir().unwrap();
        settings(part.path(), &url);
        std::fs::write(part.path().join("journal.jsonl"), &journal[..end]).unwrap();
        let office = Arc::new(Office::open(part.path()).unwrap());
        // What the journal says was being handed over, or was answered, by the webhook before.
        let text = String::from_utf8(journal[..end].to_vec()).unwrap();
        let whole = text.rfind('\n').map_or(0, |at| at + 1);
        let begun = |number: u32| {
            let mark = format!("{{\"handing\":{{\"warning\":\"W1\",\"number\":{number},\"channel\":\"hook\"}}}}");
            text[..whole].contains(&mark)
        };
        let before = count.load(Ordering::SeqCst);
        send(&office, &clock).unwrap();
        send(&office, &clock).unwrap();
        let sent = count.load(Ordering::SeqCst) - before;
        let released: Vec<u32> = office
            .look(|desk| {
                let own = desk.warning("W1");
                own.map_or(Vec::new(), |own| own.released().map(|message| message.number).collect())
            })
            .unwrap();
        // Only the newest that is released is sent, and only if nobody had begun to send it there.
        let wanted = released.last().is_some_and(|newest| !begun(*newest));
        assert_eq!(sent, usize::from(wanted), "cut at {end}");
        // The journal is whole again, and another program follows it.
        Office::open(part.path()).unwrap();
    }
}

/// What one program writes down, another has before it the next moment; what it had in view before is refused.
#[test]
fn two_programs_see_the_same_desk() {
    let folder = tempfile::tempdir().unwrap();
    settings(folder.path(), "http://127.0.0.1:9/");
    let (first, second) = (
        Office::open(folder.path()).unwrap(),
        Office::open(folder.path()).unwrap(),
    );
    first.act(draft(&first, Kind::Alert), at(0.0)).unwrap();
    second.act(approve(1), at(1.0)).unwrap();
    let withdrawn = Command::Withdraw {
        warning: "W1".to_owned(),
        number: 1,
        by: "lee".to_owned(),
    };
    first.act(withdrawn, at(2.0)).unwrap();
    let refused = second.act(approve(1), at(3.0)).unwrap_err().to_string();
    assert!(refused.contains("was withdrawn by lee"), "{refused}");
    assert!(second.look(|desk| desk.pending().is_empty()).unwrap());
}

#[test]
fn what_cannot_be_written_did_not_happen() {
    let folder = tempfile::tempdir().unwrap();
    settings(folder.path(), "http://127.0.0.1:9/");
    let office = Office::open(folder.path()).unwrap();
    // A folder where the journal would be: root can write to anything else.
    std::fs::create_dir(folder.path().join("journal.jsonl")).unwrap();
    let error = office.act(draft(&office, Kind::Alert), at(0.0)).unwrap_err();
    assert!(matches!(error, OfficeError::File { .. }), "{error}");
    std::fs::remove_dir(folder.path().join("journal.jsonl")).unwrap();
    assert_eq!(office.look(|desk| desk.warnings().count()).unwrap(), 0);
    office.act(draft(&office, Kind::Alert), at(0.0)).unwrap();
}

/// Over TLS only who has a certificate of the named authority is believed, and who is not gets nothing.
#[test]
fn a_server_that_nobody_vouches_for_gets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let good = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (port, got) = tls_server(&good);
    for (name, certificate, wanted) in [("good.pem", &good, true), ("other.pem", &other, false)] {
        let post = Post {
            url: format!("https://localhost:{port}/cap"),
            token: None,
            ca: Some(write(name, certificate.cert.pem())),
            timeout_s: 10.0,
            is_repeatable: false,
        };
        let settings_path = folder.path().to_owned();
        settings(&settings_path, "http://127.0.0.1:9/");
        let office = Office::open(&settings_path).unwrap();
        if office.look(|desk| desk.warnings().count()).unwrap() == 0 {
            office.act(draft(&office, Kind::Alert), at(0.0)).unwrap();
            office.act(approve(1), at(0.0)).unwrap();
        }
        let parcel = office.look(|desk| parcel(desk, "W1", 1)).unwrap().unwrap();
        let answer = deliver(office.settings(), &Way::Cap(post), &parcel, &[]);
        match wanted {
            true => assert_eq!(answer.outcome, Outcome::Delivered, "{}", answer.words),
            false => assert!(matches!(answer.outcome, Outcome::Failed(_)), "{answer:?}"),
        }
    }
    assert_eq!(got.load(Ordering::SeqCst), 1);
}

/// A server with a certificate that answers requests, and counts them.
fn tls_server(identity: &rcgen::CertifiedKey<rcgen::KeyPair>) -> (u16, Arc<AtomicUsize>) {
    use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
    let key = PrivateKeyDer::from_pem_slice(identity.signing_key.serialize_pem().as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![identity.cert.der().clone()], key)
        .unwrap();
    let (config, got) = (Arc::new(config), Arc::new(AtomicUsize::new(0)));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, counted) = (listener.local_addr().unwrap().port(), got.clone());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut tls = rustls::StreamOwned::new(connection, stream.unwrap());
            let mut octets = Vec::new();
            let mut buffer = [0; 4096];
            // A client that does not believe the certificate ends it here.
            while let Ok(count @ 1..) = tls.read(&mut buffer) {
                octets.extend_from_slice(&buffer[..count]);
                if octets.ends_with(b"</alert>\n") || octets.ends_with(b"</alert>") {
                    counted.fetch_add(1, Ordering::SeqCst);
                    let answer = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                    tls.write_all(answer.as_bytes()).unwrap();
                    tls.flush().unwrap();
                    break;
                }
            }
        }
    });
    (port, got)
}

/// A listener on the key gets the CAP message; where nobody listens nothing is put, and that is certain.
#[test]
fn a_zenoh_key_needs_a_listener() {
    use zenoh::Wait;
    let folder = tempfile::tempdir().unwrap();
    settings(folder.path(), "http://127.0.0.1:9/");
    let office = Office::open(folder.path()).unwrap();
    office.act(draft(&office, Kind::Alert), at(0.0)).unwrap();
    office.act(approve(1), at(0.0)).unwrap();
    let parcel = office.look(|desk| parcel(desk, "W1", 1)).unwrap().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let way = |timeout_s: f64| Way::Zenoh {
        key: "warnings/cap".to_owned(),
        connect: vec![format!("tcp/127.0.0.1:{port}")],
        timeout_s,
    };
    let mut config = zenoh::Config::default();
    for (key, value) in [
        ("mode", "\"router\"".to_owned()),
        ("listen/endpoints", format!("[\"tcp/127.0.0.1:{port}\"]")),
        ("scouting/multicast/enabled", "false".to_owned()),
    ] {
        config.insert_json5(key, &value).unwrap();
    }
    let session = zenoh::open(config).wait().unwrap();
    let answer = deliver(office.settings(), &way(1.0), &parcel, &[]);
    assert!(
        matches!(&answer.outcome, Outcome::Failed(words) if words.contains("nobody listened")),
        "{answer:?}"
    );
    let listener = session.declare_subscriber("warnings/*").wait().unwrap();
    let answer = deliver(office.settings(), &way(30.0), &parcel, &[]);
    assert_eq!(answer.outcome, Outcome::Delivered, "{}", answer.words);
    let sample = listener.recv().unwrap();
    assert_eq!(&*sample.payload().to_bytes(), parcel.cap.as_bytes());
    session.close().wait().unwrap();
}
