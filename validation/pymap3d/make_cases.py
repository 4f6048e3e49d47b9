"""Writes cases.csv: places, and what pymap3d makes of them.

Run in this folder, in a virtual environment with requirements.txt: python make_cases.py
"""

import csv
import math
import random

import pymap3d

SEED = 20210909
CASES = 1000  # of each kind
LAT_SPECIAL = [-90.0, -89.9999999, -45.0, -1e-9, 0.0, 1e-9, 45.0, 89.9999999, 90.0]
LON_SPECIAL = [-180.0, -179.9999999, -90.0, -1e-9, 0.0, 90.0, 179.9999999]
HEIGHT_SPECIAL = [-10e3, 0.0, 1e-3, 100e3, 35_786e3, 42_000e3]
COLUMNS = (
    "site_lat_deg site_lon_deg site_height_m lat_deg lon_deg height_m x_m y_m z_m "
    "east_m north_m up_m azimuth_deg elevation_deg range_m back_lat_deg back_lon_deg back_height_m"
).split()


def one_of(special, draw, chance):
    return chance.choice(special) if chance.random() < 0.2 else draw()


def direction(chance):
    """Latitude and longitude, even over the sphere, a fifth of each at the hard places."""
    lat = one_of(LAT_SPECIAL, lambda: math.degrees(math.asin(chance.uniform(-1, 1))), chance)
    lon = one_of(LON_SPECIAL, lambda: chance.uniform(-180, 180), chance)
    return round(lat, 9), round(lon, 9)


def height(chance):
    return round(one_of(HEIGHT_SPECIAL, lambda: 10 ** chance.uniform(0, math.log10(42_010e3)) - 10e3, chance), 3)


def site(chance):
    return *direction(chance), round(chance.uniform(-100, 5_000), 3)


def anywhere(chance):
    """A site, and an object wherever it likes, the far side of the Earth included."""
    return site(chance), (*direction(chance), height(chance))


def in_sight(chance):
    """A site, and an object in a drawn direction at 1 m to 40,000 km, below ground no deeper than 10 km."""
    while True:
        place = site(chance)
        azimuth_deg, elevation_deg = chance.uniform(0, 360), chance.uniform(-30, 90)
        range_m = 10 ** chance.uniform(0, math.log10(40_000e3))
        lat, lon, height_m = pymap3d.aer2geodetic(azimuth_deg, elevation_deg, range_m, *place)
        if -10e3 <= height_m <= 42_000e3:
            return place, (round(lat, 12), round(lon, 12), round(height_m, 6))


def row(place, target):
    ecef = pymap3d.geodetic2ecef(*target)
    enu = pymap3d.ecef2enu(*ecef, *place)
    return *place, *target, *ecef, *enu, *pymap3d.enu2aer(*enu), *pymap3d.ecef2geodetic(*ecef)


def main():
    chance = random.Random(SEED)
    with open("cases.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for kind in (anywhere, in_sight):
            for _ in range(CASES):
                writer.writerow([repr(float(value)) for value in row(*kind(chance))])


main()
