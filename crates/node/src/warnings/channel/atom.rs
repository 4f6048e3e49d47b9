//! A feed of messages, and a file for each beside it.

use std::path::Path;

use warn::cap::{Entry, feed};

use super::{Answer, Parcel, file};
use crate::warnings::settings::Settings;

/// The feed's name in its folder.
const FEED: &str = "feed.xml";
/// Older messages than so many are not in the feed; their files stay.
pub(super) const ENTRIES_MAX: usize = 200;

/// Writes the message, then the feed with it.
pub(super) fn deliver(folder: &Path, settings: &Settings, parcel: &Parcel, shelf: &[Parcel]) -> Answer {
    let name = file::name(&parcel.identifier);
    let mut shown: Vec<&Parcel> = shelf.iter().collect();
    if !shown.iter().any(|other| other.identifier == parcel.identifier) {
        shown.push(parcel);
    }
    shown.sort_by_key(|parcel| std::cmp::Reverse(parcel.sent));
    shown.truncate(ENTRIES_MAX);
    let entries: Vec<Entry> = shown.into_iter().map(entry).collect();
    let xml = feed(&settings.sender, FEED, &entries, settings.zone);
    let written =
        file::write(folder, &name, parcel.cap.as_bytes()).and_then(|()| file::write(folder, FEED, xml.as_bytes()));
    let path = folder.join(FEED);
    match written {
        Ok(()) => Answer::delivered(path.display().to_string()),
        Err(error) => Answer::failed(format!("{}: {error}", path.display())),
    }
}

fn entry(parcel: &Parcel) -> Entry {
    let joined = |part: fn(&warn::cap::Language) -> &str| {
        let parts: Vec<&str> = parcel.words.languages.iter().map(part).collect();
        parts.join(" / ")
    };
    Entry {
        identifier: parcel.identifier.clone(),
        title: joined(|language| &language.headline),
        summary: joined(|language| &language.long),
        sent: parcel.sent,
        link: file::name(&parcel.identifier),
    }
}
