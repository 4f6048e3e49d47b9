//! Octets of any kind as a sealed message: no panic; nothing is taken but what the key signed, in its one form.
#![no_main]

use share::identity::{NodeId, NodeKey};
use share::seal::{Context, claimed_signer, open, peek, seal};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let key = NodeKey::from_seed(&[7; 32]);
    for context in Context::ALL {
        // Nobody but the key's holder makes what opens: here nobody signed, but the line below.
        assert!(open(octets, &key.public(), context).is_err());
        let peeked = peek(octets, context);
        assert_eq!(claimed_signer(octets, context).is_ok(), peeked.is_ok());
        if let Ok((_, payload)) = peeked {
            assert!(payload.len() <= context.payload_octets_max());
        }
    }
    if let Ok(sealed) = seal(&key, Context::Receipt, octets) {
        assert_eq!(
            open(&sealed, &key.public(), Context::Receipt).ok().as_deref(),
            Some(octets)
        );
    }
    if let Ok(text) = std::str::from_utf8(octets) {
        if let Ok(id) = text.parse::<NodeId>() {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        assert!(NodeKey::from_pem(text).is_err() || text.contains("PRIVATE KEY"));
    }
});
