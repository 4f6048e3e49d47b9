//! The scenarios and networks of sensors that come with the program.

/// A file that comes with the program.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// Its name, without folder and ending.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! shipped {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(Shipped {
            name: $name,
            text: include_str!(concat!("../../../../", $folder, "/", $name, ".toml")),
        }),*]
    };
}

/// The scenarios, by date.
const SCENARIOS: &[Shipped] = shipped!["scenarios": "2022-01-30-lofted"];

/// The names of the networks.
pub(super) const NETWORKS: [&str; 1] = ["northeast-asia"];

/// Returns the scenarios that come with the program, by date.
pub fn shipped() -> &'static [Shipped] {
    SCENARIOS
}

/// The networks that a scenario can name.
pub(super) fn shipped_networks() -> &'static [Shipped] {
    shipped!["scenarios/networks": "northeast-asia"]
}
