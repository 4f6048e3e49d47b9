//! Reading `warn.toml`, table by table; what is wrong is noted, and reading goes on.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use ureq::http::Uri;
use warn::cap::Sender;
use warn::life::Policy;
use warn::text::Zone;
use wire::{Faults, Reason, number};

use super::{ChannelSettings, Post, Settings, Way};

/// More channels than this are no list that a person has read.
const CHANNELS_MAX: usize = 32;

pub(super) const KEYS: &[&str] = &[
    "sender",
    "sender_name",
    "exercise",
    "languages",
    "texts",
    "map",
    "ahead_min",
    "approvals",
    "author_counts",
    "approve_within_s",
    "channel",
];
pub(super) const KINDS: &[&str] = &["file", "atom", "cap", "webhook", "zenoh"];
const CHANNEL_KEYS: &[&str] = &[
    "name",
    "kind",
    "folder",
    "url",
    "token",
    "ca",
    "timeout_s",
    "repeatable",
    "key",
    "connect",
];
const FOLDER_KEYS: &[&str] = &["name", "kind", "folder"];
const POST_KEYS: &[&str] = &["name", "kind", "url", "token", "ca", "timeout_s", "repeatable"];
const ZENOH_KEYS: &[&str] = &["name", "kind", "key", "connect", "timeout_s"];

/// A table that is being read, and where its faults are noted.
pub(super) struct Table<'a, 'f, 't> {
    faults: &'a mut Faults<'f>,
    entries: &'a DeTable<'t>,
    span: Range<usize>,
    file: &'a Path,
}

impl<'a, 'f, 't> Table<'a, 'f, 't> {
    pub(super) fn new(
        faults: &'a mut Faults<'f>,
        entries: &'a DeTable<'t>,
        span: Range<usize>,
        keys: &'static [&'static str],
        file: &'a Path,
    ) -> Self {
        for (key, _) in entries {
            if !keys.contains(&key.get_ref().as_ref()) {
                faults.unknown(key.get_ref(), key.span(), keys);
            }
        }
        Self {
            faults,
            entries,
            span,
            file,
        }
    }

    pub(super) fn settings(&mut self, file: &Path) -> Option<Settings> {
        let id = self.required(
            "sender",
            "a name such as \"warning@centre.example\": no blank, comma, < or &",
            |value| {
                let id = value.as_str()?;
                Sender::new(id, "x").ok().map(|_| id.to_owned())
            },
        );
        let name = self.required("sender_name", "the name of the sender for people, in quotes", |value| {
            let name = value.as_str()?;
            Sender::new("x", name).ok().map(|_| name.to_owned())
        });
        let is_exercise = self.required("exercise", "true, or false for warnings in earnest", |value| {
            value.as_bool()
        });
        let ahead_min = self.optional("ahead_min", "whole minutes from -840 to 840, such as 540", |value| {
            Zone::new(whole(value, -840.0, 840.0)? as i16)
        });
        let approvals = self.optional("approvals", "1 or 2", |value| whole(value, 1.0, 2.0));
        let author = self.optional("author_counts", "true or false", |value| value.as_bool());
        let within = self.optional("approve_within_s", "seconds from 1 to 3600", |value| {
            within(value, 1.0, 3600.0)
        });
        let plain = Policy::default();
        let policy = Policy {
            approvals: approvals.map_or(plain.approvals, |count| count as u8),
            is_author_counted: author.unwrap_or(plain.is_author_counted),
            approve_within_s: within.unwrap_or(plain.approve_within_s),
        };
        let languages = self.optional("languages", "a list of tags such as [\"ja\", \"en\"]", texts);
        let text_files = self.optional("texts", "a list of files such as [\"ru.toml\"]", texts);
        let map = self.path("map", "a file of GeoJSON or TopoJSON, in quotes");
        let channels = self.channels();
        Some(Settings {
            file: file.to_owned(),
            sender: Sender::new(&id?, &name?).ok()?,
            is_exercise: is_exercise?,
            exercise_line: self
                .entries
                .get("exercise")
                .map_or(1, |value| self.faults.line(&value.span())),
            zone: ahead_min.unwrap_or_default(),
            policy,
            languages: languages.unwrap_or_default(),
            texts: text_files
                .unwrap_or_default()
                .iter()
                .map(|path| beside(self.file, path))
                .collect(),
            map,
            channels,
        })
    }

    fn channels(&mut self) -> Vec<ChannelSettings> {
        let Some(value) = self.entries.get("channel") else {
            self.faults.whole(self.span.clone(), Reason::MissingKey("[[channel]]"));
            return Vec::new();
        };
        let Some(list) = value
            .get_ref()
            .as_array()
            .filter(|list| (1..=CHANNELS_MAX).contains(&list.len()))
        else {
            self.faults
                .key("channel", value.span(), Reason::Kind("[[channel]], 1 to 32 of them"));
            return Vec::new();
        };
        let (mut found, mut names) = (Vec::new(), BTreeSet::new());
        for entry in list.iter() {
            let Some(entries) = entry.get_ref().as_table() else {
                self.faults
                    .value("channel", entry.span(), Reason::Kind("a table: [[channel]]"));
                continue;
            };
            let mut table = Table::new(self.faults, entries, entry.span(), CHANNEL_KEYS, self.file);
            let Some(one) = table.channel() else { continue };
            if names.insert(one.name.clone()) {
                found.push(one);
            } else {
                let at = entries.get("name").map_or(entry.span(), Spanned::span);
                self.faults
                    .value("name", at, Reason::Kind("a name that no other channel has"));
            }
        }
        found
    }

    fn channel(&mut self) -> Option<ChannelSettings> {
        let name = self.required(
            "name",
            "a name of 1 to 60 letters, digits, - and _, in quotes",
            |value| {
                let name = value.as_str()?;
                let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
                ((1..=60).contains(&name.len()) && name.bytes().all(is_plain)).then(|| name.to_owned())
            },
        );
        let kind = match self.entries.get("kind") {
            Some(value) => self.faults.word("kind", value, KINDS),
            None => {
                self.faults.whole(self.span.clone(), Reason::MissingKey("kind"));
                None
            }
        }?;
        let keys = match kind {
            "file" | "atom" => FOLDER_KEYS,
            "cap" | "webhook" => POST_KEYS,
            _ => ZENOH_KEYS,
        };
        for (key, _) in self.entries {
            let known = CHANNEL_KEYS.iter().find(|known| **known == key.get_ref().as_ref());
            if let Some(known) = known.filter(|known| !keys.contains(known)) {
                self.faults.key(
                    known,
                    key.span(),
                    Reason::Kind("of another kind of channel: take it out"),
                );
            }
        }
        let way = match kind {
            "file" | "atom" => {
                let folder = self.required("folder", "a folder, in quotes", path)?;
                let folder = beside(self.file, &folder);
                if kind == "file" {
                    Way::File(folder)
                } else {
                    Way::Atom(folder)
                }
            }
            "cap" => Way::Cap(self.post()?),
            "webhook" => Way::Webhook(self.post()?),
            _ => self.zenoh()?,
        };
        Some(ChannelSettings { name: name?, way })
    }

    fn post(&mut self) -> Option<Post> {
        let url = self.required("url", "https://HOST/PATH in quotes; http:// only to this machine", url);
        let token = self.path("token", "a file that holds a token, in quotes");
        let ca = self.path("ca", "a file of certificates (PEM), in quotes");
        let timeout_s = self.timeout();
        let is_repeatable = self.optional("repeatable", "true or false", |value| value.as_bool());
        Some(Post {
            url: url?,
            token,
            ca,
            timeout_s,
            is_repeatable: is_repeatable.unwrap_or(false),
        })
    }

    fn zenoh(&mut self) -> Option<Way> {
        let key = self.required(
            "key",
            "a Zenoh key without wildcards, such as \"warnings/cap\"",
            |value| {
                let text = value.as_str()?;
                let is_one = zenoh::key_expr::KeyExpr::new(text).is_ok() && !text.contains('*');
                is_one.then(|| text.to_owned())
            },
        );
        let connect = self.required(
            "connect",
            "a list of routers such as [\"tcp/127.0.0.1:7447\"]",
            |value| texts(value).filter(|list| !list.is_empty() && list.iter().all(|one| one.contains('/'))),
        );
        let timeout_s = self.timeout();
        Some(Way::Zenoh {
            key: key?,
            connect: connect?,
            timeout_s,
        })
    }

    fn timeout(&mut self) -> f64 {
        let found = self.optional("timeout_s", "seconds from 0.1 to 120", |value| {
            within(value, 0.1, 120.0)
        });
        found.unwrap_or(10.0)
    }

    fn path(&mut self, key: &'static str, expected: &'static str) -> Option<PathBuf> {
        let found = self.optional(key, expected, path)?;
        Some(beside(self.file, &found))
    }

    fn required<T>(
        &mut self,
        key: &'static str,
        expected: &'static str,
        read: impl Fn(&DeValue<'_>) -> Option<T>,
    ) -> Option<T> {
        if !self.entries.contains_key(key) {
            self.faults.whole(self.span.clone(), Reason::MissingKey(key));
        }
        self.optional(key, expected, read)
    }

    fn optional<T>(
        &mut self,
        key: &'static str,
        expected: &'static str,
        read: impl Fn(&DeValue<'_>) -> Option<T>,
    ) -> Option<T> {
        let value = self.entries.get(key)?;
        let found = read(value.get_ref());
        if found.is_none() {
            self.faults.value(key, value.span(), Reason::Kind(expected));
        }
        found
    }
}

fn beside(file: &Path, path: &str) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join(path)
}

fn path(value: &DeValue<'_>) -> Option<String> {
    let text = value.as_str()?;
    (!text.is_empty() && !text.contains('\0')).then(|| text.to_owned())
}

fn texts(value: &DeValue<'_>) -> Option<Vec<String>> {
    let list = value.as_array()?.iter();
    list.map(|one| {
        one.get_ref()
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    })
    .collect()
}

fn within(value: &DeValue<'_>, from: f64, to: f64) -> Option<f64> {
    number(value).filter(|number| (from..=to).contains(number))
}

fn whole(value: &DeValue<'_>, from: f64, to: f64) -> Option<f64> {
    within(value, from, to).filter(|number| number.fract() == 0.0)
}

/// What can be posted to: TLS, or this machine itself.
fn url(value: &DeValue<'_>) -> Option<String> {
    let text = value.as_str()?;
    let uri: Uri = text.parse().ok()?;
    let host = uri.host().filter(|host| !host.is_empty())?;
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    let has_secret = uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'));
    let is_good = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => is_here,
        _ => false,
    };
    (is_good && !has_secret).then(|| text.to_owned())
}
