//! The parts of a CAP 1.2 message that a warning uses, and their XML.
//!
//! Source: OASIS Standard, Common Alerting Protocol Version 1.2 (2010). Differs from it by what is left out: resources,
//! circles, codes of profiles.

use super::xml::Xml;

/// How a message is to be taken.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// In earnest.
    Actual,
    /// Only by those who take part in an exercise.
    Exercise,
}

/// What a message is to others before it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum MessageType {
    /// The first.
    Alert,
    /// It takes their place.
    Update,
    /// It takes them back.
    Cancel,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Its name; no two messages of a sender have the same.
    pub identifier: String,
    /// Who sends it.
    pub sender: String,
    /// When, local time with its offset.
    pub sent: String,
    /// In earnest or not.
    pub status: Status,
    /// What it is to those before.
    pub message_type: MessageType,
    /// For people who work with it.
    pub note: Option<String>,
    /// Those before it, each `sender,identifier,sent`.
    pub references: Vec<String>,
    /// What it is about, the same for all messages of one warning.
    pub incident: String,
    /// In each language.
    pub infos: Vec<Info>,
}

/// A message in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Tag of the language.
    pub language: String,
    /// What kind of thing it is.
    pub event: String,
    /// `Shelter`, `AllClear`.
    pub response: &'static str,
    /// `Immediate`, `Expected`, `Future`, `Past`.
    pub urgency: &'static str,
    /// `Extreme`, `Minor`.
    pub severity: &'static str,
    /// `Likely`, `Possible`, `Unlikely`.
    pub certainty: &'static str,
    /// When it begins to hold: earliest arrival.
    pub onset: String,
    /// When it ends.
    pub expires: String,
    /// Who sends it, for people.
    pub sender_name: String,
    /// In one line.
    pub headline: String,
    /// Why, where, when.
    pub description: String,
    /// What to do.
    pub instruction: String,
    /// Name and value, such as the short forms.
    pub parameters: Vec<(String, String)>,
    /// Where.
    pub area: AlertArea,
}

/// Where a message holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertArea {
    /// In words.
    pub description: String,
    /// Closed rings, `lat,lon lat,lon …`.
    pub polygons: Vec<String>,
    /// Name and value of codes of places.
    pub geocodes: Vec<(String, String)>,
}

impl Alert {
    /// The message as XML.
    pub fn to_xml(&self) -> String {
        let mut xml = Xml::new();
        xml.open("alert", &[("xmlns", "urn:oasis:names:tc:emergency:cap:1.2")]);
        xml.text("identifier", &self.identifier);
        xml.text("sender", &self.sender);
        xml.text("sent", &self.sent);
        xml.text(
            "status",
            match self.status {
                Status::Actual => "Actual",
                Status::Exercise => "Exercise",
            },
        );
        xml.text(
            "msgType",
            match self.message_type {
                MessageType::Alert => "Alert",
                MessageType::Update => "Update",
                MessageType::Cancel => "Cancel",
            },
        );
        xml.text("scope", "Public");
        if let Some(note) = &self.note {
            xml.text("note", note);
        }
        if !self.references.is_empty() {
            xml.text("references", &self.references.join(" "));
        }
        xml.text("incidents", &self.incident);
        for info in &self.infos {
            info.write(&mut xml);
        }
        xml.done()
    }
}

impl Info {
    fn write(&self, xml: &mut Xml) {
        xml.open("info", &[]);
        for (name, value) in [
            ("language", &*self.language),
            ("category", "Security"),
            ("category", "Safety"),
            ("event", &self.event),
            ("responseType", self.response),
            ("urgency", self.urgency),
            ("severity", self.severity),
            ("certainty", self.certainty),
            ("onset", &self.onset),
            ("expires", &self.expires),
            ("senderName", &self.sender_name),
            ("headline", &self.headline),
            ("description", &self.description),
            ("instruction", &self.instruction),
        ] {
            xml.text(name, value);
        }
        for (name, value) in &self.parameters {
            xml.open("parameter", &[]);
            xml.text("valueName", name);
            xml.text("value", value);
            xml.close();
        }
        xml.open("area", &[]);
        xml.text("areaDesc", &self.area.description);
        for polygon in &self.area.polygons {
            xml.text("polygon", polygon);
        }
        for (name, value) in &self.area.geocodes {
            xml.open("geocode", &[]);
            xml.text("valueName", name);
            xml.text("value", value);
            xml.close();
        }
        xml.close();
        xml.close();
    }
}
