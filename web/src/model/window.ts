// Stretches of time: what the timeline shows, and what is asked of the node to be gone through.

/** At most so much is shown at once, s. */
const LENGTH_MAX_S = 40 * 60;
const LENGTH_MIN_S = 120;

export interface Stretch {
  from_s: number;
  to_s: number;
}

/** Ends now, and begins where there is something; a time that lies before it stands in its middle. */
export function stretch(first_s: number, newest_s: number, at_s: number): Stretch {
  const from_s = Math.max(first_s, newest_s - LENGTH_MAX_S);
  if (at_s >= from_s) return { from_s: Math.min(from_s, newest_s - LENGTH_MIN_S), to_s: newest_s };
  const middle_s = Math.max(first_s + LENGTH_MAX_S / 2, at_s);
  return { from_s: middle_s - LENGTH_MAX_S / 2, to_s: Math.min(newest_s, middle_s + LENGTH_MAX_S / 2) };
}

/** All that the node has in memory; of what is older, so much round the time as the timeline shows, out of its log. */
export function wanted(asked_s: number, memory_s: number, newest_s: number): Stretch {
  if (asked_s >= memory_s) return { from_s: memory_s, to_s: newest_s };
  return { from_s: asked_s - LENGTH_MAX_S / 2, to_s: Math.min(newest_s, asked_s + LENGTH_MAX_S / 2) };
}

/** Whether a stretch has a time, or ends so near to what is newest that there is nothing more to ask for. */
export function has({ from_s, to_s }: Stretch, asked_s: number, newest_s: number, apart_s: number): boolean {
  return asked_s >= from_s && (asked_s <= to_s || newest_s - to_s < apart_s);
}
