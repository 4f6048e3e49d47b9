//! A message as JSON, for programs that do not read CAP; the CAP message is in it.

use serde::Serialize;
use warn::life::{Kind, Reason};

use super::Parcel;

/// What is posted.
#[derive(Debug, Serialize)]
struct Body<'a> {
    /// Which form this is.
    format: &'static str,
    identifier: &'a str,
    warning: &'a str,
    number: u32,
    /// `alert`, `update`, `cancel`, `all-clear`.
    kind: &'static str,
    /// Why it is taken back.
    reason: Option<&'static str>,
    exercise: bool,
    sender: &'a str,
    sent: &'a str,
    references: &'a [String],
    object: &'a str,
    /// Earliest and latest, UTC.
    arrival: [String; 2],
    probability: f64,
    places: Vec<PlaceBody<'a>>,
    languages: Vec<LanguageBody<'a>>,
    cap: &'a str,
}

#[derive(Debug, Serialize)]
struct PlaceBody<'a> {
    code: Option<&'a str>,
    names: &'a warn::Names,
    probability: f64,
    arrival: [String; 2],
}

#[derive(Debug, Serialize)]
struct LanguageBody<'a> {
    language: &'a str,
    event: &'a str,
    headline: &'a str,
    description: &'a str,
    instruction: &'a str,
    area: &'a str,
    short: &'a str,
    long: &'a str,
}

/// The text of a message.
pub(super) fn body(parcel: &Parcel) -> serde_json::Result<String> {
    let utc = |times: [geo::Time; 2]| times.map(|time| time.to_string());
    let (kind, reason) = match parcel.kind {
        Kind::Alert => ("alert", None),
        Kind::Update => ("update", None),
        Kind::Cancel(Reason::NoThreat) => ("cancel", Some("no-threat")),
        Kind::Cancel(Reason::Error) => ("cancel", Some("error")),
        Kind::AllClear => ("all-clear", None),
    };
    let places = parcel.facts.places.iter().map(|place| PlaceBody {
        code: place.code.as_deref(),
        names: &place.names,
        probability: place.probability,
        arrival: utc(place.arrival),
    });
    let languages = parcel.words.languages.iter().map(|language| LanguageBody {
        language: &language.language,
        event: &language.event,
        headline: &language.headline,
        description: &language.description,
        instruction: &language.instruction,
        area: &language.area,
        short: &language.short,
        long: &language.long,
    });
    serde_json::to_string(&Body {
        format: "trilat-warning/1",
        identifier: &parcel.identifier,
        warning: &parcel.warning,
        number: parcel.number,
        kind,
        reason,
        exercise: parcel.words.status != "Actual",
        sender: &parcel.words.sender,
        sent: &parcel.words.sent,
        references: &parcel.words.references,
        object: &parcel.facts.object,
        arrival: utc(parcel.facts.arrival),
        probability: parcel.facts.probability,
        places: places.collect(),
        languages: languages.collect(),
        cap: &parcel.cap,
    })
}
