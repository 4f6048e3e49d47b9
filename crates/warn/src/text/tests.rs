//! The same facts in every language, short forms that fit, and an exercise that nobody takes for real.

use geo::{Geodetic, Time};
use proptest::prelude::*;

use super::*;
use crate::life::{Kind, Reason};
use crate::{Area, Ellipse, Facts, Fix, Map, Situation};

const KINDS: [Kind; 5] = [
    Kind::Alert,
    Kind::Update,
    Kind::Cancel(Reason::NoThreat),
    Kind::Cancel(Reason::Error),
    Kind::AllClear,
];

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

/// Over northern Japan, as on 2022-10-04, seen until `unseen_s` before now.
pub(crate) fn facts(major_m: f64, unseen_s: f64) -> Facts {
    let said = time("2022-10-03T22:28:30Z");
    let ellipse = Ellipse {
        weight: 1.0,
        probability: 0.95,
        centre: Geodetic::from_degrees(40.8, 140.8, 0.0),
        major_m,
        minor_m: major_m / 2.0,
        azimuth_deg: 75.0,
        earliest: said + 75.0,
        latest: said + 700.0,
    };
    let situation = Situation {
        object: "K-1",
        said,
        measured: said,
        now: said + unseen_s,
        existence: 0.99,
    };
    let fix = |after_s: f64, lon_deg: f64, is_measured| Fix {
        time: said + after_s,
        place: Geodetic::from_degrees(40.6, lon_deg, 300e3),
        sigma_m: 200.0,
        is_measured,
    };
    // Measured above Aomori; above Iwate's sea only calculated.
    let fixes = [fix(-20.0, 139.0, true), fix(0.0, 140.8, true), fix(20.0, 141.3, false)];
    Facts::new(&situation, &Area::new(&[ellipse]).unwrap(), &fixes, Map::built_in())
}

fn about(kind: Kind, is_exercise: bool) -> About {
    About {
        kind,
        number: 2,
        is_exercise,
        zone: Zone::default(),
    }
}

fn catalogues() -> Vec<Catalogue> {
    Catalogue::built_in().unwrap()
}

/// `Catalogue::read` compares keys and facts with the English ones; here that it does.
#[test]
fn a_file_that_says_less_or_other_things_is_refused() {
    assert_eq!(
        catalogues().iter().map(Catalogue::language).collect::<Vec<_>>(),
        ["en", "ja", "ko"]
    );
    let good = include_str!("../../texts/ko.toml");
    for (from, to, wanted) in [
        ("promise = ", "promised = ", "promised is not a key of a file of texts"),
        (
            "act_clear = ",
            "# ",
            "it has no act_clear; the English text is: You may leave your shelter",
        ),
        ("{percent}", "95", "sure has the facts {}, expected {\"percent\"}"),
        (
            "{from}경부터",
            "{form}경부터",
            "the facts {\"form\", \"to\", \"zone\"}, expected {\"from\", \"to\", \"zone\"}",
        ),
        ("{hour}시", "{hours}시", "clock has the facts"),
        (
            "language = \"ko\"",
            "language = \"ko<\"",
            "language is \"ko<\", expected a tag",
        ),
        (
            "즉시 가까운",
            "즉시\u{202e} 가까운",
            "act holds a control character or a mark that hides or reorders text",
        ),
        ("event = ", "event = [", "TOML parse error at line"),
    ] {
        let spoilt = good.replacen(from, to, 1);
        assert_ne!(spoilt, good, "{from}");
        let error = Catalogue::read(&spoilt, "ko.toml").unwrap_err().to_string();
        assert!(error.contains(wanted) && error.starts_with("ko.toml: "), "{error}");
    }
}

/// Whatever a language says of when and how sure, the figures are there in all of them.
#[test]
fn every_language_says_the_same_facts() {
    let facts = facts(150e3, 0.0);
    for kind in KINDS {
        for catalogue in catalogues() {
            let said = say(&about(kind, false), &facts, None, &catalogue);
            let all = format!("{}\n{}\n{}", said.headline, said.description, said.instruction);
            assert!(!all.contains(['{', '}']), "{all}");
            let [from, to] = match said.language.as_str() {
                "ja" => ["午前7時29分", "午前7時41分"],
                "ko" => ["07시 29분", "07시 41분"],
                _ => ["07:29", "07:41"],
            };
            if kind == Kind::Alert {
                assert!(all.contains(from) && all.contains("95"), "{all}");
                for place in &facts.places {
                    assert!(said.area.contains(place.names.get(&said.language)), "{}", said.area);
                }
            }
            if matches!(kind, Kind::Alert | Kind::Update | Kind::AllClear) {
                assert!(all.contains(to), "{all}");
            }
        }
    }
}

/// The words themselves: what stands in them was proof-read (docs/warn.md says by whom), and a change has to be read
/// again.
#[test]
fn regress_alert_in_three_languages() {
    let facts = facts(150e3, 0.0);
    let said: Vec<Said> = catalogues()
        .iter()
        .map(|c| say(&about(Kind::Alert, false), &facts, None, c))
        .collect();
    assert_eq!(
        said[0].short,
        "Missile warning: Tohoku region (3) and 1 more, 07:29-07:41. Go inside or underground now."
    );
    assert_eq!(said[1].headline, "ミサイル警報：直ちに避難してください");
    let first: Vec<&str> = said[1].description.lines().take(2).collect();
    assert_eq!(
        first[0],
        "ミサイルの可能性がある飛翔体をレーダーで探知しました（2022年10月4日午前7時28分時点の計算、日本時間）。"
    );
    assert!(
        first[1].starts_with("落下する可能性のある地域：青森県、"),
        "{}",
        first[1]
    );
    assert!(
        said[2]
            .description
            .contains("낙하할 가능성이 있는 시간대: 07시 29분경부터 07시 41분경까지(한국 시각)."),
        "{said:?}"
    );
}

/// A lost object: places only calculated are never said to have been passed, and people are told why it is wider.
#[test]
fn what_was_not_measured_is_never_claimed() {
    let (seen, lost) = (facts(150e3, 0.0), facts(150e3, 60.0));
    assert!(!seen.is_lost && lost.is_lost);
    assert_eq!(
        seen.overflown.iter().map(|names| names.get("en")).collect::<Vec<_>>(),
        ["Aomori"]
    );
    assert!(lost.places.len() > seen.places.len());
    assert!(lost.arrival[0] < seen.arrival[0] && lost.arrival[1] > seen.arrival[1]);
    let english = &catalogues()[0];
    let said = say(&about(Kind::Update, false), &lost, Some(&seen), english).description;
    assert!(
        said.contains("has not been detected since 07:28") && said.contains("widened"),
        "{said}"
    );
    assert!(
        said.contains("Now also in the area: ") && !said.contains("No longer in the area"),
        "{said}"
    );
    // Nothing is taken back while nobody sees it, even if a calculation would.
    let narrower = facts(20e3, 60.0);
    let kept = narrower.clone().after(&seen);
    assert!(seen.beyond(&narrower).count() > 0);
    assert_eq!(seen.beyond(&kept).count(), 0);
    assert!(kept.arrival[1] >= seen.arrival[1]);
    // What is seen again may become narrower.
    assert!(seen.beyond(&facts(20e3, 0.0).after(&seen)).count() > 0);
}

/// Early and coarse: many places are called by their groups.
#[test]
fn a_large_area_is_said_in_few_words() {
    let facts = facts(900e3, 0.0);
    assert!(facts.places.len() > 12);
    for (catalogue, wanted) in catalogues()
        .iter()
        .zip(["Tohoku region (6)", "東北地方（6地域）", "도호쿠 지방(6곳)"])
    {
        let said = say(&about(Kind::Alert, false), &facts, None, catalogue);
        assert!(said.area.contains(wanted), "{}", said.area);
    }
}

#[test]
fn an_exercise_is_one_in_every_part() {
    let facts = facts(900e3, 0.0);
    for catalogue in catalogues() {
        let mark = catalogue.text("exercise_head");
        for kind in KINDS {
            let said = say(&about(kind, true), &facts, None, &catalogue);
            for text in [&said.event, &said.headline, &said.short, &said.long] {
                assert!(text.starts_with(mark), "{text}");
            }
            assert!(said.headline.ends_with(mark) && said.long.ends_with(mark), "{said:?}");
            for text in [&said.description, &said.instruction] {
                assert!(text.starts_with(catalogue.text("exercise_note")), "{text}");
            }
            let real = say(&about(kind, false), &facts, None, &catalogue);
            assert!(!format!("{real:?}").contains(mark));
        }
    }
}

#[test]
fn times_are_rounded_so_that_nobody_is_late() {
    let english = &catalogues()[0];
    let zone = Zone::default();
    assert_eq!(zone.clock(time("2022-10-03T22:29:59Z"), english), "07:29");
    assert_eq!(zone.clock_up(time("2022-10-03T22:29:01Z"), english), "07:30");
    assert_eq!(zone.clock_up(time("2022-10-03T22:29:00Z"), english), "07:29");
    assert_eq!(
        Zone::new(-600).unwrap().stamp(time("2018-01-13T18:07:00Z")),
        "2018-01-13T08:07:00-10:00"
    );
    assert_eq!(
        Zone::new(0).unwrap().stamp(time("2018-01-13T18:07:00Z")),
        "2018-01-13T18:07:00-00:00"
    );
    assert_eq!(Zone::new(600).unwrap().name(english), "UTC+10:00");
    assert_eq!(Zone::new(841), None);
    assert_eq!(zone.clock(time("2022-10-04T03:05:00Z"), &catalogues()[1]), "午後0時5分");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Short forms fit whatever places are called, and say when and what to do all the same.
    #[test]
    fn short_forms_fit(name in "\\PC{1,80}", count in 1usize..40, is_exercise: bool, kind in 0usize..KINDS.len()) {
        let mut facts = facts(60e3, 0.0);
        let names = crate::Names::new([("en".to_owned(), format!("x{name}"))]).unwrap();
        let one = crate::Named { names, group: None, ..facts.places[0].clone() };
        facts.places = vec![one; count];
        for catalogue in catalogues() {
            let said = say(&about(KINDS[kind], is_exercise), &facts, None, &catalogue);
            prop_assert!(said.short.chars().count() <= 90, "{}", said.short);
            prop_assert!(said.long.chars().count() <= 360, "{}", said.long);
            let end = catalogue.text("short_alert").split("{to}").last().unwrap();
            prop_assert!(kind > 1 || said.short.ends_with(end), "{}", said.short);
        }
    }
}
