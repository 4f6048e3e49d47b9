// What the globe shows at first: the objects with the ground they may reach, or the sensors where there is none.

import { ground95 } from '../model/arrival';
import { rank } from '../model/rank';
import { beside } from '../model/course';
import type { World } from '../model/world';
import type { Track } from '../proto/picture_pb';

type Box = [west: number, south: number, east: number, north: number];
const OBJECTS_MAX = 10;

export function toFit(world: World, view: string): Box | undefined {
  const points: [number, number][] = [];
  let highest_m = 0;
  for (const { track } of rank(world.view(view).tracks.values(), world.now_s).slice(0, OBJECTS_MAX)) {
    points.push(...ground(track));
    highest_m = Math.max(highest_m, height_m(track));
  }
  for (const sensor of world.hello?.sensors ?? []) points.push([sensor.lonDeg, sensor.latDeg]);
  return boxOf(points, highest_m);
}

/** One object with the ground it may reach. */
export function toFitOne(track: Track): Box | undefined {
  return boxOf(ground(track), height_m(track));
}

function ground(track: Track): [number, number][] {
  return [track, ground95(track), track.launch[0]].flatMap((at) => (at ? [[at.lonDeg, at.latDeg]] : []));
}

function height_m(track: Track): number {
  return Math.max(track.heightM, ...track.path.map((point) => point.heightM));
}

/** What is high stands out over the ground below it, seen from above: so many degrees for each metre. */
const ROOM_DEG = 0.22 / 111e3;

/** A map looks no farther north or south than this: from there a pole is in sight. */
const LAT_MAX_DEG = 80;

function boxOf(points: [number, number][], highest_m: number): Box | undefined {
  const [first] = points;
  if (!first) return undefined;
  const box: Box = [first[0], first[1], first[0], first[1]];
  for (const [lon, lat] of points) {
    const x = beside(lon, first[0]);
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], lat);
  }
  // A single point is no box: some degrees round it.
  const room = 2 + Math.min(12, highest_m * ROOM_DEG);
  const [south, north] = [Math.min(LAT_MAX_DEG - 2, box[1] - room), Math.max(2 - LAT_MAX_DEG, box[3] + room)];
  return [box[0] - room, Math.max(-LAT_MAX_DEG, south), box[2] + room, Math.min(LAT_MAX_DEG, north)];
}
