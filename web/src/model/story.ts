// The story of what happens: what everybody would tell of it, one thing after another, out of what the page knows.

import { alone } from './gained';
import type { Message, Warning } from './warnings';
import { TOGETHER, type World } from './world';

export type Told =
  | { kind: 'quiet'; n: number }
  | { kind: 'first_plot'; owner: string; sensor: string }
  /** Together something is known that these owners would not know alone. */
  | { kind: 'together_track' | 'together_warning' | 'together_known'; without: string[] }
  /** An owner alone knows it from now on, so many seconds after it was known together. */
  | { kind: 'alone_track' | 'alone_warning' | 'alone_known'; owner: string; s: number }
  | { kind: 'draft' | 'sent' | 'cancel' | 'over' | 'clear' }
  /** These could not have warned at all. */
  | { kind: 'never'; owners: string[] };

export interface Beat {
  at_s: number;
  /** The same for the same thing, whenever it is looked at. */
  id: string;
  told: Told;
}

/** What was known first of an object, in the order in which it becomes known. */
const STEPS = [
  { step: 'firstTrackS', what: 'track' },
  { step: 'firstWarningS', what: 'warning' },
  { step: 'firstKnownS', what: 'known' },
] as const;

/** Everything that has happened up to now, in the order of time; before it, that nothing had. */
export function story(world: World, warnings: readonly Warning[], now_s: number): Beat[] {
  const owners = alone(world);
  const beats: Beat[] = [];
  const add = (at_s: number, told: Told, of = '') => {
    if (at_s > 0 && at_s <= now_s) beats.push({ at_s, id: `${told.kind} ${of}`, told });
  };
  const first = world.firstPlot;
  if (first) add(first.timeUnixS, { kind: 'first_plot', owner: first.owner, sensor: first.sensor });
  const when = (view: string, step: (typeof STEPS)[number]['step']) => world.views.get(view)?.[step] ?? 0;
  for (const { step, what } of STEPS) {
    const together_s = when(TOGETHER, step);
    const without = owners.filter((owner) => !(when(owner, step) > 0) || when(owner, step) > together_s + SAME_S);
    add(together_s, { kind: `together_${what}`, without });
    if (!(together_s > 0)) continue;
    for (const owner of owners) {
      const s = when(owner, step) - together_s;
      add(when(owner, step), { kind: `alone_${what}`, owner, s: s > SAME_S ? s : 0 }, owner);
    }
  }
  const over = world.events.find(({ kind, view }) => kind === 'arrival-over' && (view === TOGETHER || view === ''));
  if (over) add(over.timeUnixS, { kind: 'over' });
  const clear_s = warned(warnings, add);
  const never = owners.filter((owner) => !(when(owner, 'firstWarningS') > 0));
  if (clear_s > 0 && never.length > 0) add(clear_s, { kind: 'never', owners: never });
  // What happened at once stays in the order of the telling.
  beats.sort((a, b) => a.at_s - b.at_s);
  const quiet: Beat = {
    at_s: beats[0]?.at_s ?? now_s,
    id: 'quiet ',
    told: { kind: 'quiet', n: world.hello?.owners.length ?? 0 },
  };
  return [quiet, ...beats];
}

/** What is less apart than this is told as at once, s. */
const SAME_S = 0.5;

/** What people were told: of the warning that came first. When the all clear was sent; 0: not yet. */
function warned(warnings: readonly Warning[], add: (at_s: number, told: Told) => void): number {
  const drafted_s = (warning: Warning) => warning.messages[0]?.drafted_unix_s ?? Infinity;
  const [warning] = [...warnings].sort((a, b) => drafted_s(a) - drafted_s(b));
  const [draft] = warning?.messages ?? [];
  if (!warning || !draft) return 0;
  const sent = (kinds: Message['kind'][]) =>
    warning.messages.find((one) => one.state === 'released' && kinds.includes(one.kind));
  const out = sent(['alert', 'update']);
  add(draft.drafted_unix_s, { kind: 'draft' });
  if (out) add(out.sent_unix_s ?? 0, { kind: 'sent' });
  add(sent(['cancel'])?.sent_unix_s ?? 0, { kind: 'cancel' });
  const clear_s = sent(['all-clear'])?.sent_unix_s ?? 0;
  add(clear_s, { kind: 'clear' });
  return clear_s;
}

/** One sentence stands so long before the next, ms: it has to be read. */
export const READ_MS = 3000;

/** Tells one after another. */
export class Teller {
  now: Beat | undefined;
  private since_ms = 0;
  private told = new Set<string>();

  /**
   * The one to tell at a time of the wall. Where the clock stands still, or was put back, it is what happened last;
   * where it goes on, each stands until it was read, and none is left out, though it became known after a later one.
   */
  at(beats: readonly Beat[], now_ms: number, goes: boolean): Beat | undefined {
    if (!goes || !beats.some(({ id }) => id === this.now?.id)) {
      this.told = new Set(beats.map(({ id }) => id));
      return this.say(beats.at(-1), now_ms);
    }
    if (now_ms - this.since_ms < READ_MS) return this.now;
    return this.say(beats.find(({ id }) => !this.told.has(id)) ?? this.now, now_ms);
  }

  private say(beat: Beat | undefined, now_ms: number): Beat | undefined {
    if (beat?.id !== this.now?.id) this.since_ms = now_ms;
    this.now = beat;
    if (beat) this.told.add(beat.id);
    return beat;
  }
}
