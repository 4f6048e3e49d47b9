"""A coast seen by three radars with unknown constant errors, and the Fisher information about it: python make.py >
cases.json

Nothing of trilat is used: the flight is integrated by SciPy in an inertial frame, the partials of every measured value
by the first state are central differences of whole flights, and the information of all plots is summed about that
first state, in one batch.
"""

import json

import numpy as np
from scipy.integrate import solve_ivp

MU, OMEGA, A, F = 3.986004418e14, 7.292115e-5, 6378137.0, 1 / 298.257223563
# Of the EGM2008 model, unnormalised.
J2 = 1.0826261738522e-3
DEGREE = np.pi / 180
AT_S = [8.0, 30.0, 60.0, 120.0, 240.0, 400.0, 520.0]
END_S = 560.0
SPEED_SIGMA_MPS = 2500.0
# Latitude, longitude, height; sigmas of range, azimuth, elevation; of their constant errors; s between looks.
RADARS = [
    ((41.2, 141.1, 200.0), (20.0, 0.05, 0.06), (30.0, 0.05, 0.04), 2.0),
    ((36.8, 127.5, 300.0), (35.0, 0.10, 0.08), (50.0, 0.02, 0.05), 4.0),
    ((31.7, 129.8, 100.0), (15.0, 0.20, 0.15), (None, None, None), 10.0),
]


def ecef(lat_deg, lon_deg, height_m):
    lat, lon = lat_deg * DEGREE, lon_deg * DEGREE
    e2 = F * (2 - F)
    n = A / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    across = (n + height_m) * np.cos(lat)
    return np.array([across * np.cos(lon), across * np.sin(lon), (n * (1 - e2) + height_m) * np.sin(lat)])


def enu(lat_deg, lon_deg):
    lat, lon = lat_deg * DEGREE, lon_deg * DEGREE
    (sa, ca), (so, co) = (np.sin(lat), np.cos(lat)), (np.sin(lon), np.cos(lon))
    return np.array([[-so, co, 0], [-sa * co, -sa * so, ca], [ca * co, ca * so, sa]])


def acceleration(r):
    """Of a point mass and an oblate Earth, inertial."""
    d = np.linalg.norm(r)
    z2 = 5 * (r[2] / d) ** 2
    oblate = 1.5 * J2 * MU * A * A / d**5 * r * np.array([z2 - 1, z2 - 1, z2 - 3])
    return -MU / d**3 * r + oblate


def turned(vector, angle):
    s, c = np.sin(angle), np.cos(angle)
    return np.array([c * vector[0] - s * vector[1], s * vector[0] + c * vector[1], vector[2]])


SPIN = np.array([0, 0, OMEGA])


def flown(start, times):
    """States (ECEF, relative to the turning Earth) at times after one at 0."""
    r, v = start[:3], start[3:] + np.cross(SPIN, start[:3])
    rhs = lambda _, s: np.concatenate([s[3:], acceleration(s[:3])])
    done = solve_ivp(rhs, (0, END_S), np.concatenate([r, v]), "DOP853", times, rtol=1e-13, atol=1e-6)
    states = []
    for t, s in zip(times, done.y.T):
        place = turned(s[:3], -OMEGA * t)
        states.append(np.concatenate([place, turned(s[3:], -OMEGA * t) - np.cross(SPIN, place)]))
    return np.array(states)


def measured(state, site):
    e, n, u = enu(*site[:2]) @ (state[:3] - ecef(*site))
    return np.array([np.sqrt(e * e + n * n + u * u), np.arctan2(e, n) % (2 * np.pi), np.arctan2(u, np.hypot(e, n))])


def near(values, others):
    """The same with an azimuth on the other's side of north."""
    turns = np.round((values[1] - others[1]) / (2 * np.pi))
    return values - [0, 2 * np.pi * turns, 0]


def main():
    rng = np.random.default_rng(20220130)
    place = ecef(39.5, 128.5, 120e3)
    start = np.concatenate([place, enu(39.5, 128.5).T @ np.array([1500.0, -300.0, 2600.0])])
    looks = sorted(
        (float(t), radar)
        for radar, (*_, every_s) in enumerate(RADARS)
        for t in np.arange(0.3 * radar, END_S, every_s)
        if rng.random() < 0.8
    )
    first = looks[0][0]
    times = np.array(sorted({*np.arange(0.0, END_S + 0.5, 1.0), *AT_S, *(t for t, _ in looks)}))
    origin = flown(start, times)
    base = origin[np.searchsorted(times, first)]
    after = times[times >= first] - first
    steps = [10.0] * 3 + [0.05] * 3
    sides = []
    for axis, step in enumerate(steps):
        move = np.eye(6)[axis] * step
        # The Earth has turned on by the first plot, which changes nothing about an axis of symmetry.
        sides.append((flown(base + move, after), flown(base - move, after)))
    index = {float(t + first): i for i, t in enumerate(after)}
    index = {round(t, 6): i for t, i in index.items()}

    def partials(t, of):
        i = index[round(t, 6)]
        rows = [(of(plus[i]) - of(minus[i])) / (2 * step) for (plus, minus), step in zip(sides, steps)]
        return np.array(rows).T

    known = np.zeros((15, 15))
    known[3:6, 3:6] = np.eye(3) / SPEED_SIGMA_MPS**2
    unknown = list(range(6))
    for radar, (*_, bias, _) in enumerate(RADARS):
        for row, sigma in enumerate(bias):
            if sigma is not None:
                at = 6 + 3 * radar + row
                unknown.append(at)
                known[at, at] = 1 / (sigma if row == 0 else sigma * DEGREE) ** 2
    bounds, plots, wanted = [], [], list(AT_S)
    for t, radar in [*looks, (END_S + 1, None)]:
        while wanted and wanted[0] < t:
            at = wanted.pop(0)
            back = np.linalg.inv(known[np.ix_(unknown, unknown)])[:6, :6]
            ahead = partials(at, lambda state: state)
            least = ahead @ back @ ahead.T
            bounds.append([at, np.sqrt(np.trace(least[:3, :3])), np.sqrt(np.trace(least[3:, 3:]))])
        if radar is None:
            break
        site, sigmas, *_ = RADARS[radar]
        state = origin[np.searchsorted(times, t)]
        values = measured(state, site)
        slopes = partials(t, lambda s: near(measured(s, site), values))
        for row, sigma in enumerate(sigmas):
            full = np.zeros(15)
            full[:6] = slopes[row]
            full[6 + 3 * radar + row] = 1
            known += np.outer(full, full) / (sigma if row == 0 else sigma * DEGREE) ** 2
        plots.append([t, radar, values[0], values[1] / DEGREE, values[2] / DEGREE])
    whole = times == np.round(times)
    print(
        json.dumps(
            {
                "radars": [{"site": s, "sigmas": n, "biases": b} for s, n, b, _ in RADARS],
                "truth": [[float(t), *map(float, s)] for t, s in zip(times[whole], origin[whole])],
                "plots": [[float(x) for x in plot] for plot in plots],
                "bounds": [[float(x) for x in bound] for bound in bounds],
            }
        )
    )


main()
