//! Warnings as JSON: how each stands, what its messages say in every language, what may be done next and by whom.

use geo::Time;
use serde::Serialize;
use warn::Names;
use warn::life::{Command, Delivery, Desk, InView, Kind, Message, Outcome, Reason, State, Step, Warning, Why};

use super::drawn::unix_s;
use super::warnings::code;
use crate::access::{Person, Role};
use crate::warnings::{Duty, draft_of};

/// Warnings of one answer, at most: the newest, and all that go on.
const WARNINGS_MAX: usize = 100;

/// All warnings of a node.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Warnings {
    pub now_unix_s: f64,
    /// Another, when something has happened since.
    pub sequence: u64,
    pub exercise: bool,
    /// Whether the node writes drafts by itself.
    pub drafting: bool,
    /// How many persons approve a message.
    pub approvals: u8,
    pub author_counts: bool,
    pub approve_within_s: f64,
    pub languages: Vec<String>,
    pub you: You,
    /// Objects that may come down and of which no warning goes on.
    pub unwarned: Vec<String>,
    pub warnings: Vec<Warned>,
    /// Older ones that are left out.
    pub left_out: usize,
}

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct You {
    pub name: String,
    pub role: &'static str,
}

/// One warning.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Warned {
    pub name: String,
    pub exercise: bool,
    /// draft, on, over, given up.
    pub state: &'static str,
    pub clear_due: bool,
    pub object: String,
    pub channels: Vec<Way>,
    pub next: Vec<Next>,
    pub messages: Vec<Written>,
}

/// A way to people.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Way {
    pub name: String,
    /// file, atom, cap, webhook, zenoh; empty: it is not in warn.toml any more.
    pub kind: &'static str,
}

/// What may be done.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Next {
    /// approve, withdraw, update, cancel, all-clear, send.
    pub action: &'static str,
    /// With which message in view.
    pub number: u32,
    /// By which channel, of what is unknown there.
    pub channel: String,
    /// Who may.
    pub role: &'static str,
    /// Whether whoever asks may.
    pub may: bool,
    /// Why it would be refused, for programs and in words; empty: it would not.
    pub why_not: &'static str,
    pub words: String,
}

/// One message.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Written {
    pub number: u32,
    pub name: String,
    /// alert, update, cancel, all-clear.
    pub kind: &'static str,
    /// Of a cancel: no-threat, error.
    pub reason: &'static str,
    /// draft, withdrawn, released.
    pub state: &'static str,
    pub by: String,
    pub drafted_unix_s: f64,
    pub approvals: Vec<Approval>,
    /// Until when it is to be approved, and whether that has passed.
    pub deadline_unix_s: f64,
    pub overdue: bool,
    pub sent_unix_s: Option<f64>,
    pub withdrawn: Option<Withdrawn>,
    pub lost: bool,
    pub existence: f64,
    pub said_unix_s: f64,
    pub measured_unix_s: f64,
    pub arrival_unix_s: [f64; 2],
    /// Probability that the arrival is in none of the places, and that of the area.
    pub elsewhere: f64,
    pub probability: f64,
    /// How many places it names; they themselves stand with the draft and the newest message only.
    pub places_count: usize,
    pub places: Vec<Place>,
    pub coasts: Vec<Names>,
    pub overflown: Vec<Names>,
    /// As they are, or as they would be now; of the draft and the newest message only.
    pub words: Vec<Words>,
    pub deliveries: Vec<Delivered>,
}

/// Who approved it, and when.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Approval {
    pub by: String,
    pub at_unix_s: f64,
}

/// Why a message is not sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Withdrawn {
    pub at_unix_s: f64,
    /// by: a person; newer: a message took its place; late: nobody approved it in time.
    pub why: &'static str,
    pub by: String,
    pub number: u32,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Place {
    pub code: Option<String>,
    /// By language.
    pub names: Names,
    pub group: Option<Names>,
    pub probability: f64,
    pub likely: bool,
    pub arrival_unix_s: [f64; 2],
}

/// A message in one language.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Words {
    pub language: String,
    pub event: String,
    pub headline: String,
    pub description: String,
    pub instruction: String,
    pub area: String,
    /// In 90 characters.
    pub short: String,
    /// In 360.
    pub long: String,
}

/// How far a message is on a channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Delivered {
    pub channel: String,
    /// waiting, handing, delivered, failed, unknown.
    pub state: &'static str,
    /// What came back.
    pub answer: String,
}

/// Makes everything, as one person may see it.
pub(super) fn warnings(duty: &Duty, desk: &Desk, person: &Person, up: &[String]) -> Warnings {
    let (now, settings) = (duty.now(), duty.office().settings());
    let mut all: Vec<&Warning> = desk.warnings().collect();
    // Those that go on first, then the newest.
    all.sort_by_key(|own| std::cmp::Reverse((own.goes_on(), own.messages.first().map(|first| first.drafted))));
    let left_out = all.len().saturating_sub(WARNINGS_MAX);
    all.truncate(WARNINGS_MAX);
    let is_warned = |object: &&String| desk.of_object(object).any(Warning::goes_on);
    Warnings {
        now_unix_s: unix_s(now),
        sequence: desk.sequence(),
        exercise: settings.is_exercise,
        drafting: duty.is_drafting(),
        approvals: settings.policy.approvals,
        author_counts: settings.policy.is_author_counted,
        approve_within_s: settings.policy.approve_within_s,
        languages: duty
            .office()
            .press()
            .catalogues
            .iter()
            .map(|one| one.language().to_owned())
            .collect(),
        you: You {
            name: person.name.to_string(),
            role: person.role.name(),
        },
        unwarned: up.iter().filter(|object| !is_warned(object)).cloned().collect(),
        warnings: all
            .into_iter()
            .map(|own| warned(duty, desk, own, (person, up, now)))
            .collect(),
        left_out,
    }
}

/// One warning, as one person may see it.
pub(super) fn warned(duty: &Duty, desk: &Desk, own: &Warning, (person, up, now): (&Person, &[String], Time)) -> Warned {
    let kind_of = |name: &str| {
        let known = duty
            .office()
            .settings()
            .channels
            .iter()
            .find(|known| known.name == name);
        known.map_or("", |known| known.way.word())
    };
    let channels = own.channels.iter().map(|channel| Way {
        name: channel.name.clone(),
        kind: kind_of(&channel.name),
    });
    let object = own.object().unwrap_or_default().to_owned();
    Warned {
        name: own.name.clone(),
        exercise: own.is_exercise,
        state: own.standing(),
        clear_due: own.is_clear_due && !own.is_over(),
        channels: channels.collect(),
        next: next(desk, own, (person, up.contains(&object), now)),
        messages: own
            .messages
            .iter()
            .map(|message| written(duty, desk, own, message, now))
            .collect(),
        object,
    }
}

/// What may be done next: what the desk would do for this person now. Who is refused for what he is is told so, too.
fn next(desk: &Desk, own: &Warning, (person, is_up, now): (&Person, bool, Time)) -> Vec<Next> {
    let Some(newest) = own.messages.last() else {
        return Vec::new();
    };
    let (warning, number, by) = (own.name.clone(), newest.number, person.name.to_string());
    let draft = |kind: Kind| Command::Draft {
        warning: warning.clone(),
        kind,
        facts: (!kind.is_end()).then(|| Box::new(newest.facts.clone())),
        first: None,
        in_view: Some(InView::of(Some(own))),
        by: by.clone(),
    };
    let mut next = Vec::new();
    let mut offer = |action: Action, channel: &str, command: Command, is_always: bool| {
        let refused = desk.decide(command, now).err();
        if refused.is_none() || is_always {
            next.push(Next {
                action: action.name(),
                number,
                channel: channel.to_owned(),
                role: action.role().name(),
                may: person.role >= action.role() && refused.is_none(),
                why_not: refused.as_ref().map_or("", |refused| code(refused).1),
                words: refused.map_or_else(String::new, |refused| refused.to_string()),
            });
        }
    };
    let is_draft = newest.state == State::Draft;
    let approve = Command::Approve {
        warning: warning.clone(),
        number,
        by: by.clone(),
    };
    offer(Action::Approve, "", approve, is_draft);
    let withdraw = Command::Withdraw {
        warning: warning.clone(),
        number,
        by: by.clone(),
    };
    offer(Action::Withdraw, "", withdraw, false);
    if is_up {
        offer(Action::Update, "", draft(update_of(own)), false);
    }
    offer(Action::Cancel, "", draft(Kind::Cancel(Reason::NoThreat)), false);
    if own.latest().is_some_and(|latest| now > latest) && !newest_is_clear(newest) {
        offer(Action::AllClear, "", draft(Kind::AllClear), false);
    }
    if let Some(sent) = own.released().next_back().filter(|sent| sent.number == number) {
        for (channel, delivery) in &sent.deliveries {
            if delivery.step == Step::Ended(Outcome::Unknown) {
                let again = Command::Again {
                    warning: warning.clone(),
                    number,
                    channel: channel.clone(),
                    by: by.clone(),
                };
                offer(Action::Send, channel, again, false);
            }
        }
    }
    next
}

fn newest_is_clear(newest: &Message) -> bool {
    newest.kind == Kind::AllClear && newest.state == State::Draft
}

/// What a message with new facts is called: the first one, as long as nobody was told.
pub(super) fn update_of(own: &Warning) -> Kind {
    match own.may_be_out() {
        true => Kind::Update,
        false => Kind::Alert,
    }
}

/// What persons do to warnings.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Draft,
    Update,
    Withdraw,
    Approve,
    Cancel,
    AllClear,
    Send,
}

impl Action {
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Update,
        Self::Withdraw,
        Self::Approve,
        Self::Cancel,
        Self::AllClear,
        Self::Send,
    ];

    /// The word in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Update => "update",
            Self::Withdraw => "withdraw",
            Self::Approve => "approve",
            Self::Cancel => "cancel",
            Self::AllClear => "all-clear",
            Self::Send => "send",
        }
    }

    /// Who may.
    pub const fn role(self) -> Role {
        match self {
            Self::Draft | Self::Update | Self::Withdraw => Role::Operator,
            Self::Approve | Self::Cancel | Self::AllClear | Self::Send => Role::Releaser,
        }
    }
}

fn written(duty: &Duty, desk: &Desk, own: &Warning, message: &Message, now: Time) -> Written {
    let facts = &message.facts;
    let is_newest_sent = own
        .released()
        .next_back()
        .is_some_and(|sent| sent.number == message.number);
    let is_whole = message.state == State::Draft || is_newest_sent;
    let parcel = is_whole
        .then(|| draft_of(desk, &own.name, message.number, now))
        .flatten();
    let two = |times: [Time; 2]| times.map(unix_s);
    let place = |place: &warn::Named| Place {
        code: place.code.clone(),
        names: place.names.clone(),
        group: place.group.clone(),
        probability: place.probability,
        likely: place.is_likely,
        arrival_unix_s: two(place.arrival),
    };
    let approval = |(by, at): &(String, Time)| Approval {
        by: by.clone(),
        at_unix_s: unix_s(*at),
    };
    Written {
        number: message.number,
        name: own.identifier(message.number),
        kind: message.kind.name(),
        reason: message.kind.reason().map_or("", Reason::name),
        state: message.state.name(),
        by: message.by.clone(),
        drafted_unix_s: unix_s(message.drafted),
        approvals: message.approvals.iter().map(approval).collect(),
        deadline_unix_s: unix_s(message.drafted + duty.office().settings().policy.approve_within_s),
        overdue: message.is_overdue,
        sent_unix_s: message.sent().map(unix_s),
        withdrawn: withdrawn(&message.state),
        lost: facts.is_lost,
        existence: facts.existence,
        said_unix_s: unix_s(facts.said),
        measured_unix_s: unix_s(facts.measured),
        arrival_unix_s: two(facts.arrival),
        elsewhere: facts.elsewhere,
        probability: facts.probability,
        places_count: facts.places.len(),
        places: if is_whole {
            facts.places.iter().map(place).collect()
        } else {
            Vec::new()
        },
        coasts: facts.coasts.clone(),
        overflown: facts.overflown.clone(),
        words: parcel
            .map(|parcel| parcel.words.languages.into_iter().map(Words::from).collect())
            .unwrap_or_default(),
        deliveries: message.deliveries.iter().map(delivered).collect(),
    }
}

impl From<warn::cap::Language> for Words {
    fn from(said: warn::cap::Language) -> Self {
        Self {
            language: said.language,
            event: said.event,
            headline: said.headline,
            description: said.description,
            instruction: said.instruction,
            area: said.area,
            short: said.short,
            long: said.long,
        }
    }
}

fn delivered((channel, delivery): (&String, &Delivery)) -> Delivered {
    Delivered {
        channel: channel.clone(),
        state: match delivery.step {
            Step::Handing => "handing",
            _ => delivery.word(),
        },
        answer: delivery.answer.clone(),
    }
}

fn withdrawn(state: &State) -> Option<Withdrawn> {
    let State::Withdrawn(at, why) = state else { return None };
    let (why, by, number) = match why {
        Why::By(person) => ("by", person.clone(), 0),
        Why::Newer(number) => ("newer", String::new(), *number),
        Why::Late => ("late", String::new(), 0),
    };
    Some(Withdrawn {
        at_unix_s: unix_s(*at),
        why,
        by,
        number,
    })
}
