//! Bytes of any kind as an item: no panic, and what is taken has no other form.
#![no_main]

use share::encode::{body_octets, body_of};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(body) = body_of(bytes) {
        assert_eq!(body_octets(&body), bytes);
    }
});
