//! One node as a process of the built program.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::Failure;
use crate::metrics::Metrics;
use crate::space::Spaces;

/// A node that does not answer within this does not run.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a node is started and reached.
#[derive(Copy, Clone)]
pub struct Place<'a> {
    pub program: &'a Path,
    /// The machines, where there are some, and which of them.
    pub spaces: Option<&'a Spaces>,
    pub at: usize,
}

/// A running node; it is killed when dropped.
pub struct Node {
    child: Child,
    pub folder: PathBuf,
    http: SocketAddr,
    at: usize,
}

/// Sends a signal to a process.
pub fn signal(pid: u32, signal: &str) -> Result<(), Failure> {
    let done = Command::new("kill")
        .args([format!("-{signal}"), pid.to_string()])
        .status()?;
    if done.success() {
        Ok(())
    } else {
        Err(format!("kill -{signal} {pid}: {done}").into())
    }
}

impl Node {
    /// Starts the node of a folder, without waiting for anything.
    pub fn launch(place: Place, folder: &Path, stdin: Stdio) -> Result<Self, Failure> {
        let _ = fs::remove_file(folder.join("run/http.address"));
        let log = File::options()
            .create(true)
            .append(true)
            .open(folder.join("node.log"))?;
        let mut command = match place.spaces {
            Some(spaces) => spaces.command(place.at, place.program),
            None => {
                let mut command = Command::new("setpriv");
                command.args(["--pdeathsig", "KILL"]).arg(place.program);
                command
            }
        };
        let child = command
            .args(["node", "run"])
            .arg(folder.join("node.toml"))
            .stdin(stdin)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        Ok(Self {
            child,
            folder: folder.to_owned(),
            http: SocketAddr::from(([127, 0, 0, 1], 0)),
            at: place.at,
        })
    }

    /// Starts the node of a folder, and waits until it answers.
    pub fn start(place: Place, folder: &Path) -> Result<Self, Failure> {
        let mut node = Self::launch(place, folder, Stdio::null())?;
        node.meet(place.spaces)?;
        Ok(node)
    }

    /// Waits until it answers.
    pub fn meet(&mut self, spaces: Option<&Spaces>) -> Result<(), Failure> {
        let written = self.folder.join("run/http.address");
        let mut ended = None;
        let met = crate::until("the node answers", PATIENCE, || {
            ended = self.child.try_wait().ok().flatten();
            let text = fs::read_to_string(&written).unwrap_or_default();
            if let Ok(address) = text.trim().parse() {
                self.http = address;
            }
            let owner = |status: Value| status["owner"].as_str().is_some_and(|owner| !owner.is_empty());
            ended.is_some() || self.http.port() != 0 && self.status(spaces).is_ok_and(owner)
        });
        match ended {
            Some(status) => Err(format!("a node ended, {status}:\n{}", self.last_words()).into()),
            None => met,
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The answer to a question: whether it is 200, and its body.
    pub fn get(&self, spaces: Option<&Spaces>, path: &str) -> Result<(bool, String), Failure> {
        let mut stream = self.connect(spaces, self.http)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(stream, "GET {path} HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
        let is_good = head.split(' ').nth(1) == Some("200");
        Ok((is_good, body.to_owned()))
    }

    pub fn status(&self, spaces: Option<&Spaces>) -> Result<Value, Failure> {
        Ok(serde_json::from_str(&self.get(spaces, "/status")?.1)?)
    }

    pub fn metrics(&self, spaces: Option<&Spaces>) -> Result<Metrics, Failure> {
        Ok(Metrics::read(&self.get(spaces, "/metrics")?.1))
    }

    /// Connects to its feed.
    pub fn feed(&self, spaces: Option<&Spaces>) -> Result<TcpStream, Failure> {
        let status = self.status(spaces)?;
        let address = status["feeds"][0]["address"].as_str().ok_or("no feed")?;
        let stream = self.connect(spaces, address.parse()?)?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    fn connect(&self, spaces: Option<&Spaces>, address: SocketAddr) -> std::io::Result<TcpStream> {
        match spaces {
            Some(spaces) => spaces.connect(self.at, address),
            None => TcpStream::connect_timeout(&address, Duration::from_secs(2)),
        }
    }

    /// The way into it, where its feed is its standard input.
    pub fn input(&mut self) -> Option<std::process::ChildStdin> {
        self.child.stdin.take()
    }

    pub fn signal(&self, name: &str) -> Result<(), Failure> {
        signal(self.pid(), name)
    }

    /// Ends it as a crash does.
    pub fn kill(mut self) -> Result<(), Failure> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Tells it to end, and waits. Errors: it does not end in order.
    pub fn end(mut self) -> Result<(), Failure> {
        self.signal("TERM")?;
        let mut ended = None;
        crate::until("the node ends", PATIENCE, || {
            ended = self.child.try_wait().ok().flatten();
            ended.is_some()
        })?;
        match ended {
            Some(status) if status.success() => Ok(()),
            other => Err(format!("a node ended with {other:?}:\n{}", self.last_words()).into()),
        }
    }

    /// The last lines of its log.
    pub fn last_words(&self) -> String {
        let text = fs::read_to_string(self.folder.join("node.log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(8)..].join("\n")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
