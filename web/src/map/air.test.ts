// What of a scene is drawn above the ground: each kind of thing in a layer of its own, in its colour.

import { expect, test } from 'vitest';
import { air } from './air';
import { palette, rgba } from './palette';
import type { Line, Scene } from './scene';
import type { Shapes } from './shapes';
import type { Atlas } from './symbols';

const colours = palette(true);
const line = (name: string): Line => ({ name, path: [[130, 40, 0], [130, 40, 3e5]], chosen: false });
const full: Scene = {
  marks: ['a', 'b'].map((name) =>
    ({ name, label: name === 'a' ? 'A' : '', at: [130, 40, 3e5], symbol: 'coast', chosen: false, lost: false })),
  trails: { blocks: [[line('a')], [line('a')]], tail: [line('a'), line('b')] },
  foretold: [line('a')],
  drops: [line('a'), line('b')],
  errors: [line('a'), line('a'), line('a')],
  zones: [],
  notes: [{ text: '95 % · 5 min', at: [140, 41], chosen: false }],
  zones_version: '',
  covers: [],
  covers_version: '',
  dots: [{ at: [130, 40, 2e5], hue: 1 }],
};
const none: Scene = { ...full, marks: [], trails: { blocks: [], tail: [] }, foretold: [], drops: [], errors: [],
  notes: [], dots: [] };
const image = { image: undefined, mapping: {} } as unknown;
const layers = (scene: Scene, names = [{ text: 'Japan', at: [138, 36] as [number, number] }]) =>
  air(scene, colours, image as Atlas, image as Shapes, names);
const counts = (scene: Scene, names?: []) => Object.fromEntries(layers(scene, names)
  .map(({ id, props }) => [id, (props as unknown as { data: unknown[] }).data.length] as const)
  .filter(([id, n]) => id !== 'earth' && n > 0));

test('everything of a scene is in a layer', () => {
  expect(counts(full)).toEqual({ names: 1, drops: 2, 'trail-0': 1, 'trail-1': 1, tail: 2, foretold: 1, errors: 3,
    spots: 1, plots: 1, marks: 2, labels: 1, notes: 1 });
});

test('nothing is in one where there is nothing', () => {
  expect(counts(none, [])).toEqual({});
});

test.each([
  ['drops', colours.trail],
  ['tail', colours.trail],
  ['foretold', colours.area],
  ['errors', colours.focus],
])('%s have their colour, and the chosen one more of it', (id, colour) => {
  const layer = layers(full).find((one) => one.id === id);
  const { getColor } = layer?.props as unknown as { getColor: (line: Line) => number[] };
  const [plain, chosen] = [getColor(line('a')), getColor({ ...line('a'), chosen: true })];
  expect(plain.slice(0, 3)).toEqual(rgba(colour).slice(0, 3));
  expect(chosen[3]).toBeGreaterThan(plain[3] ?? 0);
});
