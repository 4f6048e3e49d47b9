"""The flight of `propagate` by SciPy's DOP853: the same forces, written with numpy.

Reads nothing; prints `name<TAB>milliseconds` lines, and where the flight ends (ECEF, m) after the given seconds.
"""
import math
import statistics
import sys
import time

import numpy as np
from scipy.integrate import solve_ivp

GM, RADIUS, SPIN = 3.986004418e14, 6378137.0, 7.292115e-5
J2, J3, J4 = (float(x) for x in sys.argv[1:4])
STATE = np.array([float(x) for x in sys.argv[4:10]])
SPAN_S, DRAG = float(sys.argv[10]), 4e-4
E2 = 2 / 298.257223563 - 1 / 298.257223563**2
LAYERS = [(0.0, 288.15, -0.0065, 101325.0), (11e3, 216.65, 0.0, 22632.0639734629),
          (20e3, 216.65, 0.001, 5474.88866967778), (32e3, 228.65, 0.0028, 868.018684755228),
          (47e3, 270.65, 0.0, 110.906305554966), (51e3, 270.65, -0.0028, 66.9388731186873),
          (71e3, 214.65, -0.002, 3.95642042804074)]


def height(p):
    """Height above the ellipsoid by iteration on the latitude."""
    flat = math.hypot(p[0], p[1])
    latitude = math.atan2(p[2], flat * (1 - E2))
    for _ in range(4):
        normal = RADIUS / math.sqrt(1 - E2 * math.sin(latitude) ** 2)
        latitude = math.atan2(p[2] + E2 * normal * math.sin(latitude), flat)
    normal = RADIUS / math.sqrt(1 - E2 * math.sin(latitude) ** 2)
    return flat * math.cos(latitude) + p[2] * math.sin(latitude) - normal * (1 - E2 * math.sin(latitude) ** 2)


def density(h):
    """The standard's closed form below 86 km; above, an exponential: the flight is there without air to speak of."""
    if h > 86e3:
        return 6.958e-6 * math.exp(-(h - 86e3) / 5.6e3)
    geopotential = 6356766.0 * h / (6356766.0 + h)
    base, base_k, lapse, base_pa = next(x for x in reversed(LAYERS) if geopotential >= x[0] or x is LAYERS[0])
    kelvin = base_k + lapse * (geopotential - base)
    fall = 9.80665 * 28.9644 / 8314.32
    if lapse == 0.0:
        pressure = base_pa * math.exp(-fall * (geopotential - base) / base_k)
    else:
        pressure = base_pa * (base_k / kelvin) ** (fall / lapse)
    return pressure / (8314.32 / 28.9644 * kelvin)


def slope(_, y):
    p, v = y[:3], y[3:]
    r2 = p @ p
    r = math.sqrt(r2)
    s, q = p[2] / r, RADIUS / r
    # Derivatives of the zonal potential along the radius and along the axis.
    p2, p3, p4 = (3 * s * s - 1) / 2, s * (5 * s * s - 3) / 2, (35 * s**4 - 30 * s * s + 3) / 8
    d2, d3, d4 = 3 * s, (15 * s * s - 3) / 2, (35 * s**3 - 15 * s) / 2
    radial = -1 + 3 * J2 * q**2 * p2 + 4 * J3 * q**3 * p3 + 5 * J4 * q**4 * p4
    axial = -(J2 * q**2 * d2 + J3 * q**3 * d3 + J4 * q**4 * d4)
    gravity = GM / r2 * (p / r * (radial - axial * s))
    gravity[2] += GM / r2 * axial
    wind = np.array([v[0] + SPIN * p[1], v[1] - SPIN * p[0], v[2]])
    drag = -0.5 * density(height(p)) * DRAG * math.sqrt(wind @ wind) * wind
    return np.concatenate([v, gravity + drag])


START = STATE.copy()
START[3] -= SPIN * STATE[1]
START[4] += SPIN * STATE[0]


def fly():
    return solve_ivp(slope, (0.0, SPAN_S), START, method="DOP853", dense_output=True, rtol=1e-13,
                     atol=[1e-5] * 3 + [1e-8] * 3)


def median_ms(runs, thing):
    spans = []
    for _ in range(runs):
        begin = time.perf_counter()
        thing()
        spans.append(time.perf_counter() - begin)
    return statistics.median(spans) * 1e3


flight = fly()
instants = np.linspace(0.0, SPAN_S, 6000, endpoint=False)
print(f"SciPy {len(flight.t) - 1} steps, flight without partials\t{median_ms(11, fly):.3f}")
print(f"SciPy 6,000 states, inertial, one call\t{median_ms(11, lambda: flight.sol(instants)):.3f}")
end = flight.y[:, -1]
c, s = math.cos(SPIN * SPAN_S), math.sin(SPIN * SPAN_S)
print("end\t" + " ".join(repr(float(x)) for x in (c * end[0] + s * end[1], c * end[1] - s * end[0], end[2])))
