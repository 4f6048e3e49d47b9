//! The same flight has the same bits on every machine.

use flight::{Body, Forces, Options, propagate_with_partials};
use geo::{Geodetic, Site, State, Time, Velocity};

/// FNV-1a of Fowler, Noll and Vo, over the bits of numbers.
fn digest(numbers: impl Iterator<Item = f64>) -> u64 {
    let bytes = numbers.flat_map(|x| x.to_bits().to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |digest, byte| {
        (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Up through the air and down again, so that steps are refused on the way; states and partials within the steps too.
#[test]
fn a_flight_has_known_bits() {
    let start = Time::from_tai_ns(1_631_208_397_000_000_000);
    let site = Site::new(Geodetic::from_degrees(40.0, 128.0, 40_000.0));
    let state = State {
        position: site.origin(),
        velocity: site.velocity_to_ecef(Velocity::new(1_000.0, -300.0, 2_700.0)),
    };
    let (forces, body, options) = (Forces::ballistic(), Body::ballistic(4e-4), Options::default());
    let flight = propagate_with_partials(&forces, &body, start, state, start + 600.0, &options).unwrap();
    let times = (0..500).map(|i| start + f64::from(i)).chain(flight.step_times());
    let numbers = times.flat_map(|time| {
        let (state, partials) = flight.state_and_partials(time).unwrap();
        let numbers: Vec<f64> = state.to_vector().iter().chain(partials.iter()).copied().collect();
        numbers
    });
    let found = digest(numbers);
    assert_eq!(
        found,
        0xd2bb_4b46_e686_c81c,
        "{found:#018x} in {} steps",
        flight.steps()
    );
}
