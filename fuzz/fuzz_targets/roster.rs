//! Octets of any kind as a roster, unsigned and signed by a hostile owner: no panic; what is taken is in its one form,
//! can be shown, and is taken by a roll once at most.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::roster(octets));
