//! Good octets, changed here and there: each decoder pays its debt.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use decoders::{DEBTS, seeds};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// Changed octets for each decoder; more by `FUZZ_RUNS=100000`.
const RUNS: u64 = 300;

struct Chance(Pcg64);

impl Chance {
    fn new(seed: u64) -> Self {
        let mut octets = [0; 32];
        octets[..8].copy_from_slice(&seed.to_le_bytes());
        Self(Pcg64::from_seed(octets))
    }

    fn place(&mut self, count: usize) -> usize {
        (self.0.next_u64() % count.max(1) as u64) as usize
    }
}

/// One to eight changes, of the kinds that break decoders: bits, octets at their ends, lengths, parts left out, doubled
/// or taken from elsewhere, all of it twice.
fn change(octets: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    const ENDS: [u8; 8] = [0, 1, 0x7f, 0x80, 0xff, b'"', b'\n', b'-'];
    for _ in 0..1 + chance.place(8) {
        let at = chance.place(octets.len());
        let end = at + chance.place((octets.len() - at).min(40));
        match chance.place(9) {
            _ if octets.is_empty() => octets.push(ENDS[chance.place(8)]),
            0 | 1 => octets[at] ^= 1 << chance.place(8),
            2 => octets[at] = ENDS[chance.place(8)],
            3 => octets[at] = octets[at].wrapping_add(chance.place(256) as u8),
            4 => octets.truncate(at),
            5 => drop(octets.drain(at..end)),
            6 => {
                let part = octets[at..end].to_vec();
                octets.splice(at..at, part);
            }
            // Of messages it is another form of the same.
            7 => octets.extend_from_slice(other),
            _ => {
                let from = chance.place(other.len());
                let to = from + chance.place((other.len() - from).min(40));
                octets.splice(at..end, other[from..to].iter().copied());
            }
        }
    }
}

fn runs() -> u64 {
    let asked = std::env::var("FUZZ_RUNS").ok();
    asked.map_or(RUNS, |text| text.parse().expect("FUZZ_RUNS is a whole number"))
}

#[test]
fn each_has_its_target_of_the_fuzzer() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz");
    let targets = std::fs::read_dir(format!("{folder}/fuzz_targets")).expect("the targets");
    let targets: BTreeSet<String> = targets
        .map(|target| {
            let path = target.expect("a target").path();
            path.file_stem().expect("a name").to_string_lossy().into_owned()
        })
        .collect();
    let debts: BTreeSet<String> = DEBTS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(targets, debts);
    let manifest = std::fs::read_to_string(format!("{folder}/Cargo.toml")).expect("the manifest");
    for name in debts {
        let path = format!("path = \"fuzz_targets/{name}.rs\"");
        assert!(manifest.contains(&path), "{name} has no [[bin]]");
    }
}

#[test]
fn every_decoder_pays_its_debt() {
    for (name, debt) in DEBTS {
        let good = seeds(name);
        assert!(!good.is_empty(), "{name} has no good octets");
        good.iter().for_each(|octets| debt(octets));
        debt(&[]);
        for run in 0..runs() {
            let mut chance = Chance::new(run);
            let mut octets = good[chance.place(good.len())].clone();
            let other = &good[chance.place(good.len())];
            change(&mut octets, other, &mut chance);
            let paid = catch_unwind(AssertUnwindSafe(|| debt(&octets)));
            assert!(paid.is_ok(), "{name}, run {run}: {}", octets.escape_ascii());
        }
    }
}
