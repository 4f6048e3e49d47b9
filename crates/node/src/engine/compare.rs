//! Talking with partners about digests: what to say to whom, and what came of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use share::digest::{Book, Circle, Comparison, Cycle, DigestError, DigestMessage, Finding, STATEMENTS_MAX, Statement};

use super::EngineOptions;
use super::sources::Sources;

/// Statements that are said at one time, at most.
const SAID_MAX: usize = 16 * STATEMENTS_MAX;

/// What a comparison with a partner found about one cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// With whom.
    pub partner: Arc<str>,
    /// Of which circle.
    pub circle: Circle,
    /// Of which cycle.
    pub cycle: Cycle,
    /// What.
    pub finding: Finding,
    /// Of which sensor the item is in which they differ, by its name in pictures, if it is here.
    pub source: Option<Arc<str>>,
}

impl Found {
    /// What differs; `None` where nothing does.
    pub fn words(&self) -> Option<String> {
        match &self.finding {
            Finding::Agreed => None,
            Finding::PicturesDiffer => {
                let (partner, end) = (&self.partner, self.cycle.end());
                Some(format!("{partner} has the same plots up to {end}, and another picture"))
            }
            Finding::PlotsDiffer(difference) => {
                let (time, id) = difference.entry;
                let (has, lacks) = (&difference.held_by, &difference.lacked_by);
                let of = match &self.source {
                    Some(source) => format!("of {source}, "),
                    // Who has it knows.
                    None => String::new(),
                };
                Some(format!("{has} has item {id} {of}measured at {time}, {lacks} does not"))
            }
        }
    }
}

/// The comparisons with all partners.
#[derive(Debug)]
pub(super) struct Compare {
    partners: BTreeMap<Arc<str>, Comparison>,
}

/// Octets for partners: to whom, and what.
pub type Letters = Vec<(Arc<str>, Vec<u8>)>;

impl Compare {
    pub fn new(options: &EngineOptions) -> Self {
        let members = options.circles.iter().flat_map(|circle| &circle.members);
        let others = members.filter(|member| **member != options.own);
        let comparison = |partner: &Arc<str>| Comparison::new(options.own.clone(), partner.clone());
        Self {
            partners: others.map(|partner| (partner.clone(), comparison(partner))).collect(),
        }
    }

    pub fn statements(&mut self, book: &mut Book) -> Letters {
        let due = book.due(SAID_MAX);
        let mut letters = Letters::new();
        for (partner, comparison) in &mut self.partners {
            let is_in = |statement: &&Statement| statement.circle.members.contains(partner);
            let own: Vec<Statement> = due.iter().filter(is_in).cloned().collect();
            let parts = own
                .chunks(STATEMENTS_MAX)
                .map(|part| DigestMessage::Statements(part.to_vec()));
            let asks = comparison.compare(book).into_iter();
            letters.extend(parts.chain(asks).map(|message| (partner.clone(), message.encode())));
        }
        letters
    }

    pub fn hear(&mut self, partner: &str, octets: &[u8], book: &mut Book) -> Result<Letters, DigestError> {
        let message = DigestMessage::decode(octets)?;
        let name: Arc<str> = partner.into();
        let Some(comparison) = self.partners.get_mut(partner) else {
            return Err(DigestError::Stranger { partner: name });
        };
        let answers = comparison.hear(message, book)?;
        Ok(answers
            .into_iter()
            .map(|answer| (name.clone(), answer.encode()))
            .collect())
    }

    pub fn found(&mut self, sources: &Sources) -> Vec<Found> {
        let mut all = Vec::new();
        for (partner, comparison) in &mut self.partners {
            all.extend(comparison.drain().into_iter().map(|(circle, cycle, finding)| Found {
                source: match &finding {
                    Finding::PlotsDiffer(difference) => sources.of(difference.entry.1),
                    Finding::Agreed | Finding::PicturesDiffer => None,
                },
                partner: partner.clone(),
                circle,
                cycle,
                finding,
            }));
        }
        all
    }
}
