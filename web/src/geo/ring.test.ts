import { describe, expect, test } from 'vitest';
import { inside, onward } from './place';
import { edges, unrolled, type Corner } from './ring';

const circle = (lat: number, lon: number, m: number): Corner[] =>
  Array.from({ length: 90 }, (_, i) => onward(lat, lon, i * 4, m)).map(([x, y]) => [((x + 540) % 360) - 180, y]);

test('a ring across the date line runs on, is closed, and is one line', () => {
  const ring = unrolled(circle(40, 179, 4e5));
  expect(ring.at(-1)).toEqual(ring[0]);
  const jumps = ring.slice(1).map(([lon], i) => Math.abs(lon - (ring[i]?.[0] ?? 0)));
  expect(Math.max(...jumps)).toBeLessThan(2);
  expect(edges(ring)).toEqual([ring]);
});

describe.each([1, -1])('a ring round the pole at %s', (side) => {
  const ring = unrolled(circle(side * 84, 30, 2e6));
  test('holds it', () => {
    const west = Math.min(...ring.map(([lon]) => lon));
    for (let lon = west + 1; lon < west + 359; lon += 10) {
      expect(inside(lon, side * 89.9, ring), String(lon)).toBe(true);
      expect(inside(lon, side * 60, ring), String(lon)).toBe(false);
    }
  });
  test('has no line along it, nor to it', () => {
    const lines = edges(ring);
    expect(lines.length).toBe(1);
    expect(Math.max(...(lines[0] ?? []).map(([, lat]) => Math.abs(lat)))).toBeLessThan(80);
    const [from = 0, to = 0] = [lines[0]?.[0]?.[0], lines[0]?.at(-1)?.[0]];
    expect(Math.abs(to - from)).toBeCloseTo(360);
  });
});

test('what is no ring is none', () => {
  expect(unrolled([])).toEqual([]);
  expect(edges([[1, 2]])).toEqual([]);
});
