// The ground: sea, land, grid, coverage, areas. No text, no tiles, no sky: nothing is asked of anybody.

import type { StyleSpecification } from 'maplibre-gl';
import type { Palette } from './palette';

/** Of the lines of a hatch: of one radar they are seen, and of ten over each other what lies below is. */
const HATCH_OPACITY = 0.17;
const EMPTY = { type: 'FeatureCollection', features: [] } as const;

export function style(colours: Palette): StyleSpecification {
  const source = () => ({ type: 'geojson' as const, data: { ...EMPTY, features: [] }, tolerance: 0.3 });
  return {
    version: 8,
    projection: { type: 'globe' },
    sources: { land: source(), coasts: source(), borders: source(), grid: source(), covers: source(), zones: source() },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': colours.sea } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': colours.land } },
      { id: 'coast', type: 'line', source: 'coasts', paint: { 'line-color': colours.border, 'line-width': 0.7 } },
      {
        id: 'borders',
        type: 'line',
        source: 'borders',
        paint: { 'line-color': colours.border, 'line-width': 0.7, 'line-dasharray': [3, 2] },
      },
      { id: 'grid', type: 'line', source: 'grid', paint: { 'line-color': colours.grid, 'line-width': 0.6 } },
      ...coverLayers(colours),
      ...zoneLayers(colours),
    ],
  };
}

/** Of a ring there is what it holds, and what is round it. */
const HELD = ['==', ['geometry-type'], 'Polygon'] as never;
const ROUND = ['==', ['geometry-type'], 'LineString'] as never;

function coverLayers(colours: Palette): StyleSpecification['layers'] {
  return [
    {
      id: 'covers',
      type: 'fill',
      source: 'covers',
      filter: HELD,
      paint: { 'fill-pattern': ['concat', 'hatch-', ['get', 'hue']], 'fill-opacity': HATCH_OPACITY },
    },
    {
      id: 'covers-edge',
      type: 'line',
      source: 'covers',
      filter: ROUND,
      paint: { 'line-color': hueOf(colours), 'line-width': 1.1, 'line-opacity': 0.7 },
    },
  ];
}

function hueOf(colours: Palette): never {
  const cases = colours.owners.flatMap((colour, i) => [i, colour]);
  return ['match', ['get', 'hue'], ...cases, colours.text] as never;
}

function zoneLayers(colours: Palette): StyleSpecification['layers'] {
  const of = (part: never, ...kinds: string[]) => ['all', part, ['in', ['get', 'kind'], ['literal', kinds]]] as never;
  const chosen = (yes: number, no: number) => ['case', ['get', 'chosen'], yes, no] as never;
  return [
    {
      id: 'area-fill',
      type: 'fill',
      source: 'zones',
      filter: of(HELD, 'area95', 'area50'),
      paint: { 'fill-color': colours.area, 'fill-opacity': chosen(0.2, 0.12), 'fill-antialias': false },
    },
    {
      id: 'area-edge',
      type: 'line',
      source: 'zones',
      filter: of(ROUND, 'area95', 'area50'),
      paint: { 'line-color': colours.area, 'line-width': chosen(2.2, 1.3) },
    },
    {
      id: 'ways',
      type: 'line',
      source: 'zones',
      filter: of(ROUND, 'way'),
      paint: { 'line-color': colours.area, 'line-width': 1, 'line-dasharray': [2, 3], 'line-opacity': 0.8 },
    },
    {
      id: 'launch',
      type: 'line',
      source: 'zones',
      filter: of(ROUND, 'launch'),
      paint: { 'line-color': colours.launch, 'line-width': 1.6, 'line-dasharray': [4, 2] },
    },
  ];
}
