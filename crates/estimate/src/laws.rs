//! Laws that every model keeps, stated once: the tests of a model name the law and hand over states.

use nalgebra::{SMatrix, SVector};

use crate::sensor::SensorModel;

/// A sensor's Jacobian equals central differences taken through its own residual.
///
/// `scale` (N) is the step per component; a row may differ by `tolerance` of its largest element times the step.
pub fn sensor_jacobian<const N: usize, const M: usize>(
    sensor: &impl SensorModel<N, M>,
    state: &SVector<f64, N>,
    scale: &SVector<f64, N>,
    tolerance: f64,
) {
    let (predicted, jacobian) = sensor.linearize(state).expect("observable");
    assert_eq!(
        predicted,
        sensor.predict(state),
        "linearize and predict differ at {state}"
    );
    let mut differences = SMatrix::<f64, M, N>::zeros();
    for column in 0..N {
        let (mut ahead, mut behind) = (*state, *state);
        ahead[column] += scale[column];
        behind[column] -= scale[column];
        let slope = sensor.residual(&sensor.predict(&ahead), &sensor.predict(&behind)) / (2.0 * scale[column]);
        differences.set_column(column, &slope);
    }
    for row in 0..M {
        let largest = (0..N)
            .map(|c| (differences[(row, c)] * scale[c]).abs())
            .fold(0.0, f64::max);
        for column in 0..N {
            let miss = ((jacobian[(row, column)] - differences[(row, column)]) * scale[column]).abs();
            assert!(
                miss <= tolerance * largest,
                "row {row}, column {column} at {state}: {jacobian} against {differences}"
            );
        }
    }
}
