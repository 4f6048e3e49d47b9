"""Cycles per second of an IMM of three linear filters in filterpy: the numbers of bench/src/bin/imm.rs.

Prints `name<TAB>cycles per second<TAB>y of the mean<TAB>probability of the first mode`.
"""

import math
import time

import numpy as np
from filterpy.kalman import IMMEstimator, KalmanFilter

CYCLES = 2_000
ROUNDS = 3
AGAIN = 100
DT_S = 1.0
PSDS = [0.1, 10.0, 1000.0]
SIGMA_M = 50.0
PLACE_M = np.array([6400e3, 0.0, 0.0])
SPEED_MPS = np.array([0.0, 200.0, 100.0])
RATE_PER_S = 0.01


def begin():
    filters = []
    for psd in PSDS:
        kf = KalmanFilter(dim_x=6, dim_z=3)
        kf.x = np.concatenate([PLACE_M, SPEED_MPS]).reshape(6, 1)
        kf.P = np.diag([1e4] * 3 + [1e2] * 3)
        kf.F = np.eye(6)
        kf.F[:3, 3:] = DT_S * np.eye(3)
        kf.Q = np.kron(np.array([[DT_S**3 / 3, DT_S**2 / 2], [DT_S**2 / 2, DT_S]]) * psd, np.eye(3))
        kf.R = np.eye(3) * SIGMA_M**2
        kf.H = np.eye(3, 6)
        filters.append(kf)
    stays = math.exp(-2.0 * RATE_PER_S * DT_S)
    change = np.full((3, 3), (1.0 - stays) / 2.0)
    np.fill_diagonal(change, stays)
    return IMMEstimator(filters, np.ones(3) / 3.0, change)


def reading(cycle):
    errors_m = np.array([(cycle * 7 + axis * 5) % 11 - 5.0 for axis in range(3)])
    return (PLACE_M + SPEED_MPS * DT_S * cycle + 10.0 * errors_m).reshape(3, 1)


def main():
    readings = [reading(cycle) for cycle in range(1, AGAIN + 1)]
    best = math.inf
    for _ in range(ROUNDS):
        spent = 0.0
        for _ in range(CYCLES // AGAIN):
            imm = begin()
            clock = time.thread_time()
            for measured in readings:
                imm.predict()
                imm.update(measured)
            spent += time.thread_time() - clock
        best = min(best, spent)
    print(f"filterpy\t{CYCLES / best:.0f}\t{float(imm.x[1, 0]):.6f}\t{float(imm.mu[0]):.6f}")


main()
