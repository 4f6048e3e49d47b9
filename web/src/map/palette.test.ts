// Owners are told apart by whoever does not see red, green or blue.
//
// Source: Machado, Oliveira, Fernandes, A Physiologically-based Model for Simulation of Color Vision Deficiency, IEEE
// Transactions on Visualization and Computer Graphics 15 (2009), table of severity 1.0, in linear sRGB. Distances are
// those of CIE 1976 L*a*b*, white D65; about 2.3 is just seen.

import { describe, expect, test } from 'vitest';
import css from '../theme/colours.css?raw';
import { DARK, LIGHT, type Palette } from './palette';

type V3 = [number, number, number];
type M3 = [V3, V3, V3];

const VISIONS: Record<string, { least: number; matrix: M3 }> = {
  all: { least: 30, matrix: [[1, 0, 0], [0, 1, 0], [0, 0, 1]] },
  protanopia: {
    least: 20,
    matrix: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  },
  deuteranopia: {
    least: 20,
    matrix: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  },
  // One in ten thousand; with three cones less is lost by it than could be gained for the others.
  tritanopia: {
    least: 15,
    matrix: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
  },
};

const linear = (x: number) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
const light = (hex: string) => [1, 3, 5].map((at) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255)) as V3;
const times = (matrix: M3, v: V3) => matrix.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as V3;
const seen = (matrix: M3, v: V3) => times(matrix, v).map((x) => Math.min(1, Math.max(0, x))) as V3;
const XYZ: M3 = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const WHITE = times(XYZ, [1, 1, 1]);

function lab(v: V3): V3 {
  const root = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const [x, y, z] = times(XYZ, v).map((one, i) => root(one / (WHITE[i] ?? 1))) as V3;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const off = (a: V3, b: V3) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

test('the measure is the published one: of pure red, and of what it is for whoever does not see it', () => {
  expect(lab(light('#ff0000')).map((x) => Math.round(x * 10) / 10)).toEqual([53.2, 80.1, 67.2]);
  const hue = (hex: string) => lab(seen(VISIONS['protanopia']?.matrix as M3, light(hex)));
  const [red, green] = [hue('#b00000'), hue('#335500')];
  expect(off(red, green)).toBeLessThan(off(lab(light('#b00000')), lab(light('#335500'))) / 3);
});

describe.each<[string, Palette, string]>([
  ['dark', DARK, css.split("data-theme='light'")[0] ?? ''],
  ['light', LIGHT, css.split("data-theme='light'")[1] ?? ''],
])('%s', (_, { owners }, sheet) => {
  test.each(Object.entries(VISIONS))('%s: hues of owners stay apart', (__, { least, matrix }) => {
    const labs = owners.map((hex) => lab(seen(matrix, light(hex))));
    const pairs = labs.flatMap((a, i) => labs.slice(i + 1).map((b) => off(a, b)));
    expect(pairs.length).toBe(15);
    expect(Math.min(...pairs)).toBeGreaterThan(least);
  });

  test('the page has the same hues as the globe', () => {
    const said = [...sheet.matchAll(/--owner-\d: (#\w{6});/g)].map(([, hex]) => hex);
    expect(said).toEqual(owners);
  });

  test('each is read as text on every ground (WCAG 2: 4.5)', () => {
    const bright = (hex: string) => times(XYZ, light(hex))[1];
    const grounds = ['ground', 'panel', 'raised'].map((name) => sheet.match(`--${name}: (#\\w{6})`)?.[1] ?? '');
    for (const hex of owners) {
      for (const ground of grounds) {
        const [low = 0, high = 0] = [bright(hex), bright(ground)].sort((a, b) => a - b);
        expect((high + 0.05) / (low + 0.05), `${hex} on ${ground}`).toBeGreaterThan(4.5);
      }
    }
  });
});
