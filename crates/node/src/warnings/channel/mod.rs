//! The ways by which a message goes to people, and what came back.

mod atom;
mod file;
mod post;
mod webhook;
mod zenoh_key;

use geo::Time;
use warn::Facts;
use warn::cap::{Words, words};
use warn::life::{Desk, Kind, Outcome};

use super::settings::{ChannelSettings, Settings, Way};

/// A message as a channel takes it: nothing in it changes once it is released.
#[derive(Clone, Debug, PartialEq)]
pub struct Parcel {
    /// Its name.
    pub identifier: String,
    /// The warning's.
    pub warning: String,
    /// Which of the warning, from 1.
    pub number: u32,
    /// What it does.
    pub kind: Kind,
    /// When it was released.
    pub sent: Time,
    /// What it says.
    pub facts: Facts,
    /// The CAP message.
    pub cap: String,
    /// The words of that.
    pub words: Words,
}

/// How a message was handed over, and what came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What is known.
    pub outcome: Outcome,
    /// The words of the other end, or of the system.
    pub words: String,
}

impl Answer {
    fn delivered(words: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Delivered,
            words: words.into(),
        }
    }

    fn failed(words: impl Into<String>) -> Self {
        let words = words.into();
        Self {
            outcome: Outcome::Failed(warn::clean(&words, 200)),
            words,
        }
    }

    fn unknown(words: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Unknown,
            words: words.into(),
        }
    }
}

/// A message that is released; `None` of any other.
pub fn parcel(desk: &Desk, warning: &str, number: u32) -> Option<Parcel> {
    let own = desk.warning(warning)?;
    let message = own.messages.iter().find(|message| message.number == number)?;
    let cap = message.cap()?.to_owned();
    Some(Parcel {
        identifier: own.identifier(number),
        warning: own.name.clone(),
        number,
        kind: message.kind,
        sent: message.sent()?,
        facts: message.facts.clone(),
        words: words(&cap).unwrap_or_default(),
        cap,
    })
}

/// The newest messages that may be with people by a channel which shows them all together, for so many as it shows;
/// none of others.
pub fn shelf(desk: &Desk, channel: &ChannelSettings) -> Vec<Parcel> {
    let Way::Atom(_) = channel.way else { return Vec::new() };
    let of = |own: &warn::life::Warning| -> Vec<(Option<Time>, String, u32)> {
        let out = own.released().filter(|message| {
            let delivery = message.deliveries.get(&channel.name);
            delivery.is_some_and(warn::life::Delivery::may_be_out)
        });
        out.map(|message| (message.sent(), own.name.clone(), message.number))
            .collect()
    };
    let mut names: Vec<(Option<Time>, String, u32)> = desk.warnings().flat_map(of).collect();
    names.sort_by_key(|(sent, ..)| std::cmp::Reverse(*sent));
    let shown = names.into_iter().take(atom::ENTRIES_MAX);
    shown
        .filter_map(|(_, warning, number)| parcel(desk, &warning, number))
        .collect()
}

/// Hands a message to a channel, and waits for what comes back, no longer than the channel's time. `shelf` is what may
/// be there, this message with it.
pub fn deliver(settings: &Settings, way: &Way, parcel: &Parcel, shelf: &[Parcel]) -> Answer {
    match way {
        Way::File(folder) => file::deliver(folder, parcel),
        Way::Atom(folder) => atom::deliver(folder, settings, parcel, shelf),
        Way::Cap(post) => post::deliver(post, parcel, "application/cap+xml", parcel.cap.as_bytes()),
        Way::Webhook(post) => match webhook::body(parcel) {
            Ok(body) => post::deliver(post, parcel, "application/json", body.as_bytes()),
            Err(error) => Answer::failed(error.to_string()),
        },
        Way::Zenoh {
            key,
            connect,
            timeout_s,
        } => zenoh_key::deliver(key, connect, *timeout_s, parcel),
    }
}

/// What would keep a channel from working, as far as that can be seen without sending anything.
pub fn examine(way: &Way) -> Result<String, String> {
    match way {
        Way::File(folder) | Way::Atom(folder) => file::examine(folder),
        Way::Cap(post) | Way::Webhook(post) => post::examine(post),
        Way::Zenoh { key, connect, .. } => Ok(format!("key {key} over {}", connect.join(", "))),
    }
}
