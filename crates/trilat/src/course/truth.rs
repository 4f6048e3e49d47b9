//! What really flew, as CSV: a line for each object and second.

use std::io::{self, Write};

use geo::Geodetic;
use sim::Truth;

use super::{east_north_up, instants};

/// The first line.
pub const HEADER: &str = "time,truth,kind,phase,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps";

/// Writes the header, then object by object a line for each whole second of UTC, begin and end: degrees to 1e-8 (about
/// 1 mm), metres to 1 mm, speeds to 1 mm/s, velocity relative to the turning Earth.
///
/// Errors: those of the writer.
pub fn write(truths: &[Truth], mut out: impl Write) -> io::Result<()> {
    writeln!(out, "{HEADER}")?;
    for truth in truths {
        for time in instants(&truth.course, 1.0) {
            let (Some(state), Some(phase)) = (truth.course.state(time), truth.course.phase(time)) else {
                continue;
            };
            let place = Geodetic::from_ecef(state.position);
            let [east_mps, north_mps, up_mps] = east_north_up(&state);
            writeln!(
                out,
                "{time},{},{},{},{:.8},{:.8},{:.3},{east_mps:.3},{north_mps:.3},{up_mps:.3}",
                truth.id,
                truth.kind.name(),
                phase.name(),
                place.lat_deg(),
                place.lon_deg(),
                place.height_m,
            )?;
        }
    }
    out.flush()
}
