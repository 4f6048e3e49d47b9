// Land and borders of Natural Earth, and a grid; served by the node like everything else.

import type { FeatureCollection, MultiLineString, MultiPolygon, Polygon } from 'geojson';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { feature, merge, mesh } from 'topojson-client';
import url from 'world-atlas/countries-50m.json?url';

export interface Land {
  land: MultiPolygon;
  borders: MultiLineString;
  grid: MultiLineString;
  names: { code: string; at: [number, number]; size: number }[];
}

export async function land(): Promise<Land> {
  const map = (await (await fetch(url)).json()) as Topology;
  const countries = map.objects['countries'] as GeometryCollection;
  const shapes = feature(map, countries) as FeatureCollection<Polygon | MultiPolygon>;
  return {
    land: merge(map, countries.geometries as Parameters<typeof merge>[1]),
    borders: mesh(map, countries, (a, b) => a !== b),
    grid: grid(),
    names: shapes.features.map((country) => ({ code: String(country.id), ...middle(country.geometry) })),
  };
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
  for (const [ring = []] of parts) {
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
