//! The systemd unit and the container file: what they name is what `trilat node init` makes and the documents say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use node::config::Config;

use crate::nodes::Federation;

/// Where a node lives under systemd, and in a container.
const HOME: &str = "/var/lib/trilat";
const MOUNTED: &str = "/node";
const PROGRAM: &str = "/usr/local/bin/trilat";

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The keys of a unit's section `[Service]`, each once.
fn service(unit: &str) -> BTreeMap<&str, &str> {
    let (_, section) = unit.split_once("\n[Service]\n").expect("a section");
    let section = section.split("\n[").next().unwrap_or_default();
    let lines = section
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut keys = BTreeMap::new();
    for (key, value) in lines.map(|line| line.split_once('=').expect("a key and its value")) {
        assert_eq!(keys.insert(key, value), None, "{key} is there twice");
    }
    keys
}

/// The files and folders of a node's configuration, without the folder that it is in.
fn own_paths(config: &Config, folder: &Path) -> Vec<PathBuf> {
    let named = [
        &config.store,
        &config.run,
        &config.identity,
        &config.policies,
        &config.sensors,
    ];
    let within = |path: &&PathBuf| {
        path.strip_prefix(folder)
            .map(Path::to_owned)
            .expect("in its own folder")
    };
    named.iter().map(within).collect()
}

#[test]
fn the_unit_runs_a_node_in_the_one_folder_that_it_may_write_to() {
    let unit = read("packaging/trilat-node.service");
    let keys = service(&unit);
    let home = format!("/var/lib/{}", keys["StateDirectory"]);
    assert_eq!((&*home, keys["WorkingDirectory"]), (HOME, HOME));
    assert_eq!(keys["ExecStart"], format!("{PROGRAM} node run {HOME}/node.toml"));
    assert_eq!((keys["ProtectSystem"], keys["User"]), ("strict", "trilat"));
    assert!(!keys.contains_key("ReadWritePaths"), "the state directory is enough");
    // What init makes is all in that folder, wherever it is put.
    let federation = Federation::new("packaged");
    let moved = federation.folder.join("moved");
    std::fs::rename(federation.folder.join("alpha"), &moved).expect("it can be moved");
    let config = Config::read(&moved.join("node.toml")).expect("it is as good there");
    for path in own_paths(&config, &moved) {
        assert!(path.is_relative() && !path.starts_with(".."), "{}", path.display());
    }
    let docs = read("docs/node.md");
    for said in [
        format!("cp -r demo/japan/. {HOME}/"),
        format!("chown -R trilat:trilat {HOME}"),
        format!("{PROGRAM} node doctor {HOME}/node.toml"),
        format!("install -m 0755 trilat {PROGRAM}"),
    ] {
        assert!(docs.contains(&said), "docs/node.md does not say: {said}");
    }
}

/// By systemd itself, where it is.
#[test]
fn systemd_has_nothing_to_say_of_the_unit() {
    let known = Command::new("systemd-analyze").arg("--version").output();
    if !known.is_ok_and(|out| out.status.success()) {
        // The unit is compared with its own words only.
        return;
    }
    let unit = read("packaging/trilat-node.service").replace(PROGRAM, env!("CARGO_BIN_EXE_trilat"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unit");
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("trilat-node.service");
    let verify = |text: &str| {
        std::fs::write(&path, text).expect("it can be written");
        let out = Command::new("systemd-analyze").arg("verify").arg(&path).output();
        String::from_utf8_lossy(&out.expect("it runs").stderr).into_owned()
    };
    assert_eq!(verify(&unit), "");
    let misspelt = verify(&unit.replace("StateDirectory=", "StateFolder="));
    assert!(misspelt.contains("StateFolder"), "{misspelt}");
}

#[test]
fn the_container_runs_and_asks_the_node_of_the_folder_that_is_mounted() {
    let file = read("packaging/Containerfile");
    let config = format!("{MOUNTED}/node.toml");
    let last = |word: &str| {
        let mut lines = file.lines().filter_map(|line| line.strip_prefix(word));
        lines.next_back().unwrap_or_else(|| panic!("no {word}")).trim()
    };
    assert_eq!((last("WORKDIR"), last("USER")), (MOUNTED, "trilat"));
    assert_eq!(last("ENTRYPOINT"), "[\"trilat\"]");
    assert_eq!(last("CMD"), format!("[\"node\", \"run\", {config:?}]"));
    let health = format!("CMD [\"trilat\", \"node\", \"status\", {config:?}]");
    assert!(last("HEALTHCHECK").ends_with(&health), "{file}");
    // The program runs with the C library that it was linked with.
    let images: Vec<&str> = file.lines().filter_map(|line| line.strip_prefix("FROM ")).collect();
    let of = |image: &str, name: &str| image.split_whitespace().next().is_some_and(|tag| tag.contains(name));
    assert!(
        images.len() == 2 && images.iter().all(|image| of(image, "trixie")),
        "{images:?}"
    );
    let rust = read("Cargo.toml");
    let rust = rust.lines().find_map(|line| line.strip_prefix("rust-version = "));
    let rust = rust.expect("a version").trim_matches('"');
    assert!(images[0].contains(&format!("rust:{rust}-")), "{rust}: {images:?}");
    // The user of the container, and where its folder is mounted, as people are told.
    let user = file
        .split("--uid ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next())
        .expect("a user");
    let docs = read("docs/node.md");
    let said = format!("--userns keep-id:uid={user},gid={user} -v ./demo/japan:{MOUNTED}:Z trilat\n");
    assert!(docs.contains(&said), "docs/node.md does not say: {said}");
}
