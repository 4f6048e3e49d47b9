//! A warning centre of a test: its folder, tracks to warn of, and the built program run on them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};

use geo::Time;

/// What a program ended with: its code, and what it printed.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints UTF-8");
        Self {
            code: output.status.code().unwrap_or(-1),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

impl Ended {
    /// What it printed, where it ended well.
    #[track_caller]
    pub fn good(self) -> String {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        self.out
    }

    /// What it complained of, where it ended so.
    #[track_caller]
    pub fn bad(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        self.err
    }
}

/// Runs `trilat`.
pub fn trilat(arguments: &[&str]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trilat"));
    command.args(arguments).output().expect("the built program runs").into()
}

pub fn at(text: &str) -> Time {
    text.parse().expect("a time")
}

/// A folder of warnings.
pub struct Centre {
    pub folder: PathBuf,
}

impl Centre {
    /// A fresh folder with these settings beside sender and name.
    pub fn new(name: &str, settings: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("warn-{name}"));
        // What a run before has left there is in the way.
        if folder.exists() {
            std::fs::remove_dir_all(&folder).expect("the folder is ours");
        }
        std::fs::create_dir_all(&folder).expect("a folder");
        let head = "sender = \"warning@centre.example\"\nsender_name = \"Warning centre\"\n";
        std::fs::write(folder.join("warn.toml"), format!("{head}{settings}")).expect("a file");
        Self { folder }
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names of the CAP files of a channel.
    pub fn files(&self, channel: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.folder.join(channel)) else {
            return Vec::new();
        };
        let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| name.ends_with(".cap.xml")).collect();
        names.sort();
        names
    }

    fn command(&self, what: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trilat"));
        command.arg("warn").arg(what).arg(&self.folder).args(arguments);
        command
    }

    /// Runs `trilat warn WHAT FOLDER …`.
    pub fn run(&self, what: &str, arguments: &[&str]) -> Ended {
        let mut command = self.command(what, arguments);
        command.output().expect("the built program runs").into()
    }

    /// Begins it.
    pub fn begin(&self, what: &str, arguments: &[&str]) -> Child {
        let mut command = self.command(what, arguments);
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the built program runs")
    }

    /// Writes tracks of one object, measured and foretold at a time.
    pub fn tracks(&self, file: &str, object: &Object) -> String {
        std::fs::write(self.folder.join(file), object.csv()).expect("a file");
        self.path(file)
    }
}

/// An object that may come down.
pub struct Object {
    pub name: String,
    /// When it was measured last.
    pub measured: Time,
    /// When the area was computed.
    pub said: Time,
    /// Seconds after that.
    pub arrival_s: [f64; 2],
    pub place: [f64; 2],
    pub major_m: f64,
}

/// Over northern Japan, as on 2022-10-04.
pub fn object(said: Time) -> Object {
    Object {
        name: "1f3a".to_owned(),
        measured: said,
        said,
        arrival_s: [75.0, 700.0],
        place: [40.8, 140.8],
        major_m: 150e3,
    }
}

impl Object {
    fn csv(&self) -> String {
        let (name, [lat, lon], [from_s, to_s]) = (&self.name, self.place, self.arrival_s);
        let (major_m, minor_m, middle_s) = (self.major_m, self.major_m / 2.0, (from_s + to_s) / 2.0);
        let name = format!("\"{}\"", name.replace('"', "\"\""));
        format!(
            "time,track,kind,existence,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps,way,weight,probability,in_s,\
             earliest_s,latest_s,major_m,minor_m,azimuth_deg\n\
             {},{name},update,0.99,40.6,139.0,300000,3000,0,0,,,,,,,,,\n\
             {},{name},forecast,0.99,{lat},{lon},0,0,0,0,any,1,0.95,{middle_s},{from_s},{to_s},{major_m},{minor_m},9\n",
            self.measured, self.said
        )
    }
}

/// What a server on this machine was sent: head and body.
pub struct Sent {
    pub head: String,
    pub body: String,
}

/// How a server answers.
#[derive(Copy, Clone)]
pub enum Manner {
    /// With this status.
    Status(&'static str),
    /// Never; the connection stays open.
    Silent,
}

/// A server on this machine. Each request is sent to the test before it is answered.
pub struct Server {
    pub url: String,
    pub requests: Receiver<Sent>,
}

impl Server {
    /// Answers in these manners in turn, the last again and again.
    pub fn new(manners: &[Manner]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/warning", listener.local_addr().expect("an address"));
        let (to, requests) = channel();
        let manners = manners.to_vec();
        std::thread::spawn(move || {
            let mut open = Vec::new();
            for (count, stream) in listener.incoming().enumerate() {
                let Ok(mut stream) = stream else { return };
                let Some(sent) = request(&mut stream) else { continue };
                if to.send(sent).is_err() {
                    return;
                }
                match manners[count.min(manners.len() - 1)] {
                    Manner::Silent => open.push(stream),
                    Manner::Status(status) => {
                        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnote");
                        // Who does not listen any more is not told.
                        let _ = stream.write_all(answer.as_bytes());
                    }
                }
            }
        });
        Self { url, requests }
    }

    /// How many requests came that nobody has looked at.
    pub fn count(&self) -> usize {
        self.requests.try_iter().count()
    }
}

fn request(stream: &mut TcpStream) -> Option<Sent> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        head += &line;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    Some(Sent { head, body })
}

/// One channel of `warn.toml`.
pub fn channel_of(name: &str, kind: &str, rest: &str) -> String {
    format!("[[channel]]\nname = \"{name}\"\nkind = \"{kind}\"\n{rest}\n")
}
