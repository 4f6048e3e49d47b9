//! What one partner says of its cycles, held against what the node has itself.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::{Ask, Book, Circle, Cycle, DigestError, DigestMessage, Entry, Page, Statement};

/// Statements of a partner that wait for the own cycle to be settled: the oldest are forgotten.
const WAITING_MAX: usize = 4_096;
/// Cycles of which a partner's names are asked for, at one time.
const ASKED_MAX: usize = 16;
/// A cycle has at most so many pages: a partner that sends more is not read further.
const PAGES_MAX: u32 = 1_024;

/// The first item that one has and the other lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// When it was measured, and its name.
    pub entry: Entry,
    /// Which of the two owners has it.
    pub held_by: Arc<str>,
    /// Which of them lacks it.
    pub lacked_by: Arc<str>,
}

/// What came out of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Same plots, same picture.
    Agreed,
    /// Same plots, another picture: a plot came later than the lag to one of them, or they are not the same program.
    PicturesDiffer,
    /// Not the same plots.
    PlotsDiffer(Difference),
}

/// How far it is known what the partner has in a cycle that differs.
#[derive(Clone, Debug)]
struct Asked {
    ask: Ask,
    pages: u32,
}

/// The comparison with one partner.
#[derive(Clone, Debug)]
pub struct Comparison {
    own: Arc<str>,
    partner: Arc<str>,
    waiting: VecDeque<Statement>,
    asked: BTreeMap<(Circle, Cycle), Asked>,
    /// What was found since it was last taken.
    findings: Vec<(Circle, Cycle, Finding)>,
}

impl Comparison {
    /// Begins without a word of the partner.
    pub fn new(own: Arc<str>, partner: Arc<str>) -> Self {
        Self {
            own,
            partner,
            waiting: VecDeque::new(),
            asked: BTreeMap::new(),
            findings: Vec::new(),
        }
    }

    /// Takes what the partner says; what to answer. Errors: [`DigestError`] of what no honest partner says, and then
    /// nothing changed.
    pub fn hear(&mut self, message: DigestMessage, book: &mut Book) -> Result<Vec<DigestMessage>, DigestError> {
        match message {
            DigestMessage::Statements(statements) => {
                let is_both = |circle: &Circle| {
                    [&self.own, &self.partner]
                        .iter()
                        .all(|one| circle.members.contains(*one))
                };
                if let Some(strange) = statements.iter().find(|statement| !is_both(&statement.circle)) {
                    return Err(DigestError::NotInCircle {
                        members: strange.circle.members.iter().cloned().collect(),
                    });
                }
                self.waiting.extend(statements);
                while self.waiting.len() > WAITING_MAX {
                    self.waiting.pop_front();
                }
                Ok(self.compare(book))
            }
            DigestMessage::Ask(ask) => Ok(book
                .page(&self.partner, &ask)
                .filter(|_| ask.circle.members.contains(&self.own))
                .map(DigestMessage::Page)
                .into_iter()
                .collect()),
            DigestMessage::Page(page) => self.read(page, book),
        }
    }

    /// Compares what waited for own cycles that are settled now; what to ask.
    pub fn compare(&mut self, book: &mut Book) -> Vec<DigestMessage> {
        let mut asks = Vec::new();
        for statement in std::mem::take(&mut self.waiting) {
            let place = (statement.circle.clone(), statement.cycle);
            let Some(own) = book.statement(&statement.circle, statement.cycle) else {
                self.waiting.push_back(statement);
                continue;
            };
            if own == statement {
                self.find(place, Finding::Agreed);
            } else if own.plots == statement.plots && own.items == statement.items {
                self.find(place, Finding::PicturesDiffer);
            } else if self.asked.len() < ASKED_MAX || self.asked.contains_key(&place) {
                let ask = Ask {
                    circle: statement.circle,
                    cycle: statement.cycle,
                    after: None,
                };
                asks.push(DigestMessage::Ask(ask.clone()));
                self.asked.insert(place, Asked { ask, pages: 0 });
            } else {
                self.waiting.push_back(statement);
            }
        }
        asks
    }

    /// Takes what was found since, in the order of finding.
    pub fn drain(&mut self) -> Vec<(Circle, Cycle, Finding)> {
        std::mem::take(&mut self.findings)
    }

    fn find(&mut self, (circle, cycle): (Circle, Cycle), finding: Finding) {
        self.findings.push((circle, cycle, finding));
    }

    /// Looks for the first difference in a page; the next page is asked for where there is none.
    fn read(&mut self, page: Page, book: &mut Book) -> Result<Vec<DigestMessage>, DigestError> {
        let place = (page.ask.circle.clone(), page.ask.cycle);
        let Some(asked) = self.asked.get_mut(&place).filter(|asked| asked.ask == page.ask) else {
            return Err(DigestError::NotAsked);
        };
        let is_within =
            |entry: &Entry| page.ask.after.is_none_or(|after| *entry > after) && Cycle::of(entry.0) == place.1;
        if !page.entries.is_sorted_by(|a, b| a < b) || !page.entries.iter().all(is_within) {
            return Err(DigestError::Disorder);
        }
        let own = book
            .page(&self.partner, &page.ask)
            .map_or_else(Vec::new, |page| page.entries);
        let differing = first_difference(&own, &page);
        if let Some((entry, is_own)) = differing {
            let (held_by, lacked_by) = match is_own {
                true => (self.own.clone(), self.partner.clone()),
                false => (self.partner.clone(), self.own.clone()),
            };
            self.asked.remove(&place);
            let difference = Difference {
                entry,
                held_by,
                lacked_by,
            };
            self.find(place, Finding::PlotsDiffer(difference));
            return Ok(self.compare(book));
        }
        asked.pages += 1;
        let (last, pages) = (page.entries.last().copied(), asked.pages);
        if let Some(after) = last.filter(|_| !page.is_last && pages < PAGES_MAX) {
            asked.ask.after = Some(after);
            return Ok(vec![DigestMessage::Ask(asked.ask.clone())]);
        }
        // What differed has been healed in between; the next statement will say so.
        self.asked.remove(&place);
        Ok(self.compare(book))
    }
}

/// The first entry that is in one of two lists only, and whether it is the own one. `own` begins where the page does;
/// it is compared as far as the page goes.
fn first_difference(own: &[Entry], page: &Page) -> Option<(Entry, bool)> {
    let theirs = &page.entries;
    for (own, other) in own.iter().zip(theirs) {
        if own != other {
            return Some((*own.min(other), own < other));
        }
    }
    let more_own = own
        .get(theirs.len())
        .filter(|_| page.is_last)
        .map(|entry| (*entry, true));
    more_own.or_else(|| theirs.get(own.len()).map(|entry| (*entry, false)))
}
