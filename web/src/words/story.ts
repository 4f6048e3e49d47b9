// The story in words: one or two sentences for each thing that happens.

import { isolate, list, number, t } from '../i18n/language.svelte';
import type { Told } from '../model/story';
import { shown } from './name';

const SAID = {
  together_track: ['story_together_track', 'story_track_without'],
  together_warning: ['story_together_warning', 'story_warning_without'],
  together_known: ['story_together_known', undefined],
  alone_track: ['story_alone_track', 'story_alone_track_gained'],
  alone_warning: ['story_alone_warning', 'story_alone_warning_gained'],
  alone_known: ['story_alone_known', 'story_alone_known_gained'],
} as const;

const name = (one: string): string => isolate(shown(one));
const names = (all: string[]): string => list(all.map(name));

export function storyWords(told: Told): string {
  switch (told.kind) {
    case 'quiet':
      return t('story_quiet', { n: number(told.n) });
    case 'first_plot':
      return t('story_first_plot', { owner: name(told.owner), sensor: name(told.sensor) });
    case 'together_track':
    case 'together_warning':
    case 'together_known': {
      const [what, without] = SAID[told.kind];
      if (!without || told.without.length === 0) return t(what);
      return [t(what), t(without, { owners: names(told.without) })].join(' ');
    }
    case 'alone_track':
    case 'alone_warning':
    case 'alone_known': {
      const [same, gained] = SAID[told.kind];
      const owner = name(told.owner);
      return told.s > 0 ? t(gained, { owner, n: number(Math.max(1, Math.round(told.s))) }) : t(same, { owner });
    }
    case 'never':
      return t('story_never', { owners: names(told.owners) });
    default:
      return t(`story_${told.kind}`);
  }
}
