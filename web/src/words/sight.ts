// The first sight: what a person has to know at once.

import type { Track } from '../proto/picture_pb';
import { ground95 } from '../model/arrival';
import type { Row } from '../model/rank';
import type { World } from '../model/world';
import { isolate, list, t, word } from '../i18n/language.svelte';
import { extent, length, share } from './figures';
import { shown } from './name';
import type { Places } from './places';
import { arrivalLong } from './time';
import { where } from './where';

/** An owner whose newest plot is not older than this is current, s; or whose link is up, where nothing flies. */
const CURRENT_MAX_S = 30;
/** An area this long says no place yet, m. */
const BROAD_M = 750e3;

export interface Sight {
  where: string;
  when: string;
  sure: string;
  who: string;
  /** The object was not seen where it should have been. */
  lost: boolean;
}

export function ownersOf(track: Track): string[] {
  return [...new Set(track.contributions.map((one) => one.owner))].sort();
}

export function sightOf({ track, arrival }: Row, world: World, places: Places | undefined): Sight {
  const area = ground95(track);
  const owners = ownersOf(track);
  const all = world.hello?.owners.length ?? owners.length;
  const names = list(owners.map((owner) => isolate(shown(owner))));
  return {
    where: area
      ? t('sight_where', { where: where(area, places) })
      : t('sight_followed', { phase: word('phase', track.phase) }),
    when: arrivalLong(arrival),
    sure: area
      ? t(area.majorM > BROAD_M ? 'sight_sure_broad' : 'sight_sure', {
          share: share(area.probability),
          extent: extent(area.majorM, area.minorM),
          exists: share(track.existence),
        })
      : t('sight_exists', { exists: share(track.existence), height: length(track.heightM) }),
    who: owners.length > 0 ? t('sight_who', { owners: names, n: owners.length, all }) : t('sight_who_none'),
    lost: track.lost,
  };
}

/** How many owners of all are current: their link is up, or it is the node itself. */
export function current(world: World): { current: number; all: number } {
  const owners = world.hello?.owners ?? [];
  const own = world.hello?.owner;
  const ok = owners.filter((owner) => {
    if (owner === own) return true;
    const partner = world.partners.find((one) => one.owner === owner);
    return partner?.up === true && (partner.dataAgeS <= CURRENT_MAX_S || world.view('together').tracks.size === 0);
  });
  return { current: ok.length, all: owners.length };
}

export function quiet(world: World): string {
  const { current: n, all } = current(world);
  return t('sight_quiet', { none: t('objects_none'), n, all });
}
