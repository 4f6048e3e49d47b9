// Where an object was, as far as the picture has seen it: the solid line, and the curves over time.

import type { Track } from '../proto/picture_pb';

/** More than this, and every second point of the older half is let go: memory stays, the shape too. */
const POINTS_MAX = 1200;

export class Course {
  times_s: number[] = [];
  lons_deg: number[] = [];
  lats_deg: number[] = [];
  heights_m: number[] = [];
  speeds_mps: number[] = [];
  /** One sigma of the position over the ground, in the direction in which it is largest. */
  horizontals_m: number[] = [];
  /** One sigma of the height. */
  verticals_m: number[] = [];
  /** One sigma of the velocity in space. */
  velocities_mps: number[] = [];
  /** Counts points taken in; changes whenever the line does. */
  version = 0;

  get length(): number {
    return this.times_s.length;
  }

  /** Takes in what is newer than all before. */
  add(track: Track): void {
    const last_s = this.times_s.at(-1);
    if (last_s !== undefined && track.timeUnixS <= last_s) return;
    this.times_s.push(track.timeUnixS);
    const before_deg = this.lons_deg.at(-1);
    this.lons_deg.push(before_deg === undefined ? track.lonDeg : beside(track.lonDeg, before_deg));
    this.lats_deg.push(track.latDeg);
    this.heights_m.push(track.heightM);
    this.speeds_mps.push(Math.hypot(track.eastMps, track.northMps, track.upMps));
    this.horizontals_m.push(horizontal_m(track.covariance));
    this.verticals_m.push(vertical_m(track.covariance));
    this.velocities_mps.push(track.velocitySigmaMps);
    this.version++;
    if (this.length > POINTS_MAX) this.thin();
  }

  private thin(): void {
    const half = POINTS_MAX / 2;
    const kept = (_: number, i: number) => i > half || i % 2 === 0;
    this.times_s = this.times_s.filter(kept);
    this.lons_deg = this.lons_deg.filter(kept);
    this.lats_deg = this.lats_deg.filter(kept);
    this.heights_m = this.heights_m.filter(kept);
    this.speeds_mps = this.speeds_mps.filter(kept);
    this.horizontals_m = this.horizontals_m.filter(kept);
    this.verticals_m = this.verticals_m.filter(kept);
    this.velocities_mps = this.velocities_mps.filter(kept);
  }
}

/** The same longitude, written within half a turn of another: lines do not run round the Earth. */
export function beside(lon_deg: number, other_deg: number): number {
  return lon_deg + 360 * Math.round((other_deg - lon_deg) / 360);
}

/** One sigma over the ground where it is largest, of ee, en, eu, nn, nu, uu: the root of the larger eigenvalue. */
export function horizontal_m([ee = 0, en = 0, , nn = 0]: readonly number[]): number {
  return Math.sqrt(Math.max(0, (ee + nn) / 2 + Math.hypot((ee - nn) / 2, en)));
}

/** One sigma of the height, of the same. */
export function vertical_m([, , , , , uu = 0]: readonly number[]): number {
  return Math.sqrt(Math.max(0, uu));
}
