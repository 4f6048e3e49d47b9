// The ground area in words.

import type { Area } from '../proto/picture_pb';
import { language, list, t, type Key } from '../i18n/language.svelte';
import { pairs } from '../geo/place';
import { latLon, length } from './figures';
import type { Ground, Places } from './places';

const NAMES_MAX = 3;
const SHARE_MIN = 0.02;
const DIRECTIONS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;

/** What lies under areas that were looked at: the node tells the same ones again and again. */
const known = new Map<string, Ground>();
const KNOWN_MAX = 2000;

/** "Hokkaido and Aomori", "sea, 240 km west of Hokkaido", "35.1° N 140.2° E". */
export function where(area: Area, places: Places | undefined): string {
  if (!places?.covers(area.latDeg, area.lonDeg)) return latLon(area.latDeg, area.lonDeg);
  const key = [area.latDeg, area.lonDeg, area.majorM, area.minorM, area.azimuthDeg].join();
  let ground = known.get(key);
  if (!ground) {
    ground = places.under({ lat_deg: area.latDeg, lon_deg: area.lonDeg, ring: pairs(area.outlineDeg) });
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(key, ground);
  }
  return words(ground);
}

function words({ places, sea, near }: Ground): string {
  if (places.length === 0) {
    if (!near) return t('where_sea');
    const direction = DIRECTIONS[Math.round(near.azimuth_deg / 45) % 8] ?? 'n';
    const toward = t(`direction_${direction}` as Key);
    return t('where_sea_of', { place: near.names[language.code], distance: length(near.m), direction: toward });
  }
  const named = places.filter((one, i) => i === 0 || one.share >= SHARE_MIN);
  const names = named.slice(0, NAMES_MAX).map((one) => one.names[language.code]);
  const more = named.length - names.length;
  const land = more > 0 ? t('where_more', { places: names.join(t('join')), n: more }) : list(names);
  return sea > 0.5 ? t('where_land_and_sea', { places: land }) : land;
}
