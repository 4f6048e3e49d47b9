//! A disk: what was appended is read at once, and is lost in a crash unless it was synced.

use std::collections::BTreeMap;

use geo::Time;
use share::exchange::keys;
use share::store::{Batch, Page, Range, Table, Write};

use crate::chance::Chance;

type Entries = BTreeMap<(Table, Vec<u8>), Vec<u8>>;

/// A disk.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    durable: Entries,
    view: Entries,
    pending: Vec<(u64, Batch)>,
}

fn apply(entries: &mut Entries, writes: &[Write]) {
    for write in writes {
        let key = (write.table, write.key.clone());
        match &write.value {
            Some(value) => entries.insert(key, value.clone()),
            None => entries.remove(&key),
        };
    }
}

impl Disk {
    /// Appends a batch.
    pub fn append(&mut self, token: u64, batch: Batch) {
        apply(&mut self.view, &batch);
        self.pending.push((token, batch));
    }

    /// Makes all durable. Returns the last batch.
    pub fn sync(&mut self) -> Option<u64> {
        let last = self.pending.last().map(|(token, _)| *token);
        for (_, batch) in self.pending.drain(..) {
            apply(&mut self.durable, &batch);
        }
        last
    }

    /// Loses what was not synced, but for as many first batches as chance lets through. A bad disk may have written
    /// half of the next.
    pub fn crash(&mut self, chance: &mut Chance, is_bad: bool) -> bool {
        let kept = chance.place(self.pending.len() + 1);
        let mut is_torn = false;
        for (at, (_, batch)) in std::mem::take(&mut self.pending).iter().enumerate() {
            if at < kept {
                apply(&mut self.durable, batch);
            } else if at == kept && is_bad && batch.len() > 1 {
                is_torn = true;
                apply(&mut self.durable, &batch[..chance.place(batch.len())]);
            }
        }
        self.view = self.durable.clone();
        is_torn
    }

    /// Turns one bit of one record. The two records of where the journal ends are spared: without them a node says that
    /// it cannot begin.
    pub fn flip(&mut self, chance: &mut Chance) -> bool {
        let spared = |key: &[u8]| key.starts_with(b"x/journal");
        let keys: Vec<_> = self.durable.keys().filter(|(_, key)| !spared(key)).cloned().collect();
        let Some(key) = keys.get(chance.place(keys.len())) else {
            return false;
        };
        for entries in [&mut self.durable, &mut self.view] {
            let mut chance = chance.clone();
            if let Some(value) = entries.get_mut(key).filter(|value| !value.is_empty()) {
                let at = chance.place(value.len());
                value[at] ^= 1 << chance.place(8);
            }
        }
        true
    }

    /// Entries of a range.
    pub fn read(&self, range: &Range) -> Page {
        let mut page = Page::new();
        let mut octets = 0;
        let (from, to) = ((range.table, range.from.clone()), (range.table, range.to.clone()));
        if from >= to {
            return page;
        }
        for ((_, key), value) in self.view.range(from..to) {
            let is_full = page.len() >= range.entries_max || octets + value.len() > range.octets_max;
            if !page.is_empty() && is_full {
                break;
            }
            octets += value.len();
            page.push((key.clone(), value.clone()));
        }
        page
    }

    /// The time of the last item that is there.
    pub fn last_item(&self) -> Option<Time> {
        let Range { table, from, to, .. } = keys::items();
        let ((_, key), _) = self.view.range((table, from)..(table, to)).next_back()?;
        keys::time_of_item(key)
    }

    /// A value that a crash would leave.
    pub fn durable(&self, table: Table, key: &[u8]) -> Option<&Vec<u8>> {
        self.durable.get(&(table, key.to_vec()))
    }

    /// All entries of a table.
    pub fn table(&self, table: Table) -> impl Iterator<Item = (&[u8], &[u8])> {
        let from = (table, Vec::new());
        self.view
            .range(from..)
            .take_while(move |((of, _), _)| *of == table)
            .map(|((_, key), value)| (&key[..], &value[..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(key: u8) -> Batch {
        vec![Write {
            table: Table::State,
            key: vec![key],
            value: Some(vec![key]),
        }]
    }

    #[test]
    fn what_was_synced_survives_and_of_the_rest_a_beginning() {
        for seed in 0..20 {
            let mut disk = Disk::default();
            disk.append(1, write(1));
            assert_eq!(disk.sync(), Some(1));
            (2..6).for_each(|token| disk.append(token.into(), write(token)));
            disk.crash(&mut Chance::new(seed, "crash"), false);
            let keys: Vec<u8> = disk.table(Table::State).map(|(key, _)| key[0]).collect();
            assert!(
                !keys.is_empty() && keys.iter().copied().eq(1..=keys.len() as u8),
                "{keys:?}"
            );
        }
    }
}
