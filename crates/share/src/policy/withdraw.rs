//! Withdrawals: the next version of an agreement, which takes something back and leaves the rules as they are.
//!
//! A partner as a whole is named under `withdrawn` in `agreement.toml`. Anything narrower is a rule that forbids, at
//! the end of `withdrawn.cedar`: what is forbidden takes what is more with it, and no permit can lift it.

use std::sync::Arc;

use geo::Time;

use super::files::{AGREEMENT, Files, Text};
use super::{Fault, Policy, PolicyError, Reason};
use crate::release::Tier;

/// The file in which rules that withdraw something stand.
pub const WITHDRAWN: &str = "withdrawn.cedar";

/// What is taken back: what all that is said here describes together. Nothing said is everything, from everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withdrawal {
    /// From whom; from all partners where it is not said.
    pub partner: Option<Arc<str>>,
    /// What which sensor measures; of all sensors where it is not said.
    pub sensor: Option<Arc<str>>,
    /// Which tier, and all that is more; all tiers where it is not said.
    pub tier: Option<Tier>,
}

impl Withdrawal {
    /// Whether it is one partner as a whole.
    fn is_a_partner(&self) -> bool {
        self.partner.is_some() && self.sensor.is_none() && self.tier.is_none()
    }

    /// The rule that forbids it.
    fn rule(&self, version: u32) -> String {
        let principal = match &self.partner {
            Some(name) => format!("principal == Partner::{:?}", &**name),
            None => "principal".to_owned(),
        };
        let action = match self.tier {
            Some(tier) => format!("action == Action::{:?}", tier.name()),
            None => "action".to_owned(),
        };
        let resource = match &self.sensor {
            Some(name) => format!("resource in Sensor::{:?}", &**name),
            None => "resource".to_owned(),
        };
        format!("@id(\"withdrawn by version {version}\")\nforbid ({principal}, {action}, {resource});\n")
    }

    /// The files of the next version.
    ///
    /// Errors: a partner or sensor that is not in the agreement, an instant that is none, a withdrawal of nothing.
    pub fn after(&self, files: &Files, dated: Time, from: Time) -> Result<Files, PolicyError> {
        let mut agreement = Policy::new(files)?.agreement().clone();
        self.is_known(&agreement.partners, &agreement.sensors)?;
        agreement.version += 1;
        (agreement.dated, agreement.from) = (dated, from);
        let mut rules = None;
        match &self.partner {
            Some(partner) if self.is_a_partner() => {
                agreement.withdrawn.push(partner.clone());
                agreement.withdrawn.sort_unstable();
                agreement.withdrawn.dedup();
            }
            _ => {
                let before = files.get(WITHDRAWN).map_or("", |file| &file.text);
                rules = Some(format!("{before}{}", self.rule(agreement.version)));
            }
        }
        let lines = agreement.to_toml();
        let mut texts: Vec<Text> = files.list().to_vec();
        texts.retain(|file| &*file.name != AGREEMENT && (rules.is_none() || &*file.name != WITHDRAWN));
        let text = |name: &str, text: String| Text {
            name: name.into(),
            text: text.into(),
        };
        texts.push(text(AGREEMENT, lines));
        texts.extend(rules.map(|rules| text(WITHDRAWN, rules)));
        let files = Files::new(texts).map_err(|faults| PolicyError { faults })?;
        Policy::new(&files)?;
        Ok(files)
    }

    fn is_known(&self, partners: &[Arc<str>], sensors: &[Arc<str>]) -> Result<(), PolicyError> {
        let unknown = |kind, name: &Option<Arc<str>>, known: &[Arc<str>]| {
            let name = name.as_ref().filter(|name| !known.contains(name))?;
            let nearest = wire::nearest(name, known.iter().map(|known| &**known)).map(Into::into);
            let (file, at, name) = (AGREEMENT.into(), None, name.to_string());
            let reason = Reason::Unknown { kind, name, nearest };
            Some(Fault {
                file,
                line: None,
                at,
                reason,
            })
        };
        let faults: Vec<Fault> = [
            unknown("partner", &self.partner, partners),
            unknown("sensor", &self.sensor, sensors),
        ]
        .into_iter()
        .flatten()
        .collect();
        match faults.is_empty() {
            true => Ok(()),
            false => Err(PolicyError { faults }),
        }
    }
}
