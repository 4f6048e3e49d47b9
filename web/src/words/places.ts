// Which places lie under an area: the same places, with the same names, as in warnings.

import type { Feature, MultiPolygon, Polygon } from 'geojson';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { feature } from 'topojson-client';
import type { Code } from '../i18n/language.svelte';
import { beside } from '../model/course';
import { between, inside } from '../geo/place';

type Names = Record<Code, string>;
interface Properties {
  code: string;
  group: string;
  name_en: string;
  name_ja: string;
  name_ko: string;
}
interface Drawn {
  code: string;
  group: string;
  names: Names;
  rings: number[][][];
  box: [number, number, number, number];
}
export interface Shape {
  lat_deg: number;
  lon_deg: number;
  ring: readonly (readonly number[])[];
}
/** What lies under an area: places by their share of it, and for the sea the nearest place. */
export interface Ground {
  places: { names: Names; share: number }[];
  sea: number;
  near: { names: Names; m: number; azimuth_deg: number } | undefined;
}

/** Rings of samples, as shares of the way from the centre to the outline. */
const RINGS = [0, 0.2, 0.4, 0.6, 0.8, 0.98];

export class Places {
  private readonly drawn: Drawn[];
  private readonly groups: Record<string, Names>;
  private readonly limits: [number, number, number, number];

  constructor(map: Topology & { groups: Record<string, Names>; covers_deg: [number, number, number, number] }) {
    this.groups = map.groups;
    this.limits = map.covers_deg;
    const places = map.objects['places'] as GeometryCollection<Properties>;
    this.drawn = feature(map, places).features.map(draw);
  }

  /** Where names are known: elsewhere a position is said. */
  covers(lat: number, lon: number): boolean {
    const [south, west, north, east] = this.limits;
    return lat >= south && lat <= north && lon >= west && lon <= east;
  }

  under(shape: Shape): Ground {
    const shares = new Map<Drawn, number>();
    let samples = 0;
    for (const [lon, lat] of sampled(shape)) {
      samples++;
      const place = this.drawn.find((one) => holds(one, lon, lat));
      if (place) shares.set(place, (shares.get(place) ?? 0) + 1);
    }
    const all = [...shares].map(([place, n]) => ({ place, share: n / samples }));
    const land = all.reduce((sum, { share }) => sum + share, 0);
    return {
      places: this.grouped(all).sort((a, b) => b.share - a.share),
      sea: 1 - land,
      near: all.length === 0 ? this.nearest(shape.lat_deg, shape.lon_deg) : undefined,
    };
  }

  /** Many places of one group become the group. */
  private grouped(all: { place: Drawn; share: number }[]): { names: Names; share: number }[] {
    const of = new Map<string, typeof all>();
    for (const one of all) of.set(one.place.group, [...(of.get(one.place.group) ?? []), one]);
    return [...of].flatMap(([group, members]) => {
      const names = this.groups[group];
      if (members.length < 3 || !names) return members.map(({ place, share }) => ({ names: place.names, share }));
      return [{ names, share: members.reduce((sum, { share }) => sum + share, 0) }];
    });
  }

  private nearest(lat: number, lon: number): Ground['near'] {
    let best: Ground['near'];
    for (const place of this.drawn) {
      for (const ring of place.rings) {
        for (const [x = 0, y = 0] of ring) {
          const { m, azimuth_deg } = between(y, x, lat, lon);
          if (!best || m < best.m) best = { names: place.names, m, azimuth_deg };
        }
      }
    }
    return best;
  }
}

function* sampled({ lat_deg, lon_deg, ring }: Shape): Generator<[number, number]> {
  for (const part of RINGS) {
    const step = part === 0 ? ring.length : part < 0.5 ? 4 : 2;
    for (let i = 0; i < ring.length; i += step) {
      const [x = lon_deg, y = lat_deg] = ring[i] ?? [];
      yield [lon_deg + (x - lon_deg) * part, lat_deg + (y - lat_deg) * part];
    }
  }
}

function holds(place: Drawn, lon: number, lat: number): boolean {
  const [west, south, east, north] = place.box;
  const x = beside(lon, (west + east) / 2);
  if (x < west || x > east || lat < south || lat > north) return false;
  return place.rings.some((ring) => inside(x, lat, ring));
}

function draw({ geometry, properties }: Feature<GeoJSON.Geometry | null, Properties>): Drawn {
  const shape = geometry as Polygon | MultiPolygon | null;
  const parts = shape?.type === 'Polygon' ? [shape.coordinates] : (shape?.coordinates ?? []);
  const rings = parts.map((part) => part[0] ?? []);
  const box: Drawn['box'] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x = 0, y = 0] of rings.flat()) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  const { name_en: en, name_ja: ja, name_ko: ko, code, group } = properties;
  return { code, group, names: { en, ja, ko }, rings, box };
}
