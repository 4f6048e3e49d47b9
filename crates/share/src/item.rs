//! What is exchanged: one plot, one sensor, one track, one warning, each with its label.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use geo::{Geodetic, Time};
use plot::{Plot, Sensor};

/// One thing that an owner gives to a partner.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Whose it is: the owner of the sensor, or of the node that made the track or the warning.
    pub origin: Arc<str>,
    /// Under what rules it travels.
    pub label: Label,
    /// What it says.
    pub body: Body,
}

/// The content of an item, as much of it as its tier allows.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// A sensor, before its first full plot: where it stands and how well it measures.
    Sensor(Box<Sensor>),
    /// A plot as it was measured.
    Plot(Box<Plot>),
    /// What is left of a plot whose sensor is not told.
    Coarse(Coarse),
    /// What the origin believes about one object.
    Track(Box<TrackState>),
    /// Only that people have to be warned.
    Warning(WarningNote),
}

/// A plot without its sensor: a place, how well it is known, and about when.
#[derive(Clone, Debug, PartialEq)]
pub struct Coarse {
    /// Rounded time of validity.
    pub time: Time,
    /// Where the object was.
    pub place: Geodetic,
    /// Standard deviation along each axis, inflated so that the sensor's geometry does not show.
    pub sigma_m: f64,
}

/// The belief about one object at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackState {
    /// The origin's name for the track.
    pub track: Arc<str>,
    /// Time of validity.
    pub time: Time,
    /// Probability that the object exists, in [0, 1].
    pub existence: f64,
    /// Phase of flight, by the word of `flight`.
    pub phase: Arc<str>,
    /// State `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]` (6), ECEF.
    pub state: [f64; 6],
    /// Upper triangle of its covariance, by rows (21), ECEF.
    pub covariance: [f64; 21],
}

/// That people may have to be warned, and where: nothing of how it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct WarningNote {
    /// The origin's name for the object.
    pub track: Arc<str>,
    /// When it was said.
    pub time: Time,
    /// Corners of the ground area, in order, without the first again at the end.
    pub area: Vec<Geodetic>,
    /// Probability that the arrival is in the area, in (0, 1).
    pub probability: f64,
    /// Earliest and latest arrival.
    pub arrival: [Time; 2],
}

/// The fields of STANAG 4774 that travel with each item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// The policy under which it was classified.
    pub policy: Arc<str>,
    /// How it is classified.
    pub classification: Classification,
    /// Which owners may have it, the origin included: the release group.
    pub releasable_to: BTreeSet<Arc<str>>,
    /// Whether it belongs to an exercise: what is of an exercise is never mixed with what is real.
    pub exercise: bool,
    /// Whether its recipient may give it on to the others of `releasable_to`.
    pub onward: bool,
}

/// Levels of classification, lowest first.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Classification {
    /// Open.
    Unclassified,
    /// For official use.
    Restricted,
    /// Next.
    Confidential,
    /// Highest that this system carries.
    Secret,
}

/// Names an item by its content: the first 16 octets of the SHA-256 of its origin and body as they are encoded.
///
/// The same plot by two ways has the same name, and no counter in it shows what was withheld.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(pub [u8; 16]);

/// Values by name: partners choose names, so how they spread over the table is left to chance.
pub type ByItem<T> = HashMap<ItemId, T, foldhash::fast::RandomState>;

/// A set of names, the same.
pub type ItemIds = HashSet<ItemId, foldhash::fast::RandomState>;

impl fmt::Display for ItemId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(to, "{octet:02x}"))
    }
}

impl fmt::Debug for ItemId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "ItemId({self})")
    }
}
