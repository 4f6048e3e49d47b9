//! The values of a record by the names that the reference gives them.

use wire::asterix::{
    Callsign, Cat010, Cat021, Cat034, Cat048, Cat062, Message, Register, ServiceMessage, SurfaceDetection,
    SurfaceMessage,
};

/// What is done with each value.
type Sink<'a> = dyn FnMut(&'static str, f64) + 'a;

/// Hands over every value that a record has.
pub fn fields(message: &Message, sink: &mut Sink) {
    let source = message.source();
    sink("sac", f64::from(source.sac));
    sink("sic", f64::from(source.sic));
    match message {
        Message::Cat010(record) => surface(record, sink),
        Message::Cat021(record) => ads_b(record, sink),
        Message::Cat034(record) => service(record, sink),
        Message::Cat048(record) => target(record, sink),
        Message::Cat062(record) => system(record, sink),
    }
}

fn put(sink: &mut Sink, field: &'static str, value: Option<impl Into<f64>>) {
    if let Some(value) = value {
        sink(field, value.into());
    }
}

fn flag(sink: &mut Sink, field: &'static str, value: bool) {
    sink(field, f64::from(u8::from(value)));
}

fn pair(sink: &mut Sink, fields: [&'static str; 2], values: Option<[f64; 2]>) {
    for (i, field) in fields.into_iter().enumerate() {
        put(sink, field, values.map(|values| values[i]));
    }
}

fn callsign(sink: &mut Sink, callsign: Option<Callsign>) {
    let sum = |sign: Callsign| {
        let letters = sign.as_str().bytes().enumerate();
        letters
            .map(|(i, letter)| f64::from(letter) * (i + 1) as f64)
            .sum::<f64>()
    };
    put(sink, "callsign", callsign.map(sum));
}

fn registers(sink: &mut Sink, registers: &[Register]) {
    for register in registers {
        sink("bds", f64::from(register.bds));
        let intention = register.vertical_intention().unwrap_or_default();
        put(sink, "selected_altitude_m", intention.selected_altitude_m);
        put(sink, "pressure_setting_hpa", intention.pressure_setting_hpa);
        let turn = register.track_and_turn().unwrap_or_default();
        put(sink, "roll_rad", turn.roll_rad);
        put(sink, "track_rad", turn.track_rad);
        put(sink, "ground_speed_mps", turn.ground_speed_mps);
        put(sink, "track_rate_radps", turn.track_rate_radps);
        put(sink, "true_airspeed_mps", turn.true_airspeed_mps);
        let speed = register.heading_and_speed().unwrap_or_default();
        put(sink, "magnetic_heading_rad", speed.magnetic_heading_rad);
        put(sink, "indicated_airspeed_mps", speed.indicated_airspeed_mps);
        put(sink, "mach", speed.mach);
        put(sink, "pressure_rate_mps", speed.pressure_rate_mps);
        put(sink, "inertial_rate_mps", speed.inertial_rate_mps);
    }
}

fn surface(record: &Cat010, sink: &mut Sink) {
    let message = match record.message {
        SurfaceMessage::Target => 1,
        SurfaceMessage::UpdateBegins => 2,
        SurfaceMessage::Status => 3,
        SurfaceMessage::StatusChanged => 4,
        SurfaceMessage::Other(number) => number,
    };
    sink("message", f64::from(message));
    put(sink, "time_s", record.time_of_day_s);
    if let Some(descriptor) = record.descriptor {
        let detection = match descriptor.detection {
            SurfaceDetection::SecondaryMultilateration => 0_u8,
            SurfaceDetection::ModeSMultilateration => 1,
            SurfaceDetection::AdsB => 2,
            SurfaceDetection::Primary => 3,
            SurfaceDetection::MagneticLoop => 4,
            SurfaceDetection::HfMultilateration => 5,
            SurfaceDetection::Other => 7,
        };
        sink("detection", f64::from(detection));
        flag(sink, "on_ground", descriptor.on_ground);
    }
    put(sink, "lat_deg", record.geodetic.map(|place| place.lat_deg()));
    put(sink, "lon_deg", record.geodetic.map(|place| place.lon_deg()));
    put(sink, "range_m", record.position.map(|position| position.range_m));
    put(
        sink,
        "azimuth_rad",
        record.position.map(|position| position.azimuth_rad),
    );
    pair(sink, ["east_m", "north_m"], record.plane_position_m);
    put(
        sink,
        "speed_mps",
        record.track_velocity.map(|velocity| velocity.speed_mps),
    );
    put(
        sink,
        "heading_rad",
        record.track_velocity.map(|velocity| velocity.heading_rad),
    );
    pair(sink, ["east_mps", "north_mps"], record.plane_velocity_mps);
    put(sink, "track", record.track);
    put(sink, "mode_3a", record.mode_3a.map(|mode| mode.code));
    put(sink, "address", record.address);
    callsign(sink, record.callsign);
    registers(sink, &record.registers);
    put(sink, "flight_level_m", record.flight_level.map(|level| level.height_m));
    put(sink, "length_m", record.size.map(|size| size.length_m));
    put(
        sink,
        "orientation_rad",
        record.size.and_then(|size| size.orientation_rad),
    );
    put(sink, "width_m", record.size.and_then(|size| size.width_m));
}

fn ads_b(record: &Cat021, sink: &mut Sink) {
    put(sink, "time_s", record.applicable_s);
    put(sink, "received_s", record.received_s);
    put(sink, "transmitted_s", record.transmitted_s);
    pair(sink, ["lat_deg", "lon_deg"], record.geodetic_deg);
    put(sink, "address", record.address);
    put(sink, "geometric_height_m", record.geometric_height_m);
    put(sink, "flight_level_m", record.flight_level_m);
    put(
        sink,
        "ground_speed_mps",
        record.ground_vector.map(|vector| vector.speed_mps),
    );
    put(sink, "track_rad", record.ground_vector.map(|vector| vector.heading_rad));
    put(sink, "geometric_rate_mps", record.geometric_rate_mps);
    put(sink, "pressure_rate_mps", record.pressure_rate_mps);
    if let Some(quality) = record.quality {
        sink("nacv", f64::from(quality.velocity_accuracy));
        sink("nic", f64::from(quality.integrity));
        put(sink, "nacp", quality.position_accuracy);
        put(sink, "sil", quality.surveillance_integrity);
        put(sink, "gva", quality.height_accuracy);
    }
    put(sink, "version", record.version);
    put(sink, "mode_3a", record.mode_3a);
    put(sink, "emitter", record.emitter);
    put(sink, "track", record.track);
    callsign(sink, record.callsign);
    registers(sink, &record.registers);
}

fn service(record: &Cat034, sink: &mut Sink) {
    let message = match record.message {
        ServiceMessage::NorthMarker => 1,
        ServiceMessage::SectorCrossing => 2,
        ServiceMessage::GeographicalFilter => 3,
        ServiceMessage::JammingStrobe => 4,
        ServiceMessage::Other(number) => number,
    };
    sink("message", f64::from(message));
    put(sink, "time_s", record.time_of_day_s);
    put(sink, "sector_rad", record.sector_rad);
    put(sink, "rotation_s", record.rotation_s);
    put(sink, "height_m", record.position.map(|place| place.height_m));
    put(sink, "lat_deg", record.position.map(|place| place.lat_deg()));
    put(sink, "lon_deg", record.position.map(|place| place.lon_deg()));
}

fn target(record: &Cat048, sink: &mut Sink) {
    put(sink, "time_s", record.time_of_day_s);
    if let Some(descriptor) = record.descriptor {
        sink("detection", f64::from(descriptor.detection as u8));
        flag(sink, "simulated", descriptor.simulated);
        flag(sink, "field_monitor", descriptor.field_monitor);
    }
    put(sink, "range_m", record.position.map(|position| position.range_m));
    put(
        sink,
        "azimuth_rad",
        record.position.map(|position| position.azimuth_rad),
    );
    if let Some(mode) = record.mode_3a {
        sink("mode_3a", f64::from(mode.code));
        flag(sink, "mode_3a_smoothed", mode.smoothed);
    }
    if let Some(level) = record.flight_level {
        sink("flight_level_m", level.height_m);
        flag(sink, "flight_level_invalid", !level.validated);
        flag(sink, "flight_level_garbled", level.garbled);
    }
    let plot = &record.characteristics;
    put(sink, "secondary_runlength_rad", plot.secondary_runlength_rad);
    put(sink, "secondary_replies", plot.secondary_replies);
    put(sink, "secondary_amplitude_dbm", plot.secondary_amplitude_dbm);
    put(sink, "primary_runlength_rad", plot.primary_runlength_rad);
    put(sink, "primary_amplitude_dbm", plot.primary_amplitude_dbm);
    put(sink, "range_difference_m", plot.range_difference_m);
    put(sink, "azimuth_difference_rad", plot.azimuth_difference_rad);
    put(sink, "address", record.address);
    callsign(sink, record.callsign);
    registers(sink, &record.registers);
    put(sink, "track", record.track);
    pair(sink, ["track_east_m", "track_north_m"], record.track_position_m);
    put(
        sink,
        "speed_mps",
        record.track_velocity.map(|velocity| velocity.speed_mps),
    );
    put(
        sink,
        "heading_rad",
        record.track_velocity.map(|velocity| velocity.heading_rad),
    );
    if let Some(status) = record.track_status {
        flag(sink, "tentative", !status.confirmed);
        flag(sink, "doubtful", status.doubtful);
        flag(sink, "manoeuvring", status.manoeuvring);
    }
    put(sink, "height_3d_m", record.height_m);
    let doppler = record.doppler.as_ref();
    put(sink, "doppler_mps", doppler.and_then(|doppler| doppler.calculated_mps));
}

fn system(record: &Cat062, sink: &mut Sink) {
    put(sink, "time_s", record.time_of_day_s);
    pair(sink, ["lat_deg", "lon_deg"], record.geodetic_deg);
    pair(sink, ["east_m", "north_m"], record.plane_position_m);
    pair(sink, ["east_mps", "north_mps"], record.velocity_mps);
    pair(sink, ["east_mps2", "north_mps2"], record.acceleration_mps2);
    put(sink, "mode_3a", record.mode_3a);
    callsign(sink, record.callsign);
    put(sink, "address", record.address);
    registers(sink, &record.registers);
    put(sink, "track", record.track);
    put(sink, "turn", record.movement.map(|movement| movement.turn));
    put(sink, "flight_level_m", record.flight_level_m);
    put(sink, "geometric_altitude_m", record.geometric_altitude_m);
    put(
        sink,
        "pressure_altitude_m",
        record.pressure_altitude_m.map(|(altitude_m, _)| altitude_m),
    );
    put(sink, "climb_mps", record.climb_mps);
    put(sink, "sigma_east_m", record.accuracy.position_m.map(|sigma| sigma[0]));
    put(
        sink,
        "sigma_velocity_east_mps",
        record.accuracy.velocity_mps.map(|sigma| sigma[0]),
    );
    put(sink, "sigma_geometric_m", record.accuracy.geometric_altitude_m);
}
