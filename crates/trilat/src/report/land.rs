//! The coasts of the Earth, as rings on the sphere.
//!
//! They are read from `assets/land.bin`; `assets/README.md` says where it comes from and how it is laid out.

use std::sync::LazyLock;

use geo::Geodetic;
use geo::math::sin_cos;
use nalgebra::Vector3;

const BYTES: &[u8] = include_bytes!("../../assets/land.bin");
/// Stored units in a degree.
const PER_DEGREE: f64 = 500.0;

/// A closed line with land to its right; the first corner is not repeated.
#[derive(Clone, Debug)]
pub struct Ring {
    /// Whether it goes round water within land.
    pub is_hole: bool,
    /// Its corners.
    pub corners: Vec<Corner>,
}

/// A corner of a coast.
#[derive(Copy, Clone, Debug)]
pub struct Corner {
    /// Where it is.
    pub place: Geodetic,
    /// Direction of the place with its latitude taken as that of a sphere: good for telling near from far.
    pub unit: Vector3<f64>,
}

/// Returns the direction of a place, its latitude taken as that of a sphere.
pub fn unit(place: Geodetic) -> Vector3<f64> {
    let ((sin_lat, cos_lat), (sin_lon, cos_lon)) = (sin_cos(place.lat_rad), sin_cos(place.lon_rad));
    Vector3::new(cos_lat * cos_lon, cos_lat * sin_lon, sin_lat)
}

/// Takes whole numbers, seven bits a byte, from the front of bytes.
struct Numbers<'a>(std::slice::Iter<'a, u8>);

impl Numbers<'_> {
    fn next(&mut self) -> Option<u64> {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = *self.0.next()?;
            value |= u64::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 || shift > 56 {
                return Some(value);
            }
        }
    }

    /// A number with a sign in its lowest bit.
    fn next_signed(&mut self) -> Option<f64> {
        let value = self.next()?;
        let half = (value >> 1) as f64;
        Some(if value & 1 == 0 { half } else { -half - 1.0 })
    }

    fn next_ring(&mut self) -> Option<Ring> {
        let head = self.next()?;
        let [mut lon, mut lat] = [0.0; 2];
        let corners = (0..head >> 1).map(|_| {
            lon += self.next_signed()?;
            lat += self.next_signed()?;
            let place = Geodetic::from_degrees(lat / PER_DEGREE, lon / PER_DEGREE, 0.0);
            let unit = unit(place);
            Some(Corner { place, unit })
        });
        Some(Ring {
            corners: corners.collect::<Option<_>>()?,
            is_hole: head & 1 == 1,
        })
    }
}

/// Returns all coasts.
pub fn rings() -> &'static [Ring] {
    static RINGS: LazyLock<Vec<Ring>> = LazyLock::new(|| {
        let mut numbers = Numbers(BYTES.iter());
        std::iter::from_fn(|| numbers.next_ring()).collect()
    });
    &RINGS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_holds_whole_rings_of_real_places() {
        let rings = rings();
        assert_eq!(rings.len(), 1908);
        assert_eq!(rings.iter().map(|ring| ring.corners.len()).sum::<usize>(), 53_048);
        assert_eq!(rings.iter().filter(|ring| ring.is_hole).count(), 1, "the Caspian Sea");
        for corner in rings.iter().flat_map(|ring| &ring.corners) {
            assert!(corner.place.lat_deg().abs() < 90.0, "{:?}", corner.place);
        }
    }
}
