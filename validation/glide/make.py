"""Writes glide.csv: flights with lift, bank and drag by Mach number, by scipy, ambiance and pymap3d.

Run in this folder, in a virtual environment with requirements.txt: python make.py

The equations are those of a point mass in the turning frame (ECEF), with Coriolis and centrifugal terms; lift is
made by turning the velocity about axes (Rodrigues), not from cross products with the vertical.
"""

import csv
import math

import ambiance
import numpy
import pymap3d
from scipy.integrate import solve_ivp
from scipy.spatial.transform import Rotation

GM = 3.986004418e14
A = 6378137.0
J2 = 1.082626173852e-3
SPIN = numpy.array([0.0, 0.0, 7.292115e-5])

# Name, latitude, longitude, height, speed, climb angle and course (deg), Cd A/m, lift to drag, bank programme (s, rad),
# whether the drag is that of a sphere by Mach number, seconds.
CASES = [
    ("skip", 40.0, 130.0, 60e3, 4000.0, -4.0, 80.0, 2e-4, 3.0, [(0, 0.0)], False, 600),
    ("turn", 40.0, 130.0, 35e3, 2800.0, -2.0, 80.0, 1e-4, 2.0,
     [(0, 0.0), (20, 0.9), (150, 0.9), (170, -0.4)], False, 400),
    ("south", -35.0, 20.0, 45e3, 3000.0, -5.0, 200.0, 3e-4, 1.5, [(0, -0.5)], False, 300),
    ("sphere", 40.0, 130.0, 70e3, 2500.0, -10.0, 60.0, 5e-3, 0.0, [(0, 0.0)], True, 250),
]


def sphere(mach):
    """Carter, Jandir, Kress (2009), by its value at Mach 6."""
    def coefficient(m):
        if m <= 0.722:
            return 0.45 * m * m + 0.424
        return 2.1 * math.exp(-1.2 * (m + 0.35)) - 8.9 * math.exp(-2.2 * (m + 0.35)) + 0.92
    return coefficient(min(mach, 6.0)) / coefficient(6.0)


def gravity(r):
    norm = numpy.linalg.norm(r)
    z2 = (r[2] / norm) ** 2
    k = 1.5 * J2 * (A / norm) ** 2
    factor = numpy.array([1 + k * (1 - 5 * z2), 1 + k * (1 - 5 * z2), 1 + k * (3 - 5 * z2)])
    return -GM / norm**3 * r * factor


def slope(t, state, drag, ratio, banks, is_sphere):
    r, v = state[:3], state[3:]
    lat, lon, height = pymap3d.ecef2geodetic(*r)
    air = ambiance.Atmosphere(min(max(float(height), -5e3), 81e3))
    speed = numpy.linalg.norm(v)
    share = sphere(speed / air.speed_of_sound[0]) if is_sphere else 1.0
    braking = 0.5 * air.density[0] * speed**2 * drag * share
    a = gravity(r) - 2 * numpy.cross(SPIN, v) - numpy.cross(SPIN, numpy.cross(SPIN, r))
    a = a - braking * v / speed
    if ratio > 0:
        bank = numpy.interp(t, [b[0] for b in banks], [b[1] for b in banks])
        up = numpy.array(pymap3d.enu2uvw(0.0, 0.0, 1.0, float(lat), float(lon)))
        # Pitch the velocity up by a right angle in its vertical plane, then roll about the velocity.
        right = numpy.cross(v, up)
        lift = Rotation.from_rotvec(right / numpy.linalg.norm(right) * math.pi / 2).apply(v / speed)
        lift = Rotation.from_rotvec(v / speed * bank).apply(lift)
        a = a + braking * ratio * lift
    return numpy.concatenate([v, a])


def main():
    with open("glide.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow("case after_s x_m y_m z_m vx_mps vy_mps vz_mps".split())
        for name, lat, lon, height, speed, climb, course, drag, ratio, banks, is_sphere, seconds in CASES:
            place = pymap3d.geodetic2ecef(lat, lon, height)
            level, up = speed * math.cos(math.radians(climb)), speed * math.sin(math.radians(climb))
            east, north = level * math.sin(math.radians(course)), level * math.cos(math.radians(course))
            velocity = pymap3d.enu2uvw(east, north, up, lat, lon)
            start = numpy.array([*place, *velocity], dtype=float)
            times = numpy.arange(0, seconds + 1, 10.0)
            # The layers of the air and the rows of bank are kinks: steps are kept short.
            flown = solve_ivp(slope, (0, seconds), start, "DOP853", times, rtol=1e-10, atol=1e-6, max_step=1.0,
                              args=(drag, ratio, banks, is_sphere))
            for t, state in zip(flown.t, flown.y.T):
                h = pymap3d.ecef2geodetic(*state[:3])[2]
                if h < 0:
                    break
                out.writerow([name, int(t), *(f"{x:.4f}" for x in state[:3]), *(f"{x:.6f}" for x in state[3:])])


main()
