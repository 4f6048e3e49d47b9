//! Standard output and standard error: the one place that prints.

use std::io::{self, Write};

use crate::Failure;

/// Prints the result on standard output.
pub fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Failure::Output)
}

/// Prints a remark on standard error; where that is closed nobody can be told.
pub fn remark(text: &str) {
    let _closed = writeln!(io::stderr().lock(), "{text}");
}

/// Prints what went wrong and what to do next, on standard error; for programs also as JSON on standard output, unless
/// a result stands there already.
pub fn complain(failure: &Failure, is_json: bool) {
    if is_json
        && !failure.comes_after_the_result()
        && let Ok(json) = failure.to_json()
    {
        // Where standard output is closed, standard error still says why.
        let _closed = say(&json);
    }
    remark(&format!("error: {failure}\n  {}", failure.advice()));
}
