//! Three nodes as three processes of the built program, on loopback, each in a folder of its own.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use geo::Time;
use node::clock::steady_ns;
use node::status::Status;

/// Nothing here takes so long; what does, has failed.
const LONG: Duration = Duration::from_secs(60);
/// The owners; each has one radar, `OWNER-radar`.
pub const OWNERS: [&str; 3] = ["alpha", "bravo", "charlie"];

pub fn trilat(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trilat"))
        .args(arguments)
        .output()
        .expect("the built program runs")
}

/// The wall clock.
pub fn now() -> Time {
    node::clock::wall()
}

/// Waits on a condition that other processes bring about.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let since_ns = steady_ns();
    while !holds() {
        assert!(
            steady_ns() - since_ns < LONG.as_nanos() as i64,
            "{what}: not within {LONG:?}"
        );
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

/// Folders made by `trilat node init --federation`, gone when dropped.
pub struct Federation {
    pub folder: PathBuf,
}

impl Federation {
    pub fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        let (at, port) = (folder.display().to_string(), free_ports().to_string());
        let owners = OWNERS.join(",");
        let out = trilat(&[
            "node",
            "init",
            "--federation",
            &at,
            "--owners",
            &owners,
            "--port",
            &port,
        ]);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let federation = Self { folder };
        for owner in OWNERS {
            federation.edit(owner, "node.toml", |text| {
                // Any free ports; the node writes down which.
                let changed = |line: &str| match line {
                    line if line.starts_with("address = \"127.0.0.1:") => "address = \"127.0.0.1:0\"".to_owned(),
                    "# free_disk_min_mib = 512" => "free_disk_min_mib = 1".to_owned(),
                    "# rated_plots_per_s = 5000" => "rated_plots_per_s = 100000".to_owned(),
                    line => line.to_owned(),
                };
                text.lines().map(changed).collect::<Vec<_>>().join("\n") + "\n"
            });
        }
        federation
    }

    pub fn path(&self, owner: &str, file: &str) -> PathBuf {
        self.folder.join(owner).join(file)
    }

    pub fn edit(&self, owner: &str, file: &str, change: impl FnOnce(&str) -> String) {
        let path = self.path(owner, file);
        let text = std::fs::read_to_string(&path).expect("the file is there");
        std::fs::write(&path, change(&text)).expect("the file can be written");
    }

    /// What an owner gives from now on, in place of the rules that came with `init`: written, and signed.
    pub fn rules(&self, owner: &str, rules: &str) {
        std::fs::write(self.path(owner, "policies/release.cedar"), rules).expect("the file can be written");
        self.policy(owner, "sign", &["--next"]);
    }

    /// A command about the policy of an owner's node; returns what it prints.
    pub fn policy(&self, owner: &str, command: &str, more: &[&str]) -> String {
        let config = self.path(owner, "node.toml").display().to_string();
        let out = trilat(&[&["policy", command, &config], more].concat());
        let complaint = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{complaint}");
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    pub fn start(&self, owner: &str) -> Node {
        self.start_with(owner, |command| command)
    }

    /// Starts it with something else about its process.
    pub fn start_with(&self, owner: &str, change: impl FnOnce(&mut Command) -> &mut Command) -> Node {
        let config = self.path(owner, "node.toml");
        let written = self.path(owner, "run/http.address");
        // Of a node that was killed.
        let _ = std::fs::remove_file(&written);
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.path(owner, "log.txt"))
            .expect("the log can be written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_trilat"));
        command
            .args(["node", "run"])
            .arg(&config)
            .stdin(Stdio::null())
            .stderr(log);
        let child = change(&mut command).spawn().expect("the built program runs");
        let mut node = Node {
            child,
            config,
            http: SocketAddr::from(([127, 0, 0, 1], 0)),
            log: self.path(owner, "log.txt"),
        };
        until("the node says where it is", || {
            assert!(
                node.child.try_wait().expect("it can be waited for").is_none(),
                "{}",
                node.log()
            );
            let written = std::fs::read_to_string(&written).ok();
            let address = written.and_then(|text| text.trim().parse().ok());
            node.http = address.unwrap_or(node.http);
            address.is_some() && node.try_status().is_some_and(|status| !status.owner.is_empty())
        });
        node
    }
}

impl Drop for Federation {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// The first of three ports in a row that are free; no two tests of this process get the same.
pub fn free_ports() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + (std::process::id() % 10_000) as u16 * 3;
    loop {
        let port = first + 3 * NEXT.fetch_add(1, Ordering::Relaxed);
        assert!(port < 60_000, "no free ports");
        if (port..port + 3).all(|port| UdpSocket::bind(("127.0.0.1", port)).is_ok()) {
            return port;
        }
    }
}

/// A node that runs; it is killed when dropped.
pub struct Node {
    child: Child,
    pub config: PathBuf,
    http: SocketAddr,
    log: PathBuf,
}

impl Node {
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Where it answers.
    pub fn http(&self) -> SocketAddr {
        self.http
    }

    /// The answer to a question, head and body.
    pub fn get(&self, path: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(self.http)?;
        write!(stream, "GET {path} HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    fn try_status(&self) -> Option<Status> {
        let answer = self.get("/status").ok()?;
        serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
    }

    pub fn status(&self) -> Status {
        self.try_status()
            .unwrap_or_else(|| panic!("no status; its log:\n{}", self.log()))
    }

    /// What it reads, where it was started with a pipe.
    pub fn stdin(&mut self) -> ChildStdin {
        self.child.stdin.take().expect("a pipe")
    }

    /// What it counts and measures: each with its labels, as it is printed.
    pub fn metrics(&self) -> BTreeMap<String, f64> {
        let text = self.get("/metrics").expect("it answers");
        let of = |line: &str| {
            let (name, value) = line.rsplit_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        };
        let lines = text.lines().filter(|line| line.starts_with("trilat_"));
        lines.filter_map(of).collect()
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the node says something of itself.
    pub fn until(&self, what: &str, holds: impl Fn(&Status) -> bool) -> Status {
        let mut last = self.status();
        let since_ns = steady_ns();
        while !holds(&last) {
            assert!(
                steady_ns() - since_ns < LONG.as_nanos() as i64,
                "{what}; it says {last:#?}\nits log:\n{}",
                self.log()
            );
            std::thread::park_timeout(Duration::from_millis(20));
            last = self.status();
        }
        last
    }

    /// Connects to its feed.
    pub fn feed(&self) -> TcpStream {
        let address = self.status().feeds[0].address.clone().expect("the feed listens");
        TcpStream::connect(address).expect("the feed can be connected to")
    }

    /// Ends it as a crash does.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Asks it to end, and returns its exit code.
    pub fn terminate(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        assert!(asked.success());
        let mut code = None;
        until("the node ends", || {
            code = self.child.try_wait().expect("it can be waited for");
            code.is_some()
        });
        code.and_then(|code| code.code())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
