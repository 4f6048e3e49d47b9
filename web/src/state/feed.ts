// From the link to a world: the past is asked for once, then every message is taken in.

import { connect } from '../live/socket';
import { NodeClock } from '../live/clock';
import { history } from '../live/history';
import { World } from '../model/world';
import type { Hello, Live } from '../proto/picture_pb';

/** Where the node's API is, seen from this page. */
export const API = new URL('api/v1/', document.baseURI).href;

/** Messages that come while the past is on its way are held, at most so many. */
const HELD_MAX = 600;

export interface Heard {
  hello(hello: Hello): void;
  /** Something in the world changed. */
  changed(): void;
  link(up: boolean): void;
  /** How many entries the journal of warnings has: another number is news. */
  warnings(sequence: bigint): void;
}

/** Whoever has no session, or has it no more, is sent to where one is begun. */
async function enter(): Promise<void> {
  const answer = await fetch(`${API}session`).catch(() => undefined);
  if (answer?.status === 401) location.assign(new URL('login', document.baseURI));
}

export class Feed {
  world = new World();
  readonly clock = new NodeClock();
  private instance: string | undefined;
  private held: Live[] | undefined;
  /** A node whose past was not asked for yet: its clock is known with its first moment. */
  private unasked: Hello | undefined;
  private head: Live[] = [];

  constructor(private readonly heard: Heard) {}

  start(): () => void {
    const url = API.replace(/^http/, 'ws') + 'live';
    const link = (up: boolean) => {
      this.heard.link(up);
      if (!up) void enter();
    };
    return connect(url, { said: (live) => this.said(live), link });
  }

  /** What every recording begins with. */
  get greeting(): Live[] {
    return this.head;
  }

  private said(live: Live): void {
    if (live.what.case === 'hello') this.greeted(live, live.what.value);
    if (live.what.case === 'moment') {
      this.clock.hear(live.what.value.nowUnixS, performance.now() / 1000);
      this.heard.warnings(live.what.value.warnings);
    }
    if (this.held && this.held.length < HELD_MAX) this.held.push(live);
    this.world.apply(live);
    if (live.what.case === 'moment' && this.unasked) void this.catchUp(this.unasked);
    this.heard.changed();
  }

  private greeted(live: Live, hello: Hello): void {
    const again = this.instance === hello.instance;
    this.instance = hello.instance;
    this.head = [live];
    this.clock.speed = hello.speed || 1;
    if (!again) {
      this.clock.forget();
      this.world = new World();
      this.unasked = hello;
    }
    this.heard.hello(hello);
  }

  /** Puts the past before what has come meanwhile. */
  private async catchUp(hello: Hello): Promise<void> {
    this.unasked = undefined;
    if (!(hello.historyFromUnixS > 0)) return;
    const held: Live[] = [];
    this.held = held;
    const past = await history(API, hello.historyFromUnixS, this.world.now_s).catch(() => []);
    // A node that began anew meanwhile is caught up with by itself.
    if (this.held !== held) return;
    this.held = undefined;
    if (past.length === 0 || this.instance !== hello.instance) return;
    const world = new World();
    for (const live of [...this.head, ...past, ...held]) world.apply(live);
    this.world = world;
    this.heard.changed();
  }
}
