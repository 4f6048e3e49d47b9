//! The warnings of one node of the demonstration: the node writes them, and the demonstration approves them, as a
//! person would who reads what waits.

use std::path::Path;

use geo::Time;
use node::warnings::{Office, OfficeError, draft_of};
use warn::Facts;
use warn::life::{Command, Entry, Event, Kind, State, Warning};

use super::output::{ShortOutput, WarningOutput};
use super::scene::Scene;
use super::words::Told;
use crate::Failure;
use crate::commands::WarnError;

/// Who approves.
const BY: &str = "demonstration";
/// This person approves what names so many places at most, one by one,
const FINE_MAX: usize = 8;
/// and says when to within so long, s;
const TIMELY_S: f64 = 1_800.0;
/// after so long whatever waits, s: early and coarse is better than late.
const COARSE_S: f64 = 600.0;

/// What stands on the desk of the node that warns, as far as it was told.
pub struct Desk {
    owner: String,
    office: Office,
    /// Octets of the journal that have been told of.
    read: u64,
    of: Option<String>,
    output: WarningOutput,
}

impl Desk {
    /// Opens the folder of an owner's warnings.
    pub fn open(owner: &str, folder: &Path) -> Result<Self, Failure> {
        let office = Office::open(folder).map_err(failed)?;
        Ok(Self {
            owner: owner.to_owned(),
            office,
            read: 0,
            of: None,
            output: WarningOutput {
                owner: owner.to_owned(),
                ..WarningOutput::default()
            },
        })
    }

    /// Who warns.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Looks at what is new, approves what a person would, and says what there is to tell.
    pub fn look(&mut self, now: Time, scene: &Scene) -> Result<Vec<Told>, Failure> {
        self.approve(now)?;
        let mut story = Vec::new();
        for entry in self.office.entries(&mut self.read).map_err(failed)? {
            story.extend(self.note(&entry, scene)?);
        }
        Ok(story)
    }

    /// Whether the all clear of a warning will be written before a time: people were told, and by then it is over.
    pub fn expects_clear(&self, before: Time) -> Result<bool, Failure> {
        let expects = |own: &Warning| {
            let latest = own.messages.last().map(|last| last.facts.arrival[1]);
            own.may_be_out() && !own.is_over() && latest < Some(before)
        };
        self.office.look(|desk| desk.warnings().any(expects)).map_err(failed)
    }

    /// What came of it; none where the node warned of nothing.
    pub fn output(&self) -> Option<WarningOutput> {
        self.of.is_some().then(|| self.output.clone())
    }

    fn approve(&self, now: Time) -> Result<(), Failure> {
        let wanted = |own: &Warning| {
            let draft = own.draft()?;
            let waited_s = now - own.messages.first()?.drafted;
            let is_good = match draft.kind {
                Kind::AllClear => true,
                _ => !draft.facts.is_lost && (is_fine(&draft.facts) || waited_s > COARSE_S),
            };
            is_good.then(|| (own.name.clone(), draft.number))
        };
        let due: Vec<(String, u32)> = self
            .office
            .look(|desk| desk.warnings().filter_map(wanted).collect())
            .map_err(failed)?;
        for (warning, number) in due {
            let by = BY.to_owned();
            match self.office.act(Command::Approve { warning, number, by }, now) {
                // The node has just written something newer.
                Ok(_) | Err(OfficeError::Refused(_)) => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(())
    }

    /// Takes an entry of the journal; of the first warning everything is told, of others that there are any.
    fn note(&mut self, entry: &Entry, scene: &Scene) -> Result<Option<Told>, Failure> {
        let after_s = entry.at - scene.launch;
        let (warning, words) = match &entry.event {
            Event::Opened { warning, .. } => {
                self.output.warnings += 1;
                self.of.get_or_insert_with(|| warning.clone());
                return Ok(None);
            }
            Event::Drafted {
                warning,
                number,
                kind,
                facts,
                ..
            } => {
                self.output.messages += 1;
                if self.of.as_ref() != Some(warning) {
                    return Ok(None);
                }
                let places = facts.places.len();
                match (number, kind) {
                    (1, _) => {
                        self.output.drafted_s = Some(after_s);
                        self.output.drafted_short = self.short(warning, *number, entry.at)?;
                        (
                            warning,
                            format!("drafts a warning of {places} places; it goes nowhere unless a person approves it"),
                        )
                    }
                    (_, Kind::AllClear) => (warning, "drafts the all clear, after the latest arrival".to_owned()),
                    _ => return Ok(None),
                }
            }
            Event::Released { warning, number, .. } => {
                self.output.sent += 1;
                if self.of.as_ref() != Some(warning) {
                    return Ok(None);
                }
                let short = self.short(warning, *number, entry.at)?;
                let is_clear = self.is_clear(warning, *number)?;
                let said: String = short
                    .iter()
                    .map(|one| format!("\n        {}: {}", one.language, one.words))
                    .collect();
                if is_clear {
                    self.output.all_clear_s = Some(after_s);
                    self.output.all_clear_short = short;
                    (warning, format!("tells people that it is over:{said}"))
                } else if self.output.sent_s.is_none() {
                    self.output.sent_s = Some(after_s);
                    self.output.sent_short = short;
                    (warning, format!("warns, approved by the {BY} as a person would:{said}"))
                } else {
                    return Ok(None);
                }
            }
            _ => return Ok(None),
        };
        Ok(Some(Told {
            time: entry.at,
            words: format!("WARNING {warning}: {} {words}", self.owner),
        }))
    }

    fn is_clear(&self, warning: &str, number: u32) -> Result<bool, Failure> {
        let of = |own: &Warning| {
            own.messages
                .iter()
                .any(|one| one.number == number && one.kind == Kind::AllClear)
        };
        self.office
            .look(|desk| desk.warning(warning).is_some_and(of))
            .map_err(failed)
    }

    /// The short forms of a message, as they are or would be.
    fn short(&self, warning: &str, number: u32, at: Time) -> Result<Vec<ShortOutput>, Failure> {
        let parcel = self
            .office
            .look(|desk| {
                let own = desk.warning(warning)?;
                let message = own.messages.iter().find(|one| one.number == number)?;
                let is_gone = matches!(message.state, State::Withdrawn(..));
                // Of what was replaced meanwhile the words are those that it would have had.
                draft_of(desk, warning, number, if is_gone { message.drafted } else { at })
            })
            .map_err(failed)?;
        let languages = parcel.map(|parcel| parcel.words.languages).unwrap_or_default();
        let short = languages.into_iter().map(|one| ShortOutput {
            language: one.language,
            words: one.short,
        });
        Ok(short.collect())
    }
}

fn is_fine(facts: &Facts) -> bool {
    let [earliest, latest] = facts.arrival;
    facts.places.len() <= FINE_MAX && latest - earliest <= TIMELY_S
}

fn failed(error: OfficeError) -> Failure {
    WarnError::from(error).into()
}
