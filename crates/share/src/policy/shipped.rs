//! The agreements that come with the program, to begin with.

use std::fmt::Write as _;
use std::sync::Arc;

use geo::Time;

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

/// What an agreement says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Whose it is.
    pub owner: Arc<str>,
    /// Who can be given something.
    pub partners: Vec<Arc<str>>,
    /// The sensors it is about.
    pub sensors: Vec<Arc<str>>,
    /// Its number.
    pub version: u32,
    /// When it was written.
    pub dated: Time,
    /// From when it holds.
    pub from: Time,
}

impl Heading {
    /// The text of `agreement.toml`.
    pub fn to_toml(&self) -> String {
        let list = |names: &[Arc<str>]| {
            names
                .iter()
                .map(|name| format!("{:?}", &**name))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let mut text = String::from(
            "# Who is given something, of which sensors, from when. The rules stand in the .cedar files.\n",
        );
        let written = write!(
            text,
            "owner = {:?}\nversion = {}\ndated = \"{:.0}\"\nfrom = \"{:.0}\"\npartners = [{}]\nsensors = [{}]\n\n\
             # The label of what is given (STANAG 4774).\npolicy = \"trilat\"\nclassification = \"restricted\"\n",
            &*self.owner,
            self.version,
            self.dated,
            self.from,
            list(&self.partners),
            list(&self.sensors),
        );
        debug_assert!(written.is_ok(), "a string takes any text");
        text
    }
}

/// The files of a country's agreement; `names` are what the owners of Japan, Korea and the United States are called.
///
/// Errors: what is wrong with the heading, such as a name that is none.
pub fn of_country(country: Country, names: [&str; 3], heading: &Heading) -> Result<Files, PolicyError> {
    let mut rules = country.rules().to_owned();
    for (known, name) in Country::ALL.into_iter().zip(names) {
        rules = rules.replace(&format!("Partner::\"{}\"", known.name()), &format!("Partner::{name:?}"));
    }
    files(&rules, country.areas(), heading)
}

/// The files of an agreement of any owner with any partners: the same for all of them.
///
/// Errors: what is wrong with the heading, such as a name that is none.
pub fn common(heading: &Heading) -> Result<Files, PolicyError> {
    files(include_str!("../../policy/common/release.cedar"), None, heading)
}

fn files(rules: &str, areas: Option<&str>, heading: &Heading) -> Result<Files, PolicyError> {
    let text = |name: &str, text: &str| Text {
        name: name.into(),
        text: text.into(),
    };
    let list = [text(AGREEMENT, &heading.to_toml()), text("release.cedar", rules)];
    let files = Files::new(list.into_iter().chain(areas.map(|areas| text(AREAS, areas))));
    let files = files.map_err(|faults| PolicyError { faults })?;
    super::Policy::new(&files)?;
    Ok(files)
}
