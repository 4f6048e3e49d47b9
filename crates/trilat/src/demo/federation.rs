//! Three owners' folders: keys that each makes for itself, rosters exchanged, rules, sensors, plots, configuration.
//!
//! It is what `trilat node init` does, with the plots of a scenario and free ports: no secret of one owner is ever in
//! another's folder.

use std::net::UdpSocket;
use std::path::{Path, PathBuf};

use geo::Time;
use node::config::{Template, TemplatePartner, node_toml};
use node::keyring::{Seed, Terms};
use node::warnings::{FILE, TEMPLATE};
use plot::Sensors;
use wire::Format;
use zeroize::Zeroizing;

use super::DemoError;
use super::scene::Scene;
use crate::commands::seed;
use crate::{Failure, files};

/// The plots of an owner, in its folder,
pub const PLOTS: &str = "plots.csv";
/// and its sensors.
pub const SENSORS: &str = "sensors.toml";
/// The folder of warnings, in that of the owner that warns: Japan, or else the first.
const CENTRE: &str = "centre";
const WARNS: &str = "JP";
/// So many days the keys of a demonstration last.
const DAYS: u32 = 2;
/// Everything goes to all partners: the purpose is the only limit, and no rule can lift that.
const RULES: &str = "\
@id(\"everything, to warn and to protect people\")
permit (principal, action in Action::\"plot\", resource);
";

/// The folder of one owner.
#[derive(Clone, Debug)]
pub struct NodeFolder {
    /// Whose it is.
    pub owner: String,
    /// Its configuration.
    pub config: PathBuf,
    /// The folder of its warnings, of the one that warns.
    pub centre: Option<PathBuf>,
}

/// How the clock of the exercise runs.
#[derive(Copy, Clone, Debug)]
pub struct Pace {
    /// It shows the wall's time at this instant,
    pub at: Time,
    /// and runs so fast.
    pub speed: f64,
    /// Plots older than the newest by more than this change no track.
    pub lag_s: f64,
}

/// Makes the folders of all owners under one. Errors: [`Failure`], of a file that cannot be written or keys that cannot
/// be made.
pub fn make(folder: &Path, scene: &Scene, pace: Pace) -> Result<Vec<NodeFolder>, Failure> {
    let mut sensors = Sensors::default();
    for sensor in scene.owners.iter().flat_map(|owner| &owner.sensors) {
        // Names are told apart when the scenario is read.
        let content = |source: plot::DuplicateSensor| Failure::Content { source: source.into() };
        sensors.insert(sensor.clone()).map_err(content)?;
    }
    let owners: Vec<String> = scene.owners.iter().map(|owner| owner.name.to_string()).collect();
    let mut seeds: Zeroizing<Vec<[Seed; 2]>> = Zeroizing::new(Vec::with_capacity(owners.len()));
    for _ in &owners {
        seeds.push([*seed()?, *seed()?]);
    }
    let federation = node::init::Federation {
        folder,
        owners: &owners,
        seeds: &seeds,
        sensors: Some(&sensors),
        rules: Some(RULES),
        // Free ports are written over these.
        port: 7_447,
        terms: Terms {
            // Certificates are looked at by the wall's clock, rosters and rules by that of the exercise.
            now: pace.at + -60.0,
            days: DAYS,
            hosts: None,
        },
    };
    let members = federation.make().map_err(DemoError::from)?;
    let ports = ports(owners.len())?;
    let warns = owners.iter().position(|owner| owner == WARNS).unwrap_or(0);
    let mut all = Vec::new();
    for (at, (owner, member)) in scene.owners.iter().zip(&members).enumerate() {
        files::write_plots(&member.folder.join(PLOTS), Format::Csv, &owner.plots)?;
        let config = member.folder.join("node.toml");
        let mut template = template(scene, at, &ports, pace);
        let centre = (at == warns).then(|| member.folder.join(CENTRE));
        if let Some(centre) = &centre {
            // An exercise with one channel: files in its own folder.
            let failed = |source| Failure::Write {
                path: centre.clone(),
                source,
            };
            std::fs::create_dir_all(centre).map_err(failed)?;
            files::write(&centre.join(FILE), TEMPLATE.as_bytes())?;
            template.values.push(("warn", "folder", format!("{CENTRE:?}")));
            template.values.push(("warn", "draft", "true".to_owned()));
        }
        files::write(&config, node_toml(&template).as_bytes())?;
        all.push(NodeFolder {
            owner: owner.name.to_string(),
            config,
            centre,
        });
    }
    Ok(all)
}

fn template(scene: &Scene, at: usize, ports: &[Vec<u16>], pace: Pace) -> Template {
    let partner = |other: usize| {
        let endpoint = format!("quic/127.0.0.1:{}", ports[at.min(other)][at.max(other)]);
        // Of two the first in the list waits, the other calls.
        let (listen, connect) = if at < other {
            (vec![endpoint], vec![])
        } else {
            (vec![], vec![endpoint])
        };
        TemplatePartner {
            name: scene.owners[other].name.to_string(),
            listen,
            connect,
        }
    };
    let text = |text: &str| format!("{text:?}");
    let values = vec![
        ("engine", "lag_s", pace.lag_s.to_string()),
        ("http", "address", text("127.0.0.1:0")),
        ("exercise", "time", text(&pace.at.to_string())),
        ("exercise", "at", text(&pace.at.to_string())),
        ("exercise", "speed", pace.speed.to_string()),
        ("limits", "free_disk_min_mib", "64".to_owned()),
    ];
    Template {
        owner: scene.owners[at].name.to_string(),
        exercise: true,
        values,
        partners: (0..scene.owners.len())
            .filter(|other| *other != at)
            .map(partner)
            .collect(),
        feeds: vec![vec![
            ("name", text("radars")),
            ("input", text("file")),
            ("format", text("csv")),
            ("path", text(PLOTS)),
            ("pace", text("clock")),
        ]],
    }
}

/// A free port for each pair of nodes, by the smaller and the larger of their places.
fn ports(nodes: usize) -> Result<Vec<Vec<u16>>, DemoError> {
    let mut held = Vec::new();
    let mut ports = vec![vec![0; nodes]; nodes];
    for (first, row) in ports.iter_mut().enumerate() {
        for port in &mut row[first + 1..] {
            let socket = UdpSocket::bind("127.0.0.1:0").map_err(DemoError::Port)?;
            *port = socket.local_addr().map_err(DemoError::Port)?.port();
            // Held until all are chosen, so that each is another.
            held.push(socket);
        }
    }
    Ok(ports)
}
