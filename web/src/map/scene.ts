// What a map is asked to show: values only, no layer and no library.

export type Colour = [number, number, number, number];
/** lon_deg, lat_deg, height_m. */
export type Point = [number, number, number];

export interface Mark {
  name: string;
  label: string;
  at: Point;
  symbol: string;
  chosen: boolean;
  lost: boolean;
}
export interface Line {
  name: string;
  path: Point[];
  chosen: boolean;
}
export interface Zone {
  kind: 'area95' | 'area50' | 'way' | 'launch';
  ring: [number, number][];
  chosen: boolean;
}
export interface Note {
  text: string;
  at: [number, number];
  chosen: boolean;
}
export interface Cover {
  owner: string;
  hue: number;
  ring: [number, number][];
  sensor: [number, number];
  name: string;
}
export interface Dot {
  at: Point;
  hue: number;
}
export interface Scene {
  marks: Mark[];
  /** Blocks that never change again, then what still grows. */
  trails: { blocks: Line[][]; tail: Line[] };
  foretold: Line[];
  drops: Line[];
  errors: Line[];
  zones: Zone[];
  notes: Note[];
  /** Changes with the zones; maps that draw them elsewhere look at it. */
  zones_version: string;
  covers: Cover[];
  covers_version: string;
  dots: Dot[];
}

/** Where to look: a point, or everything within a box. */
export type Look =
  | { lon_deg: number; lat_deg: number; zoom?: number }
  | { box: [west: number, south: number, east: number, north: number] };

export interface Camera {
  lon_deg: number;
  lat_deg: number;
  zoom: number;
  bearing: number;
  pitch: number;
}

/** One map. What draws it is behind this. */
export interface MapView {
  show(scene: Scene): void;
  look(look: Look, still: boolean): void;
  camera(): Camera;
  follow(camera: Camera): void;
  paint(dark: boolean): void;
  speak(language: string): void;
  close(): void;
}

export interface MapOptions {
  dark: boolean;
  language: string;
  /** An object was picked, or the ground beside them. */
  picked(name: string | undefined): void;
  moved(camera: Camera): void;
  /** It begins to go somewhere else, or has come there: at once where it jumps. */
  goes(on: boolean): void;
  /** How many things of each kind were drawn above the ground, when that is another number than before. */
  drawn(counts: Record<string, number>): void;
}

export type OpenMap = (element: HTMLElement, options: MapOptions) => Promise<MapView>;
