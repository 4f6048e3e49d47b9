//! A server that never answers, and the program killed in the middle.

use std::time::Duration;

use super::centre::{Centre, Manner, Server, at, channel_of, object};

const NOW: &str = "2022-10-03T22:28:40Z";
/// Whoever has not come until then does not come.
const PATIENCE: Duration = Duration::from_secs(60);

fn centre(name: &str, server: &Server, timeout_s: f64) -> Centre {
    let file = channel_of("out", "file", "folder = \"out\"");
    let hook = channel_of(
        "hook",
        "webhook",
        &format!("url = \"{}\"\ntimeout_s = {timeout_s}", server.url),
    );
    let centre = Centre::new(name, &format!("exercise = true\n{hook}{file}"));
    let tracks = centre.tracks("tracks.csv", &object(at("2022-10-03T22:28:30Z")));
    centre
        .run("draft", &[&tracks, "--by", "ito", "--name", "W7", "--at", NOW])
        .good();
    centre
}

/// Nobody else waits for it, and what nobody knows is called unknown until a person has looked.
#[test]
fn a_webhook_that_never_answers_keeps_nobody_waiting() {
    let server = Server::new(&[Manner::Silent]);
    let centre = centre("silent", &server, 1.0);
    let ended = centre.run("approve", &["W7.1", "--by", "kim", "--at", NOW]);
    assert!(ended.out.contains("no answer within 1 s"), "{ended:?}");
    let words = ended.bad(5);
    assert!(words.contains("W7.1 by hook (unknown)"), "{words}");
    assert_eq!(centre.files("out"), ["W7.1.cap.xml"]);
    assert_eq!(server.count(), 1);
    // It is not sent again by itself.
    assert!(
        centre
            .run("send", &["--at", NOW])
            .bad(5)
            .contains("W7.1 by hook (unknown)")
    );
    assert_eq!(server.count(), 0);
    let found = ["--arrived", "W7.1", "--channel", "hook", "--by", "kim", "--at", NOW];
    assert!(centre.run("send", &found).good().contains("found there by kim"));
    assert!(centre.run("status", &[]).good().contains("hook: delivered"));
}

/// Killed between handing over and the answer: the next program knows that nobody knows, and a person decides.
#[test]
fn killed_while_handing_over_nothing_is_sent_twice() {
    let server = Server::new(&[Manner::Silent, Manner::Status("200 OK")]);
    let centre = centre("killed", &server, 60.0);
    let mut child = centre.begin("approve", &["W7.1", "--by", "kim", "--at", NOW]);
    server.requests.recv_timeout(PATIENCE).expect("it was posted");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    assert!(centre.run("status", &[]).good().contains("hook: being handed over"));
    let words = centre.run("send", &["--at", NOW]).bad(5);
    assert!(words.contains("W7.1 by hook (unknown)"), "{words}");
    assert_eq!(server.count(), 0, "what may be there is not sent again by itself");
    // Killed a second time, by the same hand.
    let again = ["--again", "W7.1", "--channel", "hook", "--by", "kim", "--at", NOW];
    assert!(centre.run("send", &again).good().contains("HTTP 200"));
    assert_eq!(server.count(), 1);
    assert_eq!(centre.files("out"), ["W7.1.cap.xml"]);
    // The cancel goes wherever it may be.
    centre
        .run("cancel", &["W7", "--reason", "error", "--by", "ito", "--at", NOW])
        .good();
    centre.run("approve", &["W7.2", "--by", "kim", "--at", NOW]).good();
    let cancel = server.requests.recv_timeout(PATIENCE).expect("it was posted");
    assert!(
        cancel.body.contains("\"kind\":\"cancel\",\"reason\":\"error\""),
        "{}",
        cancel.body
    );
    assert_eq!(centre.files("out"), ["W7.1.cap.xml", "W7.2.cap.xml"]);
}

/// Approved and held, killed before it was sent: whoever comes next sends it, once.
#[test]
fn what_was_approved_is_sent_after_a_restart() {
    let server = Server::new(&[Manner::Status("200 OK")]);
    let centre = centre("held", &server, 10.0);
    let held = centre
        .run("approve", &["W7.1", "--by", "kim", "--hold", "--at", NOW])
        .good();
    assert!(held.contains("Not sent yet"), "{held}");
    assert_eq!((server.count(), centre.files("out").len()), (0, 0));
    // The program ended while it wrote: half a line, and then a part of a command.
    let journal = centre.folder.join("journal.jsonl");
    let before = std::fs::read_to_string(&journal).unwrap();
    std::fs::write(&journal, format!("{before}{{\"sequence\":5,\"at\":\"2022")).unwrap();
    centre.run("send", &["--at", NOW]).good();
    assert_eq!((server.count(), centre.files("out").len()), (1, 1));
    assert!(!std::fs::read_to_string(&journal).unwrap().contains("\"2022{"));
    assert_eq!(centre.run("send", &["--at", NOW]).good(), "Nothing is due.\n");
}

/// A server that says no is certain; one that fails is not; one that is not there is tried again.
#[test]
fn answers_are_taken_for_what_they_are() {
    for (name, status, wanted) in [
        ("refuses", "403 Forbidden", "W7.1 by hook (failed)"),
        ("fails", "500 Internal Server Error", "W7.1 by hook (unknown)"),
        ("moved", "307 Temporary Redirect", "W7.1 by hook (failed)"),
    ] {
        let server = Server::new(&[Manner::Status(status)]);
        let centre = centre(name, &server, 10.0);
        let words = centre.run("approve", &["W7.1", "--by", "kim", "--at", NOW]).bad(5);
        assert!(words.contains(wanted), "{words}");
        assert_eq!(server.count(), 1);
    }
    let server = Server::new(&[Manner::Status("200 OK")]);
    let gone = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let centre = centre("nobody", &server, 10.0);
    let settings = centre.read("warn.toml");
    let elsewhere = settings.replace(&server.url, &format!("http://{gone}/"));
    std::fs::write(centre.folder.join("warn.toml"), elsewhere).unwrap();
    let words = centre.run("approve", &["W7.1", "--by", "kim", "--at", NOW]).bad(5);
    assert!(words.contains("W7.1 by hook (failed)"), "{words}");
    std::fs::write(centre.folder.join("warn.toml"), settings).unwrap();
    centre.run("send", &["--at", NOW]).good();
    assert_eq!(server.count(), 1);
}
