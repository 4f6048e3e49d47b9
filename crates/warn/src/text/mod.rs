//! What people are told: facts to sentences, in any language that has a catalogue.

mod catalogue;
mod clock;
mod listed;
mod say;

pub(crate) use listed::NAMED_MAX;

pub use catalogue::{Catalogue, CatalogueError};
pub use clock::Zone;
pub use say::{About, Said, say};

#[cfg(test)]
pub(crate) mod tests;
