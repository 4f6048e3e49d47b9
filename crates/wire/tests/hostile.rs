//! Broken files by the thousand, the same ones in every run: no panic, and what is untouched stays good.

mod common;

use std::io::Cursor;

use plot::Plot;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;
use wire::{Format, read_plots, read_sensors, write_plots};

const SEED: u64 = 0x706c_6f74;

fn plots(count: usize) -> Vec<Plot> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = common::plot();
    (0..count)
        .map(|_| strategy.new_tree(&mut runner).expect("a plot").current())
        .collect()
}

/// Changes, removes, doubles or inserts a few bytes.
fn mutate(bytes: &mut Vec<u8>, rng: &mut Pcg64) {
    const SPICE: &[u8] = b",\"\n\r\0\xff\xef{}[]:-.eE09NI\\ ";
    for _ in 0..1 + rng.next_u32() % 4 {
        let at = rng.next_u64() as usize % bytes.len().max(1);
        let end = (at + 1 + rng.next_u32() as usize % 40).min(bytes.len());
        match rng.next_u32() % 5 {
            0 if at < bytes.len() => bytes[at] = rng.next_u32() as u8,
            1 if at < bytes.len() => bytes[at] = SPICE[rng.next_u32() as usize % SPICE.len()],
            2 => drop(bytes.drain(at.min(end)..end)),
            3 => {
                let again = bytes[at.min(end)..end].to_vec();
                bytes.splice(at..at, again);
            }
            _ => bytes.insert(at, SPICE[rng.next_u32() as usize % SPICE.len()]),
        }
    }
}

#[test]
fn broken_files_never_panic() {
    let plots = plots(30);
    for format in Format::ALL.iter().filter(|format| format.is_written()) {
        let mut good = Vec::new();
        write_plots(*format, &mut good, &plots).expect("written");
        let mut rng = Pcg64::new(u128::from(SEED), 1);
        let mut read = 0;
        for round in 0..3_000 {
            let mut bytes = good.clone();
            mutate(&mut bytes, &mut rng);
            let outcome = std::panic::catch_unwind(|| read_plots(*format, Cursor::new(bytes), "broken"));
            let Ok(outcome) = outcome else {
                panic!("{format:?}, round {round} of seed {SEED:#x}")
            };
            read += outcome.is_ok() as u32;
        }
        assert!(
            read > 0,
            "{format:?}: no broken file was read at all, so this tests only heads"
        );
    }
}

#[test]
fn broken_sensor_files_never_panic() {
    let good = b"[[sensor]]\nname = \"a\"\nowner = \"b\"\nlat_deg = 1.5\nlon_deg = 2\nheight_m = 3\n\
                 measures = [\"range\", \"azimuth\"]\nscan_s = 4.0\nazimuth_from_deg = 5\nazimuth_to_deg = 6\n";
    let mut rng = Pcg64::new(u128::from(SEED), 2);
    for round in 0..3_000 {
        let mut bytes = good.to_vec();
        mutate(&mut bytes, &mut rng);
        let outcome = std::panic::catch_unwind(|| drop(read_sensors(bytes.as_slice(), "broken.toml")));
        assert!(outcome.is_ok(), "round {round} of seed {SEED:#x}");
    }
}

#[test]
fn good_lines_survive_bad_neighbours() {
    let plots = plots(30);
    for format in [Format::Csv, Format::JsonLines] {
        let mut good = Vec::new();
        write_plots(format, &mut good, &plots).expect("written");
        let lines: Vec<&[u8]> = good.split_inclusive(|byte| *byte == b'\n').collect();
        let header = lines.len() - plots.len();
        let mut rng = Pcg64::new(u128::from(SEED), 3);
        for round in 0..1_000 {
            // Every third record is broken within its line.
            let mut bytes = Vec::new();
            for (i, line) in lines.iter().enumerate() {
                if i >= header && (i - header) % 3 == 1 {
                    let mut broken = line[..line.len() - 1].to_vec();
                    mutate(&mut broken, &mut rng);
                    broken.retain(|byte| *byte != b'\n');
                    broken.push(b'\n');
                    bytes.extend(broken);
                } else {
                    bytes.extend_from_slice(line);
                }
            }
            let read = read_plots(format, Cursor::new(bytes), "broken").expect("a file");
            let mut rest = read.plots.iter();
            for (i, plot) in plots.iter().enumerate().filter(|(i, _)| i % 3 != 1) {
                let survives = rest.any(|found| found == plot);
                assert!(
                    survives,
                    "{format:?}: record {i} is lost in round {round} of seed {SEED:#x}"
                );
            }
        }
    }
}
