//! Bytes of any kind as Parquet: no panic, and no plot outside its limits.
#![no_main]

// The reader contains panics of the parquet crate, so no hook may end the process; a panic that gets out still does.
libfuzzer_sys::fuzz_target!(
    init: std::panic::set_hook(Box::new(|_| {})),
    |octets: &[u8]| decoders::plots_parquet(octets)
);
