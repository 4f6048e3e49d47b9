// Lengths, speeds and shares in words; no more figures than are known.

import { number, t } from '../i18n/language.svelte';

/** "240 km", "850 m", "1,900 km": three figures at most. */
export function length(m: number): string {
  if (Math.abs(m) < 1000) return t('length_m', { n: number(three(m)) });
  return t('length_km', { n: number(three(m / 1000), Math.abs(m) < 1e4 ? 1 : 0) });
}

export function speed(mps: number): string {
  return mps < 1000 ? t('speed_mps', { n: number(three(mps)) }) : t('speed_kmps', { n: number(mps / 1000, 2) });
}

/** "98 %"; never rounded up to certainty. */
export function share(x: number): string {
  const percent = x * 100;
  if (percent > 99 && percent < 100) return t('share_over', { n: 99 });
  return t('share', { n: number(Math.floor(percent + 1e-9)) });
}

/** "120 × 40 km", "430 × 200 m": the diameters of an area. */
export function extent(major_m: number, minor_m: number): string {
  if (major_m < 500) return t('length_m', { n: `${number(three(2 * major_m))} × ${number(three(2 * minor_m))}` });
  const [a, b] = [three((2 * major_m) / 1000), three((2 * minor_m) / 1000)];
  return t('length_km', { n: `${number(a, a < 10 ? 1 : 0)} × ${number(b, b < 1 ? 2 : b < 10 ? 1 : 0)}` });
}

export function latLon(lat_deg: number, lon_deg: number): string {
  const lon = ((((lon_deg + 180) % 360) + 360) % 360) - 180;
  const ns = lat_deg < 0 ? 'S' : 'N';
  return `${number(Math.abs(lat_deg), 1)}° ${ns} ${number(Math.abs(lon), 1)}° ${lon < 0 ? 'W' : 'E'}`;
}

/** Rounded to three figures. */
export function three(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return 0;
  const scale = 10 ** (Math.floor(Math.log10(Math.abs(x))) - 2);
  return Math.round(x / scale) * scale;
}
