"""Pictures with faults, and what Stone Soup's metrics say of them: python make.py > cases.json"""

import json
from datetime import datetime, timedelta

import numpy as np
from scipy.stats import binomtest, chi2
from stonesoup.dataassociator.tracktotrack import TrackToTruth
from stonesoup.measures import Euclidean, SquaredMahalanobis
from stonesoup.metricgenerator.manager import MultiManager
from stonesoup.metricgenerator.ospametric import GOSPAMetric, OSPAMetric
from stonesoup.metricgenerator.pcrbmetric import PCRBMetric
from stonesoup.metricgenerator.tracktotruthmetrics import SIAPMetrics
from stonesoup.models.measurement.nonlinear import CartesianToBearingRange
from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
from stonesoup.types.array import StateVector
from stonesoup.types.groundtruth import GroundTruthPath, GroundTruthState
from stonesoup.types.state import GaussianState, State
from stonesoup.types.track import Track

START = datetime(2022, 1, 5)
INSTANTS = 40
CUTOFF_M = 300.0
POSITION, VELOCITY = [0, 2, 4], [1, 3, 5]


def at(instant):
    return START + timedelta(seconds=instant)


def interleaved(thing):
    """x, y, z, vx, vy, vz as Stone Soup has it: x, vx, y, vy, z, vz."""
    return [thing[i] for i in (0, 3, 1, 4, 2, 5)]


def case(seed, objects, apart_m):
    """Objects on straight lines; tracks with errors, which begin late, break, are twice there, change places, or are
    false."""
    rng = np.random.default_rng(seed)
    truths, tracks = {}, {}
    for i in range(objects):
        begin, end = int(rng.integers(0, 8)), int(rng.integers(30, INSTANTS))
        place = rng.normal(0, apart_m, 3)
        speed = rng.normal(0, 20, 3)
        truths[i] = {t: np.concatenate([place + speed * t, speed]) for t in range(begin, end + 1)}

    def follow(of, first, last, sigma_m):
        track = {}
        for t in range(first, last + 1):
            if t in truths[of]:
                noise = np.concatenate([rng.normal(0, sigma_m, 3), rng.normal(0, 5, 3)])
                track[t] = truths[of][t] + noise
        if track:
            tracks[len(tracks)] = track

    for i in range(objects):
        kind = i % 4
        late = int(rng.integers(1, 5))
        if kind == 0:
            follow(i, late, INSTANTS, 20)
        elif kind == 1:
            middle = int(rng.integers(15, 25))
            follow(i, late, middle, 30)
            follow(i, middle + 1, INSTANTS, 30)
        elif kind == 2:
            follow(i, late, INSTANTS, 25)
            follow(i, 20, 30, 60)
        else:
            follow(i, late, 22, 40)
    for _ in range(2):
        first = int(rng.integers(0, 25))
        place = rng.normal(0, 4 * apart_m, 3)
        tracks[len(tracks)] = {t: np.concatenate([place, np.zeros(3)]) for t in range(first, first + 9)}
    covariances = {}
    for name in tracks:
        root = rng.normal(0, 1, (6, 6)) * np.array([20, 20, 20, 4, 4, 4])[:, None]
        covariances[name] = root @ root.T + np.diag([400.0] * 3 + [16.0] * 3)

    def rounded(things):
        return {name: {t: np.round(x, 3) for t, x in thing.items()} for name, thing in things.items()}

    covariances = {name: np.round(cov, 3) for name, cov in covariances.items()}
    return rounded(truths), rounded(tracks), covariances


def states(things):
    return {
        name: [State(interleaved(x), timestamp=at(t)) for t, x in sorted(thing.items())]
        for name, thing in things.items()
    }


def siap(truths, tracks):
    manager = MultiManager(
        [
            SIAPMetrics(
                position_measure=Euclidean(POSITION),
                velocity_measure=Euclidean(VELOCITY),
                tracks_key="tracks",
                truths_key="truths",
            )
        ],
        TrackToTruth(
            association_threshold=CUTOFF_M,
            consec_pairs_confirm=1,
            consec_misses_end=1,
            measure=Euclidean(POSITION),
        ),
    )
    truth_paths = [GroundTruthPath(states) for states in states_of(truths)]
    track_paths = [Track(states) for states in states_of(tracks)]
    manager.add_data({"truths": truth_paths, "tracks": track_paths})
    metrics = manager.generate_metrics()["siap_generator"]
    names = {
        "SIAP Completeness": "completeness",
        "SIAP Ambiguity": "ambiguity",
        "SIAP Spuriousness": "spuriousness",
        "SIAP Position Accuracy": "position_m",
        "SIAP Velocity Accuracy": "velocity_mps",
        "SIAP Rate of Track Number Change": "changes_per_s",
        "SIAP Longest Track Segment": "longest_track",
    }
    return {names[title]: float(metrics[title].value) for title in names}


def states_of(things):
    return [thing for _, thing in sorted(states(things).items())]


def picture(things, t):
    there = [(name, thing[t]) for name, thing in sorted(things.items()) if t in thing]
    return [(name, State(interleaved(x), timestamp=at(t))) for name, x in there]


def points(truths, tracks, covariances):
    """GOSPA, OSPA and normalised errors at each instant."""
    measure = Euclidean(POSITION)
    found = {"gospa_1": [], "gospa_2": [], "ospa_1": [], "ospa_2": [], "nees": [], "nees_position": []}
    for t in range(INSTANTS):
        ours, theirs = picture(tracks, t), picture(truths, t)
        only = [state for _, state in ours], [state for _, state in theirs]
        if not ours and not theirs:
            continue
        for order in (1, 2):
            generator = GOSPAMetric(c=CUTOFF_M, p=order, measure=measure)
            value, assignment = generator.compute_gospa_metric(*only)
            value = value.value
            found[f"gospa_{order}"].append([float(value[k]) for k in ("distance", "localisation", "missed", "false")])
        for j, i in enumerate(assignment):
            if i < 0:
                continue
            name, track = ours[i]
            order = [0, 3, 1, 4, 2, 5]
            cov = covariances[name][np.ix_(order, order)]
            belief = GaussianState(track.state_vector, cov, timestamp=track.timestamp)
            truth = theirs[j][1]
            found["nees"].append(float(SquaredMahalanobis()(belief, truth)))
            found["nees_position"].append(float(SquaredMahalanobis(POSITION)(belief, truth)))
        ospa = OSPAMetric(c=CUTOFF_M, p=1, measure=measure)
        found["ospa_1"].append(float(ospa.compute_OSPA_distance(*only).value))
        # Stone Soup assigns by the sum of distances whatever the order; by that of their squares, so it is the metric.
        squared = OSPAMetric(c=CUTOFF_M**2, p=1, measure=lambda a, b: measure(a, b) ** 2)
        found["ospa_2"].append(float(np.sqrt(squared.compute_OSPA_distance(*only).value)))
    return found


def ospa2(truths, tracks, window):
    """Stone Soup's OSPA of order 1 whose points are whole tracks; their distance is that of Beard, Vo & Vo (2020)."""

    class Whole:
        def __init__(self, course):
            self.course, self.timestamp = course, START

    def apart(a, b):
        a, b = a.course, b.course
        instants = set(a) | set(b)
        each = [min(CUTOFF_M, np.linalg.norm(a[t][:3] - b[t][:3])) if t in a and t in b else CUTOFF_M for t in instants]
        return sum(each) / len(each)

    def cut(things):
        inside = [{t: x for t, x in thing.items() if t in window} for _, thing in sorted(things.items())]
        return [Whole(course) for course in inside if course]

    generator = OSPAMetric(c=CUTOFF_M, p=1, measure=apart)
    return float(generator.compute_OSPA_distance(cut(tracks), cut(truths)).value)


class Columns:
    """Sensors as PCRBMetric wants them: with numpy 2.4 a column of Stone Soup's StateVectors has one dimension only."""

    def __init__(self, places):
        self.places, self.shape = places, places.shape

    def __getitem__(self, key):
        return StateVector(self.places[key])


class Exact(CartesianToBearingRange):
    """Stone Soup takes derivatives from one-sided differences, to 1e-5."""

    def jacobian(self, state, **kwargs):
        x, _, y, _ = (float(value) for value in state.state_vector)
        dx, dy = x - float(self.translation_offset[0]), y - float(self.translation_offset[1])
        squared = dx * dx + dy * dy
        return np.array(
            [
                [-dy / squared, 0, dx / squared, 0],
                [dx / squared**0.5, 0, dy / squared**0.5, 0],
            ]
        )


def bound():
    """The bound of one object that passes two range and bearing sensors, with process noise."""
    model = CombinedLinearGaussianTransitionModel([ConstantVelocity(0.5), ConstantVelocity(0.5)])
    states = [GroundTruthState([-400 + 30 * t, 30, 500 - 10 * t, -10], timestamp=at(t)) for t in range(30)]
    sensors = np.array([[0.0, 300.0], [0.0, -100.0]])
    sigmas = [100.0, 30.0, 100.0, 30.0]
    noise = [0.01, 5.0]
    metric = PCRBMetric(
        prior=GaussianState([0, 0, 0, 0], np.diag(np.square(sigmas))),
        transition_model=model,
        measurement_model=Exact(4, [0, 2], np.diag(np.square(noise))),
        sensor_locations=Columns(sensors),
        velocity_mapping=[1, 3],
        irf=0.8,
    )
    manager = MultiManager([metric])
    manager.add_data({"groundtruth_paths": {GroundTruthPath(states)}})
    value = manager.generate_metrics()["pcrb_generator"]["PCRB Metrics"].value
    return {
        "states": [[float(x) for x in state.state_vector] for state in states],
        "sensors": np.asarray(sensors).T.tolist(),
        "prior_sigmas": sigmas,
        "noise_sigmas": noise,
        "process_noise": 0.5,
        "probability": 0.8,
        "position_rmse": [float(x) for x in value["position_RMSE"]],
        "velocity_rmse": [float(x) for x in value["velocity_RMSE"]],
    }


def intervals():
    """The 95 % interval of a mean of chi-square values, and that of a share (Clopper and Pearson)."""
    counts = [(n, k) for n in (1, 7, 200, 5000) for k in (1, 3, 6)]
    means = [[n, k, chi2.ppf(0.025, n * k) / n, chi2.ppf(0.975, n * k) / n] for n, k in counts]
    shares = []
    for inside, of in [(0, 5), (3, 5), (19, 20), (181, 200), (1900, 2000)]:
        interval = binomtest(inside, of).proportion_ci(0.95, "exact")
        shares.append([inside, of, interval.low, interval.high])
    return [[float(x) for x in row] for row in means], [[float(x) for x in row] for row in shares]


def rounded(value):
    """Twelve digits: sums over sets come in any order."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return float(f"{value:.11e}") if isinstance(value, float) else value


def main():
    cases = []
    for seed, objects, apart_m in [(1, 4, 2000.0), (2, 8, 1500.0), (3, 12, 1000.0)]:
        truths, tracks, covariances = case(seed, objects, apart_m)
        found = points(truths, tracks, covariances)
        found["siap"] = siap(truths, tracks)
        found["ospa2"] = [ospa2(truths, tracks, range(first, first + 10)) for first in range(0, INSTANTS, 10)]
        plain = lambda things: {name: {t: x.tolist() for t, x in thing.items()} for name, thing in things.items()}
        cases.append(
            {
                "cutoff_m": CUTOFF_M,
                "truths": plain(truths),
                "tracks": plain(tracks),
                "covariances": {name: cov.tolist() for name, cov in covariances.items()},
                "found": found,
            }
        )
    means, shares = intervals()
    print(json.dumps(rounded({"cases": cases, "bound": bound(), "means": means, "shares": shares})))


main()
