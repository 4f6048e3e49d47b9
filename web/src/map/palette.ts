// The theme's colours, as numbers for what draws them.

import type { Colour } from './scene';

const OWNERS_DARK = ['#62bdf0', '#f0ad2e', '#35c99b', '#d98bb8', '#f0e442', '#e8814a'];
const OWNERS_LIGHT = ['#0068a8', '#8f5a00', '#00724f', '#96316b', '#6b6400', '#a63d00'];

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
