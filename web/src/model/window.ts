// The stretch of time that the timeline shows.

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
