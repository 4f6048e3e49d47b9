// What the globe shows at first: the objects with the ground they may reach, or the sensors where there is none.

import { ground95 } from '../model/arrival';
import { rank } from '../model/rank';
import { beside } from '../model/course';
import type { World } from '../model/world';

type Box = [west: number, south: number, east: number, north: number];
const OBJECTS_MAX = 10;

export function toFit(world: World, view: string): Box | undefined {
  const points: [number, number][] = [];
  for (const { track } of rank(world.view(view).tracks.values(), world.now_s).slice(0, OBJECTS_MAX)) {
    points.push([track.lonDeg, track.latDeg]);
    const area = ground95(track);
    if (area) points.push([area.lonDeg, area.latDeg]);
    const launch = track.launch[0];
    if (launch) points.push([launch.lonDeg, launch.latDeg]);
  }
  for (const sensor of world.hello?.sensors ?? []) points.push([sensor.lonDeg, sensor.latDeg]);
  return boxOf(points);
}

function boxOf(points: [number, number][]): Box | undefined {
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
  return [box[0] - 2, Math.max(-80, box[1] - 2), box[2] + 2, Math.min(80, box[3] + 2)];
}
