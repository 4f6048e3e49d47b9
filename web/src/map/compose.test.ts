// What of the world gets onto the globe: each layer, and what switches it.

import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { horizontal_m, vertical_m } from '../model/course';
import { between, inside } from '../geo/place';
import { LiveSchema, type MomentSchema, type Track } from '../proto/picture_pb';
import { World } from '../model/world';
import { compose, type Wish } from './compose';
import { toFit, toFitOne } from './fit';
import { Trails } from './trails';

const AT = 1e9;
const ring = (lat: number, lon: number) => [lon, lat, lon + 1, lat, lon + 1, lat + 1, lon, lat];
const area = (way: string, probability: number, lat = 41, lon = 140) =>
  ({ way, probability, weight: 0.8, latDeg: lat, lonDeg: lon, majorM: 5e4, minorM: 2e4, saidUnixS: AT,
    earliestUnixS: AT + 300, middleUnixS: AT + 350, latestUnixS: AT + 400, outlineDeg: ring(lat, lon) });
const track = (name: string, lonDeg: number) => ({
  name, phase: 'coast', existence: 0.99, timeUnixS: AT, latDeg: 40, lonDeg, heightM: 3e5,
  // One sigma of 5 km along the east, 3 km north, 1 km up.
  covariance: [25e6, 0, 0, 9e6, 0, 1e6],
  arrival: [area('any', 0.5), area('any', 0.95), area('coast', 0.95), area('glide', 0.95)],
  launch: [area('any', 0.95, 40, 126)],
  path: [-5, 5, 60].map((s) => ({ timeUnixS: AT + s, latDeg: 40, lonDeg: lonDeg + s / 10, heightM: 3e5 - s })),
});

function world(more: MessageInitShape<typeof MomentSchema> = {}): World {
  const made = new World();
  const sensor = { owner: 'KR', name: 'kr', latDeg: 37, lonDeg: 127, rangeMaxM: 5e5 };
  made.apply(create(LiveSchema, { what: { case: 'hello', value: { owner: 'JP', owners: ['JP', 'KR'], instance: '1',
    sensors: [{ ...sensor, azimuthToDeg: 360 }, { ...sensor, owner: 'JP', name: 'jp', azimuthToDeg: 90 }] } } }));
  const plot = { owner: 'KR', sensor: 'kr', placed: true, latDeg: 40, lonDeg: 130, heightM: 2e5, cameUnixS: AT };
  made.apply(create(LiveSchema, { what: { case: 'moment', value: { nowUnixS: AT,
    pictures: [{ view: 'together', whole: true, tracks: [track('a', 130), track('b', 131)] },
      { view: 'JP', whole: true, tracks: [track('a', 130)] }],
    plots: [{ ...plot, timeUnixS: AT - 1 }, { ...plot, timeUnixS: AT - 90 },
      { ...plot, owner: 'JP', timeUnixS: AT - 2 }, { ...plot, placed: false, timeUnixS: AT - 1 }],
    ...more } } }));
  return made;
}

const WISH: Wish = { view: 'together', chosen: undefined, plots: false, coverage: false, now_s: AT };
const shown = (wish: Partial<Wish> = {}, of = world()) => compose(of, { ...WISH, ...wish }, new Trails());

describe('raw plots', () => {
  test('are not there unless wished', () => expect(shown().dots).toEqual([]));
  test('are those of the last minute that have a place, each with its owner', () => {
    const { dots } = shown({ plots: true });
    expect(dots.map(({ hue }) => hue).sort()).toEqual([0, 1]);
    expect(dots[0]?.at).toEqual([130, 40, 2e5]);
  });
});

describe('coverage', () => {
  test('is not there unless wished, and the map is told that it changed', () => {
    expect(shown().covers).toEqual([]);
    expect(shown().covers_version).not.toBe(shown({ coverage: true }).covers_version);
  });
  test('goes as far as the range, in the sector in which the sensor looks', () => {
    const [kr, jp] = shown({ coverage: true }).covers;
    expect([kr?.owner, kr?.hue, jp?.owner, jp?.hue]).toEqual(['KR', 1, 'JP', 0]);
    const norths = kr?.ring.map(([, lat]) => lat) ?? [];
    expect((Math.max(...norths) - 37) * 111.19).toBeCloseTo(500, 0);
    expect((37 - Math.min(...norths)) * 111.19).toBeCloseTo(500, 0);
    // A quarter between north and east: nothing west or south of the sensor, and the sensor is its corner.
    for (const [lon, lat] of jp?.ring ?? []) expect(lon > 126.999 && lat > 36.8).toBe(true);
    expect(jp?.ring[0]).toEqual([127, 37]);
  });
});

describe('coverage near a pole', () => {
  const far = { owner: 'JP', name: 'far', latDeg: 75, lonDeg: 20, rangeMaxM: 2.5e6 };
  const ringOf = (from: number, to: number) => {
    const of = world();
    const sensors = [{ ...far, azimuthFromDeg: from, azimuthToDeg: to }];
    of.apply(create(LiveSchema, { what: { case: 'hello', value: { owner: 'JP', owners: ['JP'], sensors } } }));
    return shown({ coverage: true }, of).covers[0]?.ring ?? [];
  };
  const holds = (ring: [number, number][], lat: number, lon: number) =>
    [-720, -360, 0, 360, 720].some((turn) => inside(lon + turn, lat, ring));
  test.each([
    ['all round', 0, 360],
    ['in a sector to the north', 300, 60],
  ])('%s it is that of the range on the ground, to the pole and beyond', (_, from, to) => {
    const ring = ringOf(from, to);
    for (let lat = 50; lat < 90; lat += 1.3) {
      for (let lon = -175; lon < 180; lon += 7) {
        const { m, azimuth_deg } = between(75, 20, lat, lon);
        const off = Math.min(azimuth_deg, 360 - azimuth_deg);
        if (Math.abs(m - 2.5e6) < 6e4 || (to < 360 && Math.abs(off - 60) < 3)) continue;
        const seen = m < 2.5e6 && (to === 360 || off < 60);
        expect(holds(ring, lat, lon), `${String(lat)} ${String(lon)}`).toBe(seen);
      }
    }
  });
  test('in a sector to the south it is that of the sector', () => {
    const ring = ringOf(120, 240);
    expect([holds(ring, 60, 20), holds(ring, 89, 20), holds(ring, 80, 20)]).toEqual([true, false, false]);
  });
});

test('an area that holds the pole stays as the node says it, and the globe looks as far north as it does', () => {
  const outlineDeg = [30, 86, 150, 86, 270, 86, 390, 86, 390, 90, 30, 90, 30, 86];
  const polar = { ...area('any', 0.95, 88, 30), outlineDeg };
  const of = world({ pictures: [{ view: 'together', whole: true,
    tracks: [{ ...track('a', 30), latDeg: 87, heightM: 9e3, arrival: [polar], launch: [], path: [] }] }] });
  expect(shown({}, of).zones[0]?.ring.at(4)).toEqual([390, 90]);
  const [, south = 0, , north = 0] = toFit(of, 'together') ?? [];
  expect([south < north, north]).toEqual([true, 80]);
  const [, low = 0, , high = 0] = toFitOne(of.view('together').tracks.get('a') ?? ({} as Track)) ?? [];
  expect([low, high]).toEqual([78, 80]);
});

describe('an object', () => {
  test('has a line down to the ground below', () => {
    expect(shown().drops.map(({ path }) => path)).toEqual([
      [[130, 40, 0], [130, 40, 3e5]],
      [[131, 40, 0], [131, 40, 3e5]],
    ]);
  });
  test('has its error as ellipses of 95 %, as large as the covariance says', () => {
    const { errors } = shown({ view: 'JP' });
    expect(errors.length).toBe(3);
    const points = errors.flatMap(({ path }) => path);
    const reach = (axis: number, middle: number) => Math.max(...points.map((point) => (point[axis] ?? 0) - middle));
    const degree_m = (Math.PI / 180) * 6_371_009;
    expect(reach(0, 130) * degree_m * Math.cos((40 * Math.PI) / 180)).toBeCloseTo(2.796 * 5000, -2);
    expect(reach(1, 40) * degree_m).toBeCloseTo(2.796 * 3000, -2);
    expect(reach(2, 3e5)).toBeCloseTo(2.796 * 1000, -2);
  });
  test('has none where nothing is known of it', () => {
    const bare = { ...track('a', 130), covariance: [], path: [], arrival: [], launch: [] };
    const of = world({ pictures: [{ view: 'together', whole: true, tracks: [bare] }] });
    const scene = shown({ chosen: 'a' }, of);
    expect([scene.errors, scene.foretold, scene.zones, scene.notes]).toEqual([[], [], [], []]);
    expect(scene.marks.length).toBe(1);
  });
  test('has its foretold line from where it is, and nothing of before', () => {
    const [line] = shown({ view: 'JP' }).foretold;
    expect(line?.path.map(([lon]) => lon)).toEqual([130, 130.5, 136]);
  });
  test('has areas of 95 and 50 %; ways and launch where it is chosen', () => {
    const kinds = (wish: Partial<Wish>) => shown({ view: 'JP', ...wish }).zones.map(({ kind }) => kind);
    expect(kinds({})).toEqual(['area95', 'area50']);
    expect(kinds({ chosen: 'a' })).toEqual(['way', 'way', 'area95', 'area50', 'launch']);
  });
  test('has the time left at its area, as an interval', () => {
    expect(shown({ view: 'JP' }).notes).toEqual([{ text: '95 % · 5–7 min', at: [140, 41], chosen: false }]);
  });
  test('is in the picture of those alone who see it', () => {
    expect(shown().marks.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(shown({ view: 'JP' }).marks.map(({ name }) => name)).toEqual(['a']);
    expect(shown({ view: 'KR' }).marks).toEqual([]);
  });
});

test('an area across the date line, and a line that crosses it, stay in one piece', () => {
  const across = { ...track('a', 179.9), arrival: [{ ...area('any', 0.95, 41, 179.5), outlineDeg: ring(41, 179.5) }] };
  const of = world({ pictures: [{ view: 'together', whole: true,
    tracks: [{ ...across, path: [{ timeUnixS: AT + 9, latDeg: 41, lonDeg: -179.8, heightM: 1 }] }] }] });
  const { zones, foretold } = shown({}, of);
  const jumps = (lons: number[]) => lons.slice(1).map((lon, i) => Math.abs(lon - (lons[i] ?? 0)));
  expect(Math.max(...jumps(zones[0]?.ring.map(([lon]) => lon) ?? []))).toBeLessThan(2);
  expect(foretold[0]?.path.map(([lon]) => lon)).toEqual([179.9, 180.2]);
});

test('the errors in figures: over the ground where it is largest, and of the height', () => {
  expect([horizontal_m([25e6, 0, 0, 9e6, 0, 1e6]), vertical_m([25e6, 0, 0, 9e6, 0, 1e6])]).toEqual([5000, 1000]);
  // Turned by 45 degrees it is the same error: sigmas of 5 and 3 km.
  expect(horizontal_m([17e6, 8e6, 0, 17e6, 0, 1e6])).toBeCloseTo(5000);
  expect([horizontal_m([]), vertical_m([])]).toEqual([0, 0]);
});
