//! How long it takes until a log can be used again: closed in order, and after a crash.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock and keeps a pace")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::engine::{Engine, Fjall, Redb, Trilat};
use crate::{Failure, load, remove};

const PLOTS_PER_FRAME: u64 = 32;

/// Fills a log in a process of its own, once closing it and once dying in the midst, and opens it.
pub fn measure(folder: &Path, name: &str, plots: u64) -> Result<(), Failure> {
    for end in ["closed", "crashed"] {
        let path = folder.join(format!("trilat-bench-open-{name}-{}", std::process::id()));
        remove(&path)?;
        let started = Instant::now();
        let mut fill = Command::new(std::env::current_exe()?);
        fill.arg("fill").arg(name).arg(end).arg(plots.to_string()).arg(&path);
        let status = fill.status()?;
        if status.success() != (end == "closed") {
            return Err(format!("filling ended with {status}").into());
        }
        let fill_s = started.elapsed().as_secs_f64();
        let (open_ms, page_ms, memory_mb) = open_named(name, &path, plots)?;
        println!(
            "{name:<6} {plots} plots, {end}: filled in {fill_s:.1} s, opened in {open_ms:.0} ms, first page {page_ms:.1} \
             ms, {:.0} MB of values, {:.0} MB on disk, {memory_mb} MB more memory",
            (plots / PLOTS_PER_FRAME * 3 * 3_500) as f64 / 1e6,
            load::disk_octets(&path)? as f64 / 1e6,
        );
        remove(&path)?;
    }
    Ok(())
}

/// Opens a log that is there: `NAME PLOTS FOLDER`.
pub fn open_again(arguments: &[String]) -> Result<(), Failure> {
    let [name, plots, path] = arguments else {
        return Err("NAME PLOTS FOLDER".into());
    };
    let (open_ms, page_ms, memory_mb) = open_named(name, Path::new(path), plots.parse()?)?;
    println!("{name}: opened in {open_ms:.0} ms, first page {page_ms:.1} ms, {memory_mb} MB more memory");
    Ok(())
}

fn open_named(name: &str, path: &Path, plots: u64) -> Result<(f64, f64, u64), Failure> {
    match name {
        Fjall::NAME => open::<Fjall>(path, plots),
        Trilat::NAME => open::<Trilat>(path, plots),
        _ => open::<Redb>(path, plots),
    }
}

fn open<E: Engine>(path: &Path, plots: u64) -> Result<(f64, f64, u64), Failure> {
    let before_mb = load::memory_mb()?;
    let started = Instant::now();
    let engine = E::open(path)?;
    let open_ms = started.elapsed().as_secs_f64() * 1e3;
    let from = plots / PLOTS_PER_FRAME - 1_000;
    let key = [&[1][..], &7_u64.to_be_bytes(), &from.to_be_bytes()].concat();
    let started = Instant::now();
    if engine.page(2, &key, 256 << 10)? < 256 << 10 {
        return Err("entries that were durable are not there".into());
    }
    Ok((
        open_ms,
        started.elapsed().as_secs_f64() * 1e3,
        load::memory_mb()?.saturating_sub(before_mb),
    ))
}

/// The process that fills: `NAME closed|crashed PLOTS FOLDER`.
pub fn fill_and_die(arguments: &[String]) -> Result<(), Failure> {
    let [name, end, plots, path] = arguments else {
        return Err("NAME END PLOTS FOLDER".into());
    };
    let (frames, path) = (plots.parse::<u64>()? / PLOTS_PER_FRAME, PathBuf::from(path));
    match name.as_str() {
        Fjall::NAME => fill(Fjall::open(&path)?, frames, end),
        Trilat::NAME => fill(Trilat::open(&path)?, frames, end),
        _ => fill(Redb::open(&path)?, frames, end),
    }
}

fn fill<E: Engine>(engine: E, frames: u64, end: &str) -> Result<(), Failure> {
    let values: Vec<_> = (0..64).map(|n| load::value(3_500, n)).collect();
    for n in 0..frames {
        load::append(&engine, n, &values[n as usize % values.len()])?;
        if n % 1_000 == 999 {
            engine.sync()?;
        }
    }
    engine.sync()?;
    if end == "crashed" {
        std::process::abort();
    }
    Ok(())
}
