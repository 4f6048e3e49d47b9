"""Writes pressure and density from 86 to 1000 km by two other implementations of the U.S. Standard Atmosphere 1976.

pyatmos: polynomials fitted to the standard's table (Braeunig), its file of coefficients read as it is. ussa1976: the
standard's own integrals over each gas, solved numerically.

pip install ussa1976==0.3.4 numpy==2.4.6; pip install --no-deps pyatmos==1.2.7
python make.py > us76.csv
"""
import importlib.util
import pathlib

import numpy as np
import ussa1976

HEIGHTS_KM = np.array([*range(86, 150, 2), *range(150, 300, 10), *range(300, 1000, 25), 999], float)
BASES_KM = np.array([86, 91, 100, 110, 120, 150, 200, 300, 500, 750])

folder = pathlib.Path(importlib.util.find_spec("pyatmos").submodule_search_locations[0])
fits = np.load(folder / "data" / "coesa76_coeffs.npz")
integrals = ussa1976.compute(z=HEIGHTS_KM * 1e3, variables=["t", "p", "rho"])

print("height_km,temperature_k,fit_pressure_pa,fit_density_kgpm3,integral_pressure_pa,integral_density_kgpm3")
for i, height_km in enumerate(HEIGHTS_KM):
    row = np.searchsorted(BASES_KM, height_km, side="right") - 1
    fit = [np.exp(np.polyval(fits[name][row], height_km)) for name in ("p", "rho")]
    values = [height_km, integrals.t[i], *fit, integrals.p[i], integrals.rho[i]]
    print(",".join(f"{float(value):.9g}" for value in values))
