// Which object comes first: by time to arrival.

import type { Track } from '../proto/picture_pb';
import { arrivalOf, ground95, type Arrival } from './arrival';

export interface Row {
  track: Track;
  arrival: Arrival;
  /** Lower comes first. */
  key: number;
}

const FOLLOWED = 1e8;
const OVER = 1e9;

/** Broad forecasts stand by their middle: they must not push aside what is known to come soon. */
function key(track: Track, arrival: Arrival, now_s: number): number {
  switch (arrival.kind) {
    case 'due':
      return 0;
    case 'ahead':
      return arrival.from_s;
    case 'early':
      return Math.max(0, (ground95(track)?.middleUnixS ?? now_s) - now_s);
    case 'none':
      return FOLLOWED - track.heightM / 1e3;
    case 'over':
      return OVER + (now_s - arrival.since_unix_s);
  }
}

/** All objects, the most urgent first; the same order for the same tracks, whatever order they came in. */
export function rank(tracks: Iterable<Track>, now_s: number): Row[] {
  const rows: Row[] = [];
  for (const track of tracks) {
    const arrival = arrivalOf(track, now_s);
    rows.push({ track, arrival, key: key(track, arrival, now_s) });
  }
  return rows.sort((a, b) => a.key - b.key || (a.track.name < b.track.name ? -1 : 1));
}
