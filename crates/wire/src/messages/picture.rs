//! What a node tells a picture in a browser.
//!
//! [`PROTO`] beside these structs says the same, with what each field means; a test compares them. As JSON the fields
//! have the same names.

use std::collections::BTreeMap;

use prost::{Message, Oneof};
use serde::Serialize;

/// The structs as a file of the protocol buffer language.
pub const PROTO: &str = include_str!("picture.proto");

/// One message.
#[derive(Clone, PartialEq, Message, Serialize)]
pub struct Live {
    /// What it says.
    #[prost(oneof = "What", tags = "1, 2")]
    pub what: Option<What>,
}

/// What one message says.
#[derive(Clone, PartialEq, Oneof, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is its own name")]
pub enum What {
    #[prost(message, tag = "1")]
    Hello(Hello),
    #[prost(message, tag = "2")]
    Moment(Moment),
}

/// Whose node this is, and what it knows of sensors.
#[derive(Clone, PartialEq, Message, Serialize)]
#[expect(missing_docs, reason = "as in the file")]
pub struct Hello {
    #[prost(string, tag = "1")]
    pub owner: String,
    #[prost(bool, tag = "2")]
    pub exercise: bool,
    #[prost(string, tag = "3")]
    pub version: String,
    #[prost(string, repeated, tag = "4")]
    pub owners: Vec<String>,
    #[prost(message, repeated, tag = "5")]
    pub sensors: Vec<Sensor>,
    #[prost(double, tag = "6")]
    pub speed: f64,
    #[prost(double, tag = "7")]
    pub history_from_unix_s: f64,
    #[prost(string, tag = "8")]
    pub instance: String,
}

/// One sensor.
#[derive(Clone, PartialEq, Message, Serialize)]
#[expect(missing_docs, reason = "as in the file")]
pub struct Sensor {
    #[prost(string, tag = "1")]
    pub owner: String,
    #[prost(string, tag = "2")]
    pub name: String,
    #[prost(double, tag = "3")]
    pub lat_deg: f64,
    #[prost(double, tag = "4")]
    pub lon_deg: f64,
    #[prost(double, tag = "5")]
    pub height_m: f64,
    #[prost(double, tag = "6")]
    pub range_max_m: f64,
    #[prost(double, tag = "7")]
    pub azimuth_from_deg: f64,
    #[prost(double, tag = "8")]
    pub azimuth_to_deg: f64,
    #[prost(double, tag = "9")]
    pub elevation_min_deg: f64,
    #[prost(double, tag = "10")]
    pub elevation_max_deg: f64,
}

/// What is new since the last moment.
#[derive(Clone, PartialEq, Message, Serialize)]
#[expect(missing_docs, reason = "as in the file")]
pub struct Moment {
    #[prost(double, tag = "1")]
    pub now_unix_s: f64,
    #[prost(message, repeated, tag = "2")]
    pub pictures: Vec<Picture>,
    #[prost(message, repeated, tag = "3")]
    pub plots: Vec<Plot>,
    #[prost(message, repeated, tag = "4")]
    pub events: Vec<Event>,
    #[prost(message, repeated, tag = "5")]
    pub partners: Vec<Partner>,
    #[prost(message, optional, tag = "6")]
    pub agreement: Option<Agreement>,
    #[prost(uint64, tag = "7")]
    pub warnings: u64,
}

/// One picture, or what changed in it.
#[derive(Clone, PartialEq, Message, Serialize)]
#[expect(missing_docs, reason = "as in the file")]
pub struct Picture {
    #[prost(string, tag = "1")]
    pub view: String,
    #[prost(bool, tag = "2")]
    pub whole: bool,
    #[prost(message, repeated, tag = "3")]
    pub tracks: Vec<Track>,
    #[prost(string, repeated, tag = "4")]
    pub gone: Vec<String>,
    #[prost(double, tag = "5")]
    pub first_track_unix_s: f64,
    #[prost(double, tag = "6")]
    pub first_warning_unix_s: f64,
    #[prost(double, tag = "7")]
    pub first_known_unix_s: f64,
}

/// One object.
#[derive(Clone, PartialEq, Message, Serialize)]
#[expect(missing_docs, reason = "as in the file")]
pub struct Track {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "2")]
    pub phase: String,
    #[prost(double, tag = "3")]
    pub existence: f64,
    #[prost(double, tag = "4")]
    pub time_unix_s: f64,
    #[prost(double, tag = "5")]
    pub lat_deg: f64,
    #[prost(double, tag = "6")]
    pub lon_deg: f64,
    #[prost(double, tag = "7")]
    pub height_m: f64,
    #[prost(double, tag = "8")]
    pub east_mps: f64,
    #[prost(double, tag = "9")]
    pub north_mps: f64,
    #[prost(double, tag = "10")]
    pub up_mps: f64,
    #[prost(double, repeated, tag = "11")]
    pub covariance: Vec<f64>,
    #[prost(uint32, tag = "12")]
    pub plots: u32,
    #[prost(message, repeated, tag = "13")]
    pub contributions: Vec<Contribution>,
    #[prost(bool, tag = "14")]
    pub lost: bool,
    #[prost(message, repeated, tag = "15")]
    pub arrival: Vec<Area>,
    #[prost(message, repeated, tag = "16")]
    pub launch: Vec<Area>,
    #[prost(message, repeated, tag = "17")]
    pub path: Vec<PathPoint>,
    #[prost(double, tag = "18")]
    pub velocity_sigma_mps: f64,
}

/// What one sensor has in a track.
#[derive(Clone, PartialEq, Message, Serialize)]
#[expect(missing_docs, reason = "as in the file")]
pub struct Contribution {
    #[prost(string, tag = "1")]
    pub owner: String,
    #[prost(string, tag = "2")]
    pub sensor: String,
    #[prost(uint32, tag = "3")]
    pub plots: u32,
    #[prost(double, tag = "4")]
    pub last_unix_s: f64,
    #[prost(double, tag = "5")]
    pub latency_ms: f64,
}

/// Where and when an object may arrive, or where it came from.
#[derive(Clone, PartialEq, Message, Serialize)]
#[expect(missing_docs, reason = "as in the file")]
pub struct Area {
    #[prost(string, tag = "1")]
    pub way: String,
    #[prost(double, tag = "2")]
    pub weight: f64,
    #[prost(double, tag = "3")]
    pub probability: f64,
    #[prost(double, tag = "4")]
    pub lat_deg: f64,
    #[prost(double, tag = "5")]
    pub lon_deg: f64,
    #[prost(double, tag = "6")]
    pub major_m: f64,
    #[prost(double, tag = "7")]
    pub minor_m: f64,
    #[prost(double, tag = "8")]
    pub azimuth_deg: f64,
    #[prost(double, tag = "9")]
    pub earliest_unix_s: f64,
    #[prost(double, tag = "10")]
    pub middle_unix_s: f64,
    #[prost(double, tag = "11")]
    pub latest_unix_s: f64,
    #[prost(double, tag = "12")]
    pub said_unix_s: f64,
    #[prost(double, repeated, tag = "13")]
    pub outline_deg: Vec<f64>,
}

/// One point of a foretold path.
#[derive(Copy, Clone, PartialEq, Message, Serialize)]
#[expect(missing_docs, reason = "as in the file")]
pub struct PathPoint {
    #[prost(double, tag = "1")]
    pub time_unix_s: f64,
    #[prost(double, tag = "2")]
    pub lat_deg: f64,
    #[prost(double, tag = "3")]
    pub lon_deg: f64,
    #[prost(double, tag = "4")]
    pub height_m: f64,
}

/// One plot as it came.
#[derive(Clone, PartialEq, Message, Serialize)]
#[expect(missing_docs, reason = "as in the file")]
pub struct Plot {
    #[prost(string, tag = "1")]
    pub owner: String,
    #[prost(string, tag = "2")]
    pub sensor: String,
    #[prost(double, tag = "3")]
    pub time_unix_s: f64,
    #[prost(double, tag = "4")]
    pub came_unix_s: f64,
    #[prost(bool, tag = "5")]
    pub placed: bool,
    #[prost(double, tag = "6")]
    pub lat_deg: f64,
    #[prost(double, tag = "7")]
    pub lon_deg: f64,
    #[prost(double, tag = "8")]
    pub height_m: f64,
    #[prost(string, tag = "9")]
    pub track: String,
}

/// Something that happened.
#[derive(Clone, PartialEq, Message, Serialize)]
#[expect(missing_docs, reason = "as in the file")]
pub struct Event {
    #[prost(double, tag = "1")]
    pub time_unix_s: f64,
    #[prost(string, tag = "2")]
    pub kind: String,
    #[prost(string, tag = "3")]
    pub view: String,
    #[prost(string, tag = "4")]
    pub track: String,
    #[prost(string, tag = "5")]
    pub owner: String,
    #[prost(string, tag = "6")]
    pub detail: String,
}

/// One partner.
#[derive(Clone, PartialEq, Message, Serialize)]
#[expect(missing_docs, reason = "as in the file")]
pub struct Partner {
    #[prost(string, tag = "1")]
    pub owner: String,
    #[prost(bool, tag = "2")]
    pub up: bool,
    #[prost(double, tag = "3")]
    pub data_age_s: f64,
    #[prost(double, tag = "4")]
    pub clock_offset_ms: f64,
    #[prost(uint64, tag = "5")]
    pub plots: u64,
    #[prost(double, tag = "6")]
    pub latency_p50_ms: f64,
    #[prost(double, tag = "7")]
    pub latency_p99_ms: f64,
    #[prost(bool, tag = "8")]
    pub agrees: bool,
    #[prost(string, tag = "9")]
    pub tier: String,
}

/// Whether the pictures of the federation are the same.
#[derive(Clone, PartialEq, Message, Serialize)]
#[expect(missing_docs, reason = "as in the file")]
pub struct Agreement {
    #[prost(uint64, tag = "1")]
    pub cycles_agreed: u64,
    #[prost(uint64, tag = "2")]
    pub cycles_differ: u64,
    #[prost(string, tag = "3")]
    pub difference: String,
    #[prost(btree_map = "string, string", tag = "4")]
    pub digests: BTreeMap<String, String>,
}
