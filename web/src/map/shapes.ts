// A shape of raw plots for each owner: they are told apart without colour.

type Corners = readonly (readonly [x: number, y: number])[];

/** Corners in a square from -1 to 1; the first, which has none, is a disc. */
const SHAPES: readonly Corners[] = [
  [],
  [[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]],
  [[0, -1], [1, 0.8], [-1, 0.8]],
  [[0, -1], [0.75, 0], [0, 1], [-0.75, 0]],
  [[-1, -0.8], [1, -0.8], [0, 1]],
  [[-0.3, -1], [0.3, -1], [0.3, -0.3], [1, -0.3], [1, 0.3], [0.3, 0.3], [0.3, 1], [-0.3, 1], [-0.3, 0.3], [-1, 0.3],
    [-1, -0.3], [-0.3, -0.3]],
];
export const SHAPES_N = SHAPES.length;
/** Pixels of one shape in the atlas. */
const CELL = 32;

/** Fills the shape of a hue round a point. */
export function drawShape(pen: CanvasRenderingContext2D, hue: number, x: number, y: number, radius: number): void {
  const corners = SHAPES[hue % SHAPES_N] ?? [];
  pen.beginPath();
  if (corners.length === 0) pen.arc(x, y, radius * 0.9, 0, 2 * Math.PI);
  for (const [right, down] of corners) pen.lineTo(x + right * radius, y + down * radius);
  pen.closePath();
  pen.fill();
}

export interface Shapes {
  image: HTMLCanvasElement;
  mapping: Record<string, { x: number; y: number; width: number; height: number; mask: boolean }>;
}

/** All shapes in one picture, to be coloured. */
export function shapes(): Shapes {
  const image = document.createElement('canvas');
  image.width = CELL * SHAPES_N;
  image.height = CELL;
  const pen = image.getContext('2d');
  const mapping: Shapes['mapping'] = {};
  SHAPES.forEach((_, hue) => {
    if (pen) drawShape(pen, hue, (hue + 0.5) * CELL, CELL / 2, CELL * 0.42);
    mapping[String(hue)] = { x: hue * CELL, y: 0, width: CELL, height: CELL, mask: true };
  });
  return { image, mapping };
}
