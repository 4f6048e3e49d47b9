import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { onward } from '../geo/place';
import { Places } from './places';

const map: unknown = JSON.parse(readFileSync('../crates/warn/map/places.topojson', 'utf8'));
const places = new Places(map as ConstructorParameters<typeof Places>[0]);

/** A circle round a place. */
function round(lat_deg: number, lon_deg: number, m: number) {
  const ring = Array.from({ length: 49 }, (_, i) => onward(lat_deg, lon_deg, (i * 360) / 48, m));
  return places.under({ lat_deg, lon_deg, ring });
}

test('a small area on land has one name, in three languages', () => {
  const { places: found, sea } = round(43.2, 142.6, 20e3);
  expect(found.map(({ names }) => [names.en, names.ja, names.ko])).toEqual([['Hokkaido', '北海道', '홋카이도']]);
  expect(sea).toBeCloseTo(0);
});

test('at sea, the nearest place, how far and in which direction', () => {
  const { places: found, near } = round(40.5, 137, 40e3);
  expect(found).toEqual([]);
  expect(near?.azimuth_deg).toBeGreaterThan(225);
  expect(near?.azimuth_deg).toBeLessThan(315);
  expect(near?.m).toBeGreaterThan(150e3);
});

test('many places of a region are the region', () => {
  const names = round(39.3, 140.6, 250e3).places.map((one) => one.names.en);
  expect(names).toContain('Tohoku region');
  expect(names).not.toContain('Miyagi');
});
