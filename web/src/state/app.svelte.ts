// What is shown and what is chosen. Components read it; only its methods change it.

import { alone } from '../model/gained';
import { rank, type Row } from '../model/rank';
import { nearest, type Missed } from '../model/reach';
import { Recording } from '../model/recording';
import { has, wanted, type Stretch } from '../model/window';
import { TOGETHER, World } from '../model/world';
import { history } from '../live/history';
import type { Hello } from '../proto/picture_pb';
import type { Places } from '../words/places';
import { API, Feed } from './feed';
import { desk } from './warnings.svelte';

/** The words of the screen change at most so often; the globe may be faster. */
const WORDS_EVERY_MS = 250;
const REPLAY_EVERY_MS = 100;
/** The globe does not wait longer than this for the first words. */
const WORDS_FIRST_MS = 1500;

const frame = () => new Promise((done) => setTimeout(done, 16));

/** So many seconds of the replay in one of the wall. */
export const RATES: readonly number[] = [1, 2, 5, 10, 30, 60];

/** One state of the world, as the components see it. */
export interface Shown {
  now_s: number;
  world: World;
  view: string;
  rows: Row[];
}

class App {
  link = $state<'new' | 'up' | 'down'>('new');
  hello = $state.raw<Hello | undefined>();
  shown = $state.raw<Shown>({ now_s: 0, world: new World(), view: TOGETHER, rows: [] });
  places = $state.raw<Places | undefined>();
  /** Counts changes of the world: what draws, looks at it. */
  pulse = $state(0);

  view = $state(TOGETHER);
  chosen = $state<string | undefined>();
  compare = $state<string | undefined>();
  plots = $state(false);
  coverage = $state(true);
  kiosk = $state(false);
  /** What happens is told in sentences. */
  story = $state(false);
  /** Without it the table has the room: for machines that draw slowly, and for who reads rather than looks. */
  globe = $state(true);
  /** Why there is none: this machine cannot draw one, or something of it did not load. */
  globeless = $state<'failed' | 'unloaded' | undefined>();
  help = $state(false);
  /** What each owner knew at this moment. */
  known = $state(false);
  /** Counts requests to look at everything that there is. */
  fits = $state(0);

  replay = $state.raw<Recording | undefined>();
  /** A time that was asked for, where what is shown is of another. */
  missed = $state.raw<Missed | undefined>();
  private loading: Promise<'there' | Missed['why']> | undefined;
  at_s = $state(0);
  playing = $state(false);
  rate = $state(1);

  readonly feed = new Feed({
    hello: (hello) => (this.hello = hello),
    changed: () => this.changed(),
    link: (up) => (this.link = up ? 'up' : 'down'),
    warnings: (sequence) => desk.hear(sequence),
  });

  /** The time of the picture: of the node, or of the replay. */
  get now_s(): number {
    return this.replay ? this.at_s : this.feed.clock.at(performance.now() / 1000);
  }

  /** The newest time there is, whatever is shown. */
  get newest_s(): number {
    return this.feed.clock.at(performance.now() / 1000);
  }

  /** When the node was heard last. */
  get heard_s(): number {
    return this.feed.clock.heard_s;
  }

  world(): World {
    return this.replay ? this.replay.worldAt(this.at_s) : this.feed.world;
  }

  /** Done when there is something to read, or nothing came for a while: what is large is loaded then. */
  async firstWords(): Promise<void> {
    const asked_ms = performance.now();
    while (!this.hello && performance.now() - asked_ms < WORDS_FIRST_MS) await frame();
    // Once more, so that the words are on the screen.
    await frame();
    await frame();
  }

  start(): () => void {
    const stop = this.feed.start();
    let last_ms = performance.now();
    const words = setInterval(() => this.look(), WORDS_EVERY_MS);
    const replay = setInterval(() => {
      const now_ms = performance.now();
      this.advance((now_ms - last_ms) / 1000);
      last_ms = now_ms;
    }, REPLAY_EVERY_MS);
    return () => {
      clearInterval(words);
      clearInterval(replay);
      stop();
    };
  }

  /** The first picture of a node is said at once; what follows, with the next words. */
  private changed(): void {
    this.pulse++;
    if (this.shown.now_s === 0 && this.feed.clock.known) this.look();
  }

  /** Takes a new state for the words. */
  look(): void {
    const world = this.world();
    const now_s = this.now_s;
    const view = world.views.has(this.view) ? this.view : TOGETHER;
    this.shown = { now_s, world, view, rows: rank(world.view(view).tracks.values(), now_s) };
  }

  choose(name: string | undefined): void {
    this.chosen = name;
  }

  /** The object so many rows further down the table. */
  chooseBy(rows: number): void {
    const at = this.shown.rows.findIndex(({ track }) => track.name === this.chosen);
    const n = this.shown.rows.length;
    if (n === 0) return;
    const next = at < 0 ? (rows > 0 ? 0 : n - 1) : Math.min(n - 1, Math.max(0, at + rows));
    this.choose(this.shown.rows[next]?.track.name);
  }

  /** An owner's picture beside the one together: on the globe, which comes where it was left out. */
  compareWith(owner: string | undefined): void {
    this.compare = owner;
    if (owner !== undefined) this.globe = true;
    this.view = TOGETHER;
  }

  /** The next of: no comparison, each owner in turn. */
  compareNext(): void {
    const owners = alone(this.shown.world);
    const at = this.compare === undefined ? -1 : owners.indexOf(this.compare);
    this.compareWith(owners[at + 1]);
  }

  /** Without the globe nothing is compared. */
  showGlobe(shown: boolean): void {
    this.globe = shown;
    if (!shown) this.compare = undefined;
  }

  /** Another picture in the place of the whole one. */
  showView(view: string): void {
    this.compare = undefined;
    this.view = view;
    this.look();
    this.pulse++;
  }

  /** Goes to a time of the past, or to the nearest that there is: which that is, is said. */
  async goTo(asked_s: number, play = false): Promise<void> {
    // Before the node said a word there is no time to go from.
    if (!this.hello) return;
    this.missed = undefined;
    const kept = this.replay;
    const isKept = kept !== undefined && has(kept.stretch, asked_s, this.newest_s, kept.apart_s);
    const found = isKept ? 'there' : await (this.loading ??= this.load(asked_s));
    const why = found === 'there' ? 'none' : found;
    if (!this.replay) {
      this.missed = { asked_s, shown_s: undefined, why };
      return;
    }
    const { at_s, missed } = nearest(asked_s, this.replay);
    this.at_s = at_s;
    if (missed) this.missed = { asked_s, shown_s: at_s, why };
    this.playing = play;
    this.pulse++;
    this.look();
  }

  /** So many seconds further on; from now, only back. */
  step(s: number): void {
    void this.goTo(this.now_s + s);
  }

  /** The next event after this time, or before it. */
  toEvent(direction: 1 | -1): void {
    const times = (this.replay ? this.replay.events : this.shown.world.events).map((event) => event.timeUnixS);
    const beyond = times.filter((time) => (time - this.now_s) * direction > 0.5);
    if (beyond.length > 0) void this.goTo(direction > 0 ? Math.min(...beyond) : Math.max(...beyond));
  }

  /** Plays, or stands still; from live it stands still where it is. */
  toggle(): void {
    if (!this.replay) void this.goTo(this.now_s);
    else if (!this.playing && this.at_s >= this.replay.to_s) this.goOn(this.replay);
    else this.playing = !this.playing;
  }

  /** After the end of a recording: what came then, or live. */
  private goOn({ stretch }: Recording): void {
    if (stretch.to_s < (this.hello?.historyFromUnixS ?? 0)) void this.goTo(stretch.to_s + 1, true);
    else this.live();
  }

  /** Faster or slower by steps of the known rates. */
  rateBy(steps: number): void {
    const at = RATES.indexOf(this.rate);
    this.rate = RATES[Math.min(RATES.length - 1, Math.max(0, at + steps))] ?? 1;
  }

  live(): void {
    this.replay = undefined;
    this.missed = undefined;
    this.playing = false;
    this.pulse++;
    this.look();
  }

  /** Moves the replay on by a time of the wall. */
  advance(wall_s: number): void {
    if (!this.replay || !this.playing) return;
    this.at_s += wall_s * this.rate;
    if (this.at_s >= this.replay.to_s) {
      this.at_s = this.replay.to_s;
      this.playing = false;
    }
    this.pulse++;
  }

  /** Takes what the node knows of a time, or has in memory, into a recording, or says why there is none. */
  private async load(asked_s: number): Promise<'there' | Missed['why']> {
    try {
      const memory_s = this.hello?.historyFromUnixS ?? 0;
      if (!(memory_s > 0)) return 'none';
      const older = await this.recorded(wanted(asked_s, memory_s, this.newest_s));
      if (older.length > 0) this.replay = older;
      if (older.length > 0) return 'there';
      // What is shown stays; where that is now, the nearest that there is.
      const recording = this.replay ?? (await this.recorded(wanted(memory_s, memory_s, this.newest_s)));
      if (recording.length > 0) this.replay = recording;
      return 'none';
    } catch {
      return 'unasked';
    } finally {
      this.loading = undefined;
    }
  }

  private async recorded(stretch: Stretch): Promise<Recording> {
    return new Recording(this.feed.greeting, await history(API, stretch.from_s, stretch.to_s), stretch);
  }
}
export const app = new App();
