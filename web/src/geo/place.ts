// Small geometry on the sphere for drawing and for words; the node computes what matters on the ellipsoid.

export const EARTH_M = 6_371_009;
const RAD = Math.PI / 180;

/** Distance in m and the azimuth from the first to the second, degrees. */
export function between(lat1: number, lon1: number, lat2: number, lon2: number): { m: number; azimuth_deg: number } {
  const [a, b, d] = [lat1 * RAD, lat2 * RAD, (lon2 - lon1) * RAD];
  const y = Math.sin(d) * Math.cos(b);
  const x = Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(d);
  const h = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(d / 2) ** 2;
  const m = 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
  return { m, azimuth_deg: (Math.atan2(y, x) / RAD + 360) % 360 };
}

/** Where one comes to: [lon, lat], the longitude within half a turn of the start. */
export function onward(lat: number, lon: number, azimuth_deg: number, m: number): [number, number] {
  const [a, z, s] = [lat * RAD, azimuth_deg * RAD, m / EARTH_M];
  const b = Math.asin(Math.sin(a) * Math.cos(s) + Math.cos(a) * Math.sin(s) * Math.cos(z));
  const d = Math.atan2(Math.sin(z) * Math.sin(s) * Math.cos(a), Math.cos(s) - Math.sin(a) * Math.sin(b));
  return [lon + d / RAD, b / RAD];
}

/** Whether [lon, lat] lies inside a ring of such pairs (even-odd rule). Longitudes are continuous. */
export function inside(lon: number, lat: number, ring: readonly (readonly number[])[]): boolean {
  let within = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi = 0, yi = 0] = ring[i] ?? [];
    const [xj = 0, yj = 0] = ring[j] ?? [];
    if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}

/** Pairs of a flat ring lon, lat, lon, lat, …. */
export function pairs(flat: readonly number[]): [number, number][] {
  const ring: [number, number][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) ring.push([flat[i] ?? 0, flat[i + 1] ?? 0]);
  return ring;
}
