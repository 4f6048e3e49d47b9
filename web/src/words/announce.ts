// Whether there is something to say again: what of the first sight has changed in substance.

import { ground95 } from '../model/arrival';
import type { Row } from '../model/rank';

/** Minutes at which the time is said again. */
const MINUTES = [60, 30, 20, 15, 10, 7, 5, 4, 3, 2, 1];

export function announced(row: Row | undefined, now_s: number): string {
  if (!row) return 'quiet';
  const area = ground95(row.track);
  const minutes = area ? (area.earliestUnixS - now_s) / 60 : Infinity;
  const stage = MINUTES.filter((minute) => minutes < minute).length;
  const size = area ? Math.round(Math.log2(Math.max(1, area.majorM / 1000))) : 0;
  return [row.track.name, row.arrival.kind, stage, size, row.track.lost].join('\n');
}
