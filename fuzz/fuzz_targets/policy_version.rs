//! Bytes of any kind as what was signed as a version: no panic, and only its one form is taken.
#![no_main]

use std::sync::LazyLock;

use share::identity::NodeKey;
use share::policy::version::History;
use share::seal::{Context, seal};

static KEY: LazyLock<NodeKey> = LazyLock::new(|| NodeKey::from_seed(&[7; 32]));

libfuzzer_sys::fuzz_target!(|payload: &[u8]| {
    // Unsigned bytes end at the seal; these are signed, by an owner that signs anything.
    let Ok(octets) = seal(&KEY, Context::Policy, payload) else {
        return;
    };
    let mut history = History::new("japan", &[KEY.public()]);
    if history.accept(&octets).is_ok() {
        assert_eq!(history.versions().len(), 1);
        assert!(
            history.accept(&octets).is_ok(),
            "a version that is known is found again"
        );
    }
});
