// From the world to a scene: which objects get which lines, when there are many.

import type { Hello, Track } from '../proto/picture_pb';
import { anyArea, arrivalAt } from '../model/arrival';
import { beside } from '../model/course';
import { rank } from '../model/rank';
import type { World } from '../model/world';
import { pairs } from '../geo/place';
import { shown as short } from '../words/name';
import { hue } from '../words/owner';
import { arrivalShort } from '../words/time';
import { share } from '../words/figures';
import { cover } from './cover';
import { ellipses } from './ellipsoid';
import type { Cover, Dot, Line, Note, Point, Scene, Zone } from './scene';
import type { Trails } from './trails';

/** So many objects have their foretold path and areas drawn; the chosen one always. */
const FORETOLD_MAX = 40;
const LABELS_MAX = 24;
/** Raw plots are shown for so long, s. */
export const PLOTS_S = 60;

export interface Wish {
  view: string;
  chosen: string | undefined;
  plots: boolean;
  coverage: boolean;
  now_s: number;
}

export function compose(world: World, wish: Wish, trails: Trails): Scene {
  const view = world.view(wish.view);
  const rows = rank(view.tracks.values(), wish.now_s);
  const first = rows.filter(({ track }, i) => i < FORETOLD_MAX || track.name === wish.chosen);
  const zones = first.flatMap(({ track }) => zonesOf(track, track.name === wish.chosen));
  return {
    marks: rows.map(({ track }, i) => ({
      name: track.name,
      label: i < LABELS_MAX || track.name === wish.chosen ? short(track.name, 16) : '',
      at: place(track),
      symbol: track.phase,
      chosen: track.name === wish.chosen,
      lost: track.lost,
    })),
    trails: trails.update(view.courses, view.tracks.keys()),
    foretold: first.flatMap(({ track }) => foretold(track, wish.chosen)),
    drops: first.map(({ track }) => drop(track, wish.chosen)),
    errors: first.flatMap(({ track }) => errors(track, wish.chosen)),
    zones,
    zones_version: first.map(({ track }) => saidOf(track)).join() + String(wish.chosen),
    notes: first.flatMap(({ track }) => notes(track, wish)),
    covers: wish.coverage ? covers(world.hello) : [],
    covers_version: wish.coverage ? `${String(world.hello?.sensors.length)} ${String(world.hello?.instance)}` : '',
    dots: wish.plots ? dots(world, wish) : [],
  };
}

function place(track: Track): Point {
  return [track.lonDeg, track.latDeg, track.heightM];
}

function saidOf(track: Track): string {
  const launch = track.launch[0];
  return `${track.name}${String(track.arrival[0]?.saidUnixS)} ${String(launch?.saidUnixS)}`;
}

function foretold(track: Track, chosen: string | undefined): Line[] {
  if (track.path.length === 0) return [];
  const path: Point[] = [place(track)];
  for (const point of track.path) {
    // The path begins at the last forecast, which may be a little before the last plot.
    if (point.timeUnixS <= track.timeUnixS) continue;
    path.push([beside(point.lonDeg, path.at(-1)?.[0] ?? 0), point.latDeg, Math.max(0, point.heightM)]);
  }
  return [{ name: track.name, path, chosen: track.name === chosen }];
}

function drop(track: Track, chosen: string | undefined): Line {
  const [lon, lat, height] = place(track);
  const path: Point[] = [
    [lon, lat, 0],
    [lon, lat, height],
  ];
  return { name: track.name, path, chosen: track.name === chosen };
}

function errors(track: Track, chosen: string | undefined): Line[] {
  if (track.covariance.length < 6) return [];
  return ellipses(place(track), track.covariance).map((path) => ({
    name: track.name,
    path,
    chosen: track.name === chosen,
  }));
}

function zonesOf(track: Track, chosen: boolean): Zone[] {
  const zones: Zone[] = [];
  const add = (kind: Zone['kind'], outline: readonly number[]) => {
    if (outline.length >= 6) zones.push({ kind, ring: pairs(outline), chosen });
  };
  if (chosen) for (const area of track.arrival) if (area.way !== 'any') add('way', area.outlineDeg);
  add('area95', anyArea(track.arrival, 0.95)?.outlineDeg ?? []);
  add('area50', anyArea(track.arrival, 0.5)?.outlineDeg ?? []);
  const launch = anyArea(track.launch, 0.95) ?? track.launch[0];
  if (chosen && launch) add('launch', launch.outlineDeg);
  return zones;
}

/** The countdown at the area: its interval is its own uncertainty. */
function notes(track: Track, wish: Wish): Note[] {
  const area = anyArea(track.arrival, 0.95);
  if (!area) return [];
  const text = `${share(area.probability)} · ${arrivalShort(arrivalAt(area, wish.now_s))}`;
  return [{ text, at: [area.lonDeg, area.latDeg], chosen: track.name === wish.chosen }];
}

function dots(world: World, wish: Wish): Dot[] {
  return world.plots
    .filter((plot) => plot.placed && wish.now_s - plot.timeUnixS < PLOTS_S && plot.timeUnixS <= wish.now_s + 1)
    .map((plot) => ({ at: [plot.lonDeg, plot.latDeg, plot.heightM], hue: hue(world.hello, plot.owner) }));
}

const drawn = new WeakMap<Hello, Cover[]>();

/** What each sensor sees, as far as its range goes over the ground. */
function covers(hello: Hello | undefined): Cover[] {
  if (!hello) return [];
  let all = drawn.get(hello);
  if (all) return all;
  all = hello.sensors.map((sensor) => ({
    owner: sensor.owner,
    hue: hue(hello, sensor.owner),
    ring: cover(sensor),
    sensor: [sensor.lonDeg, sensor.latDeg],
    name: sensor.name,
  }));
  drawn.set(hello, all);
  return all;
}
