//! Times in files: RFC 3339, UTC, to the nanosecond.

use geo::Time;
use serde::{Deserialize, Deserializer, Serializer, de::Error};

pub(crate) fn serialize<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{time:.9}"))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// Two of them.
pub(crate) mod two {
    use geo::Time;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(times: &[Time; 2], serializer: S) -> Result<S::Ok, S::Error> {
        times.map(|time| format!("{time:.9}")).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[Time; 2], D::Error> {
        let [from, to] = <[String; 2]>::deserialize(deserializer)?;
        let time = |text: String| text.parse::<Time>().map_err(D::Error::custom);
        Ok([time(from)?, time(to)?])
    }
}
