"""The GOSPA of a history by Stone Soup, best of three rounds: the scenes of bench/src/bin/gospa.rs.

Usage: gospa_reference.py OBJECTS INSTANTS
"""

import sys
import time

import numpy as np
from stonesoup.metricgenerator.ospametric import GOSPAMetric
from stonesoup.types.state import State

MASK = (1 << 64) - 1
CUTOFF_M = 1000.0
ROUNDS = 3


class Chance:
    def __init__(self):
        self.state = 1

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & MASK
        return (self.state >> 11) / (1 << 53)

    def point(self, size_m):
        return np.array([(self.next() - 0.5) * size_m for _ in range(3)])


def instant(chance, objects, size_m):
    truths = [chance.point(size_m) for _ in range(objects)]
    tracks = []
    for truth in truths:
        error = chance.point(400.0)
        if chance.next() < 0.9:
            tracks.append(truth + error)
    tracks.extend(chance.point(size_m) for _ in range(objects // 10))
    return [[State(point.reshape(3, 1)) for point in points] for points in (tracks, truths)]


def main():
    objects, instants = int(sys.argv[1]), int(sys.argv[2])
    metric = GOSPAMetric(p=2, c=CUTOFF_M)
    for name, size_m in [("apart", 100_000.0), ("within a cutoff", 1_000.0)]:
        chance = Chance()
        history = [instant(chance, objects, size_m) for _ in range(instants)]
        spent_s = float("inf")
        for _ in range(ROUNDS):
            begin = time.perf_counter()
            total = 0.0
            for tracks, truths in history:
                single, _ = metric.compute_gospa_metric(tracks, truths)
                total += single.value["distance"] ** 2
            spent_s = min(spent_s, time.perf_counter() - begin)
        print(f"{name}\t{spent_s:.4f}\t{instants}\t{(total / instants) ** 0.5:.6f}")


main()
