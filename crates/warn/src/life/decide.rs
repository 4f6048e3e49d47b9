//! Commands to events.

use geo::Time;

use crate::cap::{Envelope, compose};
use crate::facts::Facts;
use crate::text::About;

use super::command::{Command, First, InView};
use super::desk::{Desk, Message, State, Step, Warning};
use super::event::{Event, Kind, Outcome, Why};
use super::refusal::Refusal;

/// Longest name of a warning, and of a person.
const NAME_MAX: usize = 60;
/// Longest answer of a channel that is kept.
const ANSWER_MAX: usize = 200;

impl Desk {
    /// Which events follow from a command at a time; none happened yet: see [`Desk::apply`].
    ///
    /// Errors: [`Refusal`], and nothing happens.
    pub fn decide(&self, command: Command, now: Time) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Draft {
                warning,
                kind,
                facts,
                first,
                in_view,
                by,
            } => {
                self.is_in_view(&warning, in_view)?;
                self.draft(warning, kind, facts, first, &by)
            }
            Command::Approve { warning, number, by } => self.approve(&warning, number, &by, now),
            Command::Withdraw { warning, number, by } => self.withdraw(&warning, number, &by),
            Command::Hand { .. } | Command::Report { .. } | Command::Again { .. } => self.deliver(command),
            Command::Restart => Ok(vec![Event::Restarted]),
            Command::Tick => Ok(self.due(now)),
        }
    }

    /// What is asked of one message on one channel.
    fn deliver(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Hand {
                warning,
                number,
                channel,
            } => {
                let (own, message) = self.message(&warning, number)?;
                let known = own.channels.iter().find(|known| known.name == channel);
                match known.filter(|known| own.is_due(message, known)) {
                    Some(_) => Ok(vec![Event::Handing {
                        warning,
                        number,
                        channel,
                    }]),
                    None => Err(not_due(own, message, channel)),
                }
            }
            Command::Report {
                warning,
                number,
                channel,
                outcome,
                answer,
            } => {
                let answer = crate::clean::clean(&answer, ANSWER_MAX);
                let (own, message) = self.message(&warning, number)?;
                let step = message.deliveries.get(&channel).map(|delivery| &delivery.step);
                match step {
                    Some(Step::Handing) => Ok(vec![Event::Reported {
                        warning,
                        number,
                        channel,
                        outcome,
                        answer,
                    }]),
                    // Somebody has looked and found it there; that it is not there nobody can know.
                    Some(Step::Ended(Outcome::Unknown)) if outcome == Outcome::Delivered => Ok(vec![Event::Reported {
                        warning,
                        number,
                        channel,
                        outcome,
                        answer,
                    }]),
                    _ => Err(not_due(own, message, channel)),
                }
            }
            Command::Again {
                warning,
                number,
                channel,
                by,
            } => {
                let by = person(&by)?;
                let (own, message) = self.message(&warning, number)?;
                let step = message.deliveries.get(&channel).map(|delivery| &delivery.step);
                match step {
                    Some(Step::Ended(Outcome::Unknown)) if own.is_newest(message) => Ok(vec![Event::Again {
                        warning,
                        number,
                        channel,
                        by,
                    }]),
                    _ => Err(not_due(own, message, channel)),
                }
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Whether the newest message of a warning is still the one that somebody had in view.
    fn is_in_view(&self, warning: &str, in_view: Option<InView>) -> Result<(), Refusal> {
        let own = self.warnings.get(warning);
        if in_view.is_none_or(|in_view| in_view == InView::of(own)) {
            return Ok(());
        }
        match own.and_then(|own| own.messages.last()) {
            None => Err(Refusal::Unknown(crate::clean::clean(warning, NAME_MAX))),
            Some(newest) => Err(Refusal::Quicker {
                warning: warning.to_owned(),
                number: newest.number,
                what: fate(newest),
            }),
        }
    }

    fn draft(
        &self,
        warning: String,
        kind: Kind,
        facts: Option<Box<Facts>>,
        first: Option<First>,
        by: &str,
    ) -> Result<Vec<Event>, Refusal> {
        let by = person(by)?;
        let Some(own) = self.warnings.get(&warning) else {
            return self.begin(warning, kind, facts, first, by);
        };
        if own.is_over() {
            return Err(Refusal::Over(warning));
        }
        let has_begun = own.may_be_out();
        match (has_begun, kind) {
            (true, Kind::Alert) => return Err(Refusal::Begun(warning)),
            (false, Kind::Update | Kind::Cancel(_) | Kind::AllClear) => return Err(Refusal::NotBegun(warning)),
            _ => {}
        }
        // Released, and not with anybody yet: it goes out, or is withdrawn, before another is written.
        if let Some(waiting) = own.released().next_back().filter(|_| !has_begun) {
            let number = waiting.number;
            return Err(Refusal::Quicker {
                warning,
                number,
                what: fate(waiting),
            });
        }
        let number = own.messages.len() as u32 + 1;
        let mut events = Vec::new();
        if let Some(draft) = own.draft() {
            if draft.kind.is_end() && !kind.is_end() {
                return Err(Refusal::Ending {
                    warning,
                    number: draft.number,
                });
            }
            events.push(Event::Withdrawn {
                warning: warning.clone(),
                number: draft.number,
                why: Why::Newer(number),
            });
        }
        let facts = match kind.is_end() {
            true => Box::new(all_told(own).ok_or(Refusal::Facts)?),
            false => facts.ok_or(Refusal::Facts)?,
        };
        let facts = match own.told() {
            Some(told) if !kind.is_end() => Box::new(facts.after(told)),
            _ => facts,
        };
        events.push(Event::Drafted {
            warning,
            number,
            kind,
            facts,
            by,
        });
        Ok(events)
    }

    fn begin(
        &self,
        warning: String,
        kind: Kind,
        facts: Option<Box<Facts>>,
        first: Option<First>,
        by: String,
    ) -> Result<Vec<Event>, Refusal> {
        let is_name = !warning.is_empty()
            && warning.len() <= NAME_MAX
            && warning.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_name {
            return Err(Refusal::Name(crate::clean::clean(&warning, NAME_MAX)));
        }
        if kind != Kind::Alert {
            return Err(Refusal::Unknown(warning));
        }
        let facts = facts.ok_or(Refusal::Facts)?;
        let distinct = |first: &First| {
            let mut names: Vec<&str> = first.channels.iter().map(|channel| channel.name.as_str()).collect();
            names.sort_unstable();
            !names.is_empty() && names.windows(2).all(|pair| pair[0] != pair[1])
        };
        let Some(First {
            channels,
            is_exercise,
            zone,
        }) = first.filter(distinct)
        else {
            return Err(Refusal::Channels(warning));
        };
        Ok(vec![
            Event::Opened {
                warning: warning.clone(),
                channels,
                is_exercise,
                zone,
            },
            Event::Drafted {
                warning,
                number: 1,
                kind,
                facts,
                by,
            },
        ])
    }

    fn approve(&self, warning: &str, number: u32, by: &str, now: Time) -> Result<Vec<Event>, Refusal> {
        let by = person(by)?;
        let (own, message) = self.message(warning, number)?;
        let warning = || warning.to_owned();
        if message.state != State::Draft {
            return Err(Refusal::Quicker {
                warning: warning(),
                number,
                what: fate(message),
            });
        }
        let latest = message.facts.arrival[1];
        match message.kind {
            Kind::Alert | Kind::Update if now > latest => return Err(Refusal::Late { latest }),
            Kind::AllClear if now <= latest => return Err(Refusal::Early { latest }),
            _ => {}
        }
        if message.approvals.iter().any(|(person, _)| *person == by) {
            return Err(Refusal::Twice(by));
        }
        if !self.policy.is_author_counted && message.by == by {
            return Err(Refusal::Author(by));
        }
        let mut events = vec![Event::Approved {
            warning: warning(),
            number,
            by,
        }];
        if message.approvals.len() + 1 >= usize::from(self.policy.approvals.clamp(1, 2)) {
            let cap = self.words(own, message, now);
            events.push(Event::Released {
                warning: warning(),
                number,
                cap,
            });
        }
        Ok(events)
    }

    fn withdraw(&self, warning: &str, number: u32, by: &str) -> Result<Vec<Event>, Refusal> {
        let why = Why::By(person(by)?);
        let (_, message) = self.message(warning, number)?;
        let warning = warning.to_owned();
        match &message.state {
            State::Draft => Ok(vec![Event::Withdrawn { warning, number, why }]),
            State::Released(..) if !message.may_be_out() => Ok(vec![Event::Withdrawn { warning, number, why }]),
            State::Released(..) => {
                let out = message.deliveries.iter().filter(|(_, delivery)| delivery.may_be_out());
                let channels = out.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
                Err(Refusal::Out {
                    warning,
                    number,
                    channels,
                })
            }
            State::Withdrawn(..) => Err(Refusal::Quicker {
                warning,
                number,
                what: fate(message),
            }),
        }
    }

    fn message(&self, warning: &str, number: u32) -> Result<(&Warning, &Message), Refusal> {
        let own = self
            .warnings
            .get(warning)
            .ok_or_else(|| Refusal::Unknown(crate::clean::clean(warning, NAME_MAX)))?;
        let found = own.messages.iter().find(|message| message.number == number);
        let none = || Refusal::NoMessage {
            warning: own.name.clone(),
            number,
            count: own.messages.len(),
        };
        Ok((own, found.ok_or_else(none)?))
    }

    /// The words of a message if it is sent now.
    pub fn words(&self, warning: &Warning, message: &Message, now: Time) -> String {
        let about = About {
            kind: message.kind,
            number: message.number,
            is_exercise: warning.is_exercise,
            zone: warning.zone,
        };
        let before = warning.released().filter(|earlier| earlier.number < message.number);
        let before: Vec<(String, Time)> = before
            .filter_map(|earlier| Some((warning.identifier(earlier.number), earlier.sent()?)))
            .collect();
        let envelope = Envelope {
            sender: &self.press.sender,
            identifier: &warning.identifier(message.number),
            warning: &warning.name,
            about: &about,
            sent: now,
            before: &before,
            told: warning.told(),
        };
        compose(&envelope, &message.facts, &self.press.catalogues).to_xml()
    }
}

/// What people were told, all messages together: an end has to reach everybody.
fn all_told(warning: &Warning) -> Option<Facts> {
    let mut released = warning.released();
    let first = released.next()?.facts.clone();
    Some(released.fold(first, |all, message| {
        Facts {
            is_lost: true,
            ..message.facts.clone()
        }
        .after(&all)
    }))
}

fn not_due(warning: &Warning, message: &Message, channel: String) -> Refusal {
    let state = match message.deliveries.get(&channel) {
        Some(delivery) => delivery.word(),
        None if message.cap().is_some() => "not for that channel",
        None => "not released",
    };
    Refusal::NotDue {
        warning: warning.name.clone(),
        number: message.number,
        channel,
        state,
    }
}

/// What has become of a message, for whoever came too late.
fn fate(message: &Message) -> String {
    match &message.state {
        State::Draft => format!(
            "was written by {} at {} and waits for approval",
            message.by, message.drafted
        ),
        State::Released(at, _) => {
            let people: Vec<&str> = message.approvals.iter().map(|(person, _)| person.as_str()).collect();
            format!("was approved by {} and released at {at}", people.join(" and "))
        }
        State::Withdrawn(at, Why::By(person)) => format!("was withdrawn by {person} at {at}"),
        State::Withdrawn(at, Why::Newer(number)) => format!("was replaced by message {number} at {at}"),
        State::Withdrawn(at, Why::Late) => format!("lapsed at {at}: nobody approved it before the latest arrival"),
    }
}

fn person(name: &str) -> Result<String, Refusal> {
    let name = crate::clean::clean(name, NAME_MAX);
    if name.is_empty() {
        Err(Refusal::Nobody)
    } else {
        Ok(name)
    }
}
