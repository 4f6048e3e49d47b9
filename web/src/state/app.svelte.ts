// What is shown and what is chosen. Components read it; only its methods change it.

import { anyArea } from '../model/arrival';
import { rank, type Row } from '../model/rank';
import { Recording } from '../model/recording';
import { TOGETHER, World } from '../model/world';
import { history } from '../live/history';
import type { Hello } from '../proto/picture_pb';
import type { Places } from '../words/places';
import { API, Feed } from './feed';

/** The words of the screen change at most so often; the globe may be faster. */
const WORDS_EVERY_MS = 250;

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
  help = $state(false);

  replay = $state.raw<Recording | undefined>();
  at_s = $state(0);
  playing = $state(false);
  rate = $state(1);

  readonly feed = new Feed({
    hello: (hello) => (this.hello = hello),
    changed: () => this.pulse++,
    link: (up) => (this.link = up ? 'up' : 'down'),
  });

  /** The time of the picture: of the node, or of the replay. */
  get now_s(): number {
    return this.replay ? this.at_s : this.feed.clock.at(performance.now() / 1000);
  }

  /** The newest time there is, whatever is shown. */
  get newest_s(): number {
    return this.feed.clock.at(performance.now() / 1000);
  }

  world(): World {
    return this.replay ? this.replay.worldAt(this.at_s) : this.feed.world;
  }

  start(): () => void {
    const stop = this.feed.start();
    const words = setInterval(() => this.look(), WORDS_EVERY_MS);
    return () => {
      clearInterval(words);
      stop();
    };
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

  /** Goes to a time of the past; a time that has not been yet is now. */
  async goTo(at_s: number, play = false): Promise<void> {
    if (!this.replay && !(await this.load())) return;
    const recording = this.replay;
    if (!recording) return;
    this.at_s = Math.min(Math.max(at_s, recording.from_s), recording.to_s);
    this.playing = play;
    this.pulse++;
    this.look();
  }

  live(): void {
    this.replay = undefined;
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

  private async load(): Promise<boolean> {
    const from_s = this.hello?.historyFromUnixS ?? 0;
    if (!(from_s > 0)) return false;
    const past = await history(API, from_s, this.newest_s).catch(() => []);
    const recording = new Recording(this.feed.greeting, past);
    if (recording.length === 0) return false;
    this.replay = recording;
    return true;
  }
}
export const app = new App();

/** The area of 95 % of the chosen object, if there is one. */
export function chosenArea(shown: Shown, name: string | undefined) {
  const track = name === undefined ? undefined : shown.world.view(shown.view).tracks.get(name);
  return track && anyArea(track.arrival, 0.95);
}
