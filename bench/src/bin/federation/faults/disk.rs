//! A disk that is full, and has room again.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{KR, Outcome, PATIENCE, Stage};
use crate::Failure;
use crate::folders::Settings;

/// A small disk in memory; gone when dropped.
struct Disk(PathBuf);

impl Disk {
    fn new(at: &Path, mib: u32) -> Result<Self, Failure> {
        std::fs::create_dir_all(at)?;
        mount(&["-t", "tmpfs", "-o", &format!("size={mib}m"), "tmpfs"], at)?;
        Ok(Self(at.to_owned()))
    }

    fn grow(&self, mib: u32) -> Result<(), Failure> {
        mount(&["-o", &format!("remount,size={mib}m")], &self.0)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn mount(args: &[&str], at: &Path) -> Result<(), Failure> {
    let done = Command::new("mount").args(args).arg(at).status()?;
    if done.success() {
        Ok(())
    } else {
        Err("mount failed".into())
    }
}

/// KR's disk is full: it says so, holds what it accepted, and goes on by itself when there is room.
pub fn full(stage: &mut Stage) -> Result<Outcome, Failure> {
    let node = stage.nodes.list[KR].take().ok_or("it is down")?;
    node.end()?;
    let disk = Disk::new(&stage.nodes.folders.path.join("disk"), 24)?;
    let settings = Settings {
        free_disk_min_mib: 8,
        ..Settings::default()
    };
    stage.nodes.folders.stores[KR] = disk.0.join("store");
    stage.nodes.folders.configure(KR, &settings, Some(stage.spaces))?;
    stage.nodes.launch(KR)?;
    stage.nodes.meet()?;
    stage.begin()?;
    let state = |stage: &Stage| stage.nodes.status(KR).map(|status| status["store"]["state"].clone());
    crate::until("the disk is full", PATIENCE, || {
        state(stage).is_ok_and(|state| state == "full")
    })?;
    let is_ready = stage.nodes.node(KR)?.get(Some(stage.spaces), "/ready")?.0;
    stage.go_on(3.0);
    disk.grow(1_024)?;
    crate::until("there is room again", PATIENCE, || {
        state(stage).is_ok_and(|state| state == "good")
    })?;
    stage.go_on(2.0);
    let dropped = crate::nodes::tally(&stage.nodes.status(KR)?).dropped;
    let mut outcome = stage.compare(dropped == 0)?;
    outcome.is_good &= !is_ready;
    outcome.words += &format!("; {dropped} were dropped at the feed and counted");
    Ok(outcome)
}
