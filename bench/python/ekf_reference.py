"""Cycles per second of a 6-state EKF (constant velocity; range, azimuth, elevation) in filterpy and in Stone Soup.

Prints `name<TAB>cycles per second`. Both run the same start, noise and measurement as bench/src/bin/ekf.rs.
"""

import datetime
import math
import time

import numpy as np

CYCLES = {"filterpy": 20_000, "stonesoup": 1_000}
ROUNDS = 3
DT_S = 0.1
PSD = 1.0
SIGMAS = np.array([20.0, 1e-3, 1e-3])
START = np.array([3e4, 4e4, 6e4, 600.0, 800.0, 500.0])
VARIANCES = np.array([1e4, 1e4, 1e4, 1e2, 1e2, 1e2])


def report(name, cycles, run):
    best = math.inf
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        run(cycles)
        best = min(best, time.perf_counter() - begin)
    print(f"{name}\t{cycles / best:.0f}", flush=True)


def expected(x):
    x = np.asarray(x).ravel()
    ground = math.hypot(x[0], x[1])
    return np.array([math.sqrt(ground * ground + x[2] * x[2]), math.atan2(x[0], x[1]), math.atan2(x[2], ground)])


def jacobian(x):
    x = np.asarray(x).ravel()
    ground2 = x[0] * x[0] + x[1] * x[1]
    ground = math.sqrt(ground2)
    range2 = ground2 + x[2] * x[2]
    distance = math.sqrt(range2)
    h = np.zeros((3, 6))
    h[0, :3] = x[:3] / distance
    h[1, 0], h[1, 1] = x[1] / ground2, -x[0] / ground2
    h[2, 0] = -x[0] * x[2] / (range2 * ground)
    h[2, 1] = -x[1] * x[2] / (range2 * ground)
    h[2, 2] = ground / range2
    return h


def residual(a, b):
    y = a - b
    y[1] -= math.tau * round(y[1] / math.tau)
    return y


def run_filterpy(cycles):
    from filterpy.kalman import ExtendedKalmanFilter

    ekf = ExtendedKalmanFilter(dim_x=6, dim_z=3)
    ekf.F = np.eye(6)
    q = np.array([[DT_S**3 / 3, DT_S**2 / 2], [DT_S**2 / 2, DT_S]]) * PSD
    ekf.Q = np.kron(q, np.eye(3))
    for axis in range(3):
        ekf.F[axis, axis + 3] = DT_S
    ekf.R = np.diag(SIGMAS**2)
    measured = expected(START)
    for cycle in range(cycles):
        if cycle % 100 == 0:
            ekf.x, ekf.P = START.copy(), np.diag(VARIANCES)
        ekf.predict()
        ekf.update(measured, jacobian, expected, residual=residual)
    assert np.isfinite(ekf.x).all()


def run_stonesoup(cycles):
    from stonesoup.models.measurement.nonlinear import CartesianToElevationBearingRange
    from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
    from stonesoup.predictor.kalman import ExtendedKalmanPredictor
    from stonesoup.types.detection import Detection
    from stonesoup.types.hypothesis import SingleHypothesis
    from stonesoup.types.state import GaussianState
    from stonesoup.updater.kalman import ExtendedKalmanUpdater

    order = [0, 3, 1, 4, 2, 5]
    predictor = ExtendedKalmanPredictor(CombinedLinearGaussianTransitionModel([ConstantVelocity(PSD)] * 3))
    sensor = CartesianToElevationBearingRange(
        ndim_state=6, mapping=(0, 2, 4), noise_covar=np.diag([SIGMAS[2] ** 2, SIGMAS[1] ** 2, SIGMAS[0] ** 2])
    )
    updater = ExtendedKalmanUpdater(sensor)
    begin = datetime.datetime(2026, 1, 1)
    start = GaussianState(START[order].reshape(-1, 1), np.diag(VARIANCES[order]), timestamp=begin)
    measured = sensor.function(start, noise=False)
    for cycle in range(cycles):
        if cycle % 100 == 0:
            state, now = start, begin
        now += datetime.timedelta(seconds=DT_S)
        prediction = predictor.predict(state, timestamp=now)
        detection = Detection(measured, timestamp=now, measurement_model=sensor)
        state = updater.update(SingleHypothesis(prediction, detection))
    assert np.isfinite(np.asarray(state.state_vector, dtype=float)).all()


report("filterpy, constant velocity", CYCLES["filterpy"], run_filterpy)
report("Stone Soup, constant velocity", CYCLES["stonesoup"], run_stonesoup)
