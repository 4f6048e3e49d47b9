// Symbols of objects: those of the common standard, and always of an unknown affiliation, since whose an object is, is
// not for this picture to say.

import ms from 'milsymbol';

/** Pixels of one symbol in the atlas. */
const CELL = 64;
/** Symbol identification codes (APP-6 / MIL-STD-2525D, number form) by phase. */
const CODES: Record<string, string> = {
  // Unknown, air, missile; unknown, air; unknown, sea surface.
  missile: '10010200000000000000',
  air: '10010100000000000000',
  surface: '10013000000000000000',
};
const KIND: Record<string, keyof typeof CODES> = {
  boost: 'missile',
  coast: 'missile',
  're-entry': 'missile',
  glide: 'missile',
  'air-breathing': 'air',
  surface: 'surface',
};

export interface Atlas {
  image: HTMLCanvasElement;
  mapping: Record<string, { x: number; y: number; width: number; height: number; anchorY: number; mask: boolean }>;
}

export function kindOf(phase: string): string {
  return KIND[phase] ?? 'air';
}

/** All symbols in one picture. Nothing is fetched. */
export function atlas(dark: boolean): Atlas {
  const image = document.createElement('canvas');
  const kinds = Object.keys(CODES);
  image.width = CELL * kinds.length;
  image.height = CELL;
  const pen = image.getContext('2d');
  const mapping: Atlas['mapping'] = {};
  kinds.forEach((kind, i) => {
    const symbol = new ms.Symbol(CODES[kind] ?? '', {
      size: 30,
      colorMode: 'Light',
      outlineWidth: 3,
      outlineColor: dark ? 'rgba(6,10,14,0.85)' : 'rgba(255,255,255,0.9)',
    });
    const drawn = symbol.asCanvas();
    const scale = Math.min(1, CELL / drawn.width, CELL / drawn.height);
    const [w, h] = [drawn.width * scale, drawn.height * scale];
    pen?.drawImage(drawn, i * CELL + (CELL - w) / 2, (CELL - h) / 2, w, h);
    mapping[kind] = { x: i * CELL, y: 0, width: CELL, height: CELL, anchorY: CELL / 2, mask: false };
  });
  return { image, mapping };
}
