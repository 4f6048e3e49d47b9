// How many plots each sensor gave in each second: the lanes of the timeline.

import type { Plot } from '../proto/picture_pb';

/** A lane holds this many seconds at most. */
const SECONDS_MAX = 4 * 3600;

export interface Lane {
  owner: string;
  sensor: string;
  /** Plots by whole second of measurement. */
  counts: Map<number, number>;
  plots: number;
  /** Plots that came more than `LATE_S` after they were measured. */
  late: number;
}

/** What comes later than this is called late, s. */
export const LATE_S = 2;

export class Lanes {
  readonly all = new Map<string, Lane>();

  lane(owner: string, sensor: string): Lane {
    const key = `${owner}\n${sensor}`;
    let lane = this.all.get(key);
    if (!lane) {
      lane = { owner, sensor, counts: new Map(), plots: 0, late: 0 };
      this.all.set(key, lane);
    }
    return lane;
  }

  add(plot: Plot): void {
    const lane = this.lane(plot.owner, plot.sensor);
    const second = Math.floor(plot.timeUnixS);
    lane.counts.set(second, (lane.counts.get(second) ?? 0) + 1);
    lane.plots++;
    if (plot.cameUnixS - plot.timeUnixS > LATE_S) lane.late++;
    if (lane.counts.size > SECONDS_MAX) {
      const first = lane.counts.keys().next();
      if (!first.done) lane.counts.delete(first.value);
    }
  }
}
