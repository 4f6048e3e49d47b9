//! The agreements that come with the program, to begin with.

use super::agreement::Agreement;
use super::fault::PolicyError;
use super::files::{AGREEMENT, AREAS, Files, Text};

/// Whose rules are taken.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Country {
    /// Japan's.
    Japan,
    /// Korea's.
    Korea,
    /// Those of the United States.
    Usa,
}

impl Country {
    /// All of them, in the order of names.
    pub const ALL: [Self; 3] = [Self::Japan, Self::Korea, Self::Usa];

    /// The name in the shipped rules.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Japan => "japan",
            Self::Korea => "korea",
            Self::Usa => "usa",
        }
    }

    const fn rules(self) -> &'static str {
        match self {
            Self::Japan => include_str!("../../policy/japan/release.cedar"),
            Self::Korea => include_str!("../../policy/korea/release.cedar"),
            Self::Usa => include_str!("../../policy/usa/release.cedar"),
        }
    }

    const fn areas(self) -> Option<&'static str> {
        match self {
            Self::Japan => Some(include_str!("../../policy/japan/areas.toml")),
            Self::Korea => Some(include_str!("../../policy/korea/areas.toml")),
            Self::Usa => None,
        }
    }
}

/// The files of a country's agreement; `names` are what the owners of Japan, Korea and the United States are called.
///
/// Errors: what is wrong with the agreement, such as a name that is none.
pub fn of_country(country: Country, names: [&str; 3], agreement: &Agreement) -> Result<Files, PolicyError> {
    let mut rules = country.rules().to_owned();
    for (known, name) in Country::ALL.into_iter().zip(names) {
        rules = rules.replace(&format!("Partner::\"{}\"", known.name()), &format!("Partner::{name:?}"));
    }
    files(&rules, country.areas(), agreement)
}

/// The files of an agreement of any owner with any partners: the same for all of them.
///
/// Errors: what is wrong with the agreement, such as a name that is none.
pub fn common(agreement: &Agreement) -> Result<Files, PolicyError> {
    of_rules(include_str!("../../policy/common/release.cedar"), agreement)
}

/// The files of an agreement with rules of one's own, in `release.cedar`.
///
/// Errors: what is wrong with the agreement or the rules.
pub fn of_rules(rules: &str, agreement: &Agreement) -> Result<Files, PolicyError> {
    files(rules, None, agreement)
}

fn files(rules: &str, areas: Option<&str>, agreement: &Agreement) -> Result<Files, PolicyError> {
    let text = |name: &str, text: &str| Text {
        name: name.into(),
        text: text.into(),
    };
    let list = [text(AGREEMENT, &agreement.to_toml()), text("release.cedar", rules)];
    let files = Files::new(list.into_iter().chain(areas.map(|areas| text(AREAS, areas))));
    let files = files.map_err(|faults| PolicyError { faults })?;
    super::Policy::new(&files)?;
    Ok(files)
}
