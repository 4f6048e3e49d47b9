"""Stone Soup's global nearest neighbour on the plots of bench/src/bin/gnn.rs.

Usage: gnn_reference.py PLOTS plain|tree SCANS TRACKS: writes the confirmed tracks of each scan to TRACKS and prints
plots a second of the scans, by the time on a core.
"""

import datetime
import sys
import time

import numpy as np
from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
from stonesoup.dataassociator.tree import TPRTreeGNN2D
from stonesoup.deleter.time import UpdateTimeStepsDeleter
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.initiator.simple import MultiMeasurementInitiator
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.tracker.simple import MultiTargetTracker
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import KalmanUpdater

SCAN_S = 4.0
SIGMA_M = 30.0
GATE = 5.0


def main():
    path, way, scans, out = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    begin = datetime.datetime(2023, 11, 14)
    model = LinearGaussian(4, (0, 2), np.eye(2) * SIGMA_M**2)
    detections = [(begin + datetime.timedelta(seconds=scan * SCAN_S), set()) for scan in range(scans)]
    for line in open(path):
        scan, x, y = line.split("\t")
        if int(scan) < scans:
            when, found = detections[int(scan)]
            found.add(Detection(np.array([[float(x)], [float(y)]]), timestamp=when, measurement_model=model))
    predictor = KalmanPredictor(CombinedLinearGaussianTransitionModel([ConstantVelocity(1.0)] * 2))
    updater = KalmanUpdater(model)
    hypothesiser = DistanceHypothesiser(predictor, updater, measure=Mahalanobis(), missed_distance=GATE)

    def associator():
        if way == "tree":
            return TPRTreeGNN2D(hypothesiser, model, datetime.timedelta(seconds=SCAN_S * scans), [0, 2], [1, 3])
        return GNNWith2DAssignment(hypothesiser)

    deleter = UpdateTimeStepsDeleter(3)
    prior = GaussianState([[0.0], [0.0], [0.0], [0.0]], np.diag([0.0, 200.0**2, 0.0, 200.0**2]), timestamp=begin)
    initiator = MultiMeasurementInitiator(prior, deleter, associator(), updater, model, min_points=3)
    tracker = MultiTargetTracker(initiator, deleter, detections, associator(), updater)
    clock = time.thread_time()
    spent_s = 0.0
    with open(out, "w") as file:
        for scan, (_, tracks) in enumerate(tracker):
            spent_s += time.thread_time() - clock
            for track in tracks:
                x, _, y, _ = np.asarray(track.state_vector).ravel()
                print(f"{scan}\t{x}\t{y}", file=file)
            clock = time.thread_time()
    print(f"{sum(len(found) for _, found in detections) / spent_s:.1f}")


main()
