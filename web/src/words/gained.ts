// What sharing gained, in words.

import { number, t } from '../i18n/language.svelte';
import type { Gain } from '../model/gained';

/** Less than this is no difference, s. */
const SAME_MAX_S = 0.5;
const figure = (s: number): string => number(Math.abs(Math.round(s)));

/** For a cell of the table. */
export function gainedShort(gain: Gain): string {
  switch (gain.kind) {
    case 'nothing':
      return '–';
    case 'open':
      return t('gained_open', { n: figure(gain.s) });
    case 'gained':
      if (Math.abs(gain.s) < SAME_MAX_S) return t('gained_same');
      return t(gain.s > 0 ? 'gained_s' : 'gained_later', { n: figure(gain.s) });
  }
}

/** A sentence of the first warning. */
export function gainedLong(gain: Gain): string {
  switch (gain.kind) {
    case 'nothing':
      return t('swipe_nothing');
    case 'open':
      return t('swipe_open', { n: figure(gain.s) });
    case 'gained':
      if (Math.abs(gain.s) < SAME_MAX_S) return t('swipe_same');
      return t(gain.s > 0 ? 'swipe_gained' : 'swipe_later', { n: figure(gain.s) });
  }
}
