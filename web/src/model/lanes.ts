// How many plots each sensor gave in each second: the lanes of the timeline.

import type { Plot } from '../proto/picture_pb';

/** A lane holds this many seconds at most. */
const SECONDS_MAX = 4 * 3600;

export interface Lane {
  owner: string;
  sensor: string;
  /** Plots by whole second of measurement, and those of them that came late. */
  counts: Map<number, { plots: number; late: number }>;
  plots: number;
  late: number;
}

/** What comes later than this after it was measured is called late, s of the wall. */
export const LATE_S = 2;

export class Lanes {
  readonly all = new Map<string, Lane>();
  /** Seconds of the node's clock in one of the wall. */
  speed = 1;

  /** From how late on a plot is called so, s of the node's clock. */
  get late_s(): number {
    return LATE_S * Math.max(1, this.speed);
  }

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
    const late = plot.cameUnixS - plot.timeUnixS > this.late_s ? 1 : 0;
    const before = lane.counts.get(second);
    lane.counts.set(second, { plots: (before?.plots ?? 0) + 1, late: (before?.late ?? 0) + late });
    lane.plots++;
    lane.late += late;
    if (lane.counts.size > SECONDS_MAX) {
      const first = lane.counts.keys().next();
      if (!first.done) lane.counts.delete(first.value);
    }
  }
}
