//! Three owners' folders, made by `trilat node init`, each told where it listens and what it gives.

use std::fmt::Write;
use std::fs;
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Failure;
use crate::space::Spaces;

/// The owners, in the order of machines and ports.
pub const OWNERS: [&str; 3] = ["JP", "KR", "US"];

/// Everything, to everybody: the purpose is the only limit.
pub const ALL: &str = "@id(\"all\")\npermit (principal, action in Action::\"plot\", resource);\n";

/// The first of the ports of links where each node has a machine of its own.
const PORT: u16 = 7_447;

/// What a node is told beside who it is.
#[derive(Clone)]
pub struct Settings {
    /// `tcp`, or `stdin`, which waits where there is no room.
    pub input: &'static str,
    pub rated_plots_per_s: u64,
    pub lag_s: f64,
    pub checkpoint_s: f64,
    pub free_disk_min_mib: u64,
    /// Of the threads that a plot waits for.
    pub scheduling: String,
}

/// A number of the environment.
fn number(name: &str, otherwise: f64) -> f64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            input: "tcp",
            rated_plots_per_s: 20_000,
            lag_s: number("TRILAT_LAG_S", 10.0),
            checkpoint_s: number("TRILAT_CHECKPOINT_S", 0.5),
            free_disk_min_mib: 64,
            scheduling: std::env::var("TRILAT_SCHEDULING").unwrap_or_else(|_| "real-time".to_owned()),
        }
    }
}

/// The folder of a federation, gone when dropped.
pub struct Folders {
    program: PathBuf,
    pub path: PathBuf,
    /// Where each owner's log is.
    pub stores: Vec<PathBuf>,
    ports: Vec<u16>,
    is_kept: bool,
}

impl Folders {
    /// Makes the folders. `sensors` is the text of a sensor file of all owners.
    pub fn new(program: &Path, sensors: &str, settings: &Settings, spaces: Option<&Spaces>) -> Result<Self, Failure> {
        let path = std::env::var_os("TRILAT_FEDERATION").map_or_else(
            || std::env::temp_dir().join(format!("trilat-federation-{}", std::process::id())),
            PathBuf::from,
        );
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path)?;
        let ports = match spaces {
            Some(_) => vec![PORT, PORT + 1, PORT + 2],
            None => free_ports()?,
        };
        let folders = Self {
            program: program.to_owned(),
            stores: OWNERS.iter().map(|owner| path.join(owner).join("store")).collect(),
            path,
            ports,
            is_kept: std::env::var_os("TRILAT_FEDERATION_KEEP").is_some(),
        };
        let file = folders.path.join("sensors.toml");
        fs::write(&file, sensors)?;
        trilat(program, |command| {
            command.args(["node", "init", "--federation"]).arg(&folders.path);
            command.args(["--owners", &OWNERS.join(","), "--sensors"]).arg(&file);
        })?;
        for at in 0..OWNERS.len() {
            folders.configure(at, settings, spaces)?;
            folders.rules(at, ALL)?;
        }
        Ok(folders)
    }

    /// An owner's folder.
    pub fn of(&self, at: usize) -> PathBuf {
        self.path.join(OWNERS[at])
    }

    /// Where an owner's log is.
    pub fn store(&self, at: usize) -> &Path {
        &self.stores[at]
    }

    /// What an owner gives from now on: written, and signed.
    pub fn rules(&self, at: usize, rules: &str) -> Result<(), Failure> {
        fs::write(self.of(at).join("policies/release.cedar"), rules)?;
        trilat(&self.program, |command| {
            command
                .args(["policy", "sign"])
                .arg(self.of(at).join("node.toml"))
                .arg("--next");
        })?;
        Ok(())
    }

    /// Writes an owner's `node.toml`.
    pub fn configure(&self, at: usize, settings: &Settings, spaces: Option<&Spaces>) -> Result<(), Failure> {
        let host = |at: usize| spaces.map_or_else(|| "127.0.0.1".to_owned(), |spaces| spaces.address(at));
        let store = &self.stores[at];
        let mut text = format!(
            "[node]\nowner = \"{}\"\nmode = \"exercise\"\nstore = {store:?}\n",
            OWNERS[at]
        );
        for other in (0..OWNERS.len()).filter(|other| *other != at) {
            let (first, second) = (at.min(other), at.max(other));
            // Of two the first waits, the other calls; a port for each pair.
            let way = if at == first { "listen" } else { "connect" };
            let port = self.ports[first + second - 1];
            let _ = write!(
                text,
                "\n[[partner]]\nname = \"{}\"\n{way} = [\"quic/{}:{port}\"]\n",
                OWNERS[other],
                host(first),
            );
        }
        let Settings {
            input,
            rated_plots_per_s,
            lag_s,
            checkpoint_s,
            free_disk_min_mib,
            scheduling,
        } = settings;
        let address = if *input == "tcp" {
            "address = \"127.0.0.1:0\"\n"
        } else {
            ""
        };
        let _ = write!(
            text,
            "\n[[feed]]\nname = \"radars\"\ninput = \"{input}\"\nformat = \"csv\"\n{address}\n\
             [engine]\nlag_s = {lag_s:.3}\ncheckpoint_s = {checkpoint_s:.3}\n\n\
             [http]\naddress = \"127.0.0.1:0\"\n\n\
             [limits]\nrated_plots_per_s = {rated_plots_per_s}\nfree_disk_min_mib = {free_disk_min_mib}\n\
             scheduling = \"{scheduling}\"\n"
        );
        Ok(fs::write(self.of(at).join("node.toml"), text)?)
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        if !self.is_kept {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Runs the program to its end. Errors: what it complained of.
pub fn trilat(program: &Path, args: impl FnOnce(&mut Command)) -> Result<String, Failure> {
    let mut command = Command::new(program);
    args(&mut command);
    let done = command.stdin(Stdio::null()).output()?;
    if done.status.success() {
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    } else {
        let words = String::from_utf8_lossy(&done.stderr).into_owned();
        Err(format!("{command:?}: {words}").into())
    }
}

/// A port of UDP for each pair.
fn free_ports() -> Result<Vec<u16>, Failure> {
    let held = (0..OWNERS.len())
        .map(|_| UdpSocket::bind("127.0.0.1:0"))
        .collect::<Result<Vec<_>, _>>()?;
    let ports = held.iter().map(|socket| Ok(socket.local_addr()?.port()));
    ports.collect()
}
