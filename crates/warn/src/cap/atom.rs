//! A feed of messages, newest first. Source: RFC 4287.

use geo::Time;

use crate::text::Zone;

use super::Sender;
use super::xml::Xml;

/// One message in a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub identifier: String,
    /// Its headline.
    pub title: String,
    /// What it says in short.
    pub summary: String,
    /// When it was sent.
    pub sent: Time,
    /// Where the message is, relative to the feed.
    pub link: String,
}

/// The feed of a sender as XML. `link` is where it is itself, relative to the entries' links; entries in any order;
/// `zone` is that of its times.
pub fn feed(sender: &Sender, link: &str, entries: &[Entry], zone: Zone) -> String {
    let mut newest: Vec<&Entry> = entries.iter().collect();
    newest.sort_by(|a, b| b.sent.cmp(&a.sent).then_with(|| b.identifier.cmp(&a.identifier)));
    let updated = newest
        .first()
        .map_or("1972-01-01T00:00:00+00:00".to_owned(), |entry| zone.stamp(entry.sent));
    let id = |name: &str| format!("tag:{},2022:{name}", host(sender.id()));
    let mut xml = Xml::new();
    xml.open("feed", &[("xmlns", "http://www.w3.org/2005/Atom")]);
    xml.text("id", &id("warnings"));
    xml.text("title", sender.name());
    xml.text("updated", &updated);
    let own = [("rel", "self"), ("href", link), ("type", "application/atom+xml")];
    xml.empty("link", &own);
    xml.open("author", &[]);
    xml.text("name", sender.id());
    xml.close();
    for entry in newest {
        xml.open("entry", &[]);
        xml.text("id", &id(&entry.identifier));
        xml.text("title", &entry.title);
        xml.text("updated", &zone.stamp(entry.sent));
        xml.text("summary", &entry.summary);
        xml.empty("link", &[("href", &entry.link), ("type", "application/cap+xml")]);
        xml.close();
    }
    xml.done()
}

/// What of a sender can stand in a tag: after the at sign.
fn host(sender: &str) -> &str {
    sender.rsplit('@').next().unwrap_or(sender)
}
