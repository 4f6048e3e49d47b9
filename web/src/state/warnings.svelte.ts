// The warnings of the node, what of them is open, and what a person is about to do.

import { act, ask, isRefusal, type Refusal } from '../live/warnings';
import { news, newWish, ordered, wish, type News, type Next, type Warning, type Warnings } from '../model/warnings';
import type { Wish } from '../model/warnings';
import { API } from './feed';

/** What is asked for and does not come is asked for again, ms. */
const AGAIN_MS = 2000;

class Desk {
  /** Nothing where the node does not warn, or has not said anything yet. */
  all = $state.raw<Warnings | undefined>();
  /** Why nothing can be said of them now. */
  broken = $state.raw<Refusal | undefined>();
  open = $state(false);
  chosen = $state<string | undefined>();
  /** What is to be confirmed. */
  wished = $state.raw<Wish | undefined>();
  busy = $state(false);
  refused = $state.raw<{ wish: Wish; refusal: Refusal } | undefined>();
  /** What has happened, for who listens. */
  heard = $state.raw<{ what: News; warning: Warning }[]>([]);

  private known = 0n;
  private looking: Promise<void> | undefined;
  private again = false;

  get list(): Warning[] {
    return ordered(this.all?.warnings ?? []);
  }

  /** The warning that is shown: the chosen one, else the first. */
  get shown(): Warning | undefined {
    const list = this.list;
    return list.find(({ name }) => name === this.chosen) ?? list[0];
  }

  /** The node says how many entries its journal has: another number is news. 0: there is nothing to ask for. */
  hear(sequence: bigint): void {
    if (sequence === this.known) return;
    this.known = sequence;
    void this.look();
  }

  /** Asks for all of it; done when all is there that had happened before. */
  look(): Promise<void> {
    this.again = true;
    this.looking ??= this.takeAll();
    return this.looking;
  }

  private async takeAll(): Promise<void> {
    while (this.again) {
      this.again = false;
      await this.take();
    }
    this.looking = undefined;
  }

  private async take(): Promise<void> {
    const answer = await ask(API).catch(() => ({ code: 'link', error: '' }));
    if (isRefusal(answer)) {
      this.broken = answer;
      setTimeout(() => void this.look(), AGAIN_MS);
      return;
    }
    this.broken = undefined;
    if (answer) {
      // Who has just opened the page hears of what waits, not of what was.
      const before = this.all?.warnings ?? answer.warnings.map((one) => ({ ...one, messages: past(one) }));
      const said = news(before, answer.warnings);
      if (said.length > 0) this.heard = said;
    }
    this.all = answer;
  }

  choose(name: string | undefined): void {
    this.chosen = name;
    this.wished = undefined;
    this.refused = undefined;
  }

  show(open: boolean): void {
    this.open = open;
    // What may be done depends on what is foretold, too, which is no entry of the journal.
    if (open) void this.look();
    this.wished = undefined;
    this.refused = undefined;
  }

  /** Has a person look once more at what he is about to do. */
  want(warning: Warning, next: Next): void {
    this.chosen = warning.name;
    this.refused = undefined;
    this.wished = wish(warning, next);
  }

  /** The same of a new warning. */
  wantNew(object: string): void {
    this.refused = undefined;
    this.wished = newWish(object);
  }

  /** Does it; whoever was quicker is told of. */
  async do(wished: Wish, more: Record<string, unknown> = {}): Promise<void> {
    this.busy = true;
    const answer = await act(API, wished, more).catch(() => ({ code: 'link', error: '' }));
    // Who was quicker is told of as it is now.
    await this.look();
    this.busy = false;
    this.wished = undefined;
    this.refused = isRefusal(answer) ? { wish: wished, refusal: answer } : undefined;
    if (!isRefusal(answer)) this.chosen = answer.name;
  }
}

/** The messages of a warning that wait for nobody. */
function past(warning: Warning): Warning['messages'] {
  return warning.messages.filter(({ state }) => state !== 'draft');
}

export const desk = new Desk();
