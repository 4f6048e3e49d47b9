//! Who may speak and hear: certificates and access rules, against ends that do not keep to them.

use std::sync::mpsc;

use node::link::zenoh::Way;
use node::link::{Lane, Link, LinkEvent, MESSAGE_OCTETS_MAX, NotSent};
use serde_json::json;
use zenoh::qos::CongestionControl;
use zenoh::sample::Locality;
use zenoh::{Session, Wait as _};

use crate::certs::{Authority, Files, Folder, Valid, address};
use crate::ends::{DEADLINE, End, Owner, connect, listen};

/// A session without any rule of ours, with a certificate of its choice, or why none came to be.
fn outsider(at: &str, files: &Files, authority: &Authority) -> zenoh::Result<Session> {
    let config = json!({
        "mode": "client",
        "connect": { "endpoints": [at], "timeout_ms": 0, "exit_on_failure": true },
        "scouting": { "multicast": { "enabled": false }, "gossip": { "enabled": false } },
        "transport": { "link": { "tls": {
            "enable_mtls": true,
            "root_ca_certificate": authority.path,
            "connect_certificate": files.certificate,
            "connect_private_key": files.key,
            "verify_name_on_connect": false,
        } } },
    });
    zenoh::open(zenoh::Config::from_json5(&config.to_string())?).wait()
}

/// Puts what a link would put: a mark and octets.
fn put(session: &Session, key: &str, octets: &[u8]) {
    let marked = [&(octets.len() as u64).to_le_bytes(), octets].concat();
    session
        .put(key, marked)
        .congestion_control(CongestionControl::Block)
        .wait()
        .unwrap();
}

/// The partner, as it should be, comes and sends messages; nothing else has come to the other end, before or with them.
///
/// `heard` is how many messages of the partner came before.
fn only_the_partner_is_heard(end: &End, partner: &End, heard: &mut u64) {
    partner.wait_up();
    for number in 0..3 {
        partner.link.send(Lane::Ctl, vec![b'!', number]).unwrap();
        assert_eq!(end.message(), (Lane::Ctl, vec![b'!', number]));
        *heard += 1;
    }
    for lane in Lane::ALL {
        let expected = if lane == Lane::Ctl { *heard } else { 0 };
        assert_eq!(end.link.counts(lane).received, expected, "{lane:?}");
    }
}

#[test]
fn certificates_that_do_not_hold_open_no_connection() {
    let folder = Folder::new();
    let (a, b) = (Owner::new(&folder, "a"), Owner::new(&folder, "b"));
    let rogue = Authority::new(&folder, "rogue");
    let at = address();
    let end = End::open(&a.to(&b, listen(&at)));
    for (files, why) in [
        (b.authority.vouch(&folder, "b", Valid::Before), "expired"),
        (
            rogue.vouch(&folder, "b", Valid::Now),
            "of an authority that nobody knows",
        ),
        (
            a.authority.vouch(&folder, "b", Valid::Now),
            "of the other end's own authority",
        ),
    ] {
        let opened = outsider(&at, &files, &a.authority);
        assert!(opened.is_err(), "one with a certificate that is {why} came in");
    }
    // The same outsider, with the right certificate, comes in: it was the certificate that mattered.
    let right = outsider(&at, &b.files, &a.authority).unwrap();
    put(&right, "trilat/v1/a/b/live", b"x");
    assert_eq!(end.message(), (Lane::Live, vec![b'x']));
}

#[test]
fn an_end_with_a_certificate_that_does_not_hold_is_not_spoken_to() {
    let folder = Folder::new();
    let (a, b) = (Owner::new(&folder, "a"), Owner::new(&folder, "b"));
    let rogue = Authority::new(&folder, "rogue");
    let expired = b.authority.vouch(&folder, "b", Valid::Before);
    for files in [expired, rogue.vouch(&folder, "b", Valid::Now)] {
        let at = address();
        // It listens in the partner's place, and knows the authority of the one who connects.
        let false_b = Owner {
            files,
            authority: Authority::new(&folder, "other"),
            name: "b",
        };
        let _false_end = End::open(&false_b.to(&a, listen(&at)));
        let other = address();
        let way = Way::Direct {
            listen: vec![other.clone()],
            connect: vec![at],
        };
        let end = End::open(&a.to(&b, way));
        let partner = End::open(&b.to(&a, connect(&other)));
        only_the_partner_is_heard(&end, &partner, &mut 0);
    }
}

#[test]
fn one_of_the_partners_authority_with_another_name_is_neither_heard_nor_told_anything() {
    let folder = Folder::new();
    let (a, b) = (Owner::new(&folder, "a"), Owner::new(&folder, "b"));
    let at = address();
    let end = End::open(&a.to(&b, listen(&at)));
    let mut heard = 0;
    // The authority of b vouches for a name that is not b's: the connection stands, and that is all.
    for name in ["x", "a"] {
        let files = b.authority.vouch(&folder, name, Valid::Now);
        let session = outsider(&at, &files, &a.authority).unwrap();
        let (tell, told) = mpsc::channel();
        let hear = session.declare_subscriber("**").allowed_origin(Locality::Remote);
        let hear = hear
            .callback(move |_| {
                let _ = tell.send(());
            })
            .wait()
            .unwrap();
        for key in [
            "trilat/v1/a/b/live",
            "trilat/v1/a/b/ctl",
            "trilat/v1/a/b/beat",
            "trilat/v1/a/x/live",
        ] {
            put(&session, key, b"false");
        }
        let partner = End::open(&b.to(&a, connect(&at)));
        end.wait_up();
        only_the_partner_is_heard(&end, &partner, &mut heard);
        end.link.send(Lane::Live, vec![9]).unwrap();
        assert_eq!(partner.message(), (Lane::Live, vec![9]));
        hear.undeclare().wait().unwrap();
        session.close().wait().unwrap();
        assert!(told.try_recv().is_err(), "one named {name} heard what was for b");
        partner.link.close();
        end.wait_down();
    }
}

#[test]
fn a_partner_speaks_in_nobody_elses_name_and_malformed_messages_are_counted() {
    let folder = Folder::new();
    let (a, b) = (Owner::new(&folder, "a"), Owner::new(&folder, "b"));
    let at = address();
    let end = End::open(&a.to(&b, listen(&at)));
    let session = outsider(&at, &b.files, &a.authority).unwrap();
    // Another's name, another recipient, no lane, all lanes; and a deletion, which is no message.
    for key in [
        "trilat/v1/a/c/live",
        "trilat/v1/c/b/live",
        "trilat/v1/a/b/other",
        "trilat/v1/a/b/*",
        "**",
    ] {
        put(&session, key, b"false");
    }
    session.delete("trilat/v1/a/b/live").wait().unwrap();
    // Shorter than its mark, and longer than a message may be; the engine drops what is longer still.
    session
        .put("trilat/v1/a/b/live", b"short")
        .congestion_control(CongestionControl::Block)
        .wait()
        .unwrap();
    put(&session, "trilat/v1/a/b/live", &vec![0; MESSAGE_OCTETS_MAX + 1]);
    put(&session, "trilat/v1/a/b/live", &vec![0; 8 * MESSAGE_OCTETS_MAX]);
    put(&session, "trilat/v1/a/b/live", b"true");
    assert_eq!(end.message(), (Lane::Live, b"true".to_vec()));
    let counts = end.link.counts(Lane::Live);
    assert_eq!((counts.received, counts.malformed), (1, 2));
    // It listens to nothing of its own, so it is not there; and the node says so, and does not send.
    assert_eq!(
        end.link.send(Lane::Live, vec![0]),
        Err(NotSent::Closed { partner: "b".into() })
    );
}

#[test]
fn an_end_that_asks_and_looks_around_learns_nothing() {
    let folder = Folder::new();
    let (a, b) = (Owner::new(&folder, "a"), Owner::new(&folder, "b"));
    let at = address();
    let end = End::open(&a.to(&b, listen(&at)));
    let session = outsider(&at, &b.files, &a.authority).unwrap();
    for selector in ["**", "@/**", "trilat/**"] {
        let replies = session
            .get(selector)
            .allowed_destination(Locality::Remote)
            .wait()
            .unwrap();
        let answer = replies.recv_timeout(DEADLINE).ok().flatten();
        assert!(answer.is_none(), "{selector}: {answer:?}");
    }
    put(&session, "trilat/v1/a/b/ctl", b"true");
    assert_eq!(end.message(), (Lane::Ctl, b"true".to_vec()));
    let events: Vec<LinkEvent> = end.events.try_iter().collect();
    assert!(events.is_empty(), "{events:?}");
}
