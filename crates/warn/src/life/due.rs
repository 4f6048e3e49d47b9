//! What follows from the clock alone.

use geo::Time;

use super::desk::{Desk, Warning};
use super::event::{Event, Why};

impl Desk {
    /// Drafts that are too late or overdue, and warnings whose all clear is due; each is said once.
    pub(super) fn due(&self, now: Time) -> Vec<Event> {
        self.warnings
            .values()
            .flat_map(|warning| self.due_of(warning, now))
            .collect()
    }

    fn due_of(&self, warning: &Warning, now: Time) -> Vec<Event> {
        let mut events = Vec::new();
        let name = || warning.name.clone();
        if let Some(draft) = warning.draft() {
            let number = draft.number;
            if !draft.kind.is_end() && now > draft.facts.arrival[1] {
                events.push(Event::Withdrawn {
                    warning: name(),
                    number,
                    why: Why::Late,
                });
            } else if !draft.is_overdue && now - draft.drafted > self.policy.approve_within_s {
                events.push(Event::Overdue {
                    warning: name(),
                    number,
                });
            }
        }
        let is_past = warning.latest().is_some_and(|latest| now > latest);
        let is_ending = warning.is_over() || warning.draft().is_some_and(|draft| draft.kind.is_end());
        if is_past && warning.may_be_out() && !is_ending && !warning.is_clear_due {
            events.push(Event::AllClearDue { warning: name() });
        }
        events
    }
}
