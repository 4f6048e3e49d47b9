import { expect, test } from 'vitest';
import type { Topology } from 'topojson-specification';
import map from 'world-atlas/countries-50m.json';
import { inside } from '../geo/place';
import { landOf, pieces } from './land';

test('a coast comes in pieces that follow on each other, with nothing left out and none too long', () => {
  for (const points of [2, 2000, 2001, 2002, 4001, 5000]) {
    const line = Array.from({ length: points }, (_, i) => [i, -i]);
    const all = pieces(line);
    expect(Math.max(...all.map((one) => one.length))).toBeLessThanOrEqual(2001);
    expect(Math.min(...all.map((one) => one.length))).toBeGreaterThan(1);
    expect(all.slice(1).map((one) => one[0])).toEqual(all.slice(0, -1).map((one) => one.at(-1)));
    expect([line[0], ...all.flatMap((one) => one.slice(1))]).toEqual(line);
  }
});

test('land does not run round the Earth where it crosses the date line, and reaches to the south pole', () => {
  const { land, coasts } = landOf(map as unknown as Topology);
  const rings = land.coordinates.map(([ring = []]) => ring);
  const holds = (lat: number, lon: number) =>
    rings.some((ring) => [-360, 0, 360].some((turn) => inside(lon + turn, lat, ring)));
  // Wrangel Island and the east of Chukotka, on both sides of the line.
  expect([holds(71.2, 179.3), holds(71.2, -179), holds(66.2, -172.5), holds(67, 178)]).toEqual(Array(4).fill(true));
  // The sea at the same latitudes, half round the Earth.
  expect([holds(71.2, 10), holds(71.2, 40), holds(71.2, -2), holds(68, 2)]).toEqual(Array(4).fill(false));
  expect([holds(-89.5, 7), holds(-89.5, 179), holds(-80, 120), holds(-60, 120)]).toEqual([true, true, true, false]);
  for (const line of coasts.coordinates) {
    const jumps = line.slice(1).map(([lon = 0], i) => Math.abs(lon - (line[i]?.[0] ?? 0)));
    expect(Math.max(...jumps)).toBeLessThan(20);
  }
});
