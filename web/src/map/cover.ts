// What a sensor sees, as far as its range goes over the ground.

import { onward } from '../geo/place';
import { unrolled, type Corner } from '../geo/ring';
import { beside } from '../model/course';
import type { Sensor } from '../proto/picture_pb';

/** The farther half of the Earth is not drawn, m. */
const REACH_MAX_M = 6e6;
/** Corners stand so far apart at most: in azimuth, and in longitude as well, which is little near a pole. */
const AZIMUTH_STEP_DEG = 4;
const LON_STEP_DEG = 12;
const HALVINGS_MAX = 7;
const SPOKE_STEPS = 12;

/** The ring of a sensor's coverage, closed: with a corner at the sensor where it looks into a sector only. */
export function cover(sensor: Sensor): Corner[] {
  const { latDeg: lat, lonDeg: lon, azimuthFromDeg: from } = sensor;
  const wide = (((sensor.azimuthToDeg - from) % 360) + 360) % 360 || 360;
  const reach_m = Math.min(sensor.rangeMaxM, REACH_MAX_M);
  const rim: Corner[] = [];
  const steps = Math.ceil(wide / AZIMUTH_STEP_DEG);
  const at = (azimuth_deg: number): Corner => onward(lat, lon, azimuth_deg, reach_m);
  for (let i = 0; i < steps; i++) {
    rim.push(...finely(at, from + (wide * i) / steps, from + (wide * (i + 1)) / steps, HALVINGS_MAX));
  }
  if (wide === 360) return unrolled(rim);
  rim.push(at(from + wide));
  return unrolled([...spoke(lat, lon, from, reach_m), ...rim, ...spoke(lat, lon, from + wide, reach_m).reverse()]);
}

/** The corners from one azimuth to the next, without the last. */
function finely(at: (azimuth_deg: number) => Corner, from: number, to: number, halvings: number): Corner[] {
  const [[a, lat], [b]] = [at(from), at(to)];
  if (halvings === 0 || Math.abs(beside(b, a) - a) < LON_STEP_DEG) return [[a, lat]];
  const middle = (from + to) / 2;
  return [...finely(at, from, middle, halvings - 1), ...finely(at, middle, to, halvings - 1)];
}

/** From the sensor outward, without the end. */
function spoke(lat: number, lon: number, azimuth_deg: number, reach_m: number): Corner[] {
  return Array.from({ length: SPOKE_STEPS }, (_, i) =>
    i === 0 ? [lon, lat] : onward(lat, lon, azimuth_deg, (reach_m * i) / SPOKE_STEPS),
  );
}
