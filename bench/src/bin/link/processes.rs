//! The ends as processes of this machine, on loopback.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;

use crate::certificates;
use crate::ends::{Bare, Ours, Peer};
use crate::round::{self, Load};

/// A process that is ended when it is no longer needed.
struct Echo(Child);

impl Echo {
    fn start(engine: &str, me: &str, folder: &str, address: &str) -> Self {
        let this = env::current_exe().expect("this program");
        let echo = Command::new(this)
            .args(["echo", engine, me, "a", folder, "connect", address])
            .spawn();
        Self(echo.expect("a process"))
    }

    fn signal(&self, signal: &str) {
        let done = Command::new("kill").args([signal, &self.0.id().to_string()]).status();
        assert!(done.is_ok_and(|status| status.success()), "kill {signal}");
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder of certificates, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = env::temp_dir().join(format!("trilat-bench-link-{}", std::process::id()));
        certificates::write_all(&path, &["a", "b", "c"]);
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a path")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn address(protocol: &str, host: u8) -> String {
    format!("{protocol}/127.0.77.{host}:7447")
}

/// Both engines over QUIC, and the bare one over TLS, to another process and back.
pub fn compare(load: &Load) {
    let folder = Folder::new();
    for (host, (engine, protocol)) in [("bare", "quic"), ("ours", "quic"), ("bare", "tls")]
        .into_iter()
        .enumerate()
    {
        let at = address(protocol, host as u8 + 1);
        let peer = Peer::new("a", "b", &folder.0, true, &at);
        let figures = if engine == "bare" {
            let end = Bare::open(&peer);
            let _echo = Echo::start(engine, "b", folder.path(), &at);
            round::measure(&end, load)
        } else {
            let end = Ours::open(&peer);
            let _echo = Echo::start(engine, "b", folder.path(), &at);
            round::measure(&end, load)
        };
        println!("{engine} {protocol} {figures}");
    }
}

/// The round with c, while b is well, and while b is frozen; b is sent the same all the time.
pub fn frozen(load: &Load) {
    let folder = Folder::new();
    let (at_b, at_c) = (address("quic", 11), address("quic", 12));
    let mut to_b = Ours::open(&Peer::new("a", "b", &folder.0, true, &at_b));
    let to_c = Ours::open(&Peer::new("a", "c", &folder.0, true, &at_c));
    let echoes = [
        Echo::start("ours", "b", folder.path(), &at_b),
        Echo::start("ours", "c", folder.path(), &at_c),
    ];
    round::meet(&to_b, load);
    let mut p99_ms = [0.0; 2];
    for (at, state) in ["well", "frozen"].into_iter().enumerate() {
        if state == "frozen" {
            echoes[0].signal("-STOP");
        }
        let load_b = *load;
        let b = thread::spawn(move || {
            let poured = round::pour(&to_b, &load_b);
            (to_b, poured)
        });
        let figures = round::measure(&to_c, load);
        let (end, (taken, refused)) = b.join().expect("b");
        to_b = end;
        println!("b {state}: b took {taken}, {refused} were refused; c {figures}");
        p99_ms[at] = figures.percentile(99);
    }
    echoes[0].signal("-CONT");
    println!("added p99 of c: {:.3} ms", p99_ms[1] - p99_ms[0]);
}
