// When an object may arrive, said honestly.

import type { Area, Track } from '../proto/picture_pb';

/** An interval that has begun, or all but, and reaches further than this ahead says no time at all, s. */
const EARLY_AHEAD_S = 10 * 60;
const BEGUN_S = 60;

export type Arrival =
  /** Nothing is foretold. */
  | { kind: 'none' }
  /** Begins later. */
  | { kind: 'ahead'; from_s: number; to_s: number }
  /** So broad that it says only how long it may take at most. */
  | { kind: 'early'; to_s: number }
  /** May be now. */
  | { kind: 'due'; until_unix_s: number; to_s: number }
  /** All of it is past. */
  | { kind: 'over'; since_unix_s: number };

/** The region that holds the arrival with a probability, whatever the object does. */
export function anyArea(areas: readonly Area[], probability: number): Area | undefined {
  return areas.find((area) => area.way === 'any' && Math.abs(area.probability - probability) < 0.01);
}

export function ground95(track: Track): Area | undefined {
  return anyArea(track.arrival, 0.95) ?? track.arrival[0];
}

/** The interval of 95 %, seen from now. */
export function arrivalOf(track: Track, now_s: number): Arrival {
  const area = ground95(track);
  return area ? arrivalAt(area, now_s) : { kind: 'none' };
}

export function arrivalAt(area: Area, now_s: number): Arrival {
  const from_s = area.earliestUnixS - now_s;
  const to_s = area.latestUnixS - now_s;
  if (to_s < 0) return { kind: 'over', since_unix_s: area.latestUnixS };
  if (from_s < BEGUN_S && to_s > EARLY_AHEAD_S) return { kind: 'early', to_s };
  if (from_s <= 0) return { kind: 'due', until_unix_s: area.latestUnixS, to_s };
  return { kind: 'ahead', from_s, to_s };
}
