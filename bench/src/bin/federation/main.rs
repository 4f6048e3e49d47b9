//! A federation of three nodes as three processes, measured: JP, KR and US, mutual TLS over QUIC, everything released
//! to everybody, logs on disk.
//!
//! ```text
//! federation latency [PER_S] [SECONDS]     feed to track at the partners, hop by hop, and a bare Zenoh round beside it
//! federation sustained [PER_S] [SECONDS]   whether anything is lost, and what is busy
//! federation frozen [PER_S] [SECONDS]      a partner is frozen for so long
//! federation loss [PER_S] [SECONDS] [PERCENT]    one owner's network loses packets; needs root
//! federation catchup [PER_S] [PLOTS]       a partner comes back and has missed so many
//! federation restart [PLOTS]               a node with so many in its log is killed and started
//! federation withdraw [PER_S] [ROUNDS]     how soon nothing leaves any more, once it is withdrawn
//! federation faults [NAME…]                real faults, each ok or FAILED; needs root (bench/federation_faults.sh)
//! ```
//!
//! `--trilat PROGRAM` names the program (`target/release/trilat`, built if it is not there). The scene is described in
//! `scene.rs`; `TRILAT_FEDERATION` names the folder of the nodes, `TRILAT_FEDERATION_KEEP` keeps it;
//! `TRILAT_SCHEDULING` is `scheduling` of the nodes (real-time, which needs root or `ulimit -r 1`);
//! `TRILAT_LAG_S` and `TRILAT_CHECKPOINT_S` are `lag_s` (10) and `checkpoint_s` (0.5) of the engines.
//! `cargo run --release --manifest-path bench/Cargo.toml --bin federation -- latency`
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock, and waits")]

mod bare;
mod catchup;
mod chance;
mod faults;
mod feeder;
mod folders;
mod frozen;
mod latency;
mod loss;
mod metrics;
mod missile;
mod nodes;
mod past;
mod process;
mod restart;
mod scene;
mod space;
mod sustained;
mod threads;
mod withdraw;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// What went wrong, in words.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How often something is looked at that is waited for.
const LOOK: Duration = Duration::from_millis(10);

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool, Failure> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let program = match args.iter().position(|arg| arg == "--trilat") {
        Some(at) if at + 1 < args.len() => {
            args.remove(at);
            PathBuf::from(args.remove(at))
        }
        _ => built()?,
    };
    let program = std::fs::canonicalize(&program).map_err(|error| format!("{}: {error}", program.display()))?;
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let number = |at: usize, default: f64| args.get(at).map_or(Ok(default), |text| text.parse::<f64>());
    match args.first().copied() {
        Some("latency") => latency::run(&program, number(1, 1_000.0)?, number(2, 60.0)?),
        Some("sustained") => sustained::run(&program, number(1, 20_000.0)?, number(2, 60.0)?),
        Some("frozen") => frozen::run(&program, number(1, 1_000.0)?, number(2, 60.0)?),
        Some("loss") => loss::run(
            &program,
            number(1, 1_000.0)?,
            number(2, 60.0)?,
            args.get(3).unwrap_or(&"2"),
        ),
        Some("catchup") => catchup::run(&program, number(1, 1_000.0)?, number(2, 3_600_000.0)? as u64),
        Some("restart") => restart::run(&program, number(1, 10_000_000.0)? as u64),
        Some("withdraw") => withdraw::run(&program, number(1, 1_000.0)?, number(2, 50.0)? as usize),
        Some("faults") => faults::run(&program, &args[1..]),
        _ => Err(
            "federation latency|sustained|frozen|loss|catchup|restart|withdraw|faults …: \
                  see the head of bench/src/bin/federation/main.rs"
                .into(),
        ),
    }
}

/// The program, built for release if it is not there.
fn built() -> Result<PathBuf, Failure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let program = root.join("target/release/trilat");
    if !program.exists() {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&root).args(["build", "--release", "-p", "trilat"]);
        if !cargo.status()?.success() {
            return Err("trilat cannot be built".into());
        }
    }
    Ok(program)
}

/// Another program of bench, where it was named, or beside this one, built if it is not there.
pub fn sibling(named: Option<PathBuf>, name: &str) -> Result<PathBuf, Failure> {
    let program = match named {
        Some(program) => program,
        None => std::env::current_exe()?.with_file_name(name),
    };
    if !program.exists() {
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--release", "--manifest-path"]);
        cargo.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"));
        if !cargo.args(["--bin", name]).status()?.success() {
            return Err(format!("bench's {name} cannot be built").into());
        }
    }
    Ok(program)
}

/// Waits on something that others bring about. Errors: it did not come.
pub fn until(what: &str, patience: Duration, mut holds: impl FnMut() -> bool) -> Result<(), Failure> {
    let since = Instant::now();
    while !holds() {
        if since.elapsed() > patience {
            return Err(format!("{what}: not within {} s", patience.as_secs()).into());
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}
