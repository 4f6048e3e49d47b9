"""Writes associate.csv: association problems solved by Stone Soup, PyEHM and scipy.

Run in this folder, in a virtual environment with requirements.txt: python make.py

Columns: case, row, plot (-1 is the miss), the natural logarithm of the weight; the exact marginal probability (by
enumeration in cases of few rows, by PyEHM in others, empty where neither ends), that of loopy belief propagation after
2,000 iterations, and 1 where the assignment of the largest weight has the pair.
"""

import csv
import datetime

import numpy as np
from pyehm.core import EHM, EHM2
from scipy.optimize import linear_sum_assignment
from stonesoup.dataassociator.probability import JPDA, JPDAwithLBP
from stonesoup.types.detection import Detection, MissedDetection
from stonesoup.types.hypothesis import SingleProbabilityHypothesis
from stonesoup.types.multihypothesis import MultipleHypothesis
from stonesoup.types.prediction import StatePrediction
from stonesoup.types.state import State
from stonesoup.types.track import Track

NOW = datetime.datetime(2026, 1, 1)


class Given:
    """A hypothesiser that says what it was told."""

    def __init__(self, weights):
        self.weights = weights

    def hypothesise(self, track, detections, timestamp, **kwargs):
        row = int(track.id)
        prediction = StatePrediction([[0.0]], timestamp=NOW)
        missed = MissedDetection(timestamp=NOW)
        given = [SingleProbabilityHypothesis(prediction, missed, probability=self.weights[row, 0])]
        for detection in detections:
            weight = self.weights[row, 1 + int(detection.metadata["plot"])]
            if weight > 0:
                given.append(SingleProbabilityHypothesis(prediction, detection, probability=weight))
        return MultipleHypothesis(given)


def enumerated(weights):
    rows, plots = weights.shape
    tracks = [Track([State([[0.0]], timestamp=NOW)], id=str(row)) for row in range(rows)]
    # Detections are equal by their vectors, so each has one of its own.
    detections = [Detection([[float(p)]], timestamp=NOW, metadata={"plot": p}) for p in range(plots - 1)]
    answer = JPDA(hypothesiser=Given(weights)).associate(tracks, detections, NOW)
    out = np.zeros_like(weights)
    for track in tracks:
        for hypothesis in answer[track]:
            place = 1 + int(hypothesis.measurement.metadata["plot"]) if hypothesis else 0
            out[int(track.id), place] = float(hypothesis.probability)
    return out


def managed(weights):
    valid = (weights > 0).astype(np.int32)
    one, two = EHM().run(valid, weights), EHM2().run(valid, weights)
    assert np.abs(one - two).max() < 1e-12
    return one


def propagated(weights):
    # By its own step: the public class stops at 0.1 %.
    return JPDAwithLBP._loopy_belief_propagation(weights / weights[:, [0]], 2000, 1e-9)


def best(weights):
    rows, plots = weights.shape
    gain = np.full((rows, plots - 1 + rows), -1e9)
    with np.errstate(divide="ignore"):
        logs = np.log(weights)
    gain[:, :plots - 1] = np.maximum(logs[:, 1:], -1e9)
    gain[np.arange(rows), plots - 1 + np.arange(rows)] = logs[:, 0]
    taken = np.zeros_like(weights)
    for row, column in zip(*linear_sum_assignment(gain, maximize=True)):
        taken[row, column + 1 if column < plots - 1 else 0] = 1
    return taken


def problems():
    chance = np.random.default_rng(20260110)
    for case in range(4):
        yield f"small{case}", 4, 5, 4, 0.8, 3.0, enumerated, chance
    for case in range(4):
        yield f"abreast{case}", 25, 28, 2 + case % 2, 0.9, 2.0, managed, chance
    for case in range(2):
        yield f"crowd{case}", 8, 10, 10, 0.7, 3.0, managed, chance
    for case in range(2):
        yield f"large{case}", 60, 70, 8, 0.6, 3.0, None, chance


def main():
    with open("associate.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow("case row plot weight_ln exact lbp taken".split())
        for name, rows, plots, reach, share, spread, solve, chance in problems():
            logs = np.full((rows, plots + 1), -np.inf)
            logs[:, 0] = np.log(0.1) + chance.normal(0.0, 0.5, rows)
            for row in range(rows):
                for plot in range(plots):
                    if abs(plot - row) <= reach and chance.random() < share:
                        logs[row, plot + 1] = chance.normal(1.0, spread)
            weights = np.exp(logs)
            exact = solve(weights) if solve else None
            lbp, taken = propagated(weights), best(weights)
            for row in range(rows):
                for place in np.flatnonzero(weights[row] > 0):
                    chances = (f"{x[row, place]:.14g}" if x is not None else "" for x in (exact, lbp))
                    weight = repr(float(logs[row, place]))
                    out.writerow([name, row, place - 1, weight, *chances, int(taken[row, place])])


main()
