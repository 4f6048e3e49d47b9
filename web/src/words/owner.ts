// Owners have a hue, a hatch and a place in the order that the node gives.

import type { Hello } from '../proto/picture_pb';

/** As many hues as the theme has. */
export const HUES = 6;

export function hue(hello: Hello | undefined, owner: string): number {
  // By name, so that an owner has the same hue on every node of the federation.
  const all = [...(hello?.owners ?? [])].sort();
  return Math.max(0, all.indexOf(owner)) % HUES;
}

export function colour(hello: Hello | undefined, owner: string): string {
  return `var(--owner-${hue(hello, owner)})`;
}
