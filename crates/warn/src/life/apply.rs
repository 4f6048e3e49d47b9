//! Events to what the desk knows.

use geo::Time;

use super::desk::{Delivery, Desk, Message, State, Step, Warning};
use super::event::{Entry, Event, Outcome};
use super::journal::JournalError;

impl Desk {
    /// The entries that the events of one command become, to be written down together.
    pub fn entries(&self, events: Vec<Event>, at: Time) -> Vec<Entry> {
        let count = events.len();
        let numbered = (self.sequence + 1..).zip(events).enumerate();
        numbered
            .map(|(place, (sequence, event))| Entry {
                sequence,
                at,
                event,
                is_more: place + 1 < count,
            })
            .collect()
    }

    /// Takes in what has been written down.
    ///
    /// Errors: [`JournalError`], where it cannot follow from what came before; the desk is as it was.
    pub fn apply(&mut self, entry: &Entry) -> Result<(), JournalError> {
        if entry.sequence != self.sequence + 1 {
            return Err(JournalError::Sequence {
                found: entry.sequence,
                expected: self.sequence + 1,
            });
        }
        self.take(entry).ok_or(JournalError::Impossible {
            sequence: entry.sequence,
        })?;
        self.sequence = entry.sequence;
        Ok(())
    }

    /// `None` of what cannot be.
    fn take(&mut self, entry: &Entry) -> Option<()> {
        match &entry.event {
            Event::Opened {
                warning,
                channels,
                is_exercise,
                zone,
            } => {
                let one = Warning {
                    name: warning.clone(),
                    channels: channels.clone(),
                    is_exercise: *is_exercise,
                    zone: *zone,
                    messages: Vec::new(),
                    is_clear_due: false,
                };
                let is_new = !self.warnings.contains_key(warning);
                is_new.then(|| self.warnings.insert(warning.clone(), one))?;
            }
            Event::AllClearDue { warning } => self.warnings.get_mut(warning)?.is_clear_due = true,
            Event::Restarted => self.forget_what_was_on_the_way(),
            Event::Drafted { .. } => self.take_draft(entry)?,
            Event::Approved { .. } | Event::Withdrawn { .. } | Event::Overdue { .. } | Event::Released { .. } => {
                self.take_decision(entry)?;
            }
            Event::Handing { .. } | Event::Reported { .. } | Event::Again { .. } => self.take_delivery(&entry.event)?,
        }
        Some(())
    }

    fn take_draft(&mut self, entry: &Entry) -> Option<()> {
        let Event::Drafted {
            warning,
            number,
            kind,
            facts,
            by,
        } = &entry.event
        else {
            return None;
        };
        let own = self.warnings.get_mut(warning)?;
        (*number as usize == own.messages.len() + 1 && own.draft().is_none()).then_some(())?;
        own.messages.push(Message {
            number: *number,
            kind: *kind,
            facts: facts.as_ref().clone(),
            by: by.clone(),
            drafted: entry.at,
            approvals: Vec::new(),
            is_overdue: false,
            state: State::Draft,
            deliveries: Default::default(),
        });
        Some(())
    }

    fn take_decision(&mut self, entry: &Entry) -> Option<()> {
        match &entry.event {
            Event::Approved { warning, number, by } => {
                let message = self
                    .one(warning, *number)
                    .filter(|message| message.state == State::Draft)?;
                message.approvals.push((by.clone(), entry.at));
            }
            Event::Withdrawn { warning, number, why } => {
                let message = self.one(warning, *number).filter(|message| !message.may_be_out())?;
                message.state = State::Withdrawn(entry.at, why.clone());
            }
            Event::Overdue { warning, number } => self.one(warning, *number)?.is_overdue = true,
            Event::Released { warning, number, cap } => {
                let names: Vec<String> = self
                    .warnings
                    .get(warning)?
                    .channels
                    .iter()
                    .map(|c| c.name.clone())
                    .collect();
                let message = self
                    .one(warning, *number)
                    .filter(|message| message.state == State::Draft)?;
                message.state = State::Released(entry.at, cap.clone());
                message.deliveries = names.into_iter().map(|name| (name, Delivery::waiting())).collect();
            }
            _ => return None,
        }
        Some(())
    }

    fn take_delivery(&mut self, event: &Event) -> Option<()> {
        match event {
            Event::Handing {
                warning,
                number,
                channel,
            } => {
                let delivery = self.delivery(warning, *number, channel)?;
                delivery.was_out = delivery.may_be_out();
                delivery.step = Step::Handing;
            }
            Event::Reported {
                warning,
                number,
                channel,
                outcome,
                answer,
            } => {
                let delivery = self.delivery(warning, *number, channel)?;
                delivery.step = Step::Ended(outcome.clone());
                delivery.answer.clone_from(answer);
            }
            Event::Again {
                warning,
                number,
                channel,
                ..
            } => {
                let delivery = self.delivery(warning, *number, channel)?;
                delivery.was_out = delivery.may_be_out();
                delivery.step = Step::Waiting;
            }
            _ => return None,
        }
        Some(())
    }

    fn one(&mut self, warning: &str, number: u32) -> Option<&mut Message> {
        let messages = &mut self.warnings.get_mut(warning)?.messages;
        messages.iter_mut().find(|message| message.number == number)
    }

    fn delivery(&mut self, warning: &str, number: u32, channel: &str) -> Option<&mut Delivery> {
        self.one(warning, number)?.deliveries.get_mut(channel)
    }

    fn forget_what_was_on_the_way(&mut self) {
        let messages = self.warnings.values_mut().flat_map(|warning| &mut warning.messages);
        let deliveries = messages.flat_map(|message| message.deliveries.values_mut());
        for delivery in deliveries.filter(|delivery| delivery.step == Step::Handing) {
            delivery.step = Step::Ended(Outcome::Unknown);
        }
    }
}
