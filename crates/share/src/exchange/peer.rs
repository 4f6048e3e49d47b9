//! Everything about one partner. No partner's state stands in the way of another's.

use std::sync::Arc;

use geo::Time;
use wire::messages::{Control, Echo, Message, Note, Parcel, Receipt, Told};

use super::budget::Budget;
use super::clock::Rounds;
use super::core::Core;
use super::fetch::is_within;
use super::inbox::{Checked, Inbound, reason_of_seal};
use super::io::{Lane, Output, Partner, Topic};
use super::keys::{self, Kind};
use super::limits::{
    BUDGET_OCTETS_PER_S, BUDGET_SAVED_S, BUDGET_SEALS_PER_S, HEADS_QUIET_S, HEADS_S, NOTE_OCTETS_MAX,
    PARCEL_OCTETS_MAX, PARCEL_PARTS_MAX,
};
use super::outbox::Outbound;
use super::questions::Question;
use super::receipts::Owed;
use super::records::{self, FrameRecord};
use super::refusal::Reason;
use super::sabotage::Sabotage;
use crate::identity::NodePublic;
use crate::seal::{self, Context};
use crate::store::{Page, Table};

/// A partner.
#[derive(Debug)]
pub struct Peer {
    pub partner: Partner,
    pub outbound: Outbound,
    pub inbound: Inbound,
    owed: Owed,
    octets: Budget,
    seals: Budget,
    heads_at: Option<Time>,
    /// Whether there is a way to the partner, believed or not.
    is_reachable: bool,
    /// How far the partner's clock is from this one.
    pub clock: Rounds,
}

impl Peer {
    /// Begins without a past.
    pub fn new(partner: Partner) -> Self {
        let (owner, id) = (partner.owner.clone(), partner.key.id());
        Self {
            outbound: Outbound::new(&partner),
            inbound: Inbound::new(owner, id),
            partner,
            owed: Owed::default(),
            octets: Budget::new(BUDGET_OCTETS_PER_S, BUDGET_SAVED_S),
            seals: Budget::new(BUDGET_SEALS_PER_S, BUDGET_SAVED_S),
            heads_at: None,
            is_reachable: false,
            clock: Rounds::default(),
        }
    }

    /// Takes a partner's other keys or rights, or that it is not believed now. Frames to another node of its begin in
    /// another epoch, of which it is told at once.
    pub fn change(&mut self, core: &mut Core, mut partner: Partner) {
        if core.is_broken(Sabotage::KeepOldKey) {
            return;
        }
        partner.is_believed |= core.is_broken(Sabotage::BelieveAnyway);
        let id = partner.key.id();
        if id != self.outbound.recipient {
            self.outbound.recipient = id;
            self.outbound.roll(core);
            self.heads_at = None;
        }
        self.inbound.turn(core, id);
        if partner.relay != self.outbound.may_relay {
            self.outbound.may_relay = partner.relay;
            self.outbound.decide_anew(core);
        }
        let was_believed = self.partner.is_believed;
        self.outbound.believe(core, partner.is_believed);
        self.partner = partner;
        if self.partner.is_believed && !was_believed {
            self.set_up(core, self.is_reachable);
        }
    }

    /// The partner can be reached, or not.
    pub fn set_up(&mut self, core: &mut Core, is_up: bool) {
        self.is_reachable = is_up;
        self.outbound.set_up(is_up && self.partner.is_believed);
        self.heads_at = None;
        self.inbound.fetch.reset();
        self.go_on(core);
    }

    /// Takes octets apart. Frames, receipts and controls stand or fall each by itself.
    pub fn on_octets<'k>(&mut self, core: &mut Core, octets: &[u8], keys_of: impl Fn(&str) -> Vec<&'k NodePublic>) {
        let owner = self.partner.owner.clone();
        if octets.len() > PARCEL_OCTETS_MAX {
            let detail = || format!("{} octets, expected at most {PARCEL_OCTETS_MAX}", octets.len());
            return core.refuse(Some(&owner), Reason::Oversize, detail);
        }
        if !self.octets.take(core.now, octets.len() as f64) {
            return core.refuse(Some(&owner), Reason::Flood, || format!("{} octets", octets.len()));
        }
        let parcel = match Parcel::decode(octets) {
            Ok(parcel) => parcel,
            Err(error) => return core.refuse(Some(&owner), Reason::Malformed, || error.to_string()),
        };
        let sealed = parcel.frames.len() + parcel.returned.len() + parcel.controls.len() + parcel.receipts.len();
        let parts = sealed + parcel.rosters.len();
        if parts > PARCEL_PARTS_MAX {
            let detail = || format!("{parts} parts, expected at most {PARCEL_PARTS_MAX}");
            return core.refuse(Some(&owner), Reason::Oversize, detail);
        }
        if !self.seals.take(core.now, parts as f64) {
            return core.refuse(Some(&owner), Reason::Flood, || format!("{parts} seals"));
        }
        for octets in parcel.rosters {
            let (from, topic) = (owner.clone(), Topic::Roster);
            core.say(Output::Told { from, topic, octets });
        }
        if !self.partner.is_believed {
            if sealed > 0 {
                core.refuse(Some(&owner), Reason::NotBelieved, || format!("{sealed} parts"));
            }
            return;
        }
        let key = self.partner.key;
        for sealed in parcel.frames {
            self.inbound.on_frame(core, sealed, &key, &keys_of);
        }
        for sealed in parcel.returned {
            self.outbound.on_returned(core, sealed);
        }
        for sealed in parcel.receipts {
            match seal::open(&sealed, &key, Context::Receipt).map(|payload| Receipt::decode(&payload[..])) {
                Ok(Ok(receipt)) => self.outbound.on_receipt(core, receipt, &sealed),
                Ok(Err(error)) => core.refuse(Some(&owner), Reason::Malformed, || error.to_string()),
                Err(error) => core.refuse(Some(&owner), reason_of_seal(&error), || error.to_string()),
            }
        }
        for sealed in parcel.controls {
            match seal::open(&sealed, &key, Context::Control).map(|payload| Control::decode(&payload[..])) {
                Ok(Ok(control)) => self.on_control(core, control),
                Ok(Err(error)) => core.refuse(Some(&owner), Reason::Malformed, || error.to_string()),
                Err(error) => core.refuse(Some(&owner), reason_of_seal(&error), || error.to_string()),
            }
        }
        self.go_on(core);
    }

    /// Takes a frame whose items were looked up, if its partner is still believed.
    pub fn on_looked_up(&mut self, core: &mut Core, frame: Box<Checked>, asked: &[usize], pages: &[Page]) {
        if self.partner.is_believed {
            return self.inbound.on_looked_up(core, frame, asked, pages);
        }
        self.inbound.forget_lookup();
        core.refuse(Some(&self.partner.owner), Reason::NotBelieved, || "a frame".to_owned());
    }

    /// Does what a partner asks for, or notes what it says.
    fn on_control(&mut self, core: &mut Core, control: Control) {
        let owner = self.partner.owner.clone();
        if control.origin != self.inbound.origin.0 {
            return core.refuse(Some(&owner), Reason::WrongOrigin, || "a control".to_owned());
        }
        if control.recipient != core.me.id.0 {
            return core.refuse(Some(&owner), Reason::WrongRecipient, || "a control".to_owned());
        }
        let echo = control.echo.map(|echo| (echo.sent_tai_ns, echo.taken_tai_ns));
        self.clock.take(core.now, control.sent_tai_ns, echo);
        match control.told {
            None => core.refuse(Some(&owner), Reason::Malformed, || {
                "a control that says nothing".to_owned()
            }),
            Some(Told::Heads(heads)) => self.owed.on_heads(core, &mut self.inbound, &heads),
            Some(Told::Request(request)) => {
                if !self.outbound.on_request(&request) {
                    // It does not know yet that another epoch goes on.
                    self.heads_at = None;
                }
            }
            Some(Told::Return(request)) => {
                if request.from >= 1 && request.from <= request.to {
                    let partner = self.partner.owner.clone();
                    let (from, to) = (request.from, request.to);
                    let range = keys::frames(Table::Inbox, Kind::Frame, &partner, request.epoch, from, to);
                    core.read(vec![range], Question::HandBack { partner });
                }
            }
            Some(Told::Note(note)) => {
                if note.topic != 1 {
                    let detail = || format!("a note of topic {}, expected 1", note.topic);
                    return core.refuse(Some(&owner), Reason::Malformed, detail);
                }
                let (from, topic, octets) = (owner, Topic::Digest, note.octets);
                core.say(Output::Told { from, topic, octets });
            }
        }
    }

    /// Hands back frames to the partner that made them.
    pub fn on_hand_back(&mut self, core: &mut Core, page: &Page) {
        let good = |(key, value): &(Vec<u8>, Vec<u8>)| records::decode::<FrameRecord>(key, value).ok();
        let returned: Vec<Vec<u8>> = page.iter().filter_map(good).map(|record| record.sealed).collect();
        if self.outbound.is_up && !returned.is_empty() {
            core.send(
                &self.partner.owner,
                Lane::Log,
                &Parcel {
                    returned,
                    ..Parcel::default()
                },
            );
        }
    }

    /// Signs a control and sends it.
    fn tell(&mut self, core: &mut Core, told: Told) {
        let echo = |(sent_tai_ns, taken_tai_ns)| Echo {
            sent_tai_ns,
            taken_tai_ns,
        };
        let control = Control {
            echo: self.clock.send(core.now).map(echo),
            origin: core.me.id.0.to_vec(),
            recipient: self.outbound.recipient.0.to_vec(),
            sent_tai_ns: core.now.tai_ns(),
            told: Some(told),
        };
        match seal::seal(&core.me.key, Context::Control, &control.encode_to_vec()) {
            Ok(sealed) => {
                let controls = vec![sealed];
                core.send(
                    &self.partner.owner,
                    Lane::Ctl,
                    &Parcel {
                        controls,
                        ..Parcel::default()
                    },
                );
            }
            Err(error) => core.refuse(None, Reason::Oversize, || error.to_string()),
        }
    }

    /// Tells the partner something of another part of this node.
    pub fn note(&mut self, core: &mut Core, topic: Topic, octets: Vec<u8>) {
        if octets.len() > NOTE_OCTETS_MAX {
            let detail = || format!("a note of {} octets, expected at most {NOTE_OCTETS_MAX}", octets.len());
            return core.refuse(None, Reason::Oversize, detail);
        }
        match topic {
            Topic::Digest if self.outbound.is_up => self.tell(core, Told::Note(Note { topic: 1, octets })),
            // Without a seal of this node: who believes another key of it can still take the roster.
            Topic::Roster if self.is_reachable => {
                let rosters = vec![octets];
                core.send(
                    &self.partner.owner,
                    Lane::Ctl,
                    &Parcel {
                        rosters,
                        ..Parcel::default()
                    },
                );
            }
            Topic::Digest | Topic::Roster => {}
        }
    }

    /// Does what time or the partner made due. Nothing here depends on what the partner does not get.
    pub fn go_on(&mut self, core: &mut Core) {
        self.inbound.read_ties(core);
        self.outbound.frame_what_waited(core);
        self.outbound.fetch_due(core);
        self.outbound.go_through(core);
        let lost = self.outbound.close(core);
        if !self.outbound.is_up {
            return;
        }
        if let Some(request) = lost {
            self.tell(core, Told::Return(request));
        }
        self.owed.pay(core, &self.inbound);
        if let Some(request) = self.inbound.wanted(core) {
            self.tell(core, Told::Request(request));
        }
        self.outbound.serve(core);
        let every_s = if self.outbound.is_quiet() {
            HEADS_QUIET_S
        } else {
            HEADS_S
        };
        if std::mem::take(&mut self.outbound.has_news) {
            self.heads_at = None;
        }
        let is_soon = self.heads_at.is_some_and(|at| is_within(core.now, at, every_s));
        if self.outbound.is_open(core) && !is_soon {
            self.heads_at = Some(core.now);
            let heads = self.outbound.heads(core);
            self.tell(core, Told::Heads(heads));
        }
    }

    /// Closes what was begun in this step.
    pub fn finish(&mut self, core: &mut Core) {
        self.outbound.finish(core);
        self.inbound.finish(core);
    }

    /// The owner.
    pub fn owner(&self) -> &Arc<str> {
        &self.partner.owner
    }
}
