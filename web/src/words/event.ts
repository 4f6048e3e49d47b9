// An event in words.

import { isolate, t, word } from '../i18n/language.svelte';
import type { Event } from '../proto/picture_pb';
import { shown } from './name';

export function eventWords(event: Event): string {
  const parts = [word('event', event.kind)];
  if (event.detail) parts.push(event.kind === 'phase' ? word('phase', event.detail) : isolate(shown(event.detail, 40)));
  if (event.owner) parts.push(isolate(shown(event.owner)));
  if (event.track) parts.push(isolate(shown(event.track)));
  if (event.view && event.view !== 'together') parts.push(t('event_alone', { owner: isolate(shown(event.view)) }));
  return parts.join(' · ');
}
