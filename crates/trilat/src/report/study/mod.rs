//! The page of `trilat study`: what each owner knows of a flight alone, and what all know together.

mod curves;
mod page;
mod summary;
mod table;
mod timeline;

use std::sync::Arc;

use study::{ObjectOutcome, Outcome, ScenarioOutcome, SubsetOutcome};

use super::sheet::owner_class;
use crate::coverage::Coverage;

/// All that goes into the page.
#[derive(Copy, Clone, Debug)]
pub struct StudyPage<'a> {
    /// What was found.
    pub outcome: &'a Outcome,
    /// What the radars of each scenario see, in the order of `outcome.scenarios`; there may be fewer.
    pub coverages: &'a [Coverage],
    /// Names of the files that it was computed from.
    pub inputs: &'a [String],
}

/// Returns the page.
pub fn render_study(page: &StudyPage<'_>) -> String {
    page::page(page).into_string()
}

/// One object with what all its drawings need.
#[derive(Copy, Clone, Debug)]
struct ObjectView<'a> {
    scenario: &'a ScenarioOutcome,
    object: &'a ObjectOutcome,
}

impl<'a> ObjectView<'a> {
    /// The owners that know by themselves, in the order of owners.
    fn alone(&self) -> impl Iterator<Item = &'a SubsetOutcome> {
        self.object.subsets.iter().filter(|subset| subset.owners.len() == 1)
    }

    /// All owners together; an owner of its own if there is but one.
    fn together(&self) -> Option<&'a SubsetOutcome> {
        self.object.subsets.iter().max_by_key(|subset| subset.owners.len())
    }

    /// Whether a subset is all owners, and more than one.
    fn is_all(&self, subset: &SubsetOutcome) -> bool {
        subset.owners.len() > 1 && subset.owners.len() == self.scenario.owners.len()
    }

    /// The class that gives a subset its colour.
    fn class(&self, subset: &SubsetOutcome) -> &'static str {
        match subset.owners.as_slice() {
            [only] => {
                let place = self.scenario.owners.iter().position(|owner| owner == only);
                owner_class(place.unwrap_or(0))
            }
            _ if self.is_all(subset) => "ownall",
            _ => "ownsome",
        }
    }

    /// Who shares, in words: `JP alone`, `JP + US`, `All together`.
    fn name(&self, subset: &SubsetOutcome) -> String {
        match subset.owners.as_slice() {
            [only] => format!("{only} alone"),
            _ if self.is_all(subset) => "All together".to_owned(),
            several => join(several, " + "),
        }
    }

    /// Seconds from launch to the end of what is drawn.
    fn end_s(&self) -> f64 {
        let arrival = self.object.arrival.map_or(0.0, |arrival| arrival.after_s);
        arrival.max(self.object.span_s).max(1.0)
    }
}

fn join(names: &[Arc<str>], between: &str) -> String {
    names.iter().map(|name| &**name).collect::<Vec<_>>().join(between)
}
