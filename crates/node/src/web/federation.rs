//! How the partners stand: links, age of what they give, whether their pictures agree.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::Time;
use share::item::{Body, Item};
use wire::messages::picture::{Agreement, Event, Partner};

use super::keeper::of_owner;
use crate::engine::DoubtShown;
use crate::engine::worker::EngineStatus;
use crate::status::Status;

/// What is kept of one partner.
#[derive(Clone, Debug, Default)]
struct Of {
    newest: Option<Time>,
    /// The best that it gave, and its name.
    tier: Option<(u8, &'static str)>,
    is_up: bool,
    agreed: u64,
    differed: u64,
    agrees: bool,
}

/// The partners, and the sensors of all that are doubted.
#[derive(Debug)]
pub(super) struct Federation {
    partners: BTreeMap<Arc<str>, Of>,
    doubted: Vec<DoubtShown>,
}

impl Federation {
    pub fn new(partners: &[Arc<str>]) -> Self {
        let partners = partners.iter().map(|partner| (partner.clone(), Of::default()));
        Self {
            partners: partners.collect(),
            doubted: Vec::new(),
        }
    }

    /// Notes what a partner gave.
    pub fn heard(&mut self, item: &Item) {
        let Some(of) = self.partners.get_mut(&item.origin) else {
            return;
        };
        let (tier, time) = match &item.body {
            Body::Plot(plot) => ((0, "plot"), Some(plot.time)),
            Body::Coarse(coarse) => ((1, "coarse"), Some(coarse.time)),
            Body::Track(track) => ((2, "track"), Some(track.time)),
            Body::Warning(note) => ((3, "warning"), Some(note.time)),
            Body::Sensor(_) => return,
        };
        of.newest = of.newest.max(time);
        of.tier = Some(of.tier.map_or(tier, |before| before.min(tier)));
    }

    /// What changed with the partners, and with sensors.
    pub fn look(&mut self, status: &Status, now: Time) -> Vec<Event> {
        let mut events = self.doubts(&status.engine.doubted, now);
        for partner in &status.partners {
            let Some((name, of)) = self.partners.iter_mut().find(|(name, _)| ***name == *partner.name) else {
                continue;
            };
            if of.is_up != partner.is_up {
                of.is_up = partner.is_up;
                let kind = if partner.is_up { "link-up" } else { "link-down" };
                events.push(of_owner(kind, now, name, ""));
            }
            let before = (of.agrees, of.agreed + of.differed);
            if partner.digests_differed > of.differed {
                of.agrees = false;
            } else if partner.digests_agreed > of.agreed {
                of.agrees = true;
            }
            (of.agreed, of.differed) = (partner.digests_agreed, partner.digests_differed);
            let is_first = before.1 == 0 && of.agreed + of.differed > 0;
            if of.agrees != before.0 || is_first {
                let kind = if of.agrees { "agree" } else { "differ" };
                let detail = partner.difference.as_deref().filter(|_| !of.agrees);
                events.push(of_owner(kind, now, name, detail.unwrap_or_default()));
            }
        }
        events
    }

    /// The sensors that are believed otherwise than when this was last asked.
    fn doubts(&mut self, doubted: &[DoubtShown], now: Time) -> Vec<Event> {
        let before = std::mem::replace(&mut self.doubted, doubted.to_vec());
        let is_new = |doubt: &&DoubtShown| !before.contains(doubt);
        let said =
            |doubt: &DoubtShown| of_owner(&format!("sensor-{}", doubt.standing), now, &doubt.sensor, &doubt.kind);
        let is_over = |doubt: &&DoubtShown| doubted.iter().all(|other| other.sensor != doubt.sensor);
        let trusted = |doubt: &DoubtShown| of_owner("sensor-trusted", now, &doubt.sensor, &doubt.kind);
        let new = doubted.iter().filter(is_new).map(said);
        new.chain(before.iter().filter(is_over).map(trusted)).collect()
    }

    /// The partners as a picture has them.
    pub fn partners(&self, status: &Status, engine: &EngineStatus, now: Time) -> Vec<Partner> {
        let partner = |(name, of): (&Arc<str>, &Of)| {
            let known = status.partners.iter().find(|partner| *partner.name == **name);
            let latency = engine.latency_ms.get(&**name);
            Partner {
                owner: name.to_string(),
                up: of.is_up,
                data_age_s: of.newest.map_or(-1.0, |newest| (now - newest).max(0.0)),
                clock_offset_ms: known.and_then(|known| known.clock_offset_s).unwrap_or(0.0) * 1e3,
                plots: known.map_or(0, |known| known.plots_received),
                latency_p50_ms: latency.map_or(0.0, |latency| latency.p50),
                latency_p99_ms: latency.map_or(0.0, |latency| latency.p99),
                agrees: of.agrees,
                tier: of.tier.map_or("", |(_, name)| name).to_owned(),
            }
        };
        self.partners.iter().map(partner).collect()
    }

    /// Whether the pictures of the federation are the same.
    pub fn agreement(engine: &EngineStatus) -> Agreement {
        Agreement {
            cycles_agreed: engine.cycles_agreed,
            cycles_differ: engine.cycles_differ,
            difference: engine.difference.clone().unwrap_or_default(),
            digests: engine.digests.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_sensor_is_said_once_and_that_it_is_over_once() {
        let doubt = |standing: &str| DoubtShown {
            sensor: "KR/north".to_owned(),
            standing: standing.to_owned(),
            kind: "mirrored_azimuth".to_owned(),
            ..DoubtShown::default()
        };
        let now = Time::from_tai_ns(1_700_000_000_000_000_000);
        let mut federation = Federation::new(&[]);
        let mut said = |doubted: &[DoubtShown]| {
            let mut status = Status::default();
            status.engine.doubted = doubted.to_vec();
            let events = federation.look(&status, now).into_iter();
            let word = |event: Event| format!("{} {} {}", event.kind, event.owner, event.detail);
            events.map(word).collect::<Vec<_>>()
        };
        assert_eq!(said(&[]), [""; 0]);
        assert_eq!(said(&[doubt("suspect")]), ["sensor-suspect KR/north mirrored_azimuth"]);
        assert_eq!(said(&[doubt("suspect")]), [""; 0]);
        assert_eq!(
            said(&[doubt("contained")]),
            ["sensor-contained KR/north mirrored_azimuth"]
        );
        assert_eq!(said(&[]), ["sensor-trusted KR/north mirrored_azimuth"]);
        assert_eq!(said(&[]), [""; 0]);
    }
}
