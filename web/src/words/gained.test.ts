import { afterEach, expect, test } from 'vitest';
import { language } from '../i18n/language.svelte';
import type { Gain } from '../model/gained';
import { gainedLong, gainedShort } from './gained';

afterEach(() => {
  language.code = 'en';
});

test.each<[string, Gain, string, string]>([
  ['sooner', { kind: 'gained', s: 94.6 }, '95 s sooner', 'Sharing gained 95 seconds of warning'],
  ['the same', { kind: 'gained', s: -0.4 }, 'same time', 'Sharing makes no difference to the time of this warning'],
  ['later', { kind: 'gained', s: -3.2 }, '3 s later', 'Together the warning came 3 seconds later'],
  ['not yet alone', { kind: 'open', s: 12 }, '12 s so far; alone: not yet',
    'Sharing has gained 12 seconds of warning so far; alone there is none yet'],
  ['not yet', { kind: 'nothing' }, '–', 'No warning yet, alone or together'],
])('%s', (_, gain, short, long) => {
  expect([gainedShort(gain), gainedLong(gain)]).toEqual([short, long]);
  for (const code of ['ja', 'ko'] as const) {
    language.code = code;
    expect(gainedShort(gain) + gainedLong(gain)).not.toMatch(/[-−]\d|[a-z]/);
  }
});
