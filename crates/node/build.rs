//! Puts the files of `web/dist` into the program: the picture needs nothing beside it.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The built picture, from this crate.
const DIST: &str = "../../web/dist";

fn main() -> io::Result<()> {
    let dist = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join(DIST);
    let mut paths = Vec::new();
    if dist.is_dir() {
        collect(&dist, &mut paths)?;
    }
    let name = |path: &Path| {
        path.strip_prefix(&dist)
            .unwrap_or(path)
            .to_string_lossy()
            .replace('\\', "/")
    };
    let mut files: Vec<(String, PathBuf)> = paths.into_iter().map(|path| (name(&path), path)).collect();
    files.sort();
    let mut source = String::from("/// The files: path under the folder, content.\n");
    source.push_str("pub(super) const FILES: &[(&str, &[u8])] = &[\n");
    for (name, path) in &files {
        let whole = path.canonicalize()?;
        let _ = writeln!(source, "    ({name:?}, include_bytes!({:?})),", whole.to_string_lossy());
    }
    source.push_str("];\n");
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default()).join("web_files.rs");
    fs::write(out, source)?;
    tell(&format!("rerun-if-changed={DIST}"));
    tell("rerun-if-changed=build.rs");
    Ok(())
}

/// Tells cargo.
fn tell(line: &str) {
    println!("cargo:{line}");
}

/// All files under a folder.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}
