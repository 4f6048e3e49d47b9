//! What the checks look at: the files under version control, and the crates as cargo sees them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// One file of the repository.
pub struct File {
    /// Relative to the root, with `/`.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// One crate of the workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// The crates of the workspace it needs to build, its tests not counted.
    pub uses: BTreeSet<String>,
    /// Its registered tests: name and file, relative to the root.
    pub tests: BTreeMap<String, String>,
}

/// Everything the checks read.
#[derive(Default)]
pub struct Repository {
    /// All files, ignored ones not counted.
    pub files: Vec<File>,
    /// The crates of the workspace by name.
    pub packages: BTreeMap<String, Package>,
    /// Where the real data lies, if it is there.
    pub data: Option<PathBuf>,
}

impl File {
    /// The text, or nothing where the bytes are not UTF-8.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or("")
    }

    /// Whether this is Rust source.
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

impl Repository {
    /// Reads the repository this program was built in. Errors are for people.
    pub fn read() -> Result<Self, String> {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        let list = output(Command::new("git").current_dir(&root).args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            "--deduplicate",
        ]))?;
        let mut files = Vec::new();
        for path in list.split('\0').filter(|path| !path.is_empty()) {
            // A file that is deleted but still in the index is no file.
            if let Ok(bytes) = std::fs::read(root.join(path)) {
                let path = path.to_owned();
                files.push(File { path, bytes });
            }
        }
        let metadata = output(Command::new(env!("CARGO")).current_dir(&root).args([
            "metadata",
            "--no-deps",
            "--locked",
            "--format-version",
            "1",
        ]))?;
        let metadata: Value = serde_json::from_str(&metadata).map_err(|why| format!("cargo metadata: {why}"))?;
        let data = std::env::var_os("TRILAT_DATA").map_or_else(|| root.join("../shared/data"), PathBuf::from);
        Ok(Self {
            files,
            packages: packages(&metadata),
            data: data.is_dir().then_some(data),
        })
    }

    /// The file of a path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// All Rust sources.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.is_rust())
    }
}

/// Runs a command and returns what it printed.
fn output(command: &mut Command) -> Result<String, String> {
    let done = command.output().map_err(|why| format!("{command:?}: {why}"))?;
    if !done.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&done.stderr)));
    }
    String::from_utf8(done.stdout).map_err(|why| format!("{command:?}: {why}"))
}

/// The entries of an array of JSON, none where there is no array.
fn array<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

/// Reads the crates out of `cargo metadata --no-deps`.
fn packages(metadata: &Value) -> BTreeMap<String, Package> {
    let root = metadata["workspace_root"].as_str().unwrap_or_default();
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    array(metadata, "packages")
        .map(|package| {
            let uses = array(package, "dependencies")
                .filter(|needed| needed["path"].is_string() && needed["kind"] != "dev")
                .map(|needed| text(needed, "name"))
                .collect();
            let tests = array(package, "targets")
                .filter(|target| array(target, "kind").any(|kind| kind == "test"))
                .map(|target| {
                    let path = plain(&text(target, "src_path"));
                    let below_root = path.strip_prefix(root).unwrap_or(&path).trim_start_matches('/');
                    (text(target, "name"), below_root.to_owned())
                })
                .collect();
            (text(package, "name"), Package { uses, tests })
        })
        .collect()
}

/// A path without the ways up in it: a test may lie elsewhere than its package.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// A repository of these files alone.
#[cfg(test)]
pub fn with_files<const N: usize>(files: [(&str, &str); N]) -> Repository {
    let files = files.map(|(path, text)| File {
        path: path.to_owned(),
        bytes: text.as_bytes().to_vec(),
    });
    Repository {
        files: files.into(),
        ..Repository::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_becomes_crates() {
        let metadata: Value = serde_json::from_str(
            r#"{"workspace_root": "/r", "packages": [{"name": "plot", "dependencies": [
                {"name": "geo", "path": "/r/crates/geo", "kind": null},
                {"name": "wire", "path": "/r/crates/wire", "kind": "dev"},
                {"name": "libm", "kind": null}
            ], "targets": [{"kind": ["test"], "name": "val_x", "src_path": "/r/crates/plot/../../validation/x/val_x.rs"}]}]}"#,
        )
        .unwrap();
        let plot = &packages(&metadata)["plot"];
        assert_eq!(plot.uses, BTreeSet::from(["geo".to_owned()]));
        assert_eq!(plot.tests["val_x"], "validation/x/val_x.rs");
    }
}
