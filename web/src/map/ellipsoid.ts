// The error of a position, drawn: three ellipses on its principal axes.

import { EARTH_M } from '../geo/place';
import type { Point } from './scene';

/** A normal error in space lies within so many sigmas with 95 %. */
const SIGMAS_95 = 2.796;
const CORNERS = 40;
const RAD = Math.PI / 180;

type M3 = [number[], number[], number[]];

/** Eigenvectors (columns) and values of a symmetric matrix, by Jacobi's rotations. */
export function principal(covariance: readonly number[]): { axes: M3; values: number[] } {
  const [ee = 0, en = 0, eu = 0, nn = 0, nu = 0, uu = 0] = covariance;
  const a: M3 = [
    [ee, en, eu],
    [en, nn, nu],
    [eu, nu, uu],
  ];
  const v: M3 = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  for (let sweep = 0; sweep < 12; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      rotate(a, v, p, q);
    }
  }
  return { axes: v, values: [0, 1, 2].map((i) => Math.max(0, get(a, i, i))) };
}

const get = (m: M3, i: number, j: number): number => m[i]?.[j] ?? 0;
const set = (m: M3, i: number, j: number, x: number): void => {
  const row = m[i];
  if (row) row[j] = x;
};

function rotate(a: M3, v: M3, p: number, q: number): void {
  const apq = get(a, p, q);
  if (Math.abs(apq) < 1e-12) return;
  const theta = (get(a, q, q) - get(a, p, p)) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < 3; k++) {
    const [kp, kq] = [get(a, k, p), get(a, k, q)];
    set(a, k, p, c * kp - s * kq);
    set(a, k, q, s * kp + c * kq);
  }
  for (let k = 0; k < 3; k++) {
    const [pk, qk] = [get(a, p, k), get(a, q, k)];
    set(a, p, k, c * pk - s * qk);
    set(a, q, k, s * pk + c * qk);
    const [vp, vq] = [get(v, k, p), get(v, k, q)];
    set(v, k, p, c * vp - s * vq);
    set(v, k, q, s * vp + c * vq);
  }
}

/** The three ellipses of 95 % round a position. */
export function ellipses(at: Point, covariance: readonly number[]): Point[][] {
  const { axes, values } = principal(covariance);
  const [lon, lat, height] = at;
  const east_deg = 1 / (EARTH_M * RAD * Math.max(0.02, Math.cos(lat * RAD)));
  const north_deg = 1 / (EARTH_M * RAD);
  const pairs = [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const;
  return pairs.map(([i, j]) => {
    const ring: Point[] = [];
    for (let k = 0; k <= CORNERS; k++) {
      const angle = (2 * Math.PI * k) / CORNERS;
      const [x, y] = [
        SIGMAS_95 * Math.sqrt(values[i] ?? 0) * Math.cos(angle),
        SIGMAS_95 * Math.sqrt(values[j] ?? 0) * Math.sin(angle),
      ];
      const of = (row: number) => x * get(axes, row, i) + y * get(axes, row, j);
      ring.push([lon + of(0) * east_deg, lat + of(1) * north_deg, Math.max(0, height + of(2))]);
    }
    return ring;
  });
}
