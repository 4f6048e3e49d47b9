//! Which sensors are known at a start: the node's own, and those that partners described before. A partner describes
//! each once, beside its first plot, and does not say it again to a node that begins again: so the log keeps it.

use std::sync::Arc;

use plot::Sensor;
use share::encode::{body_octets, body_of};
use share::exchange::records;
use share::item::{Body, Item, ItemId};
use share::store::{Page, Range, Table, Write};

use crate::config::Config;

/// The beginning of all keys, and their end; then `x` or `r` (exercise or real), owner, 0, name.
const PREFIX: &[u8] = b"n/sensor/";
const END: &[u8] = b"n/sensor0";

/// The range of what the log keeps of partners' sensors.
pub(super) fn kept() -> Range {
    Range {
        table: Table::State,
        from: PREFIX.to_vec(),
        to: END.to_vec(),
        entries_max: usize::MAX,
        octets_max: usize::MAX,
    }
}

/// What the log has to keep of an item that a partner gave: of a sensor how it was described last, of others nothing.
pub(super) fn record(item: &Item) -> Option<Write> {
    let Body::Sensor(sensor) = &item.body else { return None };
    let mode: &[u8] = if item.label.exercise { b"x" } else { b"r" };
    let key = [PREFIX, mode, item.origin.as_bytes(), b"\0", sensor.name.as_bytes()].concat();
    let value = Some(records::value(&key, &body_octets(&item.body)));
    Some(Write {
        table: Table::State,
        key,
        value,
    })
}

/// All that is known: the own sensors, then those of the log. What is damaged there is left out, and said.
pub(super) fn sensors(config: &Config, own: &[Sensor], kept: &Page) -> Vec<(ItemId, Arc<Item>)> {
    let named = |item: Item| (item.id(), Arc::new(item));
    let own = own.iter().filter(|sensor| sensor.owner == config.owner);
    let own = own.map(|sensor| item(&config.owner, config.exercise, Body::Sensor(Box::new(sensor.clone()))));
    let kept = kept.iter().filter_map(|(key, value)| {
        let found = of_record(key, value);
        if found.is_none() {
            let key = String::from_utf8_lossy(key).into_owned();
            tracing::error!(
                key,
                "a partner's sensor is damaged in the log: its plots wait until it is described again"
            );
        }
        found
    });
    own.chain(kept).map(named).collect()
}

fn of_record(key: &[u8], value: &[u8]) -> Option<Item> {
    let (mode, rest) = key.strip_prefix(PREFIX)?.split_first()?;
    let end = rest.iter().position(|octet| *octet == 0)?;
    let owner: Arc<str> = std::str::from_utf8(&rest[..end]).ok()?.into();
    let body = body_of(records::content(key, value).ok()?).ok()?;
    matches!(body, Body::Sensor(_)).then(|| item(&owner, *mode == b'x', body))
}

fn item(owner: &Arc<str>, exercise: bool, body: Body) -> Item {
    Item {
        origin: owner.clone(),
        label: super::own_label(owner, exercise),
        body,
    }
}

#[cfg(test)]
mod tests {
    use geo::Geodetic;

    use super::*;

    #[test]
    fn what_is_kept_of_a_sensor_gives_the_same_item_and_damage_gives_none() {
        let owner: Arc<str> = "bravo".into();
        let sensor = Sensor::new("radar/1", &owner, Geodetic::from_degrees(35.0, 139.0, 50.0));
        for exercise in [false, true] {
            let told = item(&owner, exercise, Body::Sensor(Box::new(sensor.clone())));
            let Write { key, value, .. } = record(&told).expect("a sensor is kept");
            let mut value = value.expect("a value");
            assert!(kept().from <= key && key < kept().to);
            let back = of_record(&key, &value).expect("it is whole");
            assert_eq!(
                (back.id(), back.label.exercise, back.body),
                (told.id(), exercise, told.body)
            );
            value[9] ^= 1;
            assert_eq!(of_record(&key, &value), None);
        }
        assert_eq!(of_record(b"n/sensor/", b""), None);
    }
}
