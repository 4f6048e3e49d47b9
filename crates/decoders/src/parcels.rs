//! A whole exchange, and what a partner may send to it.

use std::sync::Arc;

use geo::Time;
use share::exchange::limits::Limits;
use share::exchange::{Exchange, Input, Lane, Output, OwnItem, Partner, Release, Rules, Setup};
use share::identity::NodeKey;
use share::seal::{Context, seal};
use wire::messages::{Message, Parcel};

#[derive(Debug)]
struct Nothing;

impl Rules for Nothing {
    fn version(&self) -> [u8; 16] {
        [0; 16]
    }

    fn release(&self, _: &Arc<str>, _: &OwnItem, _: Time) -> Release {
        Release::NOTHING
    }
}

/// Bytes of any kind from a partner, and properly signed ones as a control or a receipt: no panic, nothing delivered.
pub fn parcels(bytes: &[u8]) {
    let partner = NodeKey::from_seed(&[2; 32]);
    let owner: Arc<str> = "bravo".into();
    let setup = Setup {
        owner: "alfa".into(),
        key: NodeKey::from_seed(&[1; 32]),
        partners: vec![Partner {
            owner: owner.clone(),
            key: partner.public(),
            earlier: Vec::new(),
            relay: true,
            is_believed: true,
        }],
        rules: Box::new(Nothing),
        earlier: Vec::new(),
        limits: Limits::default(),
    };
    let now = Time::from_tai_ns(1_700_000_000_000_000_000);
    let mut exchange = Exchange::new(setup, now);
    exchange.step(now, Input::Up { partner: owner.clone() });
    let signed = |context| seal(&partner, context, bytes).into_iter().collect::<Vec<_>>();
    let parcel = Parcel {
        controls: signed(Context::Control),
        receipts: signed(Context::Receipt),
        frames: signed(Context::Frame),
        returned: vec![bytes.to_vec()],
        rosters: vec![bytes.to_vec()],
    };
    for octets in [bytes.to_vec(), parcel.encode_to_vec()] {
        let from = owner.clone();
        let outputs = exchange.step(
            now,
            Input::Octets {
                from,
                lane: Lane::Live,
                octets,
            },
        );
        // A frame for this node with an item for it would have to name both.
        assert!(outputs.len() < 1_000);
        assert!(!outputs.iter().any(|output| matches!(output, Output::Accepted { .. })));
    }
    exchange.step(now.plus_s(1.0), Input::Tick);
}
