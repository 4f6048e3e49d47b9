//! Two embedded stores under the load of a node, beside each other: fjall and redb; and the node's own over fjall.
//!
//! `cargo run --release --manifest-path bench/Cargo.toml --bin store [SECONDS] [PLOTS] [FOLDER]`: each load for SECONDS
//! (5), the log of PLOTS plots (10,000,000) for the time to open. What an append, a sync, a page costs is printed as a
//! table; a crash is a real one, of a process that is aborted. `store fill NAME closed|crashed PLOTS FOLDER` and `store
//! open NAME PLOTS FOLDER` do the last part alone.

mod engine;
mod load;
mod open;

use std::path::{Path, PathBuf};

use engine::{Engine, Fjall, Redb, Trilat};

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|word| word == "fill") {
        return open::fill_and_die(&arguments[1..]);
    }
    if arguments.first().is_some_and(|word| word == "open") {
        return open::open_again(&arguments[1..]);
    }
    let number = |n: usize, default: u64| arguments.get(n).map_or(Ok(default), |text| text.parse());
    let (seconds, plots) = (number(0, 5)?, number(1, 10_000_000)?);
    let folder = arguments.get(2).map_or_else(std::env::temp_dir, PathBuf::from);
    println!(
        "{}; {seconds} s a load; {} cores",
        std::env::consts::OS,
        std::thread::available_parallelism()?
    );
    load::head();
    for (plots_per_frame, octets) in [(32, 3_500), (1, 200)] {
        for plots_per_s in [1_000, 20_000] {
            let load = load::Load {
                plots_per_frame,
                octets,
                plots_per_s,
                seconds,
            };
            run::<Fjall>(&folder, |engine, path| load::paced(engine, path, &load))?;
            run::<Redb>(&folder, |engine, path| load::paced(engine, path, &load))?;
            run::<Trilat>(&folder, |engine, path| load::paced(engine, path, &load))?;
        }
    }
    println!();
    for (plots_per_frame, octets) in [(32, 3_500), (1, 200)] {
        let load = load::Load {
            plots_per_frame,
            octets,
            plots_per_s: 0,
            seconds,
        };
        run::<Fjall>(&folder, |engine, path| load::flat_out(engine, path, &load))?;
        run::<Redb>(&folder, |engine, path| load::flat_out(engine, path, &load))?;
        run::<Trilat>(&folder, |engine, path| load::flat_out(engine, path, &load))?;
    }
    println!();
    for name in [Fjall::NAME, Redb::NAME, Trilat::NAME] {
        open::measure(&folder, name, plots)?;
    }
    Ok(())
}

fn run<E: Engine>(folder: &Path, measure: impl FnOnce(&E, &Path) -> Result<(), Failure>) -> Result<(), Failure> {
    let path = folder.join(format!("trilat-bench-{}-{}", E::NAME, std::process::id()));
    remove(&path)?;
    let done = measure(&E::open(&path)?, &path);
    remove(&path)?;
    done
}

fn remove(path: &Path) -> Result<(), Failure> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
