// What is shown of a time that was asked for.

/** A time that was asked for and is not what is shown. */
export interface Missed {
  asked_s: number;
  /** The time in its place; nothing: it is now. */
  shown_s: number | undefined;
  /** The node keeps nothing of it, or could not be asked. */
  why: 'none' | 'unasked';
}

/** The nearest time between two, and whether that is another than was asked for: not where steps are so far apart. */
export function nearest(
  asked_s: number,
  { from_s, to_s, apart_s }: { from_s: number; to_s: number; apart_s: number },
): { at_s: number; missed: boolean } {
  const at_s = Math.min(Math.max(asked_s, from_s), to_s);
  return { at_s, missed: Math.abs(at_s - asked_s) > apart_s };
}
