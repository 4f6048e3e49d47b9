"""Writes what ERFA says of the Earth's orientation and of Sun and Moon.

pip install pyerfa; python make.py > erfa.csv
"""
import erfa
import numpy as np

print("utc,ut1_minus_utc_s,polar_x_rad,polar_y_rad," + ",".join(f"r{i}{j}" for i in range(3) for j in range(3))
      + ",sun_x_m,sun_y_m,sun_z_m,moon_x_m,moon_y_m,moon_z_m")
ARCSEC = np.pi / 648000
CASES = [
    ((2003, 3, 5, 7, 11, 13.0), 0.0, 0.0, 0.0), ((2010, 11, 2, 3, 0, 13.0), -0.1, 0.2, 0.25),
    ((2016, 12, 31, 23, 59, 50.0), -0.408, 0.08, 0.26), ((2021, 9, 9, 17, 25, 0.0), -0.11, 0.2, 0.3),
    ((2026, 6, 1, 12, 0, 0.0), 0.05, 0.1, 0.4), ((2035, 1, 20, 6, 30, 0.0), 0.0, 0.0, 0.0),
]
for (year, month, day, hour, minute, second), dut1, xp, yp in CASES:
    utc1, utc2 = erfa.dtf2d("UTC", year, month, day, hour, minute, second)
    tt = erfa.taitt(*erfa.utctai(utc1, utc2))
    ut1 = erfa.utcut1(utc1, utc2, dut1)
    matrix = erfa.c2t06a(*tt, *ut1, xp * ARCSEC, yp * ARCSEC)
    earth, _ = erfa.epv00(*tt)
    sun = -earth["p"] * erfa.DAU
    moon = erfa.moon98(*tt)["p"] * erfa.DAU
    values = [*matrix.ravel(), *sun, *moon]
    stamp = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02.0f}Z"
    print(f"{stamp},{dut1},{xp * ARCSEC!r},{yp * ARCSEC!r}," + ",".join(repr(float(v)) for v in values))
