//! What `trilat coverage` prints: areas as text and JSON, outlines as GeoJSON.

use serde::Serialize;

use crate::coverage::{AtHeight, Coverage, Shape};
use crate::words::{number, plural, share};

/// The areas at all heights.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoverageOutput {
    /// In the order asked.
    pub heights: Vec<HeightOutput>,
}

/// The areas at one height.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HeightOutput {
    /// The height above the ellipsoid.
    pub height_km: f64,
    /// What at least one sensor sees.
    pub together_km2: f64,
    /// Each owner alone.
    pub owners: Vec<OwnerOutput>,
    /// How much more all see together than the owner that sees most; `null` where nobody sees anything.
    pub gain: Option<f64>,
    /// What so many sensors or more see, as far as there are so many.
    pub seen_by: Vec<SeenByOutput>,
    /// What two owners or more see.
    pub shared_km2: f64,
    /// The same as a share of what all see together; `null` where nobody sees anything.
    pub shared_share: Option<f64>,
    /// What all owners see.
    pub common_km2: f64,
}

/// One owner at one height.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OwnerOutput {
    /// Its name.
    pub owner: String,
    /// How many sensors it has.
    pub sensors: usize,
    /// What they see.
    pub area_km2: f64,
    /// The same as a share of what all see together; `null` where nobody sees anything.
    pub share: Option<f64>,
    /// What no other owner sees.
    pub only_km2: f64,
}

/// What so many sensors or more see.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SeenByOutput {
    /// So many.
    pub sensors_min: usize,
    /// The area.
    pub area_km2: f64,
    /// The same as a share of what at least one sees; `null` where nobody sees anything.
    pub share: Option<f64>,
}

/// Square kilometres to four digits: what the polygons are good for.
fn km2(shape: &Shape) -> f64 {
    let km2 = shape.area_m2() / 1e6;
    let unit = geo::math::pow(10.0, (geo::math::log10(km2.max(1.0)).floor() - 3.0).max(0.0));
    (km2 / unit).round() * unit
}

fn ratio(part: &Shape, whole: &Shape) -> Option<f64> {
    let ratio = part.area_m2() / whole.area_m2();
    (whole.area_m2() > 0.0).then(|| (ratio * 1e4).round() / 1e4)
}

impl CoverageOutput {
    /// Takes the areas of a coverage.
    pub fn new(coverage: &Coverage) -> Self {
        let heights = coverage.heights.iter().map(|at| HeightOutput::new(coverage, at));
        Self {
            heights: heights.collect(),
        }
    }

    /// Returns the JSON text, indented, with a line end. Errors: none in practice.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// Returns the text for people.
    pub fn to_text(&self) -> String {
        self.heights.iter().map(HeightOutput::to_text).collect()
    }
}

impl HeightOutput {
    /// Takes the areas at one height.
    pub fn new(coverage: &Coverage, at: &AtHeight) -> Self {
        let together = at.together();
        let owner = |(i, name): (usize, &std::sync::Arc<str>)| OwnerOutput {
            owner: name.to_string(),
            sensors: coverage.sensors_of(name),
            area_km2: km2(&at.owners[i]),
            share: ratio(&at.owners[i], together),
            only_km2: km2(&at.only[i]),
        };
        let sensors = coverage.viewers.len();
        let seen_by = |(i, shape): (usize, &Shape)| SeenByOutput {
            sensors_min: i + 1,
            area_km2: km2(shape),
            share: ratio(shape, together),
        };
        Self {
            height_km: at.height_m / 1e3,
            together_km2: km2(together),
            owners: coverage.owners.iter().enumerate().map(owner).collect(),
            gain: at.best().and_then(|best| ratio(together, &at.owners[best])),
            seen_by: at.radars.iter().enumerate().take(sensors).map(seen_by).collect(),
            shared_km2: km2(&at.shared),
            shared_share: ratio(&at.shared, together),
            common_km2: km2(&at.common),
        }
    }

    /// The owner that sees most.
    pub fn best(&self) -> Option<&OwnerOutput> {
        let most = |best: Option<&'_ OwnerOutput>, next: &OwnerOutput| best.is_none_or(|b| next.area_km2 > b.area_km2);
        let mut best = None;
        for owner in self.owners.iter().filter(|owner| owner.area_km2 > 0.0) {
            if most(best, owner) {
                best = Some(owner);
            }
        }
        best
    }

    fn to_text(&self) -> String {
        let mut out = format!("At {} km above the ellipsoid\n", number_short(self.height_km));
        let row = |name: &str, area_km2: f64, rest: &str| {
            format!("  {name:<18} {:>15} km²  {rest}", number(area_km2, 0))
                .trim_end()
                .to_owned()
                + "\n"
        };
        let Some(best) = self.best() else {
            out.push_str("  no sensor sees anything at this height\n");
            return out;
        };
        let gain = match self.gain {
            Some(gain) if self.owners.len() > 1 => format!("{gain:.2} times what {} sees alone", best.owner),
            _ => String::new(),
        };
        out.push_str(&row("all together", self.together_km2, &gain));
        for owner in &self.owners {
            let sensors = plural(owner.sensors, "sensor", "sensors");
            let mut rest = format!("{} {sensors}", owner.sensors);
            if self.owners.len() > 1 {
                rest = format!(
                    "{} of it, {} km² seen by nobody else; {rest}",
                    share(owner.share.unwrap_or(0.0)),
                    number(owner.only_km2, 0)
                );
            }
            out.push_str(&row(&owner.owner, owner.area_km2, &rest));
        }
        for seen in self.seen_by.iter().skip(1) {
            let name = format!("{} sensors or more", seen.sensors_min);
            let rest = format!("{} of it", share(seen.share.unwrap_or(0.0)));
            out.push_str(&row(&name, seen.area_km2, &rest));
        }
        if self.owners.len() > 1 {
            let rest = format!("{} of it", share(self.shared_share.unwrap_or(0.0)));
            out.push_str(&row("2 owners or more", self.shared_km2, &rest));
        }
        out
    }
}

/// A height without needless decimals.
pub fn number_short(value: f64) -> String {
    let decimals = (0..3)
        .find(|&d| ((value * [1.0, 10.0, 100.0][d]).fract()).abs() < 1e-9)
        .unwrap_or(3);
    number(value, decimals)
}

/// A collection of features, as RFC 7946 writes it.
#[derive(Serialize)]
struct Collection<'a> {
    r#type: &'static str,
    features: Vec<Feature<'a>>,
}

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    properties: Properties<'a>,
    geometry: Geometry,
}

#[derive(Serialize)]
struct Properties<'a> {
    height_km: f64,
    /// `owner`, `only` (no other owner sees it) or `sensors`.
    seen_by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sensors_min: Option<usize>,
    area_km2: f64,
}

#[derive(Serialize)]
struct Geometry {
    r#type: &'static str,
    coordinates: Vec<Vec<Vec<[f64; 2]>>>,
}

/// Returns the outlines as GeoJSON: a feature for each owner, for what only it sees, and for one, two and three sensors
/// or more, at each height. Errors: none in practice.
pub fn to_geojson(coverage: &Coverage) -> serde_json::Result<String> {
    let mut features = Vec::new();
    for at in &coverage.heights {
        let mut put = |shape: &Shape, seen_by, owner, sensors_min| {
            let rounded = |degrees: f64| (degrees * 1e5).round() / 1e5;
            let mut coordinates = shape.lon_lat();
            for corner in coordinates.iter_mut().flatten().flatten() {
                *corner = corner.map(rounded);
            }
            features.push(Feature {
                r#type: "Feature",
                properties: Properties {
                    height_km: at.height_m / 1e3,
                    seen_by,
                    owner,
                    sensors_min,
                    area_km2: km2(shape),
                },
                geometry: Geometry {
                    r#type: "MultiPolygon",
                    coordinates,
                },
            });
        };
        for (i, owner) in coverage.owners.iter().enumerate() {
            put(&at.owners[i], "owner", Some(&**owner), None);
            put(&at.only[i], "only", Some(&**owner), None);
        }
        for (i, shape) in at.radars.iter().enumerate() {
            put(shape, "sensors", None, Some(i + 1));
        }
    }
    serde_json::to_string(&Collection {
        r#type: "FeatureCollection",
        features,
    })
}
