//! Facts to a CAP message in every language.

use geo::Time;
use serde::{Deserialize, Serialize};

use crate::clean::clean;
use crate::facts::Facts;
use crate::life::Kind;
use crate::text::{About, Catalogue, say};

use super::alert::{Alert, AlertArea, Info, MessageType, Status};
use super::polygon::polygons;

/// A message holds for so long after the latest arrival, or after it was sent when it ends something.
const HOLDS_S: f64 = 3_600.0;
/// Nearer than this is at once.
const IMMEDIATE_S: f64 = 900.0;
/// Nearer than this is soon.
const EXPECTED_S: f64 = 3_600.0;
/// Codes of places in a message.
const CODES_MAX: usize = 500;

/// Who sends messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    id: String,
    name: String,
}

/// What cannot name a sender.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SenderError {
    /// CAP joins it with others by commas and blanks.
    #[error("the sender is {0:?}, expected a name such as warning@centre.example: no blank, comma, < or &")]
    Id(String),
    /// People could not tell who speaks.
    #[error("the sender's name for people is empty")]
    Name,
}

impl Sender {
    /// A sender by an identifier that no one else has, such as an address of mail or a domain, and its name for people.
    ///
    /// Errors: [`SenderError`].
    pub fn new(id: &str, name: &str) -> Result<Self, SenderError> {
        let is_plain = !id.is_empty()
            && id.len() <= 200
            && id
                .chars()
                .all(|c| c.is_ascii_graphic() && !matches!(c, ',' | '<' | '&' | '>' | '"'));
        if !is_plain {
            return Err(SenderError::Id(clean(id, 60)));
        }
        let name = clean(name, 100);
        match name.is_empty() {
            true => Err(SenderError::Name),
            false => Ok(Self {
                id: id.to_owned(),
                name,
            }),
        }
    }

    /// The identifier.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its name for people.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// What a message has around its facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope<'a> {
    /// Who sends it.
    pub sender: &'a Sender,
    /// Its name.
    pub identifier: &'a str,
    /// The name of the warning.
    pub warning: &'a str,
    /// What it is.
    pub about: &'a About,
    /// When it is sent.
    pub sent: Time,
    /// Messages before it: name and when it was sent.
    pub before: &'a [(String, Time)],
    /// What people were told last.
    pub told: Option<&'a Facts>,
}

/// Writes a message: the same facts in each language, in the order of the catalogues.
pub fn compose(envelope: &Envelope, facts: &Facts, catalogues: &[Catalogue]) -> Alert {
    let (about, zone) = (envelope.about, envelope.about.zone);
    let reference =
        |(identifier, sent): &(String, Time)| format!("{},{identifier},{}", envelope.sender.id, zone.stamp(*sent));
    let words = catalogues
        .iter()
        .map(|catalogue| say(about, facts, envelope.told, catalogue));
    Alert {
        identifier: envelope.identifier.to_owned(),
        sender: envelope.sender.id.clone(),
        sent: zone.stamp(envelope.sent),
        status: if about.is_exercise {
            Status::Exercise
        } else {
            Status::Actual
        },
        message_type: match about.kind {
            Kind::Alert => MessageType::Alert,
            Kind::Update | Kind::AllClear => MessageType::Update,
            Kind::Cancel(_) => MessageType::Cancel,
        },
        note: about.is_exercise.then(|| "EXERCISE EXERCISE EXERCISE".to_owned()),
        references: envelope.before.iter().map(reference).collect(),
        incident: envelope.warning.to_owned(),
        infos: words.map(|said| info(envelope, facts, said)).collect(),
    }
}

fn info(envelope: &Envelope, facts: &Facts, said: crate::text::Said) -> Info {
    let zone = envelope.about.zone;
    let is_on = matches!(envelope.about.kind, Kind::Alert | Kind::Update);
    let ends = if is_on {
        facts.arrival[1].max(envelope.sent)
    } else {
        envelope.sent
    };
    let ahead_s = facts.arrival[0] - envelope.sent;
    let urgency = match is_on {
        false => "Past",
        true if ahead_s < IMMEDIATE_S => "Immediate",
        true if ahead_s < EXPECTED_S => "Expected",
        true => "Future",
    };
    let certainty = match (is_on, facts.existence > 0.5) {
        (false, _) => "Unlikely",
        (true, true) => "Likely",
        (true, false) => "Possible",
    };
    let mut parameters = vec![
        ("CMAMtext".to_owned(), said.short),
        ("CMAMlongtext".to_owned(), said.long),
    ];
    parameters.push(("object".to_owned(), facts.object.clone()));
    parameters.push(("probability".to_owned(), format!("{:.2}", facts.probability)));
    for place in &facts.places {
        let Some(code) = &place.code else { continue };
        let [from, to] = place.arrival.map(|time| zone.stamp(time));
        parameters.push((
            format!("arrival {code}"),
            format!("{:.3} {from} {to}", place.probability),
        ));
    }
    let codes = facts.places.iter().filter_map(|place| place.code.clone());
    Info {
        language: said.language,
        event: said.event,
        response: if is_on { "Shelter" } else { "AllClear" },
        urgency,
        severity: if is_on { "Extreme" } else { "Minor" },
        certainty,
        onset: zone.stamp(if is_on { facts.arrival[0] } else { envelope.sent }),
        expires: zone.stamp(ends + HOLDS_S),
        sender_name: envelope.sender.name.clone(),
        headline: said.headline,
        description: said.description,
        instruction: said.instruction,
        parameters,
        area: AlertArea {
            description: said.area,
            polygons: facts.outlines.iter().flat_map(|ring| polygons(ring)).collect(),
            geocodes: codes
                .take(CODES_MAX)
                .map(|code| (facts.code_name.clone(), code))
                .collect(),
        },
    }
}
