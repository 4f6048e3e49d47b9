//! The files of one version of an agreement, as texts, and how large they may be.

use std::sync::Arc;

use super::fault::{Fault, Reason};

/// Name of the file that says who agrees on what.
pub const AGREEMENT: &str = "agreement.toml";
/// Name of the file that says where the named areas are.
pub const AREAS: &str = "areas.toml";
/// How the names of the files with rules end.
pub const RULES: &str = ".cedar";
/// The most octets one file may have.
pub const FILE_BYTES_MAX: usize = 256 << 10;
/// The most octets all files may have together.
pub const FILES_BYTES_MAX: usize = 1 << 20;
/// The most files a version may have.
pub const FILES_MAX: usize = 32;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its name, without a folder.
    pub name: Arc<str>,
    /// What it says.
    pub text: Arc<str>,
}

/// All files of one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    list: Vec<Text>,
}

impl Files {
    /// Takes files, in the order of their names.
    ///
    /// Errors: too many, too long, a name that is none of ours or there twice.
    pub fn new(files: impl IntoIterator<Item = Text>) -> Result<Self, Vec<Fault>> {
        let mut list: Vec<Text> = files.into_iter().take(FILES_MAX + 1).collect();
        list.sort_by(|a, b| a.name.cmp(&b.name));
        let mut faults = Vec::new();
        let whole = |name: &Arc<str>, reason| Fault::whole(name, reason);
        if list.len() > FILES_MAX {
            faults.push(whole(
                &AGREEMENT.into(),
                Reason::TooMany {
                    what: "files",
                    max: FILES_MAX,
                },
            ));
        }
        for pair in list.windows(2).filter(|pair| pair[0].name == pair[1].name) {
            faults.push(whole(&pair[0].name, Reason::FileTwice));
        }
        let mut octets = 0;
        for file in &list {
            octets += file.text.len();
            let is_rules = file.name.strip_suffix(RULES).is_some_and(is_stem);
            if !is_rules && ![AGREEMENT, AREAS].contains(&&*file.name) {
                faults.push(whole(&file.name, Reason::StrayFile));
            }
            if file.text.len() > FILE_BYTES_MAX {
                faults.push(whole(
                    &file.name,
                    Reason::TooLong {
                        octets: file.text.len(),
                        max: FILE_BYTES_MAX,
                    },
                ));
            }
        }
        if octets > FILES_BYTES_MAX {
            faults.push(whole(
                &AGREEMENT.into(),
                Reason::TooLong {
                    octets,
                    max: FILES_BYTES_MAX,
                },
            ));
        }
        if faults.is_empty() {
            Ok(Self { list })
        } else {
            Err(faults)
        }
    }

    /// All of them, in the order of their names.
    pub fn list(&self) -> &[Text] {
        &self.list
    }

    /// The file of a name.
    pub fn get(&self, name: &str) -> Option<&Text> {
        self.list.iter().find(|file| &*file.name == name)
    }

    /// Those with rules.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &Text> {
        self.list.iter().filter(|file| file.name.ends_with(RULES))
    }
}

/// Whether a text can be a file's name before its ending: lower-case letters, digits, `-` and `_`.
fn is_stem(text: &str) -> bool {
    let is_ours = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    (1..=64).contains(&text.len()) && text.chars().all(is_ours)
}
