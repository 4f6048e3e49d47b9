//! From tracks to the all clear, on every channel; two persons; an exercise.

use serde_json::Value;

use super::centre::{Centre, Manner, Server, at, channel_of, object};

const NOW: &str = "2022-10-03T22:28:40Z";
const W: &str = "W20221003T2228-1f3a";

fn folder(name: &str) -> String {
    channel_of(name, "file", &format!("folder = \"{name}\""))
}

#[test]
fn a_warning_goes_from_tracks_to_the_all_clear_on_every_channel() {
    let server = Server::new(&[Manner::Status("202 Accepted")]);
    let hook = channel_of("hook", "webhook", &format!("url = \"{}\"", server.url));
    let cap = channel_of("cap", "cap", &format!("url = \"{}\"\ntoken = \"token\"", server.url));
    let feed = channel_of("feed", "atom", "folder = \"public\"");
    let centre = Centre::new("life", &format!("exercise = true\n{}{feed}{cap}{hook}", folder("out")));
    std::fs::write(centre.folder.join("token"), "secret-token\n").unwrap();
    let checked = centre.run("check", &[]).good();
    assert!(checked.contains("an EXERCISE") && !checked.contains("BAD"), "{checked}");

    let tracks = centre.tracks("tracks.csv", &object(at("2022-10-03T22:28:30Z")));
    let drafted = centre.run("draft", &[&tracks, "--by", "ito", "--at", NOW]).good();
    for part in [
        &*format!("{W}.1, alert, written by ito"),
        "[EXERCISE]",
        "【訓練】",
        "[훈련]",
        "Aomori, 青森県",
    ] {
        assert!(drafted.contains(part), "{part} in\n{drafted}");
    }
    assert_eq!(
        (centre.files("out").len(), server.count()),
        (0, 0),
        "a draft is not sent"
    );
    let first = format!("{W}.1");
    let sent = centre
        .run("approve", &[&first, "--by", "kim", "--at", "2022-10-03T22:28:50Z"])
        .good();
    assert!(
        sent.contains("approved by kim") && sent.contains("HTTP 202 note"),
        "{sent}"
    );
    assert_eq!(centre.files("out"), [format!("{W}.1.cap.xml")]);

    // The object is over the sea by now, and the area smaller.
    let mut later = object(at("2022-10-03T22:29:10Z"));
    (later.place, later.major_m, later.arrival_s) = ([40.5, 142.5], 80e3, [60.0, 300.0]);
    let tracks = centre.tracks("later.csv", &later);
    let updated = centre
        .run("update", &[W, &tracks, "--by", "ito", "--at", "2022-10-03T22:29:20Z"])
        .good();
    assert!(updated.contains("No longer in the area: "), "{updated}");
    let second = format!("{W}.2");
    centre
        .run("approve", &[&second, "--by", "kim", "--at", "2022-10-03T22:29:30Z"])
        .good();

    let clear = ["--by", "ito", "--at", "2022-10-03T22:30:00Z"];
    centre.run("all-clear", &[&[W], &clear[..]].concat()).good();
    let third = format!("{W}.3");
    let early = centre
        .run("approve", &[&third, "--by", "kim", "--at", "2022-10-03T22:34:00Z"])
        .bad(3);
    assert!(early.contains("an all clear is not before it"), "{early}");
    centre
        .run("approve", &[&third, "--by", "kim", "--at", "2022-10-03T22:41:00Z"])
        .good();

    everything_is_there_once(&centre, &server);
}

fn everything_is_there_once(centre: &Centre, server: &Server) {
    let wanted: Vec<String> = (1..=3).map(|number| format!("{W}.{number}.cap.xml")).collect();
    assert_eq!((centre.files("out"), centre.files("public")), (wanted.clone(), wanted));
    let feed = centre.read("public/feed.xml");
    assert_eq!(feed.matches("<entry>").count(), 3, "{feed}");
    let end = centre.read(&format!("out/{W}.3.cap.xml"));
    for number in 1..=2 {
        assert!(
            end.contains(&format!("warning@centre.example,{W}.{number},2022-10-04T07:2")),
            "{end}"
        );
    }
    posted(server);
    // Nothing twice.
    assert_eq!(centre.run("send", &[]).good(), "Nothing is due.\n");
    assert_eq!(server.count(), 0);
    let status = centre.run("status", &[]).good();
    assert!(status.starts_with(&format!("EXERCISE {W}: over")), "{status}");
}

/// Three messages by CAP and three by webhook, the same words, all of an exercise.
fn posted(server: &Server) {
    let (mut caps, mut hooks) = (Vec::new(), Vec::new());
    for sent in server.requests.try_iter() {
        let head = sent.head.to_ascii_lowercase();
        assert!(head.contains("idempotency-key: w20221003t2228-1f3a."), "{head}");
        if head.contains("application/cap+xml") {
            assert!(head.contains("authorization: bearer secret-token"), "{head}");
            caps.push(sent.body);
        } else {
            assert!(!head.contains("secret"), "{head}");
            hooks.push(serde_json::from_str::<Value>(&sent.body).unwrap());
        }
    }
    caps.sort();
    hooks.sort_by_key(|hook| hook["number"].as_u64());
    assert_eq!((caps.len(), hooks.len()), (3, 3));
    for (cap, hook) in caps.iter().zip(&hooks) {
        assert_eq!(hook["cap"].as_str(), Some(&**cap));
        assert_eq!(hook["exercise"], true);
        assert!(cap.contains("<status>Exercise</status>"), "{cap}");
        for (language, mark) in [(0, "[EXERCISE]"), (1, "【訓練】"), (2, "[훈련]")] {
            for part in ["event", "headline", "short", "long"] {
                let text = hook["languages"][language][part].as_str().unwrap();
                assert!(text.starts_with(mark) && cap.contains(text), "{part}: {text}");
            }
        }
    }
    assert_eq!(hooks[2]["kind"], "all-clear");
    assert_eq!(
        hooks[1]["references"][0],
        format!("warning@centre.example,{W}.1,2022-10-04T07:28:50+09:00")
    );
}

#[test]
fn two_persons_decide_and_the_slower_is_told_who_did_what() {
    let settings = "exercise = true\napprovals = 2\nauthor_counts = false\n";
    let centre = Centre::new("two", &format!("{settings}{}", folder("out")));
    let tracks = centre.tracks("tracks.csv", &object(at("2022-10-03T22:28:30Z")));
    centre
        .run("draft", &[&tracks, "--by", "ito", "--name", "W7", "--at", NOW])
        .good();
    let approve = |by: &str| centre.run("approve", &["W7.1", "--by", by, "--at", "2022-10-03T22:28:50Z"]);
    assert!(
        approve("ito")
            .bad(3)
            .contains("ito wrote it: by the policy another person")
    );
    assert!(approve("kim").good().contains("Another person has to approve it"));
    assert!(approve("kim").bad(3).contains("another person is needed"));
    assert_eq!(centre.files("out").len(), 0);
    assert!(
        centre
            .run("withdraw", &["W7.1", "--by", "lee", "--at", NOW])
            .good()
            .contains("by lee")
    );
    let late = approve("park").bad(3);
    assert!(
        late.contains("message 1 of warning W7 was withdrawn by lee at 2022-10-03T22:28:4"),
        "{late}"
    );
    // Given up: the same name begins anew, with the next number.
    centre
        .run("draft", &[&tracks, "--by", "ito", "--name", "W7", "--at", NOW])
        .good();
    let second = |by: &str| centre.run("approve", &["W7.2", "--by", by, "--at", "2022-10-03T22:28:50Z"]);
    second("kim").good();
    second("lee").good();
    assert_eq!(centre.files("out"), ["W7.2.cap.xml"]);
    let out = centre.run("withdraw", &["W7.2", "--by", "lee", "--at", NOW]).bad(3);
    assert!(out.contains("is out by out: write a cancel"), "{out}");
    let again = centre
        .run("draft", &[&tracks, "--by", "ito", "--name", "W8", "--at", NOW])
        .bad(3);
    assert!(again.contains("warning W7 is about 1f3a already"), "{again}");
    let journal = centre.run("status", &["--journal"]).good();
    for part in ["approved by kim", "withdrawn", "by lee", "written by ito"] {
        assert!(journal.contains(part), "{part} in\n{journal}");
    }
}

/// Six persons approve the same message at the same moment: one does, five are told that he did, and it goes out once.
#[test]
fn of_many_at_once_one_is_first() {
    let server = Server::new(&[Manner::Status("200 OK")]);
    let hook = channel_of("hook", "webhook", &format!("url = \"{}\"", server.url));
    let centre = Centre::new("many", &format!("exercise = true\n{hook}"));
    let tracks = centre.tracks("tracks.csv", &object(at("2022-10-03T22:28:30Z")));
    centre
        .run("draft", &[&tracks, "--by", "ito", "--name", "W7", "--at", NOW])
        .good();
    let people: Vec<String> = (0..6).map(|number| format!("person{number}")).collect();
    let begun: Vec<_> = people
        .iter()
        .map(|by| centre.begin("approve", &["W7.1", "--by", by, "--at", NOW]))
        .collect();
    let ended: Vec<_> = begun
        .into_iter()
        .map(|child| child.wait_with_output().unwrap())
        .collect();
    let codes: Vec<i32> = ended.iter().map(|out| out.status.code().unwrap()).collect();
    assert_eq!(codes.iter().filter(|code| **code == 0).count(), 1, "{codes:?}");
    for out in ended.iter().filter(|out| !out.status.success()) {
        let words = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(3), "{words}");
        assert!(words.contains("was approved by person"), "{words}");
    }
    assert_eq!(server.count(), 1);
}

/// The clock of an exercise is not for warnings in earnest, and those say nowhere that they are one.
#[test]
fn in_earnest_the_clock_is_that_of_the_wall() {
    let centre = Centre::new("earnest", &format!("exercise = false\n{}", folder("out")));
    let now = node::clock::wall();
    let tracks = centre.tracks("tracks.csv", &object(now + -5.0));
    let refused = centre.run("draft", &[&tracks, "--by", "ito", "--at", NOW]).bad(2);
    assert!(refused.contains("--at is for exercises"), "{refused}");
    centre.run("draft", &[&tracks, "--by", "ito", "--name", "W1"]).good();
    centre.run("approve", &["W1.1", "--by", "ito"]).good();
    let cap = centre.read("out/W1.1.cap.xml");
    assert!(cap.contains("<status>Actual</status>"), "{cap}");
    for mark in ["EXERCISE", "Exercise", "訓練", "훈련"] {
        assert!(!cap.contains(mark), "{mark} in\n{cap}");
    }
    // One exercise among warnings in earnest.
    let mut other = object(now + -5.0);
    other.name = "zzz".to_owned();
    let tracks = centre.tracks("other.csv", &other);
    centre
        .run("draft", &[&tracks, "--by", "ito", "--name", "W2", "--exercise"])
        .good();
    centre.run("approve", &["W2.1", "--by", "ito"]).good();
    assert!(centre.read("out/W2.1.cap.xml").contains("<status>Exercise</status>"));
    let shown = centre.run("show", &["W1.1", "--cap"]).good();
    assert_eq!(shown, cap);
}

/// A fourth language is a file beside the settings: people get its words beside those that are built in.
#[test]
fn another_language_is_a_file_with_the_same_keys() {
    let settings = "exercise = true\nlanguages = [\"en\", \"ja\", \"qaa\"]\ntexts = [\"qaa.toml\"]\n";
    let centre = Centre::new("language", &format!("{settings}{}", folder("out")));
    let english = include_str!("../../../warn/texts/en.toml");
    let other = english
        .replace("language = \"en\"", "language = \"qaa\"")
        .replace("name = \"English\"", "name = \"Other\"")
        .replace("Missile warning", "Avertissement");
    std::fs::write(centre.folder.join("qaa.toml"), &other).unwrap();
    let tracks = centre.tracks("tracks.csv", &object(at("2022-10-03T22:28:30Z")));
    centre.run("draft", &[&tracks, "--by", "ito", "--at", NOW]).good();
    let first = format!("{W}.1");
    centre
        .run("approve", &[&first, "--by", "kim", "--at", "2022-10-03T22:28:50Z"])
        .good();
    let cap = centre.read(&format!("out/{W}.1.cap.xml"));
    let languages: Vec<&str> = cap
        .split("<language>")
        .skip(1)
        .filter_map(|rest| rest.split('<').next())
        .collect();
    assert_eq!(languages, ["en", "ja", "qaa"]);
    assert!(cap.contains("Avertissement</event>"), "{cap}");
    // Without a key of the others it is none, and what is missing is said.
    std::fs::write(centre.folder.join("qaa.toml"), other.replace("clock = ", "o_clock = ")).unwrap();
    let words = centre.run("check", &[]);
    assert!(words.code != 0 && format!("{words:?}").contains("clock"), "{words:?}");
}
