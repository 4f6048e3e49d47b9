//! A seal is accepted as it was made, or not at all.

use coset::cbor::value::Value;
use coset::iana::HeaderParameter;
use coset::{Header, ProtectedHeader};
use proptest::prelude::*;

use super::*;
use crate::identity::SEED_OCTETS;

fn key(seed: u8) -> NodeKey {
    NodeKey::from_seed(&[seed; SEED_OCTETS])
}

#[test]
fn the_payload_comes_back_to_who_knows_the_key() {
    for context in Context::ALL {
        for length in [0, 1, 23, 24, 255, 256, context.payload_octets_max()] {
            let payload = vec![7; length];
            let sealed = seal(&key(1), context, &payload).unwrap();
            assert!(sealed.len() - length <= SEAL_OCTETS_MAX);
            assert_eq!(open(&sealed, &key(1).public(), context).unwrap(), payload);
            assert_eq!(claimed_signer(&sealed, context).unwrap(), key(1).id());
        }
    }
    let long = vec![7; 70_000];
    let sealed = seal(&key(1), Context::Policy, &long).unwrap();
    assert_eq!(sealed.len() - long.len(), SEAL_OCTETS_MAX);
    assert_eq!(open(&sealed, &key(1).public(), Context::Policy).unwrap(), long);
}

#[test]
fn contexts_differ_and_none_begins_another() {
    for a in Context::ALL {
        for b in Context::ALL {
            assert_eq!(a == b, b.octets().starts_with(a.octets()), "{a:?} {b:?}");
        }
    }
}

#[test]
fn another_context_another_key_and_another_name_are_refused() {
    let sealed = seal(&key(1), Context::Roster, b"roster").unwrap();
    for context in Context::ALL.into_iter().filter(|context| *context != Context::Roster) {
        let error = open(&sealed, &key(1).public(), context).unwrap_err();
        assert!(matches!(error, SealError::Signature { .. }), "{context:?}: {error}");
    }
    let error = open(&sealed, &key(2).public(), Context::Roster).unwrap_err();
    assert!(error.to_string().contains(&key(2).id().to_string()), "{error}");
    // Signed by one, under the name of the other.
    let forged = CoseSign1Builder::new()
        .protected(header(&key(1)))
        .payload(b"roster".to_vec())
        .create_signature(Context::Roster.octets(), |message| key(2).sign(message).to_vec())
        .build();
    let error = open(&forged.to_tagged_vec().unwrap(), &key(1).public(), Context::Roster).unwrap_err();
    assert!(matches!(error, SealError::Signature { .. }), "{error}");
}

#[test]
fn a_change_of_any_bit_is_refused() {
    let sealed = seal(&key(1), Context::Receipt, &[0x55; 40]).unwrap();
    for at in 0..sealed.len() {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[at] ^= 1 << bit;
            let opened = open(&changed, &key(1).public(), Context::Receipt);
            assert!(opened.is_err(), "octet {at}, bit {bit}");
        }
    }
}

#[test]
fn every_beginning_and_anything_behind_is_refused() {
    let sealed = seal(&key(1), Context::Receipt, &[0x55; 40]).unwrap();
    for length in 0..sealed.len() {
        assert!(
            open(&sealed[..length], &key(1).public(), Context::Receipt).is_err(),
            "{length}"
        );
    }
    let mut longer = sealed;
    longer.push(0);
    assert!(open(&longer, &key(1).public(), Context::Receipt).is_err());
}

fn header(key: &NodeKey) -> Header {
    HeaderBuilder::new()
        .algorithm(Algorithm::EdDSA)
        .key_id(key.id().0.to_vec())
        .build()
}

/// Signs properly under headers of any kind.
fn signed(protected: Header, unprotected: Header) -> CoseSign1 {
    CoseSign1Builder::new()
        .protected(protected)
        .unprotected(unprotected)
        .payload(b"abc".to_vec())
        .create_signature(Context::Frame.octets(), |message| key(1).sign(message).to_vec())
        .build()
}

#[test]
fn properly_signed_but_in_another_form_is_refused() {
    let good = || header(&key(1));
    let plain = signed(good(), Header::default());
    assert!(
        open(
            &plain.clone().to_tagged_vec().unwrap(),
            &key(1).public(),
            Context::Frame
        )
        .is_ok()
    );

    let mut detached = plain.clone();
    detached.payload = None;
    let mut short = plain.clone();
    short.signature.truncate(63);
    // The same header, its map with the keys the other way round: signed as it is, so the signature fits.
    let protected: Vec<u8> = [&[0xa2, 0x04, 0x50][..], &key(1).id().0, &[0x01, 0x27]].concat();
    let mut turned = plain.clone();
    turned.protected = ProtectedHeader {
        original_data: Some(protected),
        header: good(),
    };
    turned.signature = key(1).sign(&turned.tbs_data(Context::Frame.octets())).to_vec();
    let with_alg = |algorithm| {
        let protected = HeaderBuilder::new().algorithm(algorithm).key_id(key(1).id().0.to_vec());
        signed(protected.build(), Header::default())
    };
    let critical = || Header {
        crit: vec![coset::RegisteredLabelWithPrivate::Assigned(HeaderParameter::Kid)],
        ..good()
    };
    let cases = [
        ("untagged", plain.clone().to_vec().unwrap()),
        ("no payload inside", detached.to_tagged_vec().unwrap()),
        ("a short signature", short.to_tagged_vec().unwrap()),
        ("another order of the header", turned.to_tagged_vec().unwrap()),
        ("another algorithm", with_alg(Algorithm::ES256).to_tagged_vec().unwrap()),
        (
            "the newer number of the algorithm",
            with_alg(Algorithm::Ed25519).to_tagged_vec().unwrap(),
        ),
        ("something unprotected", signed(good(), good()).to_tagged_vec().unwrap()),
        (
            "something critical",
            signed(critical(), Header::default()).to_tagged_vec().unwrap(),
        ),
        (
            "something more",
            signed(HeaderBuilder::new().value(99, Value::Null).build(), Header::default())
                .to_tagged_vec()
                .unwrap(),
        ),
    ];
    for (what, octets) in cases {
        let error = open(&octets, &key(1).public(), Context::Frame);
        assert!(error.is_err(), "{what} is accepted");
    }
    // Lengths that are longer than they have to be: 43 616263 is 58 03 616263 too.
    let octets = plain.to_tagged_vec().unwrap();
    let at = octets.windows(4).position(|window| window == b"\x43abc").unwrap();
    let wordy = [&octets[..at], b"\x58\x03", &octets[at + 1..]].concat();
    let error = open(&wordy, &key(1).public(), Context::Frame).unwrap_err();
    assert!(matches!(error, SealError::Part("encoding")), "{error}");
}

#[test]
fn too_long_is_refused_before_it_is_read() {
    let context = Context::Receipt;
    let long = vec![0; context.payload_octets_max() + 1];
    assert!(matches!(seal(&key(1), context, &long), Err(SealError::TooLong { .. })));
    let longer = vec![0; context.payload_octets_max() + SEAL_OCTETS_MAX + 1];
    assert!(matches!(
        open(&longer, &key(1).public(), context),
        Err(SealError::TooLong { .. })
    ));
}

proptest! {
    #[test]
    fn any_octets_are_refused_without_a_panic(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(open(&octets, &key(1).public(), Context::Frame).is_err());
    }
}
