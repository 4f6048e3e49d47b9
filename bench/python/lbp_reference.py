"""Stone Soup's belief propagation for one scan of 50 tracks 500 m abreast, as bench/src/bin/associate.rs has them.

Usage: lbp_reference.py SIGMA_M: prints `ms of the propagation<TAB>ms with likelihoods`, medians by the time on a core.
"""

import datetime
import sys
import time

import numpy as np
from stonesoup.dataassociator.probability import JPDAwithLBP
from stonesoup.hypothesiser.probability import PDAHypothesiser
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.types.track import Track
from stonesoup.updater.kalman import KalmanUpdater

SEEN = 0.9
CLUTTER_PM2 = 1e-8
GATE = 4.0
ROUNDS = 5


def main():
    sigma_m = float(sys.argv[1])
    chance = np.random.default_rng(7)
    now = datetime.datetime(2023, 11, 14)
    # Half of the variance is the track's, half the plot's.
    model = LinearGaussian(4, (0, 2), np.eye(2) * sigma_m**2 / 2)
    predictor = KalmanPredictor(CombinedLinearGaussianTransitionModel([ConstantVelocity(1e-6)] * 2))
    objects = np.array([[500.0 * at, 0.0] for at in range(50)])
    tracks, plots = set(), []
    for x, y in objects:
        state = GaussianState([[x], [0.0], [y], [0.0]], np.diag([sigma_m**2 / 2, 1.0] * 2), timestamp=now)
        tracks.add(Track([state]))
        if chance.random() < SEEN:
            plots.append(np.array([x, y]) + sigma_m * chance.standard_normal(2))
    low, high = objects.min(axis=0) - GATE * sigma_m, objects.max(axis=0) + GATE * sigma_m
    for _ in range(int(CLUTTER_PM2 * np.prod(high - low))):
        plots.append(low + (high - low) * chance.random(2))
    detections = {Detection(plot.reshape(2, 1), timestamp=now, measurement_model=model) for plot in plots}
    hypothesiser = PDAHypothesiser(
        predictor, KalmanUpdater(model), CLUTTER_PM2, prob_detect=SEEN, prob_gate=1 - np.exp(-(GATE**2) / 2)
    )
    associator = JPDAwithLBP(hypothesiser)
    spans = []
    for _ in range(ROUNDS):
        clock = time.thread_time()
        hypotheses = {track: hypothesiser.hypothesise(track, detections, now) for track in tracks}
        middle = time.thread_time()
        associator._compute_multi_hypotheses(tracks, detections, hypotheses, now)
        end = time.thread_time()
        spans.append(((end - middle) * 1e3, (end - clock) * 1e3))
    alone, whole = np.median(np.array(spans), axis=0)
    print(f"{alone:.1f}\t{whole:.1f}")


main()
