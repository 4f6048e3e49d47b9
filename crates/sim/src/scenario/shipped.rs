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
const SCENARIOS: &[Shipped] = shipped!["scenarios":
    "2019-07-25-below-horizon",
    "2022-01-05-glide",
    "2022-01-11-glide-turns",
    "2022-01-14-low-pair",
    "2022-01-17-two-figures",
    "2022-01-25-cruise",
    "2022-01-27-depressed",
    "2022-01-30-lofted",
    "2022-10-04-over-japan",
    "2022-11-03-lost",
    "2023-04-13-lost",
    "2023-05-31-warning-without-reason",
    "2023-12-18-73-minutes",
    "2024-05-30-salvo",
    "alone-none",
    "partner-leaves",
];

/// The names of the networks.
pub(super) const NETWORKS: [&str; 1] = ["northeast-asia"];

/// Returns the scenarios that come with the program, by date.
pub fn shipped() -> &'static [Shipped] {
    SCENARIOS
}

/// The networks that a scenario can name.
pub fn shipped_networks() -> &'static [Shipped] {
    shipped!["scenarios/networks": "northeast-asia"]
}
