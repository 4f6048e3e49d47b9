// What the node has told, put together: a fold over its messages. Live and replay use the same.

import type { Agreement, Event, Hello, Live, Moment, Partner, Picture, Plot, Track } from '../proto/picture_pb';
import { Course } from './course';
import { firstOf } from './first';
import { Lanes } from './lanes';

export const TOGETHER = 'together';
const PLOTS_MAX = 4000;
const EVENTS_MAX = 2000;
/** Courses of objects that are gone are kept for the last so many. */
const GONE_MAX = 50;

/** One picture of those that the node can show. */
export class View {
  readonly tracks = new Map<string, Track>();
  readonly courses = new Map<string, Course>();
  firstTrackS = 0;
  firstWarningS = 0;
  firstKnownS = 0;
  private readonly gone: string[] = [];

  apply(picture: Picture): void {
    this.firstTrackS = picture.firstTrackUnixS || this.firstTrackS;
    this.firstWarningS = picture.firstWarningUnixS || this.firstWarningS;
    this.firstKnownS = picture.firstKnownUnixS || this.firstKnownS;
    if (picture.whole) {
      const names = new Set(picture.tracks.map((track) => track.name));
      for (const name of this.tracks.keys()) if (!names.has(name)) this.leave(name);
    }
    for (const track of picture.tracks) {
      this.tracks.set(track.name, track);
      let course = this.courses.get(track.name);
      if (!course) this.courses.set(track.name, (course = new Course()));
      course.add(track);
    }
    for (const name of picture.gone) this.leave(name);
  }

  private leave(name: string): void {
    if (!this.tracks.delete(name)) return;
    this.gone.push(name);
    if (this.gone.length <= GONE_MAX) return;
    const oldest = this.gone.shift();
    if (oldest !== undefined && !this.tracks.has(oldest)) this.courses.delete(oldest);
  }
}

export class World {
  hello: Hello | undefined;
  now_s = 0;
  readonly views = new Map<string, View>();
  partners: Partner[] = [];
  agreement: Agreement | undefined;
  plots: Plot[] = [];
  /** The plot that the first object together began with. */
  firstPlot: Plot | undefined;
  events: Event[] = [];
  readonly lanes = new Lanes();
  private begun = false;
  /** Counts messages; changes whenever anything does. */
  version = 0;

  view(name: string): View {
    let view = this.views.get(name);
    if (!view) this.views.set(name, (view = new View()));
    return view;
  }

  apply(live: Live): void {
    if (live.what.case === 'hello') this.greet(live.what.value);
    if (live.what.case === 'moment') this.move(live.what.value);
    this.version++;
  }

  private greet(hello: Hello): void {
    this.hello = hello;
    this.lanes.speed = hello.speed || 1;
    for (const sensor of hello.sensors) this.lanes.lane(sensor.owner, sensor.name);
  }

  private move(moment: Moment): void {
    this.now_s = moment.nowUnixS;
    for (const picture of moment.pictures) this.view(picture.view).apply(picture);
    for (const plot of moment.plots) this.lanes.add(plot);
    if (moment.plots.length > 0) this.plots = keep(this.plots, moment.plots, PLOTS_MAX);
    if (!this.begun) this.begin();
    if (moment.events.length > 0) this.events = keep(this.events, moment.events, EVENTS_MAX);
    if (moment.partners.length > 0) this.partners = moment.partners;
    if (moment.agreement) this.agreement = moment.agreement;
  }

  /** With the first object, and never again. */
  private begin(): void {
    const [track] = this.view(TOGETHER).tracks.values();
    if (!track) return;
    this.begun = true;
    this.firstPlot = firstOf(this.plots, track);
  }
}

function keep<T>(old: T[], more: T[], max: number): T[] {
  const all = old.concat(more);
  return all.length > max ? all.slice(all.length - max) : all;
}
