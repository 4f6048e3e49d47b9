//! What every decoder owes to octets of any kind: no panic, an end, and nothing taken that is not within its limits.
//!
//! Each function is one decoder's debt. `fuzz/` runs them with a fuzzer; the test of this crate with good octets that
//! are changed here and there, so that a machine without a fuzzer finds the plainest faults too.

mod parcels;
mod plots;
mod policies;
#[cfg(feature = "node")]
mod process;
mod seeds;
mod sharing;
mod tables;

pub use parcels::parcels;
pub use plots::{
    adsb_json, asterix, asterix_datagram, feed_lines, pcap, plots_csv, plots_jsonl, plots_parquet, sensors_toml,
};
pub use policies::{policy_agreement, policy_areas, policy_rules, policy_version};
#[cfg(feature = "node")]
pub use process::{backup, node_toml, tokens};
pub use seeds::seeds;
pub use sharing::{audit_export, digests, frames, items, keyring, log_values, roster, seal};
pub use tables::{scenario_toml, tracks_csv, tracks_parquet, truths_csv};

/// A decoder by name, and what it owes.
pub type Debt = (&'static str, fn(&[u8]));

/// All of them.
pub const DEBTS: &[Debt] = &[
    ("plots_csv", plots_csv),
    ("plots_jsonl", plots_jsonl),
    ("adsb_json", adsb_json),
    ("plots_parquet", plots_parquet),
    ("sensors_toml", sensors_toml),
    ("asterix", asterix),
    ("asterix_datagram", asterix_datagram),
    ("feed_lines", feed_lines),
    ("pcap", pcap),
    ("tracks_csv", tracks_csv),
    ("tracks_parquet", tracks_parquet),
    ("truths_csv", truths_csv),
    ("scenario_toml", scenario_toml),
    ("policy_agreement", policy_agreement),
    ("policy_areas", policy_areas),
    ("policy_rules", policy_rules),
    ("policy_version", policy_version),
    ("frames", frames),
    ("items", items),
    ("seal", seal),
    ("roster", roster),
    ("digests", digests),
    ("log_values", log_values),
    ("keyring", keyring),
    ("parcels", parcels),
    ("audit_export", audit_export),
    #[cfg(feature = "node")]
    ("node_toml", node_toml),
    #[cfg(feature = "node")]
    ("tokens", tokens),
    #[cfg(feature = "node")]
    ("backup", backup),
];
