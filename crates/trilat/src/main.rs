//! The `trilat` program: everything is in the library beside it.

use std::process::ExitCode;

/// Tracks and plots are allocated and let go thousands of times a second, most of them on one thread.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    trilat::run(std::env::args_os())
}
