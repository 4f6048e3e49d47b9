//! Messages as XML: well-formed whatever comes in, and what they are by their own words.

use geo::Time;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;
use crate::life::{Kind, Reason};
use crate::text::tests::facts;
use crate::text::{About, Catalogue, Zone};
use crate::{Facts, clean};

fn sender() -> Sender {
    Sender::new("warning@centre.example", "Warning Centre").unwrap()
}

fn message(kind: Kind, is_exercise: bool, facts: &Facts) -> Alert {
    let about = About {
        kind,
        number: 2,
        is_exercise,
        zone: Zone::default(),
    };
    let sent: Time = "2022-10-03T22:29:00Z".parse().unwrap();
    let envelope = Envelope {
        sender: &sender(),
        identifier: "W1.2",
        warning: "W1",
        about: &about,
        sent,
        before: &[("W1.1".to_owned(), sent + -60.0)],
        told: None,
    };
    compose(&envelope, facts, &Catalogue::built_in().unwrap())
}

/// Every element with its text, in order.
fn elements(xml: &str) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(xml);
    let (mut path, mut found): (Vec<String>, Vec<(String, String)>) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                path.push(start.name().as_ref().to_owned());
                found.push((path.join("/"), String::new()));
            }
            Event::End(_) => drop(path.pop()),
            Event::Text(text) => found
                .iter_mut()
                .next_back()
                .into_iter()
                .for_each(|last| last.1 += &text.xml10_content()),
            Event::GeneralRef(entity) => {
                let plain = quick_xml::escape::unescape(&format!("&{};", &*entity))
                    .unwrap()
                    .into_owned();
                found.last_mut().unwrap().1 += &plain;
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn texts(xml: &str, path: &str) -> Vec<String> {
    let found = elements(xml).into_iter().filter(|(at, _)| at == path);
    found.map(|(_, text)| text.trim().to_owned()).collect()
}

#[test]
fn a_message_says_what_it_is_in_each_language() {
    let facts = facts(150e3, 0.0);
    let xml = message(Kind::Update, false, &facts).to_xml();
    for (path, wanted) in [
        ("alert/status", vec!["Actual"]),
        ("alert/msgType", vec!["Update"]),
        (
            "alert/references",
            vec!["warning@centre.example,W1.1,2022-10-04T07:28:00+09:00"],
        ),
        ("alert/incidents", vec!["W1"]),
        ("alert/info/language", vec!["en", "ja", "ko"]),
        ("alert/info/responseType", vec!["Shelter"; 3]),
        ("alert/info/urgency", vec!["Immediate"; 3]),
        ("alert/info/onset", vec!["2022-10-04T07:29:45+09:00"; 3]),
        ("alert/info/expires", vec!["2022-10-04T08:40:10+09:00"; 3]),
    ] {
        assert_eq!(texts(&xml, path), wanted, "{path}");
    }
    let codes = texts(&xml, "alert/info/area/geocode/value");
    assert_eq!(codes.len(), 3 * facts.places.len());
    assert!(codes.contains(&"JP-02".to_owned()) && codes[..codes.len() / 3] == codes[codes.len() / 3 * 2..]);
    assert_eq!(texts(&xml, "alert/info/area/polygon").len(), 3);
}

#[test]
fn ends_are_a_cancel_or_an_update_with_all_clear() {
    let facts = facts(150e3, 0.0);
    for (kind, wanted) in [(Kind::AllClear, "Update"), (Kind::Cancel(Reason::Error), "Cancel")] {
        let xml = message(kind, false, &facts).to_xml();
        assert_eq!(texts(&xml, "alert/msgType"), [wanted]);
        assert_eq!(texts(&xml, "alert/info/responseType"), ["AllClear"; 3]);
        assert_eq!(texts(&xml, "alert/info/urgency"), ["Past"; 3]);
        assert_eq!(
            texts(&xml, "alert/info/area/geocode/value").len(),
            3 * facts.places.len()
        );
    }
}

#[test]
fn an_exercise_says_so_to_machines_and_people() {
    let xml = message(Kind::Alert, true, &facts(150e3, 0.0)).to_xml();
    assert_eq!(texts(&xml, "alert/status"), ["Exercise"]);
    assert_eq!(texts(&xml, "alert/note"), ["EXERCISE EXERCISE EXERCISE"]);
    let heads = texts(&xml, "alert/info/headline");
    for (head, mark) in heads.iter().zip(["[EXERCISE]", "【訓練】", "[훈련]"]) {
        assert!(head.starts_with(mark) && head.ends_with(mark), "{head}");
    }
}

/// What is read back of a message is what was said, whatever stood in it.
#[test]
fn words_are_read_back_as_they_were_written() {
    for (kind, is_exercise) in [(Kind::Update, false), (Kind::AllClear, true)] {
        let mut facts = facts(150e3, 0.0);
        facts.object = "]]></value> <info>&amp;".to_owned();
        let alert = message(kind, is_exercise, &facts);
        let read = words(&alert.to_xml()).unwrap();
        assert_eq!((&read.identifier, &read.sent), (&alert.identifier, &alert.sent));
        assert_eq!((&read.references, &read.incident), (&alert.references, &alert.incident));
        assert_eq!(read.status, if is_exercise { "Exercise" } else { "Actual" });
        assert_eq!((read.message_type.as_str(), read.languages.len()), ("Update", 3));
        for (info, language) in alert.infos.iter().zip(&read.languages) {
            let said = [
                &info.language,
                &info.event,
                &info.headline,
                &info.description,
                &info.instruction,
            ];
            let found = [
                &language.language,
                &language.event,
                &language.headline,
                &language.description,
                &language.instruction,
            ];
            assert_eq!(said, found);
            let short = |wanted: &str| {
                info.parameters
                    .iter()
                    .find(|(name, _)| name == wanted)
                    .unwrap()
                    .1
                    .clone()
            };
            assert_eq!(
                [&short("CMAMtext"), &short("CMAMlongtext")],
                [&language.short, &language.long]
            );
            assert_eq!(
                (&info.area.geocodes, &info.area.description),
                (&language.geocodes, &language.area)
            );
        }
    }
    assert_eq!(words("<alert><identifier>a</identifier>"), None);
    assert_eq!(words("<alert><identifier>&none;</identifier></alert>"), None);
}

/// A track's name is anybody's text. Each of these would break out of its element, hide, or turn the line about.
#[test]
fn hostile_names_stay_text() {
    let long = "\u{202e}<script>".repeat(1_000);
    for name in [
        "<script>alert(1)</script>",
        "]]></value></parameter></info></alert>",
        "\u{202e}gnirts\u{202c} \u{0}\u{8}\u{ffff}",
        "&lol;&#0;",
        "\"'><!-- ",
        &long,
    ] {
        let mut facts = facts(60e3, 0.0);
        facts.object = clean(name, 64);
        let xml = message(Kind::Alert, false, &facts).to_xml();
        assert!(
            texts(&xml, "alert/info/parameter/value").contains(&facts.object),
            "{name}"
        );
        assert_eq!(texts(&xml, "alert/info/language").len(), 3);
        assert!(!xml.contains("<script>") && !xml.contains('\u{202e}'));
        // People are not shown it.
        let shown = ["headline", "description", "instruction"].map(|part| texts(&xml, &format!("alert/info/{part}")));
        assert!(
            shown
                .iter()
                .flatten()
                .all(|text| !text.contains("script") && !text.contains("lol"))
        );
    }
}

#[test]
fn a_sender_has_a_name_that_others_can_refer_to() {
    for bad in ["", "a b", "a,b", "a&b", "<a>", "é", "a\u{202e}"] {
        assert!(matches!(Sender::new(bad, "x"), Err(SenderError::Id(_))), "{bad}");
    }
    assert_eq!(Sender::new("a", "\u{200b}"), Err(SenderError::Name));
}

#[test]
fn a_feed_has_the_newest_first() {
    let sent: Time = "2022-10-03T22:29:00Z".parse().unwrap();
    let entry = |number: u32, after_s: f64| Entry {
        identifier: format!("W1.{number}"),
        title: "a < b".to_owned(),
        summary: String::new(),
        sent: sent + after_s,
        link: format!("W1.{number}.cap.xml"),
    };
    let xml = feed(&sender(), "feed.xml", &[entry(1, 0.0), entry(2, 60.0)], Zone::default());
    assert_eq!(
        texts(&xml, "feed/entry/id"),
        ["tag:centre.example,2022:W1.2", "tag:centre.example,2022:W1.1"]
    );
    assert_eq!(texts(&xml, "feed/updated"), ["2022-10-04T07:30:00+09:00"]);
    assert_eq!(texts(&xml, "feed/entry/title"), ["a < b"; 2]);
}
