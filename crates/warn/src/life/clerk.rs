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
/// A time of arrival that moves by more is another.
const MOVED_S: f64 = 60.0;

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

/// Whether anything might be written of an object now: if not, nobody need find out what there is to say.
pub fn may_write(desk: &Desk, object: &str, now: Time) -> bool {
    newest_of(desk, object).is_none_or(|own| has_waited(own, now))
}

/// What is to be written of an object, of which `facts` hold now: the first message as soon as it surely exists and may
/// come down where people live; another when what people were told, or would be by the draft that waits, is not what is
/// known any more.
pub fn errand(desk: &Desk, facts: &Facts, now: Time) -> Option<Errand> {
    if facts.existence < EXISTENCE_MIN || now > facts.arrival[1] {
        return None;
    }
    let Some(own) = newest_of(desk, &facts.object) else {
        return (!facts.places.is_empty()).then_some(Errand {
            warning: None,
            kind: Kind::Alert,
            in_view: InView::default(),
        });
    };
    let newest = own.messages.last()?;
    if !has_waited(own, now) || !is_due(own, newest, facts) {
        return None;
    }
    let kind = match own.may_be_out() {
        true => Kind::Update,
        false => Kind::Alert,
    };
    Some(to(own, kind))
}

/// The all clears that are to be written: once the latest arrival of what people were told has passed and nothing more
/// is foretold of the object. Each is written once: what a person does with it is done.
pub fn clears(desk: &Desk, is_up: impl Fn(&str) -> bool, now: Time) -> Vec<Errand> {
    let is_due = |own: &&Warning| {
        let Some(latest) = own.latest().filter(|latest| now > *latest) else {
            return false;
        };
        let is_written = own
            .messages
            .iter()
            .any(|message| message.kind == Kind::AllClear && message.drafted > latest);
        own.is_clear_due && !own.is_over() && own.draft().is_none() && !is_written && !own.object().is_some_and(&is_up)
    };
    desk.warnings()
        .filter(is_due)
        .map(|own| to(own, Kind::AllClear))
        .collect()
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

/// Whether enough time has passed since the newest message, and it is not for a person to go on.
fn has_waited(own: &Warning, now: Time) -> bool {
    let Some(newest) = own.messages.last() else { return true };
    let is_left = matches!(&newest.state, State::Withdrawn(at, Why::By(_)) if now - *at < LEFT_S);
    !own.is_over() && now - newest.drafted >= APART_S && !is_left
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
/// or another time.
fn is_other(said: &Facts, now: &Facts) -> bool {
    let is_moved = |at: usize| (now.arrival[at] - said.arrival[at]).abs() > MOVED_S;
    let (before, after) = (called(said), called(now));
    let is_same = before.len() == after.len() && before.iter().all(|name| after.contains(name));
    said.is_lost != now.is_lost || is_moved(0) || is_moved(1) || !is_same
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
