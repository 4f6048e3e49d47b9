//! Places in a row: all of them, or their groups, or as many as there is room for.

use crate::facts::Facts;
use crate::map::Names;

use super::catalogue::Catalogue;

/// More places than this are called by their groups.
pub(crate) const NAMED_MAX: usize = 8;

/// The places and seas of a message in one language.
pub(super) struct Listed<'a> {
    catalogue: &'a Catalogue,
    /// One by one.
    each: Vec<String>,
    /// By groups, with how many of each.
    grouped: Vec<String>,
}

impl<'a> Listed<'a> {
    /// Of everything that facts name.
    pub fn new(facts: &Facts, catalogue: &'a Catalogue) -> Self {
        let language = catalogue.language();
        let mut each: Vec<String> = facts
            .places
            .iter()
            .map(|place| place.names.get(language).to_owned())
            .collect();
        let mut groups: Vec<(&Names, usize)> = Vec::new();
        for place in &facts.places {
            let name = place.group.as_ref().unwrap_or(&place.names);
            match groups.iter_mut().find(|(group, _)| *group == name) {
                Some((_, count)) => *count += 1,
                None => groups.push((name, 1)),
            }
        }
        let mut grouped: Vec<String> = groups
            .into_iter()
            .map(|(name, count)| match count {
                1 => name.get(language).to_owned(),
                _ => catalogue.fill("group", &[("place", name.get(language)), ("count", &count.to_string())]),
            })
            .collect();
        let seas = facts
            .coasts
            .iter()
            .map(|coast| catalogue.fill("sea", &[("places", coast.get(language))]));
        let mut seas: Vec<String> = seas.collect();
        if each.is_empty() && seas.is_empty() {
            seas.push(catalogue.text("unnamed").to_owned());
        }
        each.extend(seas.iter().cloned());
        grouped.extend(seas);
        Self {
            catalogue,
            each,
            grouped,
        }
    }

    /// Of names alone.
    pub fn of<'n>(names: impl IntoIterator<Item = &'n Names>, catalogue: &'a Catalogue) -> Self {
        let each: Vec<String> = names
            .into_iter()
            .map(|name| name.get(catalogue.language()).to_owned())
            .collect();
        Self {
            catalogue,
            grouped: each.clone(),
            each,
        }
    }

    /// For a sentence: one by one if they are few, else by groups.
    pub fn whole(&self) -> String {
        match self.each.len() <= NAMED_MAX {
            true => self.joined(&self.each),
            false => self.joined(&self.grouped),
        }
    }

    /// For a text with so many characters of room: one by one, else by groups, else the first and how many more; the
    /// name of the first is cut where even that does not fit.
    pub fn within(&self, room: usize) -> String {
        let fits = |text: &String| text.chars().count() <= room;
        let shorter = (1..self.grouped.len())
            .rev()
            .map(|kept| self.first(&self.grouped, kept));
        let mut tried = [self.joined(&self.each), self.joined(&self.grouped)]
            .into_iter()
            .chain(shorter);
        tried.find(fits).unwrap_or_else(|| {
            let first = self.grouped.first().map_or("", String::as_str);
            let cut: String = first.chars().take(room.saturating_sub(1)).collect();
            cut + if room > 0 { "…" } else { "" }
        })
    }

    fn joined(&self, names: &[String]) -> String {
        names.join(self.catalogue.text("list_join"))
    }

    fn first(&self, names: &[String], kept: usize) -> String {
        let (places, more) = (self.joined(&names[..kept]), (names.len() - kept).to_string());
        self.catalogue
            .fill("list_more", &[("places", &places), ("count", &more)])
    }
}
