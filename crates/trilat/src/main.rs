//! The `trilat` program: everything is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    trilat::run(std::env::args_os())
}
