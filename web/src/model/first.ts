// Which plot an object began with: those that came before there was a track name none.

import type { Plot, Track } from '../proto/picture_pb';
import { between } from '../geo/place';

/** An object is tracked within so long of its first plot, s, and as far from it, m. */
const BEFORE_S = 120;
const NEAR_M = 250e3;

/** The first plot near a track, in the time before it was there; nothing where none had a place. */
export function firstOf(plots: readonly Plot[], track: Track): Plot | undefined {
  let first: Plot | undefined;
  for (const plot of plots) {
    const before_s = track.timeUnixS - plot.timeUnixS;
    if (!plot.placed || before_s < 0 || before_s > BEFORE_S) continue;
    if (between(track.latDeg, track.lonDeg, plot.latDeg, plot.lonDeg).m > NEAR_M) continue;
    if (!first || plot.timeUnixS < first.timeUnixS) first = plot;
  }
  return first;
}
