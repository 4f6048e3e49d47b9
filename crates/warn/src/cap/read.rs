//! What a message that we wrote says, read back: the words that are with people are those of the message itself.

use quick_xml::Reader;
use quick_xml::events::Event;

/// A message as channels need it beside its XML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Its name.
    pub identifier: String,
    /// Who sends it.
    pub sender: String,
    /// When, local time with its offset.
    pub sent: String,
    /// `Actual` or `Exercise`.
    pub status: String,
    /// `Alert`, `Update`, `Cancel`.
    pub message_type: String,
    /// Those before it, each `sender,identifier,sent`.
    pub references: Vec<String>,
    /// The name of the warning.
    pub incident: String,
    /// In each language.
    pub languages: Vec<Language>,
}

/// A message in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Language {
    /// The tag of the language.
    pub language: String,
    /// What kind of thing it is.
    pub event: String,
    /// `Shelter`, `AllClear`.
    pub response: String,
    /// When it begins to hold.
    pub onset: String,
    /// When it ends.
    pub expires: String,
    /// In one line.
    pub headline: String,
    /// Why, where, when.
    pub description: String,
    /// What to do.
    pub instruction: String,
    /// In 90 characters.
    pub short: String,
    /// In 360.
    pub long: String,
    /// Where, in words.
    pub area: String,
    /// Name and value of codes of places.
    pub geocodes: Vec<(String, String)>,
}

/// Reads a message; `None` of what is no XML. What is not of a message of ours is passed over.
pub fn words(xml: &str) -> Option<Words> {
    let mut reader = Reader::from_str(xml);
    let (mut path, mut text): (Vec<String>, String) = (Vec::new(), String::new());
    let (mut words, mut name) = (Words::default(), String::new());
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                path.push(start.name().as_ref().to_owned());
                text.clear();
                if path.join("/") == "alert/info" {
                    words.languages.push(Language::default());
                }
            }
            Event::Text(part) => text += &part.xml10_content(),
            Event::GeneralRef(entity) => text += &quick_xml::escape::unescape(&format!("&{};", &*entity)).ok()?,
            Event::End(_) => {
                take(&mut words, &path, &mut name, std::mem::take(&mut text));
                path.pop();
            }
            Event::Eof => return path.is_empty().then_some(words),
            _ => {}
        }
    }
}

/// One element that ends, with its text.
fn take(words: &mut Words, path: &[String], name: &mut String, text: String) {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let place = match path[..] {
        ["alert", "identifier"] => &mut words.identifier,
        ["alert", "sender"] => &mut words.sender,
        ["alert", "sent"] => &mut words.sent,
        ["alert", "status"] => &mut words.status,
        ["alert", "msgType"] => &mut words.message_type,
        ["alert", "incidents"] => &mut words.incident,
        ["alert", "references"] => {
            words.references = text.split_whitespace().map(str::to_owned).collect();
            return;
        }
        ["alert", "info", ref rest @ ..] => {
            let Some(language) = words.languages.last_mut() else {
                return;
            };
            match rest {
                ["language"] => &mut language.language,
                ["event"] => &mut language.event,
                ["responseType"] => &mut language.response,
                ["onset"] => &mut language.onset,
                ["expires"] => &mut language.expires,
                ["headline"] => &mut language.headline,
                ["description"] => &mut language.description,
                ["instruction"] => &mut language.instruction,
                ["area", "areaDesc"] => &mut language.area,
                ["parameter" | "area", .., "valueName"] => name,
                ["parameter", "value"] if name == "CMAMtext" => &mut language.short,
                ["parameter", "value"] if name == "CMAMlongtext" => &mut language.long,
                ["area", "geocode", "value"] => {
                    language.geocodes.push((name.clone(), text));
                    return;
                }
                _ => return,
            }
        }
        _ => return,
    };
    *place = text;
}
