//! Datagrams of ASTERIX, whatever brought them.

use geo::Time;
use wire::asterix::{AsterixReader, NoPlot, Sources, Station};

use super::Intake;
use super::intake::fault_word;

/// Reads one datagram: its plots go in, what is none is counted.
pub(super) fn datagram(octets: &[u8], received: Time, sources: &Sources, intake: &Intake) {
    for record in AsterixReader::datagram(octets, &intake.name, received) {
        match record {
            Ok(record) => {
                let source = record.message.source();
                let stranger;
                let station = match sources.get(source) {
                    Some(station) => station,
                    None => {
                        // Made for this record only: whoever invents sources costs no memory.
                        stranger = Station {
                            name: source.to_string().into(),
                            site: None,
                        };
                        &stranger
                    }
                };
                match record.plot(station) {
                    Ok(plot) if intake.is_own(&plot, || format!("{}: a record of {source}", intake.name)) => {
                        intake.offer(plot);
                    }
                    Ok(_) => {}
                    Err(reason) => no_plot(reason, &station.name, intake),
                }
            }
            Err(fault) => intake.refuse(fault_word(&fault.reason), || fault.to_string()),
        }
    }
}

/// Counts a record that is no plot. Messages of radars about themselves are none, and no fault.
fn no_plot(reason: NoPlot, sensor: &str, intake: &Intake) {
    let word = match reason {
        NoPlot::Service => return,
        NoPlot::NoTime => "no_time",
        NoPlot::NoPosition | NoPlot::NoHeight | NoPlot::NoSite => "no_position",
        NoPlot::NotDetected => "not_detected",
        NoPlot::Simulated => "simulated",
        NoPlot::FieldMonitor => "field_monitor",
        NoPlot::Limits => "limits",
    };
    intake.refuse(word, || format!("{}: a record of {sensor}: {reason}", intake.name));
}
