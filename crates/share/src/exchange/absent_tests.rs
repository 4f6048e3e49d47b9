//! Frames for a partner that cannot be reached: full ones, soon enough, and at once when it comes.

use std::sync::Arc;

use geo::{Geodetic, Time};
use plot::{Measurement, Plot, PositionFix, Sigmas};

use super::limits::ABSENT_FRAME_S;
use super::{Exchange, Input, Output, OwnItem, Partner, Release, Rules, Setup, Token};
use crate::identity::NodeKey;
use crate::item::{Body, Classification, Item, Label};
use crate::release::Subject;

/// Rules of the owner `a` that give everything to everybody.
#[derive(Debug)]
pub struct All;

impl Rules for All {
    fn version(&self) -> [u8; 16] {
        [1; 16]
    }

    fn release(&self, partner: &Arc<str>, own: &OwnItem, _now: Time) -> Release {
        let label = Label {
            policy: "test".into(),
            classification: Classification::Unclassified,
            releasable_to: ["a".into(), partner.clone()].into(),
            exercise: true,
            onward: false,
        };
        let (origin, body) = ("a".into(), own.body.clone());
        Release {
            item: Some(Item { origin, label, body }),
            again: None,
        }
    }

    fn can_expire(&self) -> bool {
        false
    }
}

/// The beginning of all tests.
pub fn begin() -> Time {
    Time::from_tai_ns(1_800_000_000_000_000_000)
}

/// An own plot of its own.
pub fn own(number: u32) -> OwnItem {
    let (time, place) = (begin(), Geodetic::from_degrees(30.0, 140.0, f64::from(number)));
    let plot = Plot {
        time,
        sensor: "north".into(),
        measurement: Measurement::Position(PositionFix {
            geodetic: place,
            velocity: None,
        }),
        sigmas: Sigmas::default(),
        snr_db: None,
        target: None,
        truth: None,
    };
    let subject = Subject {
        sensor: "north".into(),
        others: Vec::new(),
        time,
        place: Some(place),
        phase: None,
        exercise: true,
    };
    OwnItem {
        subject,
        body: Body::Plot(Box::new(plot)),
    }
}

/// A node whose epoch to its only partner is open, at [`begin`]; every batch is on disk at once.
struct One(Exchange);

impl One {
    fn new() -> Self {
        let partner = Partner {
            owner: "b".into(),
            key: NodeKey::from_seed(&[2; 32]).public(),
            earlier: Vec::new(),
            relay: false,
            is_believed: true,
        };
        let setup = Setup {
            owner: "a".into(),
            key: NodeKey::from_seed(&[1; 32]),
            partners: vec![partner],
            rules: Box::new(All),
            earlier: Vec::new(),
            limits: super::limits::Limits::default(),
        };
        let mut one = Self(Exchange::new(setup, begin()));
        one.step(0.0, Input::Tick);
        one
    }

    fn step(&mut self, after_s: f64, input: Input) -> usize {
        let outputs = self.0.step(begin() + after_s, input);
        let written = outputs.iter().find_map(|output| match output {
            Output::Write { token, .. } => Some(token.0),
            _ => None,
        });
        if let Some(token) = written {
            self.0.step(begin() + after_s, Input::Durable { token: Token(token) });
        }
        outputs
            .iter()
            .filter(|output| matches!(output, Output::Send { .. }))
            .count()
    }

    fn frames(&self) -> u64 {
        self.0.status().partners[0].sequence
    }
}

#[test]
fn what_is_for_an_absent_partner_waits_for_its_frame_to_be_full_but_not_for_long() {
    let mut one = One::new();
    for number in 0..64 {
        assert_eq!(one.frames(), 0, "before item {number}");
        one.step(1e-3 * f64::from(number), Input::Accept(vec![own(number)]));
    }
    assert_eq!(one.frames(), 1, "it is full");
    one.step(0.1, Input::Accept(vec![own(64)]));
    one.step(0.1 + 0.9 * ABSENT_FRAME_S, Input::Tick);
    assert_eq!(one.frames(), 1);
    one.step(0.1 + ABSENT_FRAME_S, Input::Tick);
    assert_eq!(one.frames(), 2, "it waited long enough");
}

#[test]
fn a_partner_that_comes_gets_what_waited_and_then_each_item_at_once() {
    let mut one = One::new();
    one.step(0.0, Input::Accept(vec![own(0), own(1)]));
    assert_eq!(one.frames(), 0);
    one.step(0.01, Input::Up { partner: "b".into() });
    assert_eq!(one.frames(), 1);
    assert_eq!(one.step(0.02, Input::Accept(vec![own(2)])), 1, "a frame is sent");
    assert_eq!(one.frames(), 2);
}
