// The theme's colours, as numbers for what draws them. Owners: as far apart as can be for whoever does not see red,
// green or blue (palette.test.ts), and each readable on the grounds of its theme.

import type { Colour } from './scene';

const OWNERS_DARK = ['#4aa3da', '#e39a12', '#2cedce', '#aa66ff', '#fbf06a', '#da6a67'];
const OWNERS_LIGHT = ['#12467c', '#9d5a00', '#03776d', '#9440cd', '#0f10f0', '#58220d'];

export interface Palette {
  sea: string;
  land: string;
  border: string;
  grid: string;
  area: string;
  launch: string;
  owners: string[];
  trail: string;
  text: string;
  ground: string;
  focus: string;
  lost: string;
}

export const DARK: Palette = {
  sea: '#0b151d',
  land: '#1b2932',
  border: '#3a4d5a',
  grid: '#16232c',
  area: '#ff8a5c',
  launch: '#b9a2ff',
  owners: OWNERS_DARK,
  trail: '#f2f6f8',
  text: '#e8eef2',
  ground: '#0a1015',
  focus: '#7cc4ff',
  lost: '#ff9c8a',
};

export const LIGHT: Palette = {
  sea: '#d3dfe6',
  land: '#f6f4ee',
  border: '#a9b3b3',
  grid: '#c5d3db',
  area: '#b23a0e',
  launch: '#5b3fb5',
  owners: OWNERS_LIGHT,
  trail: '#10202b',
  text: '#10202b',
  ground: '#e9eef1',
  focus: '#0b62b0',
  lost: '#a62413',
};

export function palette(dark: boolean): Palette {
  return dark ? DARK : LIGHT;
}

/** "#rrggbb" and an opacity from 0 to 1. */
export function rgba(hex: string, opacity = 1): Colour {
  const n = Number.parseInt(hex.slice(1), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255, Math.round(opacity * 255)];
}
