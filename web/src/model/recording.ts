// A stretch of the past that can be gone through in both directions.

import type { Event, Live } from '../proto/picture_pb';
import type { Stretch } from './window';
import { World } from './world';

export class Recording {
  private readonly steps: { at_s: number; live: Live }[] = [];
  private world = new World();
  private next = 0;
  private readonly head: Live[];

  /** `head` is what is known at any time of it: who the node is, its sensors; `stretch`, from when to when it goes. */
  constructor(
    head: Live[],
    messages: Live[],
    readonly stretch: Stretch = { from_s: -Infinity, to_s: Infinity },
  ) {
    this.head = head;
    for (const live of messages) {
      if (live.what.case === 'moment') this.steps.push({ at_s: live.what.value.nowUnixS, live });
    }
    this.steps.sort((a, b) => a.at_s - b.at_s);
    this.begin();
  }

  get from_s(): number {
    return this.steps[0]?.at_s ?? 0;
  }

  get to_s(): number {
    return this.steps.at(-1)?.at_s ?? 0;
  }

  /** Times this close to each other are the same: two steps, in the mean. */
  get apart_s(): number {
    return 1 + (2 * (this.to_s - this.from_s)) / Math.max(1, this.steps.length - 1);
  }

  /** All that happened in it. */
  get events(): Event[] {
    return this.steps.flatMap(({ live }) => (live.what.case === 'moment' ? live.what.value.events : []));
  }

  get length(): number {
    return this.steps.length;
  }

  /** What was known at that time. The same world is returned again, moved. */
  worldAt(at_s: number): World {
    if ((this.steps[this.next - 1]?.at_s ?? -Infinity) > at_s) this.begin();
    for (let step = this.steps[this.next]; step && step.at_s <= at_s; step = this.steps[++this.next]) {
      this.world.apply(step.live);
    }
    this.world.now_s = at_s;
    return this.world;
  }

  private begin(): void {
    this.world = new World();
    this.next = 0;
    for (const live of this.head) this.world.apply(live);
  }
}
