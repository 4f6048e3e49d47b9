// The node's clock, between what it says and what it says next. The browser's own clock may be an hour off: only its
// steady counter is used.

/** Differences up to this are taken in smoothly, larger ones at once, s of the wall. */
const SLEW_MAX_S = 1.5;
const SLEW_SHARE = 0.15;

export class NodeClock {
  /** Seconds of the node in one of the wall. */
  speed = 1;
  private base: { node_s: number; wall_s: number } | undefined;

  /** The node said what time it is. `wall_s` is a steady counter. */
  hear(node_s: number, wall_s: number): void {
    if (!Number.isFinite(node_s) || node_s <= 0) return;
    const expected_s = this.base ? this.at(wall_s) : node_s;
    const off_s = node_s - expected_s;
    const smooth = this.base && Math.abs(off_s) < SLEW_MAX_S * this.speed;
    this.base = { node_s: smooth ? expected_s + off_s * SLEW_SHARE : node_s, wall_s };
  }

  /** Another node, or the same one started again: nothing is known. */
  forget(): void {
    this.base = undefined;
  }

  /** When the node was heard last, by its own clock, Unix s; 0: never. */
  get heard_s(): number {
    return this.base?.node_s ?? 0;
  }

  get known(): boolean {
    return this.base !== undefined;
  }

  /** The node's time, Unix s; 0 while nothing is known. */
  at(wall_s: number): number {
    return this.base ? this.base.node_s + (wall_s - this.base.wall_s) * this.speed : 0;
  }
}
