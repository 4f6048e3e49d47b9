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
  /** Square root of the trace of the covariance of the position. */
  sigmas_m: number[] = [];
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
    this.sigmas_m.push(sigma_m(track));
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
    this.sigmas_m = this.sigmas_m.filter(kept);
  }
}

/** The same longitude, written within half a turn of another: lines do not run round the Earth. */
export function beside(lon_deg: number, other_deg: number): number {
  return lon_deg + 360 * Math.round((other_deg - lon_deg) / 360);
}

/** How far the position may be off, one sigma in space. */
export function sigma_m(track: Track): number {
  const [ee = 0, , , nn = 0, , uu = 0] = track.covariance;
  return Math.sqrt(Math.max(0, ee + nn + uu));
}
