//! What people would be told.

use std::fmt;

use geo::Time;
use node::warnings::Sighting;
use serde::Serialize;
use warn::text::{About, Said};
use warn::{Facts, Named, clean};

use crate::words::{clock, share};

/// A message before it is sent: its facts, and its words in each language.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PreviewOutput {
    /// When this was asked, UTC.
    pub at: String,
    /// What is known.
    #[serde(flatten)]
    pub facts: FactsOutput,
    /// Whether these are the words of an exercise.
    pub is_exercise: bool,
    /// The words.
    pub messages: Vec<SaidOutput>,
    /// Other objects that may come down.
    pub others: Vec<OtherOutput>,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FactsOutput {
    /// The name of the track.
    pub object: String,
    /// When the area was computed, UTC.
    pub said: String,
    /// When a sensor measured it last, UTC.
    pub measured: String,
    /// Whether that is too long ago, and area and interval were made wider.
    pub is_lost: bool,
    /// Probability that there is such an object.
    pub existence: f64,
    /// Probability that the arrival is in the area.
    pub probability: f64,
    /// Earliest and latest arrival, UTC.
    pub arrival: [String; 2],
    /// Where, the most probable first.
    pub places: Vec<PlaceOutput>,
    /// Probability that it comes down in none of them.
    pub elsewhere: f64,
    /// Coasts of the sea where it may come down, in English.
    pub coasts: Vec<String>,
    /// Over what it was measured, in English.
    pub overflown: Vec<String>,
}

/// A place in which an object may come down.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceOutput {
    /// Its code.
    pub code: Option<String>,
    /// Its name in English.
    pub name: String,
    /// Its name in each language of the messages.
    pub names: Vec<String>,
    /// Probability that the arrival is in it.
    pub probability: f64,
    /// Whether the region of 50 % touches it.
    pub is_likely: bool,
    /// Earliest and latest arrival there, UTC.
    pub arrival: [String; 2],
}

/// A message in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SaidOutput {
    /// The tag of the language.
    pub language: String,
    /// What kind of thing it is.
    pub event: String,
    /// In one line.
    pub headline: String,
    /// Why, where, when, how sure.
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

/// Another object that may come down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherOutput {
    /// The name of its track.
    pub object: String,
    /// Earliest and latest arrival, UTC.
    pub arrival: [String; 2],
}

impl PreviewOutput {
    /// Of facts and their words; `others` are not in it.
    pub fn new(about: &About, facts: &Facts, at: Time, said: Vec<Said>, others: &[Sighting]) -> Self {
        let languages: Vec<String> = said.iter().map(|one| one.language.clone()).collect();
        let other = |one: &Sighting| OtherOutput {
            object: clean(&one.object, 64),
            arrival: one.arrival().map(|time| time.to_string()),
        };
        Self {
            at: at.to_string(),
            facts: FactsOutput::new(facts, &languages),
            is_exercise: about.is_exercise,
            messages: said.into_iter().map(SaidOutput::from).collect(),
            others: others.iter().map(other).collect(),
        }
    }

    /// For programs.
    pub fn to_json(&self) -> serde_json::Result<String> {
        crate::output::to_json(self)
    }

    /// For people.
    pub fn to_text(&self) -> String {
        let what = if self.is_exercise {
            "EXERCISE, a preview"
        } else {
            "A preview"
        };
        let mut text = format!("{what}: nothing is sent. Track {} at {}.\n", self.facts.object, self.at);
        text += &self.facts.seen();
        self.messages.iter().for_each(|said| text += &said.to_string());
        text += &self.facts.to_text();
        for other in &self.others {
            let ([from, to], object) = (&other.arrival, &other.object);
            text += &format!("Also: track {object} may come down from {from} to {to} (--track {object}).\n");
        }
        text
    }
}

impl FactsOutput {
    /// Of facts, with the names of places in these languages.
    pub fn new(facts: &Facts, languages: &[String]) -> Self {
        let english = |names: &[warn::Names]| names.iter().map(|one| one.get("en").to_owned()).collect();
        Self {
            object: facts.object.clone(),
            said: facts.said.to_string(),
            measured: facts.measured.to_string(),
            is_lost: facts.is_lost,
            existence: facts.existence,
            probability: facts.probability,
            arrival: facts.arrival.map(|time| time.to_string()),
            places: facts
                .places
                .iter()
                .map(|place| PlaceOutput::new(place, languages))
                .collect(),
            elsewhere: facts.elsewhere,
            coasts: english(&facts.coasts),
            overflown: english(&facts.overflown),
        }
    }

    /// When it was computed and measured.
    pub fn seen(&self) -> String {
        let seen = match self.is_lost {
            true => "not measured since; area and times are wider for it",
            false => "measured last",
        };
        format!("  computed at {}, {seen}: {}\n", self.said, self.measured)
    }

    /// Where and when, a line for each place.
    pub fn to_text(&self) -> String {
        let mut text = String::from("\nWhere and when (UTC), with what probability:\n");
        for place in &self.places {
            let mark = if place.is_likely { "*" } else { " " };
            let (code, [from, to]) = (place.code.as_deref().unwrap_or(""), &place.arrival);
            let (share, names) = (share(place.probability), place.names.join(", "));
            text += &format!(
                "{mark} {share:>7}  {code:<6}  {} to {}  {names}\n",
                of_day(from),
                of_day(to)
            );
        }
        let sea = match &self.coasts[..] {
            [] => String::new(),
            coasts => format!(", sea off {}", coasts.join(", ")),
        };
        text += &format!(
            "  {:>7}  elsewhere{sea}\n* the region of 50 % touches it\n",
            share(self.elsewhere)
        );
        text
    }
}

impl fmt::Display for SaidOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n[{}] {}\n", self.language, self.headline)?;
        for line in self.description.lines().chain(self.instruction.lines()) {
            writeln!(f, "  {line}")?;
        }
        for short in [&self.short, &self.long] {
            writeln!(f, "\n  ({}) {short}", short.chars().count())?;
        }
        Ok(())
    }
}

/// The time of day of a time, to the second.
fn of_day(time: &str) -> String {
    time.parse::<Time>()
        .map_or_else(|_| time.to_owned(), |time| clock(time, 0))
}

impl PlaceOutput {
    pub(super) fn new(place: &Named, languages: &[String]) -> Self {
        Self {
            code: place.code.clone(),
            name: place.names.get("en").to_owned(),
            names: languages
                .iter()
                .map(|language| place.names.get(language).to_owned())
                .collect(),
            probability: place.probability,
            is_likely: place.is_likely,
            arrival: place.arrival.map(|time| time.to_string()),
        }
    }
}

impl From<Said> for SaidOutput {
    fn from(said: Said) -> Self {
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

impl From<warn::cap::Language> for SaidOutput {
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
