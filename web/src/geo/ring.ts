// Rings on a map of longitudes: across the date line, and round a pole.

import { beside } from '../model/course';

export type Corner = [lon_deg: number, lat_deg: number];
const POLE_DEG = 90;

/**
 * A closed ring whose longitudes run on rather than jump; one round a pole is led along that pole, as the node's are
 * (geo::antimeridian). Of the two poles it is the one on the side of the corners.
 */
export function unrolled(corners: readonly Corner[]): Corner[] {
  const ring: Corner[] = [];
  for (const [lon, lat] of corners) {
    const last = ring.at(-1);
    const x = last ? beside(lon, last[0]) : lon;
    if (!last || last[0] !== x || last[1] !== lat) ring.push([x, lat]);
  }
  const [first, last] = [ring[0], ring.at(-1)];
  if (!first || !last) return ring;
  const again = beside(first[0], last[0]);
  if (last[0] !== again || last[1] !== first[1]) ring.push([again, first[1]]);
  if (Math.abs(again - first[0]) > 180) {
    const pole = ring.reduce((sum, [, lat]) => sum + lat, 0) < 0 ? -POLE_DEG : POLE_DEG;
    ring.push([again, pole], [first[0], pole], first);
  }
  return ring;
}

/** The lines round a ring: what only leads along a pole is none. */
export function edges(ring: readonly Corner[]): Corner[][] {
  const lines: Corner[][] = [[]];
  for (const corner of ring) {
    if (Math.abs(corner[1]) < POLE_DEG) lines.at(-1)?.push(corner);
    else lines.push([]);
  }
  return lines.filter((line) => line.length > 1);
}
