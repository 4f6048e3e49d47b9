//! The air from 86 to 1000 km against two other implementations of the standard.

#![allow(clippy::print_stdout, reason = "the figures of the README")]
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the lint does not see helpers as tests"
)]

use flight::atmosphere::air;

#[test]
fn the_upper_air_agrees_with_two_others() {
    // Temperature K; pressure and density against the fit to the table, then against the integrals.
    let (mut off_k, mut worst) = (0.0_f64, [(0.0_f64, 0.0); 4]);
    for line in include_str!("us76.csv").lines().skip(1) {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        let ours = air(cells[0] * 1e3);
        off_k = off_k.max((ours.temperature_k - cells[1]).abs());
        for (i, value) in [ours.pressure_pa, ours.density_kgpm3]
            .into_iter()
            .cycle()
            .take(4)
            .enumerate()
        {
            let off = (value / cells[2 + i] - 1.0).abs();
            if off > worst[i].0 {
                worst[i] = (off, cells[0]);
            }
        }
    }
    println!("temperature {off_k} K");
    for (name, (off, height_km)) in [
        "fit, pressure",
        "fit, density",
        "integrals, pressure",
        "integrals, density",
    ]
    .iter()
    .zip(worst)
    {
        println!("{name}: {off} at {height_km} km");
    }
    assert!(off_k < 0.1);
    assert!(worst[0].0 < 0.01 && worst[1].0 < 0.02, "{worst:?}");
    assert!(worst[2].0 < 0.08 && worst[3].0 < 0.08, "{worst:?}");
}
