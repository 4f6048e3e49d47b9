//! The life of a warning: by example, and over drawn orders of events with the program ending at any moment.

use std::collections::BTreeMap;

use geo::Time;
use proptest::prelude::*;

use super::*;
use crate::cap::Sender;
use crate::text::tests::facts;
use crate::text::{Catalogue, Zone};

pub(super) fn at(after_s: f64) -> Time {
    "2022-10-03T22:28:40Z".parse::<Time>().unwrap() + after_s
}

pub(super) fn desk(approvals: u8, is_author_counted: bool) -> Desk {
    let press = Press {
        sender: Sender::new("warning@centre.example", "Centre").unwrap(),
        catalogues: Catalogue::built_in().unwrap(),
    };
    Desk::new(
        Policy {
            approvals,
            is_author_counted,
            approve_within_s: 60.0,
        },
        press,
    )
}

pub(super) fn channels() -> Vec<Channel> {
    [("file", true), ("web", false)]
        .map(|(name, is_repeatable)| Channel {
            name: name.to_owned(),
            is_repeatable,
        })
        .to_vec()
}

fn draft(kind: Kind, by: &str) -> Command {
    Command::Draft {
        warning: "W1".to_owned(),
        kind,
        facts: (!kind.is_end()).then(|| Box::new(facts(150e3, 0.0))),
        first: (kind == Kind::Alert).then(|| First {
            channels: channels(),
            is_exercise: false,
            zone: Zone::default(),
        }),
        in_view: None,
        by: by.to_owned(),
    }
}

pub(super) fn approve(number: u32, by: &str) -> Command {
    Command::Approve {
        warning: "W1".to_owned(),
        number,
        by: by.to_owned(),
    }
}

pub(super) fn withdraw(number: u32, by: &str) -> Command {
    Command::Withdraw {
        warning: "W1".to_owned(),
        number,
        by: by.to_owned(),
    }
}

pub(super) fn hand(number: u32, channel: &str) -> Command {
    Command::Hand {
        warning: "W1".to_owned(),
        number,
        channel: channel.to_owned(),
    }
}

fn report(number: u32, channel: &str, outcome: Outcome) -> Command {
    Command::Report {
        warning: "W1".to_owned(),
        number,
        channel: channel.to_owned(),
        outcome,
        answer: "so it said".to_owned(),
    }
}

/// Decides and applies, as whoever runs the desk does, and returns how many events there were.
pub(super) fn act(desk: &mut Desk, command: Command, now: Time) -> Result<usize, Refusal> {
    let events = desk.decide(command, now)?;
    let count = events.len();
    for entry in desk.entries(events, now) {
        let line = entry.to_line().unwrap();
        desk.apply(&serde_json::from_str(&line).unwrap()).unwrap();
    }
    Ok(count)
}

/// Hands over everything that is pending, and says that it arrived.
pub(super) fn deliver(desk: &mut Desk, now: Time) -> Vec<(u32, String)> {
    let due: Vec<(u32, String)> = desk
        .pending()
        .iter()
        .map(|due| (due.message.number, due.channel.name.clone()))
        .collect();
    for (number, channel) in &due {
        act(desk, hand(*number, channel), now).unwrap();
        act(desk, report(*number, channel, Outcome::Delivered), now).unwrap();
    }
    due
}

fn both(number: u32) -> Vec<(u32, String)> {
    vec![(number, "file".to_owned()), (number, "web".to_owned())]
}

#[test]
fn a_warning_goes_its_way_to_the_all_clear() {
    let mut desk = desk(1, true);
    act(&mut desk, draft(Kind::Alert, "ito"), at(0.0)).unwrap();
    assert!(desk.pending().is_empty());
    act(&mut desk, approve(1, "ito"), at(5.0)).unwrap();
    assert_eq!(deliver(&mut desk, at(6.0)), both(1));
    // Nothing twice.
    assert!(desk.pending().is_empty());
    act(&mut desk, draft(Kind::Update, "ito"), at(20.0)).unwrap();
    act(&mut desk, approve(2, "kim"), at(21.0)).unwrap();
    assert_eq!(deliver(&mut desk, at(22.0)), both(2));
    act(&mut desk, draft(Kind::AllClear, "kim"), at(100.0)).unwrap();
    // People may not leave their shelter before the latest arrival.
    assert!(matches!(
        act(&mut desk, approve(3, "kim"), at(100.0)),
        Err(Refusal::Early { .. })
    ));
    act(&mut desk, approve(3, "kim"), at(800.0)).unwrap();
    let cap = desk.pending()[0].cap.to_owned();
    assert!(
        cap.contains("<references>warning@centre.example,W1.1,2022-10-04T07:28:45+09:00 warning@centre.example,W1.2,")
    );
    assert_eq!(deliver(&mut desk, at(801.0)), both(3));
    assert!(desk.warning("W1").unwrap().is_over());
    assert_eq!(
        act(&mut desk, draft(Kind::Update, "ito"), at(802.0)),
        Err(Refusal::Over("W1".to_owned()))
    );
}

#[test]
fn two_persons_are_two() {
    let mut desk = desk(2, false);
    act(&mut desk, draft(Kind::Alert, "ito"), at(0.0)).unwrap();
    assert_eq!(
        act(&mut desk, approve(1, "ito"), at(1.0)),
        Err(Refusal::Author("ito".to_owned()))
    );
    assert_eq!(act(&mut desk, approve(1, "kim"), at(1.0)), Ok(1));
    assert_eq!(
        act(&mut desk, approve(1, " kim\u{200b} "), at(2.0)),
        Err(Refusal::Twice("kim".to_owned()))
    );
    assert_eq!(act(&mut desk, approve(1, "\u{202e}"), at(2.0)), Err(Refusal::Nobody));
    assert!(desk.pending().is_empty());
    assert_eq!(act(&mut desk, approve(1, "lee"), at(3.0)), Ok(2));
    assert_eq!(desk.pending().len(), 2);
}

/// One approves while another withdraws: whoever the desk hears first has his way, the other is told who and when.
#[test]
fn approving_and_withdrawing_at_once_is_decided() {
    let mut first = desk(1, true);
    act(&mut first, draft(Kind::Alert, "ito"), at(0.0)).unwrap();
    let mut second = first.clone();
    // Withdrawn first: it is never sent.
    act(&mut first, withdraw(1, "kim"), at(5.0)).unwrap();
    let refused = act(&mut first, approve(1, "lee"), at(5.0)).unwrap_err().to_string();
    assert_eq!(
        refused,
        "message 1 of warning W1 was withdrawn by kim at 2022-10-03T22:28:45.000Z"
    );
    assert!(first.pending().is_empty());
    // Approved first: as long as no channel has it, withdrawing still stops it.
    act(&mut second, approve(1, "lee"), at(5.0)).unwrap();
    let mut third = second.clone();
    act(&mut second, withdraw(1, "kim"), at(5.0)).unwrap();
    assert!(second.pending().is_empty());
    assert!(matches!(
        act(&mut second, hand(1, "web"), at(5.0)),
        Err(Refusal::NotDue { .. })
    ));
    // Once a channel has it, it can only be cancelled; where it never was, the cancel does not go either.
    act(&mut third, hand(1, "web"), at(6.0)).unwrap();
    let refused = act(&mut third, withdraw(1, "kim"), at(6.0)).unwrap_err().to_string();
    assert_eq!(refused, "message 1 of warning W1 is out by web: write a cancel");
    act(&mut third, draft(Kind::Cancel(Reason::Error), "kim"), at(7.0)).unwrap();
    act(&mut third, approve(2, "kim"), at(7.0)).unwrap();
    assert_eq!(deliver(&mut third, at(8.0)), [(2, "web".to_owned())]);
}

#[test]
fn a_newer_draft_replaces_an_older_but_never_an_end() {
    let mut desk = desk(1, true);
    act(&mut desk, draft(Kind::Alert, "ito"), at(0.0)).unwrap();
    act(&mut desk, draft(Kind::Alert, "ito"), at(1.0)).unwrap();
    assert!(matches!(
        act(&mut desk, approve(1, "kim"), at(2.0)),
        Err(Refusal::Quicker { .. })
    ));
    act(&mut desk, approve(2, "kim"), at(2.0)).unwrap();
    deliver(&mut desk, at(3.0));
    act(&mut desk, draft(Kind::Cancel(Reason::NoThreat), "kim"), at(4.0)).unwrap();
    assert!(matches!(
        act(&mut desk, draft(Kind::Update, "ito"), at(5.0)),
        Err(Refusal::Ending { number: 3, .. })
    ));
    act(&mut desk, withdraw(3, "ito"), at(6.0)).unwrap();
    act(&mut desk, draft(Kind::Update, "ito"), at(7.0)).unwrap();
}

#[test]
fn what_nobody_approves_is_said_and_never_sent() {
    let mut desk = desk(1, true);
    act(&mut desk, draft(Kind::Alert, "ito"), at(0.0)).unwrap();
    assert_eq!(act(&mut desk, Command::Tick, at(60.0)), Ok(0));
    assert_eq!(act(&mut desk, Command::Tick, at(61.0)), Ok(1));
    assert!(desk.warning("W1").unwrap().messages[0].is_overdue);
    // Once.
    assert_eq!(act(&mut desk, Command::Tick, at(62.0)), Ok(0));
    // Too late to be of use: it lapses, and cannot be approved any more, whether or not the clock was looked at.
    let mut unlooked = desk.clone();
    assert!(matches!(
        act(&mut unlooked, approve(1, "kim"), at(900.0)),
        Err(Refusal::Late { .. })
    ));
    assert_eq!(act(&mut desk, Command::Tick, at(900.0)), Ok(1));
    assert!(matches!(
        act(&mut desk, approve(1, "kim"), at(901.0)),
        Err(Refusal::Quicker { .. })
    ));
    assert!(desk.pending().is_empty());
}

#[test]
fn an_all_clear_is_asked_for_once() {
    let mut desk = desk(1, true);
    act(&mut desk, draft(Kind::Alert, "ito"), at(0.0)).unwrap();
    act(&mut desk, approve(1, "ito"), at(1.0)).unwrap();
    deliver(&mut desk, at(2.0));
    assert_eq!(act(&mut desk, Command::Tick, at(690.0)), Ok(0));
    assert_eq!(act(&mut desk, Command::Tick, at(691.0)), Ok(1));
    assert!(desk.warning("W1").unwrap().is_clear_due);
    assert_eq!(act(&mut desk, Command::Tick, at(692.0)), Ok(0));
}

/// A webhook that never answers: nobody knows whether it is there. It is not sent again but by a person's word; a file
/// is written again.
#[test]
fn what_is_unknown_is_not_sent_again_by_itself() {
    let mut desk = desk(1, true);
    act(&mut desk, draft(Kind::Alert, "ito"), at(0.0)).unwrap();
    act(&mut desk, approve(1, "ito"), at(1.0)).unwrap();
    act(&mut desk, hand(1, "web"), at(2.0)).unwrap();
    act(&mut desk, hand(1, "file"), at(2.0)).unwrap();
    act(&mut desk, Command::Restart, at(3.0)).unwrap();
    assert_eq!(deliver(&mut desk, at(4.0)), [(1, "file".to_owned())]);
    assert!(matches!(
        act(&mut desk, hand(1, "web"), at(5.0)),
        Err(Refusal::NotDue { state: "unknown", .. })
    ));
    let again = Command::Again {
        warning: "W1".to_owned(),
        number: 1,
        channel: "web".to_owned(),
        by: "kim".to_owned(),
    };
    act(&mut desk, again, at(6.0)).unwrap();
    act(&mut desk, hand(1, "web"), at(7.0)).unwrap();
    act(
        &mut desk,
        report(1, "web", Outcome::Failed("refused".to_owned())),
        at(8.0),
    )
    .unwrap();
    // The first attempt may still have arrived, so the cancel goes there.
    act(&mut desk, draft(Kind::Cancel(Reason::Error), "kim"), at(9.0)).unwrap();
    act(&mut desk, approve(2, "kim"), at(9.0)).unwrap();
    assert_eq!(deliver(&mut desk, at(10.0)), both(2));
}

#[test]
fn a_damaged_journal_is_not_followed() {
    let desk = desk(1, true);
    let entry = desk.entries(vec![Event::Restarted], at(0.0)).remove(0);
    let line = entry.to_line().unwrap();
    // The last line was being written when the program ended.
    let (entries, whole) = read_journal(format!("{line}{}", &line[..10]).as_bytes()).unwrap();
    assert_eq!((entries.len(), whole), (1, line.len()));
    let broken = read_journal(format!("{}\n{line}", &line[..10]).as_bytes());
    assert!(matches!(broken, Err(JournalError::Line { line: 1, .. })));
    let mut late = entry.clone();
    late.sequence = 3;
    assert!(matches!(
        desk.clone().apply(&late),
        Err(JournalError::Sequence { found: 3, expected: 1 })
    ));
    let approved = Event::Approved {
        warning: "W1".to_owned(),
        number: 1,
        by: "x".to_owned(),
    };
    assert!(matches!(
        desk.clone().apply(&desk.entries(vec![approved], at(0.0))[0]),
        Err(JournalError::Impossible { sequence: 1 })
    ));
}

/// Approval and release are written together: where the program ends between the two lines, neither happened, and
/// the same person approves again.
#[test]
fn half_a_command_did_not_happen() {
    let mut desk = desk(1, true);
    let opened = desk.decide(draft(Kind::Alert, "ito"), at(0.0)).unwrap();
    let mut text = String::new();
    for entry in desk.entries(opened, at(0.0)) {
        text += &entry.to_line().unwrap();
        desk.apply(&entry).unwrap();
    }
    let whole = text.len();
    let approved = desk.decide(approve(1, "kim"), at(1.0)).unwrap();
    let lines: Vec<String> = desk
        .entries(approved, at(1.0))
        .iter()
        .map(|entry| entry.to_line().unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    text += &lines[0];
    let (entries, kept) = read_journal(text.as_bytes()).unwrap();
    assert_eq!((entries.len(), kept), (2, whole));
    assert_eq!(act(&mut desk, approve(1, "kim"), at(2.0)), Ok(2));
}

/// What the drawn histories do.
#[derive(Clone, Debug)]
enum Step {
    Ask(Command),
    /// Hand over what is pending, the `n`th first; the answer, and whether the program ends between, and after what.
    Deliver(usize, Outcome, Crash),
    Restart,
}

#[derive(Copy, Clone, Debug)]
enum Crash {
    Not,
    BeforeHanding,
    AfterHanding,
    AfterArrival,
}

fn step() -> impl Strategy<Value = Step> {
    let person = prop::sample::select(vec!["ito", "kim", "lee"]);
    let kind = prop::sample::select(vec![
        Kind::Alert,
        Kind::Alert,
        Kind::Update,
        Kind::Cancel(Reason::Error),
        Kind::AllClear,
    ]);
    let outcome = prop::sample::select(vec![
        Outcome::Delivered,
        Outcome::Failed("no".to_owned()),
        Outcome::Unknown,
    ]);
    let crash = prop::sample::select(vec![
        Crash::Not,
        Crash::Not,
        Crash::BeforeHanding,
        Crash::AfterHanding,
        Crash::AfterArrival,
    ]);
    let channel = prop::sample::select(vec!["file", "web"]);
    prop_oneof![
        3 => (kind, person.clone()).prop_map(|(kind, by)| Step::Ask(draft(kind, by))),
        4 => (1u32..6, person.clone()).prop_map(|(number, by)| Step::Ask(approve(number, by))),
        1 => (1u32..6, person.clone()).prop_map(|(number, by)| Step::Ask(withdraw(number, by))),
        1 => (1u32..6, channel, person).prop_map(|(number, channel, by)| Step::Ask(Command::Again {
            warning: "W1".to_owned(), number, channel: channel.to_owned(), by: by.to_owned(),
        })),
        1 => Just(Step::Ask(Command::Tick)),
        6 => (0usize..4, outcome, crash).prop_map(|(n, outcome, crash)| Step::Deliver(n, outcome, crash)),
        1 => Just(Step::Restart),
    ]
}

/// The desk with its journal, and the world outside that remembers what arrived.
struct World {
    desk: Desk,
    journal: String,
    arrived: BTreeMap<(u32, String), usize>,
    again: BTreeMap<(u32, String), usize>,
    sent: BTreeMap<u32, String>,
}

impl World {
    fn ask(&mut self, command: Command, now: Time) -> Result<(), Refusal> {
        if let Command::Again { number, channel, .. } = &command {
            self.desk.decide(command.clone(), now)?;
            *self.again.entry((*number, channel.clone())).or_default() += 1;
        }
        let events = self.desk.decide(command, now)?;
        for entry in self.desk.entries(events, now) {
            self.journal += &entry.to_line().unwrap();
            self.desk.apply(&entry).unwrap();
        }
        Ok(())
    }

    /// The program ends, with half a line written, and begins anew from its journal.
    fn restart(&mut self, now: Time) {
        let torn = format!("{}{{\"sequence\":", self.journal);
        let (entries, whole) = read_journal(torn.as_bytes()).unwrap();
        assert_eq!(whole, self.journal.len());
        let mut anew = desk(2, true);
        for entry in &entries {
            anew.apply(entry).unwrap();
        }
        assert_eq!(
            anew.warnings, self.desk.warnings,
            "the desk is a function of its journal"
        );
        self.desk = anew;
        self.ask(Command::Restart, now).unwrap();
    }

    fn deliver(&mut self, nth: usize, outcome: Outcome, crash: Crash, now: Time) {
        let pending = self.desk.pending();
        let Some(due) = pending.get(nth.min(pending.len().saturating_sub(1))) else {
            return;
        };
        let (number, channel, cap) = (due.message.number, due.channel.name.clone(), due.cap.to_owned());
        if matches!(crash, Crash::BeforeHanding) {
            return self.restart(now);
        }
        self.ask(hand(number, &channel), now).unwrap();
        if matches!(crash, Crash::AfterHanding) {
            return self.restart(now);
        }
        if !matches!(outcome, Outcome::Failed(_)) {
            *self.arrived.entry((number, channel.clone())).or_default() += 1;
            let before = self.sent.insert(number, cap.clone());
            assert!(
                before.is_none_or(|before| before == cap),
                "the same message in other words"
            );
        }
        match crash {
            Crash::AfterArrival => self.restart(now),
            _ => self.ask(report(number, &channel, outcome), now).unwrap(),
        }
    }

    fn laws(&self) {
        let Some(warning) = self.desk.warning("W1") else { return };
        for ((number, channel), count) in &self.arrived {
            let message = &warning.messages[*number as usize - 1];
            let asked = self.again.get(&(*number, channel.clone())).copied().unwrap_or(0);
            assert!(
                channel == "file" || *count <= 1 + asked,
                "message {number} {count} times by {channel}"
            );
            let mut people: Vec<_> = message.approvals.iter().map(|(person, _)| person).collect();
            people.dedup();
            assert!(people.len() >= 2, "message {number} went out by {people:?}");
            assert!(
                message.deliveries[channel].may_be_out(),
                "what arrived is thought not to be out"
            );
            if message.kind.is_end() {
                let had = self
                    .arrived
                    .keys()
                    .any(|(earlier, by)| earlier < number && by == channel);
                let may_have = warning
                    .released()
                    .any(|m| m.number < *number && m.deliveries[channel].may_be_out());
                assert!(had || may_have, "an end where there was no beginning");
            }
            let references = warning.released().filter(|earlier| earlier.number < *number);
            for earlier in references {
                assert!(self.sent[number].contains(&format!(",{},", warning.identifier(earlier.number))));
            }
        }
        let ends = warning.released().filter(|message| message.kind.is_end()).count();
        assert!(ends <= 1 && (ends == 0 || warning.released().next_back().unwrap().kind.is_end()));
        // Whoever has a message is due its end.
        if warning.is_over() {
            let end = warning.released().next_back().unwrap();
            for (_, channel) in self.arrived.keys().filter(|(number, _)| *number < end.number) {
                let known = warning.channels.iter().find(|known| known.name == *channel).unwrap();
                let delivery = &end.deliveries[channel];
                assert!(
                    delivery.may_be_out() || warning.is_due(end, known),
                    "no end for {channel}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is asked in whatever order, and wherever the program ends: nothing twice, nothing unapproved, every
    /// follower where its first was and referring to it, and the journal gives the same desk again.
    #[test]
    fn laws_hold_over_any_history(steps in prop::collection::vec((step(), 0.0f64..60.0), 1..60)) {
        let mut world = World {
            desk: desk(2, true),
            journal: String::new(),
            arrived: BTreeMap::new(),
            again: BTreeMap::new(),
            sent: BTreeMap::new(),
        };
        let mut now = at(0.0);
        for (step, after_s) in steps {
            now = now + after_s;
            match step {
                Step::Ask(command) => drop(world.ask(command, now)),
                Step::Deliver(nth, outcome, crash) => world.deliver(nth, outcome, crash, now),
                Step::Restart => world.restart(now),
            }
            world.laws();
        }
    }
}
