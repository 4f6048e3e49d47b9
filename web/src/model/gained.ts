// What sharing gained an owner: how much sooner something was known together than alone.

import { TOGETHER, type World } from './world';

export type Gain =
  /** Nothing was known together yet. */
  | { kind: 'nothing' }
  /** So many seconds sooner together; negative is later. */
  | { kind: 'gained'; s: number }
  /** Alone it is not known yet: so many seconds, and growing. */
  | { kind: 'open'; s: number };

export type Step = 'firstTrackS' | 'firstWarningS' | 'firstKnownS';

export function gained(world: World, owner: string, step: Step, now_s: number): Gain {
  const together_s = world.views.get(TOGETHER)?.[step] ?? 0;
  const alone_s = world.views.get(owner)?.[step] ?? 0;
  if (!(together_s > 0) || together_s > now_s) return { kind: 'nothing' };
  if (alone_s > 0 && alone_s <= now_s) return { kind: 'gained', s: alone_s - together_s };
  return { kind: 'open', s: now_s - together_s };
}

/** The owners whose picture alone can be shown. */
export function alone(world: World): string[] {
  return (world.hello?.owners ?? []).filter((owner) => world.views.has(owner)).sort();
}
