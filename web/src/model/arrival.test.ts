import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { AreaSchema, TrackSchema } from '../proto/picture_pb';
import { arrivalAt } from './arrival';
import { rank } from './rank';

const area = (from: number, to: number) =>
  create(AreaSchema, {
    way: 'any',
    probability: 0.95,
    earliestUnixS: from,
    middleUnixS: (from + to) / 2,
    latestUnixS: to,
  });

test.each([
  ['ahead', 240, 420],
  ['ahead', 30, 300],
  // "0 to 167 min" says no time: it is not "due now".
  ['early', 0, 167 * 60],
  ['early', -30, 167 * 60],
  ['due', -10, 90],
  ['over', -200, -1],
])('%s: from %d to %d s', (kind, from, to) => {
  expect(arrivalAt(area(1e9 + from, 1e9 + to), 1e9).kind).toBe(kind);
});

test('what comes sooner stands first; what is broad does not push it aside', () => {
  const track = (name: string, from: number, to: number) =>
    create(TrackSchema, { name, arrival: to > from ? [area(1e9 + from, 1e9 + to)] : [] });
  const tracks = [track('followed', 0, 0), track('over', -90, -60), track('broad', 0, 9000), track('soon', 240, 400)];
  const names = (list: typeof tracks) => rank(list, 1e9).map((row) => row.track.name);
  expect(names(tracks)).toEqual(['soon', 'broad', 'followed', 'over']);
  expect(names(tracks.toReversed())).toEqual(names(tracks));
});
