//! `agreement.toml`: who agrees on what, from when, under what label.

use std::sync::Arc;

use geo::Time;

use super::fault::{Fault, Reason};
use super::files::Text;
use super::keys::{Keys, is_name};
use crate::item::Classification;

const KEYS: &[&str] = &[
    "owner",
    "version",
    "dated",
    "from",
    "partners",
    "withdrawn",
    "sensors",
    "policy",
    "classification",
    "note",
];
const NEEDED: &[&str] = &[
    "owner",
    "version",
    "dated",
    "from",
    "partners",
    "sensors",
    "policy",
    "classification",
];
/// The most partners an agreement may have.
pub const PARTNERS_MAX: usize = 16;
/// The most sensors an agreement may have.
pub const SENSORS_MAX: usize = 1024;

/// An instant as agreements write it: exact, and no longer than it has to be.
pub fn instant(time: Time) -> String {
    let text = format!("{time:.9}");
    let digits = text.trim_end_matches('Z').trim_end_matches('0').trim_end_matches('.');
    format!("{digits}Z")
}

/// What `agreement.toml` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Whose agreement it is: the owner of the sensors, who signs it.
    pub owner: Arc<str>,
    /// Its number: 1, then one more each time.
    pub version: u32,
    /// When it was written.
    pub dated: Time,
    /// From when it holds.
    pub from: Time,
    /// Who can be given something. Nobody else is given anything.
    pub partners: Vec<Arc<str>>,
    /// Of them, who is given nothing any more, whatever the rules say.
    pub withdrawn: Vec<Arc<str>>,
    /// The sensors it is about. What another sensor measures is given to nobody.
    pub sensors: Vec<Arc<str>>,
    /// STANAG 4774 policy identifier.
    pub policy: Arc<str>,
    /// STANAG 4774 classification.
    pub classification: Classification,
}

impl Agreement {
    /// The first version of an agreement, which holds from when it is dated.
    pub fn first(owner: &str, partners: &[&str], sensors: &[&str], dated: Time) -> Self {
        let list = |names: &[&str]| names.iter().map(|name| Arc::from(*name)).collect();
        Self {
            owner: owner.into(),
            version: 1,
            dated,
            from: dated,
            partners: list(partners),
            withdrawn: Vec::new(),
            sensors: list(sensors),
            policy: "trilat".into(),
            classification: Classification::Restricted,
        }
    }

    /// The text of the file; instants as exactly as they are.
    pub fn to_toml(&self) -> String {
        let list = |names: &[Arc<str>]| {
            let quoted: Vec<String> = names.iter().map(|name| format!("{:?}", &**name)).collect();
            quoted.join(", ")
        };
        let withdrawn = match &*self.withdrawn {
            [] => String::new(),
            names => format!("withdrawn = [{}]\n", list(names)),
        };
        format!(
            "# Who is given something, of which sensors, from when. The rules stand in the .cedar files.\n\
             owner = {:?}\nversion = {}\ndated = \"{}\"\nfrom = \"{}\"\npartners = [{}]\n{withdrawn}\
             sensors = [{}]\n\n# The label of what is given (STANAG 4774).\npolicy = {:?}\nclassification = {:?}\n",
            &*self.owner,
            self.version,
            instant(self.dated),
            instant(self.from),
            list(&self.partners),
            list(&self.sensors),
            &*self.policy,
            self.classification.name(),
        )
    }
}

impl Classification {
    /// All of them, lowest first.
    pub const ALL: [Self; 4] = [Self::Unclassified, Self::Restricted, Self::Confidential, Self::Secret];

    /// The word in files and on screens.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unclassified => "unclassified",
            Self::Restricted => "restricted",
            Self::Confidential => "confidential",
            Self::Secret => "secret",
        }
    }
}

/// Reads the file; `None` where it cannot be used, and why is noted.
pub(crate) fn read(file: &Text, faults: &mut Vec<Fault>) -> Option<Agreement> {
    let before = faults.len();
    let mut keys = Keys::new(file, faults);
    let table = keys.parse()?;
    keys.known(&table, &(0..0), KEYS, NEEDED);
    let words = "one of \"unclassified\", \"restricted\", \"confidential\", \"secret\"";
    let class = |text: &str| Classification::ALL.into_iter().find(|class| class.name() == text);
    let instant = "a time in UTC in quotes, such as \"2026-03-01T00:00:00Z\"";
    let is_time = |text: &str| text.parse::<Time>().is_ok();
    let owner = keys.text(
        &table,
        "owner",
        "the owner's name in quotes: letters, digits, - _ or .",
        is_name,
    );
    let version = keys.number(&table, "version", "a whole number from 1 to 1000000000", 1.0..=1e9);
    let dated = keys.text(&table, "dated", instant, is_time);
    let from = keys.text(&table, "from", instant, is_time);
    let partners = keys.names(&table, "partners", PARTNERS_MAX);
    let withdrawn = keys.names(&table, "withdrawn", PARTNERS_MAX);
    let sensors = keys.names(&table, "sensors", SENSORS_MAX);
    let policy = keys.text(
        &table,
        "policy",
        "a policy identifier in quotes, of 1 to 64 letters",
        is_name,
    );
    let classification = keys.text(&table, "classification", words, |text| class(text).is_some());
    keys.text(&table, "note", "a text in quotes", |_| true);
    let span = |key: &str| table.get(key).map_or(0..0, |value| value.span());
    if version.is_some_and(|number| number.fract() != 0.0) {
        let expected = Reason::Expected("a whole number from 1 to 1000000000");
        keys.note(span("version"), Some("version"), expected);
    }
    if let Some(name) = partners.iter().find(|name| Some(*name) == owner.as_ref()) {
        keys.note(
            span("partners"),
            Some(name),
            Reason::Expected("others than the owner itself"),
        );
    }
    for name in withdrawn.iter().filter(|name| !partners.contains(name)) {
        let nearest = wire::nearest(name, partners.iter().map(|known| &**known)).map(Into::into);
        let reason = Reason::Unknown {
            kind: "partner",
            name: name.to_string(),
            nearest,
        };
        keys.note(span("withdrawn"), Some("withdrawn"), reason);
    }
    let time = |text: Option<Arc<str>>| text.and_then(|text| text.parse::<Time>().ok());
    let (dated, from) = (time(dated), time(from));
    if dated.zip(from).is_some_and(|(dated, from)| from < dated) {
        let expected = Reason::Expected("an instant not before `dated`: no version holds before it was written");
        keys.note(span("from"), Some("from"), expected);
    }
    if faults.len() > before {
        return None;
    }
    Some(Agreement {
        owner: owner?,
        version: version? as u32,
        dated: dated?,
        from: from?,
        partners,
        withdrawn,
        sensors,
        policy: policy?,
        classification: class(&classification?)?,
    })
}
