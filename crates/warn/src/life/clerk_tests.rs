//! The clerk writes what is new, and nothing else; whatever persons do meanwhile, the desk takes what it writes.

use geo::Time;
use proptest::prelude::*;

use super::tests::{act, approve, at, channels, deliver, desk, withdraw};
use super::*;
use crate::text::Zone;
use crate::text::tests::facts;
use crate::{EXISTENCE_MIN, Facts};

/// Does an errand, as whoever sends the clerk does.
fn write(desk: &mut Desk, errand: Errand, facts: Option<&Facts>, now: Time) -> Result<usize, Refusal> {
    let command = Command::Draft {
        first: errand.warning.is_none().then(|| First {
            channels: channels(),
            is_exercise: true,
            zone: Zone::default(),
        }),
        warning: errand.warning.unwrap_or_else(|| "W1".to_owned()),
        kind: errand.kind,
        facts: facts.cloned().map(Box::new),
        in_view: Some(errand.in_view),
        by: "node".to_owned(),
    };
    act(desk, command, now)
}

/// A person takes the warning back.
fn cancel(reason: Reason) -> Command {
    Command::Draft {
        warning: "W1".to_owned(),
        kind: Kind::Cancel(reason),
        facts: None,
        first: None,
        in_view: None,
        by: "kim".to_owned(),
    }
}

/// What the clerk writes now, done.
fn look(desk: &mut Desk, facts: &Facts, after_s: f64) -> Option<Kind> {
    look_with(desk, facts, |_| true, after_s)
}

/// The same, where not all is in the picture any more.
fn look_with(desk: &mut Desk, facts: &Facts, is_up: impl Fn(&str) -> bool, after_s: f64) -> Option<Kind> {
    let errand = errand(desk, facts, is_up, at(after_s))?;
    assert!(may_write_from(desk, &facts.object).unwrap() <= at(after_s));
    let kind = errand.kind;
    write(desk, errand, Some(facts), at(after_s)).unwrap();
    Some(kind)
}

fn later(facts: &Facts, by_s: f64) -> Facts {
    let mut facts = facts.clone();
    facts.arrival[1] = facts.arrival[1] + by_s;
    facts
}

/// A warning that the clerk began and people have.
fn told(known: &Facts) -> Desk {
    let mut desk = desk(1, true);
    assert_eq!(look(&mut desk, known, 0.0), Some(Kind::Alert));
    act(&mut desk, approve(1, "kim"), at(5.0)).unwrap();
    deliver(&mut desk, at(6.0));
    desk
}

#[test]
fn the_first_message_is_of_what_surely_exists_and_may_come_down_where_people_live() {
    let known = facts(150e3, 0.0);
    let doubtful = Facts {
        existence: EXISTENCE_MIN - 0.01,
        ..known.clone()
    };
    let at_sea = Facts {
        places: Vec::new(),
        ..known.clone()
    };
    let mut desk = desk(1, true);
    for nothing in [&doubtful, &at_sea] {
        assert_eq!(look(&mut desk, nothing, 0.0), None);
    }
    // Over by now.
    assert_eq!(look(&mut desk, &known, 691.0), None);
    assert_eq!(look(&mut desk, &known, 0.0), Some(Kind::Alert));
    let own = desk.warning("W1").unwrap();
    assert_eq!((own.messages.len(), own.draft().unwrap().by.as_str()), (1, "node"));
    // It approves nothing.
    assert!(desk.pending().is_empty());
}

#[test]
fn a_draft_that_waits_is_replaced_when_it_is_not_so_any_more_and_not_too_often() {
    let known = facts(150e3, 0.0);
    let mut desk = desk(1, true);
    look(&mut desk, &known, 0.0).unwrap();
    assert_eq!(look(&mut desk, &known, 300.0), None, "nothing is new");
    assert_eq!(
        look(&mut desk, &later(&known, 60.0), 300.0),
        None,
        "it moved by a minute"
    );
    let moved = later(&known, 61.0);
    assert_eq!(look(&mut desk, &moved, 9.0), None, "too soon");
    assert_eq!(may_write_from(&desk, &known.object), Some(at(10.0)));
    assert_eq!(look(&mut desk, &moved, 10.0), Some(Kind::Alert));
    // A place less.
    let mut fewer = moved.clone();
    fewer.places.pop();
    assert_eq!(look(&mut desk, &fewer, 20.0), Some(Kind::Alert));
    // Where it comes down at sea after all, that is said: an older draft must not be approved.
    let at_sea = Facts {
        places: Vec::new(),
        ..fewer
    };
    assert_eq!(look(&mut desk, &at_sea, 30.0), Some(Kind::Alert));
    assert_eq!(desk.warning("W1").unwrap().messages.len(), 4);
}

#[test]
fn many_places_are_told_by_their_groups_and_one_more_of_a_group_is_nothing_new() {
    let known = facts(1_500e3, 0.0);
    assert!(known.places.len() > 10, "{}", known.places.len());
    let mut desk = desk(1, true);
    look(&mut desk, &known, 0.0).unwrap();
    let group = |place: &crate::Named| place.group.clone();
    let twice = known.places.iter().position(|one| {
        one.group.is_some() && known.places.iter().filter(|other| group(other) == group(one)).count() > 1
    });
    let mut fewer = known.clone();
    fewer.places.remove(twice.unwrap());
    assert_eq!(look(&mut desk, &fewer, 100.0), None);
    let gone = group(&fewer.places[0]);
    fewer.places.retain(|place| group(place) != gone);
    assert_eq!(look(&mut desk, &fewer, 100.0), Some(Kind::Alert));
}

#[test]
fn people_are_told_that_it_is_lost_and_that_it_is_found_again() {
    let known = facts(150e3, 0.0);
    let mut desk = told(&known);
    assert_eq!(look(&mut desk, &known, 30.0), None);
    let lost = facts(150e3, 40.0);
    assert!(lost.is_lost);
    assert_eq!(look(&mut desk, &lost, 40.0), Some(Kind::Update));
    act(&mut desk, approve(2, "kim"), at(41.0)).unwrap();
    // While it goes out nothing else is written, for what is out is not known yet.
    deliver(&mut desk, at(42.0));
    assert_eq!(look(&mut desk, &lost, 60.0), None);
    assert_eq!(look(&mut desk, &known, 70.0), Some(Kind::Update));
}

/// After a restart the tracker knows nothing of before, and calls the object by the first plot that it sees.
#[test]
fn what_begins_again_under_another_name_gets_no_second_warning() {
    let known = facts(150e3, 0.0);
    let again = Facts {
        object: "77aa".to_owned(),
        ..known.clone()
    };
    let mut desk = told(&known);
    let only = |name: &'static str| move |object: &str| object == name;
    // While the first is in the picture, another is another.
    assert_eq!(
        errand(&desk, &again, |_| true, at(20.0)).map(|one| one.warning),
        Some(None)
    );
    // When it comes down is another time, too.
    let hour_later = Facts {
        arrival: again.arrival.map(|time| time + 3_600.0),
        ..again.clone()
    };
    assert_eq!(
        errand(&desk, &hour_later, only("77aa"), at(20.0)).map(|one| one.warning),
        Some(None)
    );
    // The warning knows it by its new name from then on, and is told of what it was as well.
    let mut fewer = again.clone();
    fewer.places.pop();
    assert_eq!(look_with(&mut desk, &fewer, only("77aa"), 20.0), Some(Kind::Update));
    let own = desk.warning("W1").unwrap();
    assert_eq!((desk.warnings().count(), own.object()), (1, Some("77aa")));
    assert_eq!(
        own.messages[1].facts.places.len(),
        known.places.len(),
        "nothing is taken back"
    );
    assert_eq!(look_with(&mut desk, &again, only("77aa"), 40.0), None, "it is said");
    // Who has ended a warning has not ended the next.
    let mut over = told(&known);
    act(&mut over, cancel(Reason::Error), at(10.0)).unwrap();
    act(&mut over, approve(2, "kim"), at(11.0)).unwrap();
    assert_eq!(
        errand(&over, &again, only("77aa"), at(20.0)).map(|one| one.warning),
        Some(None)
    );
}

#[test]
fn what_a_person_withdrew_or_ended_is_left_alone() {
    let known = facts(150e3, 0.0);
    let mut desk = desk(1, true);
    look(&mut desk, &known, 0.0).unwrap();
    act(&mut desk, withdraw(1, "kim"), at(20.0)).unwrap();
    let moved = later(&known, 120.0);
    assert_eq!(look(&mut desk, &moved, 79.0), None);
    assert_eq!(look(&mut desk, &known, 90.0), None, "the same once more");
    assert_eq!(look(&mut desk, &moved, 90.0), Some(Kind::Alert));
    act(&mut desk, approve(2, "kim"), at(91.0)).unwrap();
    deliver(&mut desk, at(92.0));
    act(&mut desk, cancel(Reason::NoThreat), at(100.0)).unwrap();
    let other = later(&moved, 120.0);
    assert_eq!(look(&mut desk, &other, 200.0), None, "somebody ends it");
    act(&mut desk, approve(3, "kim"), at(201.0)).unwrap();
    deliver(&mut desk, at(202.0));
    assert_eq!(
        look(&mut desk, &other, 400.0),
        None,
        "a person begins another, or nobody does"
    );
}

#[test]
fn the_all_clear_is_written_once_after_the_latest_arrival_and_when_nothing_is_foretold() {
    let known = facts(150e3, 0.0);
    let mut desk = told(&known);
    let over_s = known.arrival[1] - at(0.0) + 1.0;
    assert_eq!(
        clears(&desk, |_| false, at(over_s)),
        [],
        "the desk has not said that it is due"
    );
    act(&mut desk, Command::Tick, at(over_s)).unwrap();
    assert_eq!(clears(&desk, |_| true, at(over_s)), [], "it flies on");
    let mut due = clears(&desk, |_| false, at(over_s));
    assert_eq!((due.len(), due[0].kind), (1, Kind::AllClear));
    write(&mut desk, due.remove(0), None, at(over_s)).unwrap();
    assert_eq!(clears(&desk, |_| false, at(over_s + 100.0)), []);
    act(&mut desk, withdraw(2, "kim"), at(over_s + 101.0)).unwrap();
    assert_eq!(
        clears(&desk, |_| false, at(over_s + 500.0)),
        [],
        "a person has it in hand"
    );
}

/// The area of what is lost grows with every second: nobody is to read it anew each time.
#[test]
fn what_stays_lost_is_told_anew_in_steps() {
    let known = facts(150e3, 0.0);
    let mut desk = told(&known);
    let lost = facts(150e3, 40.0);
    assert_eq!(look(&mut desk, &lost, 40.0), Some(Kind::Update));
    let wide_s = lost.arrival[1] - lost.arrival[0];
    assert!(wide_s > 300.0, "{wide_s}");
    assert_eq!(look(&mut desk, &later(&lost, 0.2 * wide_s), 60.0), None);
    assert_eq!(look(&mut desk, &later(&lost, 0.3 * wide_s), 60.0), Some(Kind::Update));
}

#[test]
fn what_nobody_approved_in_time_holds_no_all_clear_up() {
    let known = facts(150e3, 0.0);
    let mut desk = told(&known);
    let over_s = known.arrival[1] - at(0.0) + 1.0;
    let lost = later(&facts(150e3, 40.0), 3_600.0);
    assert_eq!(look(&mut desk, &lost, over_s - 30.0), Some(Kind::Update));
    act(&mut desk, Command::Tick, at(over_s)).unwrap();
    assert_eq!(clears(&desk, |_| false, at(over_s)), [], "it may be approved yet");
    act(&mut desk, Command::Tick, at(over_s + 600.0)).unwrap();
    let mut due = clears(&desk, |_| false, at(over_s + 600.0));
    assert_eq!((due.len(), due[0].kind), (1, Kind::AllClear));
    write(&mut desk, due.remove(0), None, at(over_s + 600.0)).unwrap();
    assert_eq!(desk.warning("W1").unwrap().draft().unwrap().kind, Kind::AllClear);
}

/// Of two objects over the same places, the one that is over first frees nobody.
#[test]
fn the_all_clear_waits_for_another_warning_of_the_same_places() {
    let known = facts(150e3, 0.0);
    let mut desk = told(&known);
    let second = Facts {
        object: "77aa".to_owned(),
        ..later(&known, 600.0)
    };
    let begin = |warning: &str| Command::Draft {
        warning: warning.to_owned(),
        kind: Kind::Alert,
        facts: Some(Box::new(second.clone())),
        first: Some(First {
            channels: channels(),
            is_exercise: true,
            zone: Zone::default(),
        }),
        in_view: None,
        by: "node".to_owned(),
    };
    act(&mut desk, begin("W2"), at(20.0)).unwrap();
    let mut drafted = desk.clone();
    let over_s = known.arrival[1] - at(0.0) + 1.0;
    act(&mut drafted, Command::Tick, at(over_s)).unwrap();
    let due = |desk: &Desk, after_s: f64| -> Vec<String> {
        let due = clears(desk, |_| false, at(after_s));
        due.into_iter().filter_map(|errand| errand.warning).collect()
    };
    assert_eq!(due(&drafted, over_s), ["W1"], "nobody was told of the other");
    let second_approved = Command::Approve {
        warning: "W2".to_owned(),
        number: 1,
        by: "kim".to_owned(),
    };
    act(&mut desk, second_approved, at(21.0)).unwrap();
    let hand = Command::Hand {
        warning: "W2".to_owned(),
        number: 1,
        channel: "file".to_owned(),
    };
    act(&mut desk, hand, at(22.0)).unwrap();
    act(&mut desk, Command::Tick, at(over_s)).unwrap();
    assert_eq!(due(&desk, over_s), [""; 0]);
    act(&mut desk, Command::Tick, at(over_s + 601.0)).unwrap();
    assert_eq!(due(&desk, over_s + 601.0), ["W1", "W2"]);
}

/// An errand that another message came before is void.
#[test]
fn an_errand_is_for_what_was_in_view() {
    let known = facts(150e3, 0.0);
    let mut desk = told(&known);
    let moved = later(&known, 120.0);
    let errand = errand(&desk, &moved, |_| true, at(30.0)).unwrap();
    let mut other = desk.clone();
    write(&mut other, errand.clone(), Some(&moved), at(30.0)).unwrap();
    let refused = write(&mut other, errand.clone(), Some(&moved), at(31.0))
        .unwrap_err()
        .to_string();
    assert_eq!(
        refused,
        "message 2 of warning W1 was written by node at 2022-10-03T22:29:10.000Z and waits for approval"
    );
    // Approved meanwhile, it is another too.
    let seen = clears(&desk, |_| false, at(30.0));
    assert_eq!(seen, []);
    write(&mut desk, errand, Some(&moved), at(30.0)).unwrap();
    let in_view = InView::of(desk.warning("W1"));
    act(&mut desk, approve(2, "kim"), at(32.0)).unwrap();
    assert_ne!(in_view, InView::of(desk.warning("W1")));
}

#[derive(Clone, Debug)]
enum Step {
    Look { by_s: f64, drops: usize, is_lost: bool },
    Approve,
    Withdraw,
    Cancel,
    Deliver,
    Tick,
    Clear,
}

fn steps() -> impl Strategy<Value = Vec<(f64, Step)>> {
    let step = prop_oneof![
        6 => (-200.0..400.0, 0..4_usize, any::<bool>())
            .prop_map(|(by_s, drops, is_lost)| Step::Look { by_s, drops, is_lost }),
        2 => Just(Step::Approve),
        1 => Just(Step::Withdraw),
        1 => Just(Step::Cancel),
        2 => Just(Step::Deliver),
        2 => Just(Step::Tick),
        1 => Just(Step::Clear),
    ];
    prop::collection::vec((0.0..60.0, step), 1..40)
}

proptest! {
    /// Whatever persons do, what the clerk writes is taken, nothing of it is released by itself, and its messages are
    /// at least ten seconds apart.
    #[test]
    fn the_desk_takes_every_errand(steps in steps()) {
        let (fresh, lost) = (facts(150e3, 0.0), facts(150e3, 40.0));
        let (mut desk, mut after_s, mut approved) = (desk(1, true), 0.0, 0);
        for (wait_s, step) in steps {
            after_s += wait_s;
            let newest = desk.warning("W1").map_or(0, |own| own.messages.len() as u32);
            match step {
                Step::Look { by_s, drops, is_lost } => {
                    let mut known = later(if is_lost { &lost } else { &fresh }, by_s);
                    known.places.truncate(known.places.len().saturating_sub(drops));
                    let last = desk.warning("W1").and_then(|own| own.messages.last()).map(|last| last.drafted);
                    if look(&mut desk, &known, after_s).is_some() {
                        prop_assert!(last.is_none_or(|last| at(after_s) - last >= 10.0));
                    }
                }
                Step::Approve => approved += usize::from(act(&mut desk, approve(newest, "kim"), at(after_s)).is_ok()),
                Step::Withdraw => drop(act(&mut desk, withdraw(newest, "kim"), at(after_s))),
                Step::Cancel => drop(act(&mut desk, cancel(Reason::Error), at(after_s))),
                Step::Deliver => drop(deliver(&mut desk, at(after_s))),
                Step::Tick => drop(act(&mut desk, Command::Tick, at(after_s))),
                Step::Clear => {
                    for errand in clears(&desk, |_| false, at(after_s)) {
                        write(&mut desk, errand, None, at(after_s)).unwrap();
                    }
                }
            }
            let released = desk.warnings().flat_map(|own| &own.messages).filter(|one| !one.approvals.is_empty());
            prop_assert_eq!(released.count(), approved);
        }
    }
}
