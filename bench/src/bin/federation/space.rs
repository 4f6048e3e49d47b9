//! Machines within this one (`bench/network.sh`), and connections made on them.

use std::fs::File;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::Failure;

/// The name of the network, so that it stands in nobody's way.
pub const NET: &str = "trilatfed";

/// Some machines on one switch; gone when dropped.
pub struct Spaces {
    machines: Vec<String>,
}

/// A network that is written down while it lives; it ends with the file.
pub struct Capture {
    child: Child,
    pub file: PathBuf,
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("network.sh")
}

fn network(args: &[&str]) -> Result<(), Failure> {
    let done = Command::new("bash")
        .arg(script())
        .args(args)
        .env("TRILAT_NET", NET)
        .stdin(Stdio::null())
        .output()?;
    if done.status.success() {
        Ok(())
    } else {
        let words = String::from_utf8_lossy(&done.stderr).into_owned();
        Err(format!("network.sh {}: {words}", args.join(" ")).into())
    }
}

impl Spaces {
    /// Makes a machine for each name, with the addresses 10.77.0.1, 10.77.0.2, … Needs root.
    pub fn up(names: &[&str]) -> Result<Self, Failure> {
        network(&["down"])?;
        let spaces = Self {
            machines: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        network(&[&["up"], names].concat())?;
        Ok(spaces)
    }

    /// The address of a machine.
    pub fn address(&self, machine: usize) -> String {
        format!("10.77.0.{}", machine + 1)
    }

    /// Does something to a machine's network: `cut`, `heal`, `rate`, `lose`, `free`.
    pub fn change(&self, what: &str, machine: usize, how: &[&str]) -> Result<(), Failure> {
        network(&[&[what, &self.machines[machine]], how].concat())
    }

    /// A command that runs on a machine.
    pub fn command(&self, machine: usize, program: &Path) -> Command {
        let mut command = Command::new("ip");
        command
            .args(["netns", "exec", &format!("{NET}-{}", self.machines[machine])])
            .args(["setpriv", "--pdeathsig", "KILL"])
            .arg(program);
        command
    }

    /// Connects as if from the machine itself.
    pub fn connect(&self, machine: usize, address: SocketAddr) -> std::io::Result<TcpStream> {
        let path = format!("/run/netns/{NET}-{}", self.machines[machine]);
        // A thread of its own: where it stands is the thread's, and a connection stays where it was made.
        let work = move || {
            let space = File::open(path)?;
            move_into_link_name_space(space.as_fd(), Some(LinkNameSpaceType::Network))?;
            TcpStream::connect_timeout(&address, Duration::from_secs(2))
        };
        std::thread::spawn(work)
            .join()
            .unwrap_or_else(|_| Err(std::io::Error::other("the thread died")))
    }

    /// Writes down what a machine sends and gets.
    pub fn capture(&self, machine: usize, file: PathBuf) -> Result<Capture, Failure> {
        let child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "bash"])
            .arg(script())
            .args(["capture", &self.machines[machine]])
            .arg(&file)
            .env("TRILAT_NET", NET)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let capture = Capture { child, file };
        // It has begun when the head of the file is there.
        crate::until("the capture begins", Duration::from_secs(10), || {
            std::fs::metadata(&capture.file).is_ok_and(|file| file.len() >= 24)
        })?;
        Ok(capture)
    }
}

impl Capture {
    /// Ends it; the file is whole then.
    pub fn end(mut self) -> Result<PathBuf, Failure> {
        crate::process::signal(self.child.id(), "INT")?;
        self.child.wait()?;
        Ok(self.file.clone())
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Spaces {
    fn drop(&mut self) {
        let _ = network(&["down"]);
    }
}
