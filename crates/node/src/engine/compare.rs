//! Talking with partners about digests: what to say to whom, and what came of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use share::digest::{Book, Circle, Comparison, Cycle, DigestError, DigestMessage, Finding, STATEMENTS_MAX, Statement};

use super::EngineOptions;

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

    pub fn found(&mut self) -> Vec<Found> {
        let mut all = Vec::new();
        for (partner, comparison) in &mut self.partners {
            all.extend(comparison.drain().into_iter().map(|(circle, cycle, finding)| Found {
                partner: partner.clone(),
                circle,
                cycle,
                finding,
            }));
        }
        all
    }
}
