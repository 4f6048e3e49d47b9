//! What every validation case needs: where the real data lies. The cases themselves are the folders beside `src/`.

use std::path::PathBuf;

/// Returns the path of one file or folder of the real data, below `$TRILAT_DATA` (default `../shared/data`).
///
/// Returns `None`, after saying on standard error which test was skipped and why, where the data is absent. On CI
/// (`CI` is set) absence is a failure: the panic names the path.
pub fn data(relative: &str) -> Option<PathBuf> {
    let root = std::env::var_os("TRILAT_DATA")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"));
    let path = root.join(relative);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "{} is missing; CI needs the real data",
        path.display()
    );
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    {
        eprintln!(
            "skipped: {} is missing; set TRILAT_DATA to the folder that holds it",
            path.display()
        );
    }
    None
}
