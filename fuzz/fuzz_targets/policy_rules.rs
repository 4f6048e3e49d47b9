//! Bytes of any kind as rules: no panic, no overflow of the stack, and nothing is given for what is no rule.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| decoders::policy_rules(octets));
