//! Laws of digests: any order of arrival says the same, every bit counts, and what differs is found by name.

use std::sync::Arc;

use geo::Time;
use proptest::prelude::*;

use super::book::circles;
use super::*;

const BEGIN_NS: i64 = 1_700_000_000_000_000_000;

fn all() -> Circle {
    Circle {
        members: ["japan", "korea", "states"].into_iter().map(Arc::from).collect(),
        exercise: false,
    }
}

/// Entry `n`: nine a second, each with a name of its own.
fn entry(n: u32) -> Entry {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&n.wrapping_mul(0x9e37_79b9).to_be_bytes());
    id[12..].copy_from_slice(&n.to_be_bytes());
    let step_ns = i64::from(n) * 111_111_111;
    (Time::from_tai_ns(BEGIN_NS + step_ns), ItemId(id))
}

fn book(entries: impl IntoIterator<Item = u32>, until: u32) -> Book {
    let mut book = Book::new(BookLimits::default());
    for n in entries {
        book.item(&all(), entry(n));
    }
    book.settle(&all(), Cycle::of(entry(until).0).end());
    book
}

/// Lets two nodes talk until nothing is left to say; what each found.
fn talk(first: (&str, &mut Book), second: (&str, &mut Book)) -> [Vec<Finding>; 2] {
    let names: [Arc<str>; 2] = [first.0.into(), second.0.into()];
    let mut sides = [
        (Comparison::new(names[0].clone(), names[1].clone()), first.1),
        (Comparison::new(names[1].clone(), names[0].clone()), second.1),
    ];
    let mut letters: Vec<(usize, Vec<u8>)> = Vec::new();
    for (at, (_, book)) in sides.iter_mut().enumerate() {
        letters.push((1 - at, DigestMessage::Statements(book.due(STATEMENTS_MAX)).encode()));
    }
    while let Some((to, octets)) = letters.pop() {
        let (comparison, book) = &mut sides[to];
        let message = DigestMessage::decode(&octets).expect("what was encoded");
        let answers = comparison.hear(message, book).expect("an honest partner");
        letters.extend(answers.into_iter().map(|answer| (1 - to, answer.encode())));
    }
    let plain = |found: Vec<(Circle, Cycle, Finding)>| found.into_iter().map(|(.., finding)| finding).collect();
    sides.map(|(mut comparison, _)| plain(comparison.drain()))
}

fn differences(findings: &[Finding]) -> Vec<&Difference> {
    let all = findings.iter().filter_map(|finding| match finding {
        Finding::PlotsDiffer(difference) => Some(difference),
        _ => None,
    });
    all.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_arrival_says_the_same(order in Just((0..60_u32).collect::<Vec<_>>()).prop_shuffle()) {
        let (mut sorted, mut shuffled) = (book(0..60, 60), book(order, 60));
        prop_assert_eq!(sorted.whole(&all()), shuffled.whole(&all()));
        prop_assert_eq!(sorted.due(99), shuffled.due(99));
    }

    #[test]
    fn one_that_is_missing_is_named_and_each_side_says_the_same(left_out in 0..60_u32) {
        let mut whole = book(0..60, 60);
        let mut other = book((0..60).filter(|n| *n != left_out), 60);
        prop_assert_ne!(whole.whole(&all()), other.whole(&all()));
        let expected = Difference {
            entry: entry(left_out),
            held_by: "japan".into(),
            lacked_by: "korea".into(),
        };
        for found in talk(("japan", &mut whole), ("korea", &mut other)) {
            prop_assert_eq!(differences(&found), [&expected]);
        }
    }

    #[test]
    fn every_bit_of_a_name_counts(n in 0..60_u32, octet in 0..16_usize, bit in 0..8_u8) {
        let mut changed = book((0..60).filter(|of| *of != n), 60);
        let (time, mut id) = entry(n);
        id.0[octet] ^= 1 << bit;
        changed.item(&all(), (time, id));
        prop_assert_ne!(book(0..60, 60).whole(&all()), changed.whole(&all()));
        let found = talk(("japan", &mut book(0..60, 60)), ("korea", &mut changed));
        let found = differences(&found[0]);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(found[0].entry, (time, id).min(entry(n)));
    }

    #[test]
    fn every_bit_of_a_row_counts(octet in 0..40_usize, bit in 0..8_u8) {
        let mut row = [7_u8; 40];
        let (mut one, mut other) = (book(0..60, 60), book(0..60, 60));
        one.row(&all(), entry(3).0, &row);
        row[octet] ^= 1 << bit;
        other.row(&all(), entry(3).0, &row);
        let found = talk(("japan", &mut one), ("korea", &mut other));
        prop_assert_eq!(found[0].iter().filter(|of| **of == Finding::PicturesDiffer).count(), 1);
        prop_assert_eq!(found[0].iter().filter(|of| **of == Finding::Agreed).count(), 6);
    }

    #[test]
    fn nonsense_is_refused_and_stops_nothing(octets in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut book = book(0..60, 60);
        let mut comparison = Comparison::new("japan".into(), "korea".into());
        if let Ok(message) = DigestMessage::decode(&octets) {
            let _answer = comparison.hear(message, &mut book);
        }
    }
}

/// A difference in the third page of a full cycle.
#[test]
fn it_is_found_page_by_page() {
    let many = |left_out: Option<u32>| {
        let mut book = Book::new(BookLimits::default());
        for n in (0..5_000).filter(|n| Some(*n) != left_out) {
            book.item(&all(), (Time::from_tai_ns(BEGIN_NS + i64::from(n) * 1_000), entry(n).1));
        }
        book.settle(&all(), Cycle::of(Time::from_tai_ns(BEGIN_NS)).end());
        book
    };
    let found = talk(("japan", &mut many(None)), ("korea", &mut many(Some(4_711))));
    assert_eq!(differences(&found[1])[0].entry.1, entry(4_711).1);
    assert_eq!(differences(&found[1])[0].lacked_by, "korea".into());
}

#[test]
fn what_came_late_is_said_again_and_agrees() {
    let (mut whole, mut other) = (book(0..60, 60), book((0..60).filter(|n| *n != 30), 60));
    assert_eq!(other.due(99).len(), 7);
    assert_eq!(other.due(99).len(), 0);
    assert!(other.item(&all(), entry(30)));
    assert!(!other.item(&all(), entry(30)), "the same once more");
    let again = other.due(99);
    assert_eq!(again.len(), 1);
    assert_eq!(Some(again[0].clone()), whole.statement(&all(), Cycle::of(entry(30).0)));
}

/// A statement that comes before the own cycle is settled waits for it.
#[test]
fn the_faster_one_is_waited_for() {
    let (mut fast, mut slow) = (book(0..60, 60), Book::new(BookLimits::default()));
    let mut comparison = Comparison::new("korea".into(), "japan".into());
    let said = DigestMessage::Statements(fast.due(99));
    assert_eq!(comparison.hear(said, &mut slow), Ok(vec![]));
    assert_eq!(comparison.drain(), vec![]);
    (0..60).for_each(|n| assert!(slow.item(&all(), entry(n))));
    slow.settle(&all(), Cycle::of(entry(60).0).end());
    assert_eq!(comparison.compare(&mut slow), vec![]);
    let found = comparison.drain();
    assert_eq!(found.len(), 7);
    assert!(found.iter().all(|(.., finding)| *finding == Finding::Agreed));
}

/// What a liar may say: of a circle without it, pages that were not asked for, in disorder, of another cycle.
#[test]
fn a_liar_is_refused() {
    let mut book = book((0..60).filter(|n| *n != 30), 60);
    let hear = |comparison: &mut Comparison, book: &mut Book, message| comparison.hear(message, book);
    let mut comparison = Comparison::new("japan".into(), "korea".into());
    let mut two = all();
    two.members.remove("korea");
    let ask = Ask {
        circle: two.clone(),
        cycle: Cycle::of(entry(30).0),
        after: None,
    };
    assert_eq!(
        hear(&mut comparison, &mut book, DigestMessage::Ask(ask.clone())),
        Ok(vec![]),
        "not its business"
    );
    let mut statement = book.statement(&all(), ask.cycle).expect("settled");
    statement.circle = two;
    let strange = hear(
        &mut comparison,
        &mut book,
        DigestMessage::Statements(vec![statement.clone()]),
    );
    assert!(matches!(strange, Err(DigestError::NotInCircle { .. })), "{strange:?}");
    statement.circle = all();
    statement.items += 1;
    let asked = hear(&mut comparison, &mut book, DigestMessage::Statements(vec![statement]));
    let Ok([DigestMessage::Ask(ask)]) = asked.as_deref() else {
        panic!("{asked:?}");
    };
    let page = |entries| {
        DigestMessage::Page(Page {
            ask: ask.clone(),
            entries,
            is_last: true,
        })
    };
    for entries in [vec![entry(29), entry(28)], vec![entry(28), entry(28)], vec![entry(50)]] {
        let strange = hear(&mut comparison, &mut book, page(entries));
        assert_eq!(strange, Err(DigestError::Disorder));
    }
    assert_eq!(hear(&mut comparison, &mut book, page(vec![])), Ok(vec![]));
    assert_eq!(
        hear(&mut comparison, &mut book, page(vec![])),
        Err(DigestError::NotAsked)
    );
}

/// Each malformed message is refused for its own reason.
#[test]
fn malformed_messages_are_refused() {
    let statement = book(0..60, 60).due(1).remove(0);
    let good = DigestMessage::Statements(vec![statement.clone()]).encode();
    assert!(DigestMessage::decode(&good).is_ok());
    assert_eq!(
        DigestMessage::decode(&[]),
        Err(DigestError::Field { field: "kind" }),
        "nothing"
    );
    let cut = DigestMessage::decode(&good[..good.len() - 1]);
    assert!(matches!(cut, Err(DigestError::Malformed { .. })), "cut short: {cut:?}");
    let many = DigestMessage::Statements(vec![statement.clone(); STATEMENTS_MAX + 1]).encode();
    let refused = DigestMessage::decode(&many);
    assert!(
        matches!(refused, Err(DigestError::TooMany { what: "statements", .. })),
        "{refused:?}"
    );
    let far = Statement {
        cycle: Cycle(i64::MAX),
        ..statement.clone()
    };
    let refused = DigestMessage::decode(&DigestMessage::Statements(vec![far]).encode());
    assert_eq!(
        refused,
        Err(DigestError::Field { field: "cycle" }),
        "a time that cannot be"
    );
    let mut crowd = statement;
    crowd.circle.members = (0..=MEMBERS_MAX).map(|n| Arc::from(n.to_string())).collect();
    let refused = DigestMessage::decode(&DigestMessage::Statements(vec![crowd]).encode());
    assert!(
        matches!(refused, Err(DigestError::TooMany { what: "owners", .. })),
        "{refused:?}"
    );
}

/// Names of old cycles are forgotten before their digests; what comes then is counted.
#[test]
fn what_is_kept_is_bounded() {
    let limits = BookLimits {
        entries_max: 20,
        cycles_max: 5,
        circles_max: 1,
    };
    let mut bounded = Book::new(limits);
    let mut whole = book(0..60, 60);
    for n in (0..60).filter(|n| *n != 40) {
        bounded.item(&all(), entry(n));
    }
    bounded.settle(&all(), Cycle::of(entry(60).0).end());
    let kept: Vec<Cycle> = bounded.due(99).into_iter().map(|statement| statement.cycle).collect();
    assert_eq!(kept.len(), 5);
    assert_eq!(bounded.statement(&all(), kept[0]), whole.statement(&all(), kept[0]));
    assert!(!bounded.item(&all(), entry(0)));
    assert_eq!(bounded.forgotten(), 1);
    let other = Circle {
        exercise: true,
        ..all()
    };
    assert!(!bounded.item(&other, entry(1)), "one circle is the limit");
}

#[test]
fn circles_are_those_of_an_owner_and_the_whole_is_never_left_out() {
    let partners: Vec<Arc<str>> = ["korea", "states"].into_iter().map(Arc::from).collect();
    let found = circles(&"japan".into(), &partners, 16);
    assert_eq!(found.len(), 3);
    assert_eq!(found[2], all());
    assert_eq!(circles(&"japan".into(), &partners, 1), vec![all()]);
}
