import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { LiveSchema, type Live } from '../proto/picture_pb';
import { gained } from './gained';
import { Recording } from './recording';
import { World } from './world';

const AT = 1e9;

/** One object that is there from 3 s to 7 s, seen alone from 5 s on. */
const told = (s: number): Live =>
  create(LiveSchema, {
    what: {
      case: 'moment',
      value: {
        nowUnixS: AT + s,
        pictures: ['together', 'JP'].map((view, i) => ({
          view,
          whole: true,
          tracks: s >= 3 + 2 * i && s <= 7 ? [{ name: 'a', timeUnixS: AT + s, lonDeg: s, covariance: [] }] : [],
          firstTrackUnixS: s >= 3 + 2 * i ? AT + 3 + 2 * i : 0,
        })),
        plots: [{ owner: 'JP', sensor: 'x', timeUnixS: AT + s, cameUnixS: AT + s + (s === 4 ? 9 : 0) }],
        events: s === 3 ? [{ timeUnixS: AT + 3, kind: 'confirmed' }] : [],
      },
    },
  });
const hello = create(LiveSchema, {
  what: { case: 'hello', value: { owner: 'JP', owners: ['JP'], sensors: [{ owner: 'JP', name: 'x' }] } },
});
const all = Array.from({ length: 10 }, (_, s) => told(s));

const seen = (world: World) => ({
  tracks: [...world.view('together').tracks.keys()],
  course: world.view('together').courses.get('a')?.lons_deg,
  plots: world.lanes.lane('JP', 'x').plots,
  late: world.lanes.lane('JP', 'x').late,
  events: world.events.length,
});

test('going back and forth shows the same as going there once', () => {
  const recording = new Recording([hello], all.toReversed());
  expect([recording.from_s, recording.to_s, recording.events.length]).toEqual([AT, AT + 9, 1]);
  for (const s of [5, 9, 2, 4, 8, 0, 7]) {
    const world = new World();
    for (const live of [hello, ...all.slice(0, s + 1)]) world.apply(live);
    expect(seen(recording.worldAt(AT + s + 0.5)), `${s} s`).toEqual(seen(world));
  }
});

test('what sharing gains: nothing, so far, in the end', () => {
  const recording = new Recording([hello], all);
  const at = (s: number) => gained(recording.worldAt(AT + s), 'JP', 'firstTrackS', AT + s);
  expect(at(2)).toEqual({ kind: 'nothing' });
  expect(at(4)).toEqual({ kind: 'open', s: 1 });
  expect(at(6)).toEqual({ kind: 'gained', s: 2 });
});
