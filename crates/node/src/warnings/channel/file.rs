//! A file for each message: whole or not there, and on the disk.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::{Answer, Parcel};

/// Writes the message under its name. A second time changes nothing.
pub(super) fn deliver(folder: &Path, parcel: &Parcel) -> Answer {
    let name = name(&parcel.identifier);
    match write(folder, &name, parcel.cap.as_bytes()) {
        Ok(()) => Answer::delivered(folder.join(name).display().to_string()),
        Err(error) => Answer::failed(format!("{}: {error}", folder.join(name).display())),
    }
}

/// The name of a message's file: names of warnings are letters, digits and hyphens.
pub(super) fn name(identifier: &str) -> String {
    format!("{identifier}.cap.xml")
}

/// Writes a file beside its place, then puts it there: who reads meanwhile finds the old one or the new one.
pub(super) fn write(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let beside = folder.join(format!(".{name}.new"));
    let mut file = File::create(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&beside, folder.join(name))?;
    File::open(folder)?.sync_all()
}

/// Whether files can be made there.
pub(super) fn examine(folder: &Path) -> Result<String, String> {
    let tried = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let probe = folder.join(".trilat-probe");
        File::create(&probe)?;
        fs::remove_file(probe)
    };
    let shown = folder.display();
    tried()
        .map(|()| format!("folder {shown}"))
        .map_err(|error| format!("{shown}: {error}"))
}
