"""Covariance intersection by Stone Soup: cases of 2, 4 and 6 components with the weight that scipy finds best."""

import datetime
import json

import numpy as np
from scipy.optimize import minimize_scalar
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.types.detection import GaussianDetection
from stonesoup.types.hypothesis import SingleHypothesis
from stonesoup.types.prediction import GaussianStatePrediction
from stonesoup.updater.chernoff import ChernoffUpdater

TIME = datetime.datetime(2020, 1, 1)
RNG = np.random.default_rng(4)
COST = {"determinant": lambda p: np.linalg.slogdet(p)[1], "trace": np.trace}


def fused(a, p, b, q, weight):
    """Stone Soup's weight is that of the detection, here the first belief."""
    model = LinearGaussian(len(a), tuple(range(len(a))), np.eye(len(a)))
    detection = GaussianDetection(a, p, timestamp=TIME)
    prediction = GaussianStatePrediction(b, q, timestamp=TIME)
    updater = ChernoffUpdater(measurement_model=model, omega=weight)
    return updater.update(SingleHypothesis(prediction, detection))


cases = []
for size in (2, 4, 6):
    for criterion, cost in COST.items():
        a = RNG.normal(size=(size, 1)) * 3
        b = a + RNG.normal(size=(size, 1))
        p, q = RNG.normal(size=(2, size, size))
        scale = np.diag(np.linspace(0.4, 2.5, size))
        p = scale @ (p @ p.T + np.eye(size)) @ scale
        scale = scale[::-1, ::-1]
        q = scale @ (q @ q.T + np.eye(size)) @ scale
        best = minimize_scalar(
            lambda w: cost(np.array(fused(a, p, b, q, w).covar, dtype=float)),
            bounds=(0, 1), method="bounded", options={"xatol": 1e-10},
        ).x
        both = fused(a, p, b, q, best)
        flat = lambda matrix: np.array(matrix, dtype=float).ravel().tolist()
        cases.append({
            "criterion": criterion, "weight": best, "first": flat(a), "first_covariance": flat(p),
            "second": flat(b), "second_covariance": flat(q), "mean": flat(both.state_vector),
            "covariance": flat(both.covar),
        })
print(json.dumps(cases, indent=1))
