//! When something is to be written of an object, by whoever watches what is foretold of it. All that the clerk knows is
//! the desk, what is to be said now, and the clock: after a restart it goes on as if nothing had been. It writes; it
//! approves nothing, takes nothing back, and leaves what a person has ended to persons.

use geo::Time;

use crate::facts::{EXISTENCE_MIN, Facts};
use crate::map::Names;
use crate::text::NAMED_MAX;

use super::command::InView;
use super::desk::{Desk, Message, State, Warning};
use super::event::{Kind, Why};

/// Messages of a warning are at least so far apart: whoever approves has to read them.
const APART_S: f64 = 10.0;
/// What a person withdrew is not written anew before this.
const LEFT_S: f64 = 60.0;
/// Before all clocks.
const AT_ONCE: Time = Time::from_tai_ns(i64::MIN);
/// A time of arrival that moves by more is another.
const MOVED_S: f64 = 60.0;
/// That of what is lost moves all the time: by more than this part of the interval it is another.
const MOVED_PART: f64 = 0.25;

/// Something to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// Of which warning; none: a new one.
    pub warning: Option<String>,
    /// What it does.
    pub kind: Kind,
    /// After which message: if another was written meanwhile, the errand is void.
    pub in_view: InView,
}

/// From when on anything might be written of an object: before, nobody need find out what there is to say. `None`: its
/// warning is over.
pub fn may_write_from(desk: &Desk, object: &str) -> Option<Time> {
    newest_of(desk, object).map_or(Some(AT_ONCE), waits_until)
}

/// What is to be written of an object, of which `facts` hold now: the first message as soon as it surely exists and may
/// come down where people live; another when what people were told, or would be by the draft that waits, is not what is
/// known any more.
///
/// A tracker that begins again calls what it sees by another name. Of what may come down where and when something may
/// that `is_up` no more and has a warning which goes on, no second warning is begun: that one is updated.
pub fn errand(desk: &Desk, facts: &Facts, is_up: impl Fn(&str) -> bool, now: Time) -> Option<Errand> {
    if facts.existence < EXISTENCE_MIN || now > facts.arrival[1] {
        return None;
    }
    let Some(own) = newest_of(desk, &facts.object).or_else(|| orphan(desk, facts, is_up)) else {
        return (!facts.places.is_empty()).then_some(Errand {
            warning: None,
            kind: Kind::Alert,
            in_view: InView::default(),
        });
    };
    let newest = own.messages.last()?;
    let has_waited = waits_until(own).is_some_and(|until| now >= until);
    if !has_waited || !is_due(own, newest, facts) {
        return None;
    }
    let kind = match own.may_be_out() {
        true => Kind::Update,
        false => Kind::Alert,
    };
    Some(to(own, kind))
}

/// The all clears that are to be written: once the latest arrival of what people were told has passed, nothing more is
/// foretold of the object, and no other warning keeps the same people inside. A message that waits holds it up until
/// its time for approval is over. Each is written once: what a person does with it is done.
pub fn clears(desk: &Desk, is_up: impl Fn(&str) -> bool, now: Time) -> Vec<Errand> {
    let is_due = |own: &&Warning| {
        let Some(latest) = own.latest().filter(|latest| now > *latest) else {
            return false;
        };
        let is_written = own
            .messages
            .iter()
            .any(|message| message.kind == Kind::AllClear && message.drafted > latest);
        own.is_clear_due
            && !own.is_over()
            && own.draft().is_none_or(|draft| draft.is_overdue && !draft.kind.is_end())
            && !is_written
            && !own.object().is_some_and(&is_up)
            && !desk.warnings().any(|other| keeps_inside(other, own, now))
    };
    desk.warnings()
        .filter(is_due)
        .map(|own| to(own, Kind::AllClear))
        .collect()
}

/// Whether another warning tells people of the same places that something may still come down there.
fn keeps_inside(other: &Warning, own: &Warning, now: Time) -> bool {
    let is_on = other.name != own.name && other.may_be_out() && !other.is_over();
    let told = |of: &Warning| -> Vec<Names> {
        let places = of.released().flat_map(|message| &message.facts.places);
        places.map(|place| place.names.clone()).collect()
    };
    let is_to_come = other.latest().is_some_and(|latest| latest >= now);
    is_on && is_to_come && {
        let own = told(own);
        told(other).iter().any(|place| own.contains(place))
    }
}

fn to(own: &Warning, kind: Kind) -> Errand {
    Errand {
        warning: Some(own.name.clone()),
        kind,
        in_view: InView::of(Some(own)),
    }
}

fn newest_of<'a>(desk: &'a Desk, object: &'a str) -> Option<&'a Warning> {
    desk.of_object(object).last()
}

/// The warning that goes on whose object is not in the picture any more, and which tells of the same ground and time;
/// of several, the one whose time is nearest.
fn orphan<'a>(desk: &'a Desk, facts: &Facts, is_up: impl Fn(&str) -> bool) -> Option<&'a Warning> {
    let is_one = |own: &&Warning| {
        let newest = own.messages.last().map(|newest| &newest.facts);
        own.goes_on() && newest.is_some_and(|said| !is_up(&said.object) && is_same_ground(said, facts))
    };
    let apart_s = |own: &Warning| {
        own.messages
            .last()
            .map_or(f64::MAX, |newest| apart_s(&newest.facts, facts))
    };
    let orphans = desk.warnings().filter(is_one);
    orphans.min_by(|a, b| apart_s(a).total_cmp(&apart_s(b)))
}

/// Whether two may tell of one object: they name a place in common, and arrivals that may be the same.
fn is_same_ground(a: &Facts, b: &Facts) -> bool {
    let is_same_time = a.arrival[0] <= b.arrival[1] && b.arrival[0] <= a.arrival[1];
    is_same_time
        && a.places
            .iter()
            .any(|place| b.places.iter().any(|other| other.names == place.names))
}

fn apart_s(a: &Facts, b: &Facts) -> f64 {
    (a.arrival[0] - b.arrival[0]).abs() + (a.arrival[1] - b.arrival[1]).abs()
}

/// Until when nothing more is written: for so long after the newest message, and longer where it is for a person to go
/// on; `None` of what is over.
fn waits_until(own: &Warning) -> Option<Time> {
    let Some(newest) = own.messages.last() else {
        return Some(AT_ONCE);
    };
    let read = newest.drafted + APART_S;
    let until = match &newest.state {
        State::Withdrawn(at, Why::By(_)) => read.max(*at + LEFT_S),
        _ => read,
    };
    (!own.is_over()).then_some(until)
}

fn is_due(own: &Warning, newest: &Message, facts: &Facts) -> bool {
    let others = || match own.told() {
        Some(told) => is_other(&newest.facts, &facts.clone().after(told)),
        None => is_other(&newest.facts, facts),
    };
    match &newest.state {
        // Somebody is ending it.
        State::Draft if newest.kind.is_end() => false,
        // It goes out first, or is withdrawn.
        State::Released(..) if !own.may_be_out() => false,
        // What has lapsed said that it would be over by now.
        State::Withdrawn(_, Why::Late) => true,
        State::Draft | State::Released(..) | State::Withdrawn(..) => others(),
    }
}

/// Whether something else is to be said: other places, by name or by group as people read them; lost, or found again;
/// another time; or of what is called otherwise now, which the warning is to know.
fn is_other(said: &Facts, now: &Facts) -> bool {
    let part = if said.is_lost && now.is_lost { MOVED_PART } else { 0.0 };
    let may_move_s = MOVED_S.max(part * (said.arrival[1] - said.arrival[0]));
    let is_moved = |at: usize| (now.arrival[at] - said.arrival[at]).abs() > may_move_s;
    let (before, after) = (called(said), called(now));
    let is_same = before.len() == after.len() && before.iter().all(|name| after.contains(name));
    said.object != now.object || said.is_lost != now.is_lost || is_moved(0) || is_moved(1) || !is_same
}

/// What the places of a message are called in its sentences, each once.
fn called(facts: &Facts) -> Vec<&Names> {
    let is_each = facts.places.len() + facts.coasts.len() <= NAMED_MAX;
    let names = facts.places.iter().map(|place| match &place.group {
        Some(group) if !is_each => group,
        _ => &place.names,
    });
    let mut called: Vec<&Names> = Vec::new();
    for name in names {
        if !called.contains(&name) {
            called.push(name);
        }
    }
    called
}
