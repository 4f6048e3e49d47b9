"""Writes two reference flights by Orekit: a ballistic flight of 20 minutes and a day of a transfer orbit.

pip install orekit-jpype==13.1.9.0; JDK 17
python make.py EGM96-truncated-21x21 OUT_FOLDER
"""
import pathlib
import shutil
import sys
import tempfile

import orekit_jpype

orekit_jpype.initVM()

from java.io import File  # noqa: E402
from org.hipparchus.geometry.euclidean.threed import Vector3D  # noqa: E402
from org.hipparchus.ode.nonstiff import DormandPrince853Integrator  # noqa: E402
from org.orekit.data import DataContext, DirectoryCrawler  # noqa: E402
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
DataContext.getDefault().getDataProvidersManager().addProvider(DirectoryCrawler(File(str(data))))
GravityFieldFactory.clearPotentialCoefficientsReaders()
GravityFieldFactory.addPotentialCoefficientsReader(EGMFormatReader("egm96_to21.ascii", False))

GCRF = FramesFactory.getGCRF()
ITRF = FramesFactory.getITRF(IERSConventions.IERS_2010, True)
UTC = TimeScalesFactory.getUTC()
START = AbsoluteDate(2010, 11, 2, 3, 0, 0.0, UTC)


def fly(name, position, velocity, span_s, step_s, degree):
    start = ITRF.getTransformTo(GCRF, START).transformPVCoordinates(
        PVCoordinates(Vector3D(*position), Vector3D(*velocity)))
    provider = GravityFieldFactory.getNormalizedProvider(degree, degree)
    orbit = CartesianOrbit(start, GCRF, START, provider.getMu())
    integrator = DormandPrince853Integrator(1e-6, 300.0, [1e-5] * 3 + [1e-8] * 3 + [1e-5], [1e-13] * 7)
    propagator = NumericalPropagator(integrator)
    propagator.setOrbitType(OrbitType.CARTESIAN)
    propagator.addForceModel(HolmesFeatherstoneAttractionModel(ITRF, provider))
    propagator.setInitialState(SpacecraftState(orbit))
    lines = ["after_s,x_m,y_m,z_m,vx_mps,vy_mps,vz_mps"]
    for i in range(int(span_s / step_s) + 1):
        at = START.shiftedBy(i * step_s)
        pv = propagator.propagate(at).getPVCoordinates(ITRF)
        values = [*pv.getPosition().toArray(), *pv.getVelocity().toArray()]
        lines.append(f"{i * step_s}," + ",".join(repr(float(v)) for v in values))
    (OUT / f"{name}.csv").write_text("\n".join(lines) + "\n")


fly("ballistic", (-3100e3, 4000e3, 4150e3), (-1200.0, -3500.0, 4600.0), 1200.0, 60.0, 20)
fly("transfer", (-42164e3, 800e3, 300e3), (300.0, 1440.0, 120.0), 86400.0, 3600.0, 20)
