//! Bytes of any kind as an agreement: no panic, and what is read is written and read again.
#![no_main]

use share::policy::{AGREEMENT, Files, Policy, Text};

libfuzzer_sys::fuzz_target!(|agreement: &str| {
    let read = |text: &str| {
        let files = Files::new([Text {
            name: AGREEMENT.into(),
            text: text.into(),
        }])
        .ok()?;
        Some(Policy::new(&files).ok()?.agreement().clone())
    };
    if let Some(mut agreement) = read(agreement) {
        // Instants are written to the second.
        let whole = |time: geo::Time| {
            format!("{time:.0}")
                .parse::<geo::Time>()
                .expect("what was written can be read")
        };
        agreement.dated = whole(agreement.dated);
        agreement.from = whole(agreement.from);
        assert_eq!(read(&agreement.to_toml()).as_ref(), Some(&agreement));
    }
});
