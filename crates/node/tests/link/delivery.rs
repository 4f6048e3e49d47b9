//! What is sent arrives, in order, the urgent first; what cannot be taken is refused; ends come and go.

use std::iter;

use node::link::zenoh::{Limits, LinkConfig, OpenError, Way};
use node::link::{Lane, Link, LinkEvent, MESSAGE_OCTETS_MAX, NotSent};

use crate::certs::{Folder, address};
use crate::ends::{End, Owner, connect, listen, pair};

#[test]
fn three_owners_send_on_all_lanes_and_each_lane_keeps_its_order() {
    let folder = Folder::new();
    let owners = ["a", "b", "c"].map(|name| Owner::new(&folder, name));
    let mut ends = Vec::new();
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let at = address();
        let configs = [
            owners[one].to(&owners[other], listen(&at)),
            owners[other].to(&owners[one], connect(&at)),
        ];
        ends.push(((one, other), pair(&configs[0], &configs[1])));
    }
    let message = |from: usize, lane: Lane, at: u16| {
        let [high, low] = at.to_be_bytes();
        [from as u8, lane as u8, high, low]
            .into_iter()
            .chain(iter::repeat_n(7, usize::from(at)))
            .collect::<Vec<u8>>()
    };
    let per_lane = 300;
    for ((one, other), ends) in &ends {
        for (end, from) in [(&ends[0], *one), (&ends[1], *other)] {
            for (lane, at) in Lane::ALL
                .into_iter()
                .flat_map(|lane| (0..per_lane).map(move |at| (lane, at)))
            {
                end.link.send(lane, message(from, lane, at)).unwrap();
            }
        }
    }
    for ((one, other), ends) in &ends {
        for (end, from) in [(&ends[0], *other), (&ends[1], *one)] {
            let mut next = [0; 3];
            for _ in 0..3 * per_lane {
                let LinkEvent::Octets {
                    from: name,
                    lane,
                    octets,
                } = end.next()
                else {
                    continue;
                };
                assert_eq!(&*name, owners[from].name);
                assert_eq!(octets, message(from, lane, next[lane as usize]));
                next[lane as usize] += 1;
            }
            assert_eq!(next, [per_lane; 3]);
            assert_eq!(end.link.counts(Lane::Log).received, u64::from(per_lane));
        }
    }
}

#[test]
fn ctl_overtakes_the_log_that_waits_and_nothing_taken_is_lost() {
    let folder = Folder::new();
    let (a, b) = (Owner::new(&folder, "a"), Owner::new(&folder, "b"));
    let at = address();
    let (sender, receiver) = (
        End::open(&a.to(&b, listen(&at))),
        End::open_with_room(&b.to(&a, connect(&at)), 1),
    );
    sender.wait_up();
    // The receiver takes nothing yet, so a window of the log (1 MiB) leaves, and the rest waits.
    let (length, count) = (64 * 1024, 64);
    for number in 0..count {
        sender.link.send(Lane::Log, vec![number; length]).unwrap();
    }
    sender.link.send(Lane::Ctl, vec![1]).unwrap();
    let came: Vec<(Lane, u8)> = iter::repeat_with(|| receiver.message())
        .map(|(lane, octets)| (lane, octets[0]))
        .take(65)
        .collect();
    let log: Vec<u8> = came
        .iter()
        .filter(|(lane, _)| *lane == Lane::Log)
        .map(|(_, number)| *number)
        .collect();
    assert_eq!(log, Vec::from_iter(0..count));
    let ctl = came.iter().position(|(lane, _)| *lane == Lane::Ctl).unwrap();
    assert!(ctl < 32, "ctl came behind {ctl} of the log");
}

#[test]
fn a_process_that_takes_nothing_makes_the_queue_full_and_later_gets_what_was_taken() {
    let folder = Folder::new();
    let (a, b) = (Owner::new(&folder, "a"), Owner::new(&folder, "b"));
    let at = address();
    let limits = Limits {
        messages_max: 16,
        octets_max: usize::MAX,
    };
    let sender = End::open(&LinkConfig {
        limits,
        ..a.to(&b, listen(&at))
    });
    let receiver = End::open_with_room(&b.to(&a, connect(&at)), 1);
    sender.wait_up();
    let length = 64 * 1024;
    // Refused now and then while the window is not used up, and for good when it is: then it was all in vain for long.
    let (mut taken, mut refused) = (Vec::new(), 0);
    while refused < 1000 {
        let number = taken.len() as u8;
        match sender.link.send(Lane::Live, vec![number; length]) {
            Ok(()) => {
                taken.push(number);
                refused = 0;
            }
            Err(error) => {
                assert_eq!(
                    error,
                    NotSent::Full {
                        partner: "b".into(),
                        waiting: 16
                    }
                );
                refused += 1;
            }
        }
    }
    // A window of live (512 KiB) and the queue, and two that the receiver's channel and thread have.
    assert!(taken.len() <= 8 + 16 + 2, "{} were taken", taken.len());
    assert!(sender.link.counts(Lane::Live).full >= 1000);
    for number in &taken {
        assert_eq!(receiver.message(), (Lane::Live, vec![*number; length]));
    }
    assert_eq!(receiver.link.counts(Lane::Live).overflow, 0);
}

#[test]
fn the_longest_message_passes_and_a_longer_one_is_refused() {
    let folder = Folder::new();
    let (a, b) = (Owner::new(&folder, "a"), Owner::new(&folder, "b"));
    let at = address();
    let [a, b] = pair(&a.to(&b, listen(&at)), &b.to(&a, connect(&at)));
    let octets = MESSAGE_OCTETS_MAX + 1;
    assert_eq!(
        a.link.send(Lane::Log, vec![0; octets]),
        Err(NotSent::Long {
            partner: "b".into(),
            octets
        })
    );
    for lane in Lane::ALL {
        a.link.send(lane, vec![lane as u8; MESSAGE_OCTETS_MAX]).unwrap();
        assert_eq!(b.message(), (lane, vec![lane as u8; MESSAGE_OCTETS_MAX]));
    }
    a.link.send(Lane::Live, vec![]).unwrap();
    assert_eq!(b.message(), (Lane::Live, vec![]));
}

#[test]
fn an_end_that_starts_anew_is_found_again_whichever_it_is() {
    let folder = Folder::new();
    let (a, b) = (Owner::new(&folder, "a"), Owner::new(&folder, "b"));
    let at = address();
    let configs = [a.to(&b, listen(&at)), b.to(&a, connect(&at))];
    let [mut listens, mut connects] = pair(&configs[0], &configs[1]);
    connects.link.close();
    listens.wait_down();
    assert_eq!(
        listens.link.send(Lane::Ctl, vec![0]),
        Err(NotSent::Closed { partner: "b".into() })
    );
    connects = End::open(&configs[1]);
    listens.wait_up();
    connects.wait_up();
    listens.link.close();
    connects.wait_down();
    listens = End::open(&configs[0]);
    connects.wait_up();
    listens.wait_up();
    connects.link.send(Lane::Live, vec![1]).unwrap();
    assert_eq!(listens.message(), (Lane::Live, vec![1]));
    listens.link.send(Lane::Live, vec![2]).unwrap();
    assert_eq!(connects.message(), (Lane::Live, vec![2]));
}

#[test]
fn both_may_listen_and_connect_and_each_message_comes_once() {
    let folder = Folder::new();
    let (a, b) = (Owner::new(&folder, "a"), Owner::new(&folder, "b"));
    let (at_a, at_b) = (address(), address());
    let both = |own: &str, other: &str| Way::Direct {
        listen: vec![own.into()],
        connect: vec![other.into()],
    };
    let [a, b] = pair(&a.to(&b, both(&at_a, &at_b)), &b.to(&a, both(&at_b, &at_a)));
    for number in 0..200 {
        a.link.send(Lane::Live, vec![number]).unwrap();
    }
    for number in 0..200 {
        assert_eq!(b.message(), (Lane::Live, vec![number]));
    }
    assert_eq!(b.link.counts(Lane::Live).received, 200);
}

#[test]
fn what_is_wrong_at_this_end_is_said_when_the_link_is_opened() {
    let folder = Folder::new();
    let (a, b) = (Owner::new(&folder, "a"), Owner::new(&folder, "b"));
    let at = address();
    let error = |config: &LinkConfig| {
        let (to, _events) = std::sync::mpsc::sync_channel::<LinkEvent>(1);
        node::link::zenoh::ZenohLink::open(config, to).err().unwrap()
    };
    let good = a.to(&b, listen(&at));
    let none = Way::Direct {
        listen: vec![],
        connect: vec![],
    };
    assert!(matches!(
        error(&LinkConfig {
            way: none,
            ..good.clone()
        }),
        OpenError::NoAddress { .. }
    ));
    assert!(matches!(
        error(&LinkConfig {
            partner: "b/*".into(),
            ..good.clone()
        }),
        OpenError::Name { .. }
    ));
    let clear = connect("tcp/127.0.0.1:7447");
    assert!(matches!(
        error(&LinkConfig {
            way: clear,
            ..good.clone()
        }),
        OpenError::Address { .. }
    ));
    let path = folder.path().join("none.pem");
    let missing = error(&LinkConfig {
        key: path.clone(),
        ..good.clone()
    });
    assert!(
        matches!(&missing, OpenError::File { path: at, .. } if *at == path),
        "{missing}"
    );
    // A certificate where the key should be, and an address that somebody has.
    let no_key = LinkConfig {
        key: good.certificate.clone(),
        ..good.clone()
    };
    assert!(matches!(error(&no_key), OpenError::Session { .. }));
    let _first = End::open(&good);
    assert!(matches!(error(&good), OpenError::Session { .. }));
}
