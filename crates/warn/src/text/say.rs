//! A message in one language: headline, why, where, when, how sure, what to do, when it is over; and its short forms.

use serde::{Deserialize, Serialize};

use crate::facts::Facts;
use crate::life::{Kind, Reason};

use super::catalogue::Catalogue;
use super::clock::Zone;
use super::listed::Listed;

/// Characters of the short forms: of mobile alerting (ATIS-0700006, CMAM).
pub const SHORT: usize = 90;
/// The longer one.
pub const LONG: usize = 360;

/// What a message is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Whether it begins, changes or ends something.
    pub kind: Kind,
    /// Which message about this object, from 1.
    pub number: u32,
    /// Whether it is an exercise.
    pub is_exercise: bool,
    /// Local time.
    pub zone: Zone,
}

/// A message in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The tag of the language.
    pub language: String,
    /// What kind of thing it is.
    pub event: String,
    /// In one line.
    pub headline: String,
    /// Why, where, when, how sure; a paragraph each.
    pub description: String,
    /// What to do.
    pub instruction: String,
    /// The places.
    pub area: String,
    /// In 90 characters.
    pub short: String,
    /// In 360.
    pub long: String,
}

/// Says a message in a language; `told` is what people were told before.
pub fn say(about: &About, facts: &Facts, told: Option<&Facts>, catalogue: &Catalogue) -> Said {
    let speaker = Speaker {
        about,
        facts,
        catalogue,
    };
    let (head, short, long) = match about.kind {
        Kind::Alert => ("head_alert", "short_alert", "long_alert"),
        Kind::Update => ("head_update", "short_alert", "long_alert"),
        Kind::Cancel(_) => ("head_cancel", "short_cancel", "long_cancel"),
        Kind::AllClear => ("head_clear", "short_clear", "long_clear"),
    };
    let headline = catalogue.fill(head, &[("number", &about.number.to_string())]);
    Said {
        language: catalogue.language().to_owned(),
        event: speaker.marked(catalogue.text("event"), false),
        headline: speaker.marked(&headline, true),
        description: speaker.description(told),
        instruction: speaker.instruction(),
        area: Listed::new(facts, catalogue).whole(),
        short: speaker.fitted(short, SHORT, false),
        long: speaker.fitted(long, LONG, true),
    }
}

struct Speaker<'a> {
    about: &'a About,
    facts: &'a Facts,
    catalogue: &'a Catalogue,
}

impl Speaker<'_> {
    fn description(&self, told: Option<&Facts>) -> String {
        let (facts, zone, catalogue) = (self.facts, self.about.zone, self.catalogue);
        let zone_name = zone.name(catalogue);
        let mut lines = Vec::new();
        let mut line = |key: &str, facts: &[(&str, &str)]| lines.push(catalogue.fill(key, facts));
        if self.about.is_exercise {
            line("exercise_note", &[]);
        }
        let (measured, to) = (
            zone.clock(facts.measured, catalogue),
            zone.clock_up(facts.arrival[1], catalogue),
        );
        match self.about.kind {
            Kind::Alert | Kind::Update => {
                let (date, said) = (zone.date(facts.said, catalogue), zone.clock(facts.said, catalogue));
                line("why", &[("date", &date), ("said", &said), ("zone", &zone_name)]);
                line("where", &[("places", &Listed::new(facts, catalogue).whole())]);
                let likely = facts.places.iter().filter(|place| place.is_likely);
                let likely: Vec<_> = likely.map(|place| &place.names).collect();
                if !likely.is_empty() && likely.len() < facts.places.len() {
                    line("likely", &[("places", &Listed::of(likely, catalogue).whole())]);
                }
                let from = zone.clock(facts.arrival[0], catalogue);
                line("when", &[("from", &from), ("to", &to), ("zone", &zone_name)]);
                line("sure", &[("percent", &format!("{:.0}", 100.0 * facts.probability))]);
                line(if facts.is_lost { "lost" } else { "tracked" }, &[("seen", &measured)]);
                if !facts.overflown.is_empty() {
                    line(
                        "overflown",
                        &[("places", &Listed::of(&facts.overflown, catalogue).whole())],
                    );
                }
                for (key, names) in self.changes(told) {
                    line(key, &[("places", &Listed::of(&names, catalogue).whole())]);
                }
                line("promise", &[]);
            }
            Kind::Cancel(Reason::NoThreat) => line("cancel_no_threat", &[]),
            Kind::Cancel(Reason::Error) => line("cancel_error", &[]),
            Kind::AllClear => {
                line("clear", &[("to", &to), ("zone", &zone_name)]);
                line("clear_unseen", &[]);
            }
        }
        lines.join("\n")
    }

    /// What is new, and what is not in the area any more, since people were told last.
    fn changes(&self, told: Option<&Facts>) -> Vec<(&'static str, Vec<crate::map::Names>)> {
        let Some(told) = told.filter(|_| self.about.kind == Kind::Update) else {
            return Vec::new();
        };
        let names = |from: &Facts, without: &Facts| from.beyond(without).map(|place| place.names.clone()).collect();
        let changes: [(&str, Vec<_>); 2] = [("added", names(self.facts, told)), ("removed", names(told, self.facts))];
        changes.into_iter().filter(|(_, names)| !names.is_empty()).collect()
    }

    fn instruction(&self) -> String {
        let key = match self.about.kind {
            Kind::Alert | Kind::Update => "act",
            Kind::Cancel(_) => "act_cancel",
            Kind::AllClear => "act_clear",
        };
        match self.about.is_exercise {
            true => format!("{} {}", self.catalogue.text("exercise_note"), self.catalogue.text(key)),
            false => self.catalogue.text(key).to_owned(),
        }
    }

    /// A text that no one can take for real in an exercise.
    fn marked(&self, text: &str, is_twice: bool) -> String {
        let mark = self.catalogue.text("exercise_head");
        match (self.about.is_exercise, is_twice) {
            (false, _) => text.to_owned(),
            (true, false) => format!("{mark} {text}"),
            (true, true) => format!("{mark} {text} {mark}"),
        }
    }

    /// A short form with as many places as there is room for.
    fn fitted(&self, key: &str, room: usize, is_twice: bool) -> String {
        let (zone, catalogue) = (self.about.zone, self.catalogue);
        let from = zone.clock(self.facts.arrival[0], catalogue);
        let (to, zone_name) = (zone.clock_up(self.facts.arrival[1], catalogue), zone.name(catalogue));
        let with = |places: &str| {
            let facts = [("places", places), ("from", &from), ("to", &to), ("zone", &zone_name)];
            self.marked(&catalogue.fill(key, &facts), is_twice)
        };
        let bare = with("").chars().count();
        let text = with(&Listed::new(self.facts, catalogue).within(room.saturating_sub(bare)));
        // Where a language's own sentence is too long, its end is lost, never the mark of an exercise.
        match text.chars().count() > room {
            true => text.chars().take(room - 1).chain(['…']).collect(),
            false => text,
        }
    }
}
