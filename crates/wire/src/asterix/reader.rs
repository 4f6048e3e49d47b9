//! Reading: an iterator over the records of a recording and the faults between them.

use core::net::SocketAddr;
use std::sync::Arc;

use geo::Time;
use plot::Plot;

use super::block::{Block, HEAD_OCTETS, Looks};
use super::cat010::Cat010;
use super::cat021::Cat021;
use super::cat034::Cat034;
use super::cat048::Cat048;
use super::cat062::Cat062;
use super::clock::Clock;
use super::fault::{Fault, FaultReason};
use super::plots::{self, NoPlot};
use super::source::{Source, Sources, Station};
use crate::pcap::{Datagram, Datagrams, begins_capture};

/// What a recording does not say of itself.
#[derive(Clone, Debug, Default)]
pub struct AsterixOptions {
    /// The UTC date of the first record; its time of day does not count. A capture knows it without.
    pub date: Option<Time>,
    /// Which sensor stands for which data source.
    pub sources: Sources,
}

/// Makes the enum of the categories that are read: its name, its number, its type.
macro_rules! messages {
    ($($(#[$doc:meta])* $number:literal => $name:ident,)*) => {
        /// What a record says, by its category.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Message {
            $($(#[$doc])* $name($name),)*
        }

        impl Message {
            /// Whether a category is read.
            pub fn reads(category: u8) -> bool {
                matches!(category, $($number)|*)
            }

            /// The number of the category.
            pub fn category(&self) -> u8 {
                match self {
                    $(Self::$name(_) => $number,)*
                }
            }

            /// Who sent it.
            pub fn source(&self) -> Source {
                match self {
                    $(Self::$name(record) => record.source,)*
                }
            }

            /// Reads the record at the front of some bytes; returns what follows too.
            fn read(category: u8, bytes: &[u8]) -> Result<(Self, &[u8]), FaultReason> {
                match category {
                    $($number => $name::read(bytes).map(|(record, rest)| (Self::$name(record), rest)),)*
                    _ => Err(FaultReason::Category),
                }
            }
        }
    };
}

messages! {
    /// A surface radar or multilateration about an object or itself.
    10 => Cat010,
    /// An aircraft about itself, by ADS-B.
    21 => Cat021,
    /// A radar about itself.
    34 => Cat034,
    /// A radar about an object.
    48 => Cat048,
    /// A tracker of many sensors about an object.
    62 => Cat062,
}

impl Message {
    /// When it was measured, seconds since midnight UTC.
    pub fn time_of_day_s(&self) -> Option<f64> {
        match self {
            Self::Cat010(record) => record.time_of_day_s,
            Self::Cat021(record) => record.time_of_day_s(),
            Self::Cat034(record) => record.time_of_day_s,
            Self::Cat048(record) => record.time_of_day_s,
            Self::Cat062(record) => record.time_of_day_s,
        }
    }
}

/// How blocks are told from garbage.
const LOOKS: Looks = Looks {
    is_read: Message::reads,
    holds_records,
};

/// Whether octets are records of a category, by the first few of them.
fn holds_records(category: u8, mut bytes: &[u8]) -> bool {
    const RECORDS_MAX: usize = 8;
    for _ in 0..RECORDS_MAX {
        match Message::read(category, bytes) {
            Ok((_, [])) => return true,
            Ok((_, rest)) => bytes = rest,
            Err(_) => return false,
        }
    }
    true
}

/// One record, and where and when it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Octets from the beginning of the file to where it begins.
    pub offset: usize,
    /// Which data block of the file, from 1.
    pub block: u64,
    /// Which record of the block, from 1.
    pub record: u32,
    /// When the capturing machine got it.
    pub captured: Option<Time>,
    /// To whom it was sent: a sensor may send each record on several lines.
    pub line: Option<SocketAddr>,
    /// When it was measured, by the sensor's clock.
    pub time: Option<Time>,
    /// What it says.
    pub message: Message,
}

impl Record {
    /// Returns the plot that it is.
    ///
    /// The plot's sigmas are those that the record states, mostly none; the sensor's then hold. Identity is the Mode S
    /// address. Errors: [`NoPlot`], the reason why it is none.
    pub fn plot(&self, station: &Station) -> Result<Plot, NoPlot> {
        match &self.message {
            Message::Cat010(record) => plots::of_cat010(record, self.time, station),
            Message::Cat021(record) => plots::of_cat021(record, self.time, station),
            Message::Cat034(_) => Err(NoPlot::Service),
            Message::Cat048(record) => plots::of_cat048(record, self.time, station),
            Message::Cat062(record) => plots::of_cat062(record, self.time, station),
        }
    }
}

/// Where the octets come from.
#[derive(Clone, Debug)]
enum Input<'a> {
    /// The rest of a raw file: all of it, or nothing any more.
    Raw(Option<&'a [u8]>),
    Capture(Datagrams<'a>),
}

/// The octets being read.
#[derive(Clone, Debug)]
struct Current<'a> {
    /// Octets from the beginning of the file to theirs.
    offset: usize,
    bytes: &'a [u8],
    captured: Option<Time>,
    line: Option<SocketAddr>,
}

/// Reads the records of one recording: raw blocks, or a pcap or pcapng capture of UDP datagrams of them.
///
/// A part that is at fault never costs what stands around it: reading goes on at the next record, block or datagram.
#[derive(Clone, Debug)]
pub struct AsterixReader<'a> {
    file: Arc<str>,
    input: Input<'a>,
    clock: Clock,
    current: Current<'a>,
    /// Where the next record or, without a block, the next block begins in the current octets.
    at: usize,
    block: Option<Block>,
    blocks: u64,
    records: u32,
}

impl<'a> AsterixReader<'a> {
    /// Begins a recording; `name` is for messages, `date` the UTC date of its first record, which a capture knows
    /// itself.
    pub fn new(bytes: &'a [u8], name: &str, date: Option<Time>) -> Self {
        let input = if begins_capture(bytes) {
            Input::Capture(Datagrams::new(bytes))
        } else {
            Input::Raw(Some(bytes))
        };
        Self {
            file: name.into(),
            input,
            clock: Clock::new(date),
            current: Current {
                offset: 0,
                bytes: &[],
                captured: None,
                line: None,
            },
            at: 0,
            block: None,
            blocks: 0,
            records: 0,
        }
    }

    /// Begins one datagram of a live feed; `name` is for messages, `received` when it came, which gives its times their
    /// date. What is in it is never taken for a capture file.
    pub fn datagram(bytes: &'a [u8], name: &Arc<str>, received: Time) -> Self {
        Self {
            file: name.clone(),
            input: Input::Raw(None),
            clock: Clock::new(None),
            current: Current {
                offset: 0,
                bytes,
                captured: Some(received),
                line: None,
            },
            at: 0,
            block: None,
            blocks: 0,
            records: 0,
        }
    }

    /// How many data blocks were read so far.
    pub fn blocks(&self) -> u64 {
        self.blocks
    }

    /// Takes the next file or datagram; `None` where there is none.
    fn next_bytes(&mut self) -> Option<Result<(), Fault>> {
        self.at = 0;
        match &mut self.input {
            Input::Raw(bytes) => self.current.bytes = bytes.take()?,
            Input::Capture(datagrams) => match datagrams.next()? {
                Ok(Datagram {
                    captured,
                    to,
                    offset,
                    bytes,
                    ..
                }) => {
                    self.current = Current {
                        offset,
                        bytes,
                        captured,
                        line: Some(to),
                    };
                }
                Err((fault, offset)) => {
                    self.current.bytes = &[];
                    return Some(Err(Fault {
                        file: self.file.clone(),
                        offset,
                        block: self.blocks,
                        record: None,
                        category: None,
                        reason: fault.into(),
                    }));
                }
            },
        }
        Some(Ok(()))
    }

    /// Takes the next block, or steps over what is none.
    fn next_block(&mut self) -> Result<(), Fault> {
        let at = self.at;
        match LOOKS.block_at(self.current.bytes, at) {
            Ok(block) => {
                self.blocks += 1;
                self.records = 0;
                if Message::reads(block.category) {
                    self.at = at + HEAD_OCTETS;
                    self.block = Some(block);
                    Ok(())
                } else {
                    self.at = block.end;
                    Err(self.fault(at, None, Some(block.category), FaultReason::Category))
                }
            }
            Err((reason, next)) => {
                self.at = next;
                Err(self.fault(at, None, None, reason))
            }
        }
    }

    /// Reads the next record of a block.
    fn record(&mut self, block: Block) -> Result<Record, Fault> {
        let at = self.at;
        self.records += 1;
        match Message::read(block.category, &self.current.bytes[at..block.end]) {
            Ok((message, rest)) => {
                self.at = block.end - rest.len();
                if rest.is_empty() {
                    self.block = None;
                }
                let (source, captured) = (message.source(), self.current.captured);
                let time_of_day_s = message.time_of_day_s();
                Ok(Record {
                    offset: self.current.offset + at,
                    block: self.blocks,
                    record: self.records,
                    captured,
                    line: self.current.line,
                    time: time_of_day_s.and_then(|of_day_s| self.clock.time(source, of_day_s, captured)),
                    message,
                })
            }
            Err(reason) => {
                // Records have no length of their own, so the rest of the block is lost. Unless its own length is
                // wrong: then blocks stand inside it.
                self.block = None;
                let next = LOOKS.next_block(self.current.bytes, at);
                self.at = if block.trusted { next.min(block.end) } else { next };
                Err(self.fault(at, Some(self.records), Some(block.category), reason))
            }
        }
    }

    fn fault(&self, at: usize, record: Option<u32>, category: Option<u8>, reason: FaultReason) -> Fault {
        Fault {
            file: self.file.clone(),
            offset: self.current.offset + at,
            block: self.blocks,
            record,
            category,
            reason,
        }
    }
}

impl Iterator for AsterixReader<'_> {
    type Item = Result<Record, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(block) = self.block {
                return Some(self.record(block));
            }
            let step = if self.at < self.current.bytes.len() {
                self.next_block()
            } else {
                self.next_bytes()?
            };
            if let Err(fault) = step {
                return Some(Err(fault));
            }
        }
    }
}
