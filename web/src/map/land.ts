// Land and borders of Natural Earth, and a grid; served by the node like everything else.

import type { FeatureCollection, MultiLineString, MultiPolygon, Polygon, Position } from 'geojson';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { feature, merge, mesh } from 'topojson-client';
import { edges, unrolled, type Corner } from '../geo/ring';
import url from 'world-atlas/countries-50m.json?url';

export interface Land {
  land: MultiPolygon;
  coasts: MultiLineString;
  borders: MultiLineString;
  grid: MultiLineString;
  names: { code: string; at: [number, number]; size: number }[];
}

export async function land(): Promise<Land> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`land: ${String(answer.status)}`);
  return landOf((await answer.json()) as Topology);
}

/** The ground of a map whose rings run on the sphere: on one of longitudes they must not jump at the date line. */
export function landOf(map: Topology): Land {
  const countries = map.objects['countries'] as GeometryCollection;
  const shapes = feature(map, countries) as FeatureCollection<Polygon | MultiPolygon>;
  const merged = merge(map, countries.geometries as Parameters<typeof merge>[1]);
  const coordinates = merged.coordinates.map((polygon) => polygon.map((ring) => unrolled(ring as Corner[])));
  return {
    land: { type: 'MultiPolygon', coordinates },
    coasts: { type: 'MultiLineString', coordinates: coordinates.flat().flatMap(edges).flatMap(pieces) },
    borders: mesh(map, countries, (a, b) => a !== b),
    grid: grid(),
    names: shapes.features.map((country) => ({ code: String(country.id), ...middle(country.geometry) })),
  };
}

/** Of a line that is drawn in one run. The map warns from 6,553 on: it counts on ten vertices for each. */
const POINTS = 2000;

/** A coast in pieces of which none is too long for one run of the map's lines: Eurasia's is. */
export function pieces(line: Position[]): Position[][] {
  const from = Array.from({ length: Math.ceil((line.length - 1) / POINTS) }, (_, i) => i * POINTS);
  return from.map((first) => line.slice(first, first + POINTS + 1));
}

function grid(): MultiLineString {
  const lines: [number, number][][] = [];
  const range = (from: number, to: number, step: number) =>
    Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
  for (const lon of range(-180, 170, 10)) lines.push(range(-80, 80, 4).map((lat) => [lon, lat]));
  for (const lat of range(-80, 80, 10)) lines.push(range(-180, 180, 4).map((lon) => [lon, lat]));
  return { type: 'MultiLineString', coordinates: lines };
}

/** The middle of the largest part of a country, and how large it is, square degrees. */
function middle(shape: Polygon | MultiPolygon): { at: [number, number]; size: number } {
  const parts = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
  let best: { at: [number, number]; size: number } = { at: [0, 0], size: 0 };
  for (const [outline = []] of parts) {
    const ring = unrolled(outline as Corner[]);
    let [area, x, y] = [0, 0, 0];
    for (let i = 0; i + 1 < ring.length; i++) {
      const [x1 = 0, y1 = 0] = ring[i] ?? [];
      const [x2 = 0, y2 = 0] = ring[i + 1] ?? [];
      const cross = x1 * y2 - x2 * y1;
      area += cross;
      x += (x1 + x2) * cross;
      y += (y1 + y2) * cross;
    }
    const lat = area === 0 ? 0 : y / (3 * area);
    const size = Math.abs(area / 2) * Math.cos((lat * Math.PI) / 180);
    if (size > best.size) best = { at: [x / (3 * area), lat], size };
  }
  return best;
}

/** Names of countries in a language, from their numbers (ISO 3166-1), as the browser knows them. */
export function countryName(code: string, language: string): string {
  try {
    const region = new Intl.Locale(`und-${code.padStart(3, '0')}`).region;
    if (!region || /^\d/.test(region)) return '';
    return new Intl.DisplayNames(language, { type: 'region' }).of(region) ?? '';
  } catch {
    return '';
  }
}
