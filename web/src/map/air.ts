// What is above the ground, as layers of deck.gl.

import type { Layer } from '@deck.gl/core';
import { IconLayer, PathLayer, ScatterplotLayer, SolidPolygonLayer, TextLayer } from '@deck.gl/layers';
import { rgba, type Palette } from './palette';
import type { Dot, Line, Mark, Note, Scene } from './scene';
import type { Shapes } from './shapes';
import { kindOf, type Atlas } from './symbols';

const FONT = "'Noto Sans CJK JP', 'Noto Sans CJK KR', 'Hiragino Sans', 'Apple SD Gothic Neo', system-ui, sans-serif";

export interface Name {
  text: string;
  at: [number, number];
}

export function air(scene: Scene, colours: Palette, symbols: Atlas, plots: Shapes, names: Name[]): Layer[] {
  return [
    earth(),
    ...text('names', names, (one: Name) => one.text, (one) => [...one.at, 0], {
      getColor: rgba(colours.text, 0.42),
      getSize: 12,
      parameters: ON_TOP,
      updateTriggers: { getColor: colours.text },
    }),
    lines('drops', scene.drops, colours.trail, 0.35, 1),
    ...scene.trails.blocks.map((block, i) => lines(`trail-${i}`, block, colours.trail, 0.95, 2.4)),
    lines('tail', scene.trails.tail, colours.trail, 0.95, 2.4),
    lines('foretold', scene.foretold, colours.area, 0.5, 1.6),
    lines('errors', scene.errors, colours.focus, 0.75, 1.1),
    spots(scene, colours),
    dots(scene, colours, plots),
    marks(scene.marks, colours, symbols),
    ...text('labels', scene.marks.filter((mark) => mark.label !== ''), (mark: Mark) => mark.label, (mark) => mark.at, {
      getColor: rgba(colours.text),
      getSize: 13,
      getPixelOffset: [18, -12],
      getTextAnchor: 'start',
      background: true,
      getBackgroundColor: rgba(colours.ground, 0.72),
      backgroundPadding: [4, 1],
      updateTriggers: { getColor: colours.text, getBackgroundColor: colours.ground },
    }),
    ...text('notes', scene.notes, (note: Note) => note.text, (note) => [...note.at, 0], {
      getColor: rgba(colours.area),
      getSize: 14,
      getPixelOffset: [0, 22],
      parameters: ON_TOP,
      fontWeight: 600,
      background: true,
      getBackgroundColor: rgba(colours.ground, 0.78),
      backgroundPadding: [6, 2],
      updateTriggers: { getColor: colours.area, getBackgroundColor: colours.ground },
    }),
  ];
}

/** A little below the ground, so that what lies on it is not cut, m. */
const BELOW_M = -20e3;
const CORNERS: [number, number][] = [
  [-180, 90],
  [0, 90],
  [180, 90],
  [180, -90],
  [0, -90],
  [-180, -90],
];
const EARTH = [{ polygon: CORNERS.map(([lon, lat]) => [lon, lat, BELOW_M]) }];

/** Hides what is behind the Earth: without colour, it is drawn into the depth only. */
function earth(): Layer {
  return new SolidPolygonLayer({
    id: 'earth',
    data: EARTH,
    getPolygon: (one: (typeof EARTH)[number]) => one.polygon as [number, number, number][],
    getFillColor: [0, 0, 0, 0],
    filled: true,
  });
}

/** Quads that face the reader are seen from behind by a globe's rule of which side is hidden. */
const FACING = { cullMode: 'none' } as const;
/** Words on the ground: half of them would be in the ground. */
const ON_TOP = { cullMode: 'none', depthCompare: 'always' } as const;

function lines(id: string, data: Line[], colour: string, opacity: number, width: number): Layer {
  return new PathLayer<Line>({
    id,
    data,
    getPath: (line) => line.path,
    getColor: (line) => rgba(colour, line.chosen ? Math.min(1, opacity * 1.4) : opacity),
    getWidth: (line) => (line.chosen ? width * 1.25 : width),
    widthUnits: 'pixels',
    // Arcs high above the Earth vanish where lines lie flat on it.
    billboard: true,
    capRounded: true,
    jointRounded: true,
    updateTriggers: { getColor: colour },
  });
}

/** The middle of each area: one that is small is still seen. */
function spots(scene: Scene, colours: Palette): Layer {
  return new ScatterplotLayer<Note>({
    id: 'spots',
    data: scene.notes,
    getPosition: (note) => [...note.at, 0],
    getRadius: (note) => (note.chosen ? 8 : 6),
    radiusUnits: 'pixels',
    filled: false,
    stroked: true,
    getLineColor: rgba(colours.area),
    getLineWidth: 2,
    lineWidthUnits: 'pixels',
    billboard: true,
    parameters: FACING,
    updateTriggers: { getLineColor: colours.area },
  });
}

function dots(scene: Scene, colours: Palette, own: Shapes): Layer {
  return new IconLayer<Dot>({
    id: 'plots',
    data: scene.dots,
    iconAtlas: own.image as never,
    iconMapping: own.mapping,
    getIcon: (dot) => String(dot.hue),
    getPosition: (dot) => dot.at,
    getColor: (dot) => rgba(colours.owners[dot.hue] ?? colours.text, 0.9),
    getSize: 9,
    billboard: true,
    alphaCutoff: 0.05,
    parameters: FACING,
    updateTriggers: { getColor: colours.text },
  });
}

function marks(data: Mark[], colours: Palette, symbols: Atlas): Layer {
  return new IconLayer<Mark>({
    id: 'marks',
    data,
    pickable: true,
    iconAtlas: symbols.image as never,
    iconMapping: symbols.mapping,
    getIcon: (mark) => kindOf(mark.symbol),
    getPosition: (mark) => mark.at,
    getSize: (mark) => (mark.chosen ? 46 : data.length > 200 ? 22 : 34),
    getColor: (mark) => (mark.lost ? rgba(colours.lost) : [255, 255, 255, 255]),
    billboard: true,
    alphaCutoff: 0.05,
    parameters: FACING,
  });
}

function text<T>(
  id: string,
  data: T[],
  getText: (one: T) => string,
  getPosition: (one: T) => [number, number, number],
  more: Partial<ConstructorParameters<typeof TextLayer<T>>[0]>,
): Layer[] {
  // Without a letter there is no picture of letters, and a graphics card complains.
  if (data.length === 0) return [];
  const layer = new TextLayer<T>({
    id,
    data,
    getText,
    getPosition,
    characterSet: 'auto',
    fontFamily: FONT,
    billboard: true,
    parameters: FACING,
    ...more,
  });
  return [layer];
}
