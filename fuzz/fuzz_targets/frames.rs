//! Bytes of any kind as the payload of a frame: no panic, and what is read is signed and read again.
#![no_main]

use share::frame::Frame;
use share::identity::NodeKey;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = Frame::peek(bytes);
    if let Ok(frame) = Frame::of_payload(bytes) {
        let key = NodeKey::from_seed(&[7; 32]);
        if let Ok(sealed) = frame.seal(&key) {
            assert_eq!(
                Frame::open(&sealed, &key.public()).expect("what was signed can be opened"),
                frame
            );
        }
        for item in &frame.items {
            let _ = item.item(&"alfa".into(), |_| Vec::new());
        }
    }
});
