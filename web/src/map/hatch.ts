// A hatch for each owner: another direction and another spacing, so that coverage is told apart without colour.

const SIZE = 64;
/** Lines go by so many periods to the right and down in one tile. */
const KINDS: readonly (readonly [right: number, down: number])[] = [
  [2, 2],
  [2, -2],
  [0, 3],
  [3, 0],
  [1, 2],
  [2, -1],
];

/** An image that tiles: thin lines of a colour on nothing. */
export function hatch(hue: number, [r, g, b]: readonly number[]): { width: number; height: number; data: Uint8Array } {
  const data = new Uint8Array(SIZE * SIZE * 4);
  const [right, down] = KINDS[hue % KINDS.length] ?? [2, 2];
  const norm = Math.hypot(right, down);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const phase = (right * x + down * y) / SIZE;
      const off_px = (Math.abs(phase - Math.round(phase)) * SIZE) / norm;
      const opacity = Math.max(0, 1 - Math.max(0, off_px - 0.25));
      const at = (y * SIZE + x) * 4;
      data.set([r ?? 0, g ?? 0, b ?? 0, Math.round(Math.min(1, opacity) * 255)], at);
    }
  }
  return { width: SIZE, height: SIZE, data };
}
