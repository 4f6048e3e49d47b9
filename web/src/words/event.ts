// An event in words.

import { isolate, t, word } from '../i18n/language.svelte';
import type { Event } from '../proto/picture_pb';
import { shown } from './name';

function detailWords({ kind, detail }: Event): string {
  if (kind === 'phase') return word('phase', detail);
  if (kind.startsWith('sensor-')) return word('fault', detail);
  return isolate(shown(detail, 40));
}

export function eventWords(event: Event): string {
  const parts = [word('event', event.kind)];
  if (event.detail) parts.push(detailWords(event));
  if (event.owner) parts.push(isolate(shown(event.owner)));
  if (event.track) parts.push(isolate(shown(event.track)));
  if (event.view && event.view !== 'together') parts.push(t('event_alone', { owner: isolate(shown(event.view)) }));
  return parts.join(' · ');
}
