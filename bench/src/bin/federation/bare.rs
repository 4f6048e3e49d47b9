//! A bare session of Zenoh to another process and back: bench's `link`, the engine that our links are made of with
//! nothing around it.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::Failure;

/// Octets of a message: a frame of one plot.
const OCTETS: &str = "300";
const ADDRESS: &str = "quic/127.0.77.9:7447";

struct Echo(Child);

impl Drop for Echo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Certificates(PathBuf);

impl Drop for Certificates {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Milliseconds there and back over QUIC with mutual TLS, between two processes: p50 and p99.
pub fn round(per_s: f64, seconds: f64) -> Result<(f64, f64), Failure> {
    let program = crate::sibling(std::env::var_os("TRILAT_BENCH_LINK").map(PathBuf::from), "link")?;
    let certificates = Certificates(std::env::temp_dir().join(format!("trilat-bare-{}", std::process::id())));
    let folder = certificates.0.display().to_string();
    let made = Command::new(&program)
        .args(["certificates", &folder, "a", "b"])
        .status()?;
    if !made.success() {
        return Err("no certificates".into());
    }
    let echo = Command::new("setpriv")
        .args(["--pdeathsig", "KILL"])
        .arg(&program)
        .args(["echo", "bare", "b", "a", &folder, "connect", ADDRESS])
        .stdin(Stdio::null())
        .spawn()?;
    let _echo = Echo(echo);
    let done = Command::new(&program)
        .args(["round", "bare", "a", "b", &folder, "listen", ADDRESS])
        .args([per_s.to_string(), OCTETS.to_owned(), seconds.to_string()])
        .output()?;
    let figures: Value = serde_json::from_slice(&done.stdout)?;
    let figure = |key: &str| figures[key].as_f64().ok_or("link says nothing");
    Ok((figure("p50_ms")?, figure("p99_ms")?))
}
