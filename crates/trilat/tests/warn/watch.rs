//! The clock: overdue, lapsed, all clear due; and the program that runs it.

use std::io::{BufRead, BufReader};
use std::process::Command;

use super::centre::{Centre, at, channel_of, object};

fn centre(name: &str) -> (Centre, String) {
    let file = channel_of("out", "file", "folder = \"out\"");
    let centre = Centre::new(name, &format!("exercise = true\napprove_within_s = 30\n{file}"));
    let tracks = centre.tracks("tracks.csv", &object(at("2022-10-03T22:28:30Z")));
    (centre, tracks)
}

const NOW: &str = "2022-10-03T22:28:40Z";

#[test]
fn what_nobody_approves_is_overdue_and_lapses() {
    let (centre, tracks) = centre("overdue");
    centre
        .run("draft", &[&tracks, "--by", "ito", "--name", "W7", "--at", NOW])
        .good();
    let look = |time: &str| centre.run("watch", &["--once", "--at", time]).good();
    assert_eq!(look("2022-10-03T22:29:00Z"), "Nothing is due.\n");
    assert!(look("2022-10-03T22:29:20Z").contains("W7.1  OVERDUE"));
    // Said once.
    assert_eq!(look("2022-10-03T22:29:30Z"), "Nothing is due.\n");
    assert!(centre.run("status", &[]).good().contains("OVERDUE"));
    assert!(look("2022-10-03T22:41:00Z").contains("nobody approved it before the latest arrival"));
    let late = centre
        .run("approve", &["W7.1", "--by", "kim", "--at", "2022-10-03T22:41:10Z"])
        .bad(3);
    assert!(late.contains("lapsed at 2022-10-03T22:41:00"), "{late}");
    assert_eq!(centre.files("out").len(), 0);
    // There is nothing to warn of any more.
    let none = centre
        .run("draft", &[&tracks, "--by", "ito", "--at", "2022-10-03T22:41:20Z"])
        .bad(3);
    assert!(none.contains("the latest arrival was 2022-10-03T22:40:10"), "{none}");
}

#[test]
fn the_all_clear_is_asked_for_until_it_is_written() {
    let (centre, tracks) = centre("clear-due");
    centre
        .run("draft", &[&tracks, "--by", "ito", "--name", "W7", "--at", NOW])
        .good();
    centre.run("approve", &["W7.1", "--by", "kim", "--at", NOW]).good();
    let looked = centre.run("watch", &["--once", "--at", "2022-10-03T22:40:20Z"]).good();
    assert!(looked.contains("ALL CLEAR DUE"), "{looked}");
    assert!(centre.run("status", &[]).good().contains("on, ALL CLEAR DUE"));
    let end = ["--by", "kim", "--at", "2022-10-03T22:40:30Z"];
    centre.run("all-clear", &[&["W7"], &end[..]].concat()).good();
    centre.run("approve", &[&["W7.2"], &end[..]].concat()).good();
    let status = centre.run("status", &[]).good();
    assert!(status.contains("EXERCISE W7: over;"), "{status}");
}

/// It hands over what others approve, says what they do, and ends when it is asked to.
#[test]
fn watching_sends_what_others_approve() {
    let (centre, tracks) = centre("watched");
    let mut child = centre.begin("watch", &["--at", NOW]);
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe"))
        .lines()
        .map_while(Result::ok);
    assert!(lines.next().expect("a line").starts_with("Watching "));
    centre
        .run("draft", &[&tracks, "--by", "ito", "--name", "W7", "--at", NOW])
        .good();
    centre
        .run("approve", &["W7.1", "--by", "kim", "--hold", "--at", NOW])
        .good();
    let told: Vec<String> = lines
        .by_ref()
        .take_while(|line| !line.contains("delivered by out"))
        .collect();
    for part in [
        "W7.1  alert written by ito",
        "W7.1  approved by kim",
        "W7.1  is being handed to out",
    ] {
        assert!(told.iter().any(|line| line.contains(part)), "{part} in {told:#?}");
    }
    assert_eq!(centre.files("out"), ["W7.1.cap.xml"]);
    let ended = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .expect("kill runs");
    assert!(ended.success());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}
