//! Whether the engine's lists of its own files are what it wrote: it trusts them without a look.
//!
//! Each table has a file `current`: number of the list (u64), its checksum (XXH3, u128), kind of checksum (0), all
//! little-endian; the list of number n is the file `vn`. Source: lsm-tree 3.1.10, `src/version/persist.rs`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_128;

/// Where the engine keeps its tables, a folder each.
const TABLES: &str = "keyspaces";

/// Finds a list that is not what was written. A table without `current` was not made to its end; the engine knows that.
pub fn find_damage(engine: &Path) -> io::Result<Option<PathBuf>> {
    let tables = engine.join(TABLES);
    if !tables.try_exists()? {
        return Ok(None);
    }
    for entry in fs::read_dir(tables)? {
        let folder = entry?.path();
        let current = folder.join("current");
        if current.try_exists()? && !is_good(&folder, &fs::read(&current)?)? {
            return Ok(Some(current));
        }
    }
    Ok(None)
}

fn is_good(folder: &Path, current: &[u8]) -> io::Result<bool> {
    let Some((number, rest)) = current.split_first_chunk() else {
        return Ok(false);
    };
    let Some((sum, [0])) = rest.split_first_chunk() else {
        return Ok(false);
    };
    match fs::read(folder.join(format!("v{}", u64::from_le_bytes(*number)))) {
        Ok(list) => Ok(xxh3_128(&list) == u128::from_le_bytes(*sum)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
