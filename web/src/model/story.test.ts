import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { LiveSchema } from '../proto/picture_pb';
import { language } from '../i18n/language.svelte';
import { storyWords } from '../words/story';
import { READ_MS, story, Teller } from './story';
import type { Message, Warning } from './warnings';
import { World } from './world';

const AT = 1e9;
const OWNERS = ['JP', 'KR', 'US'];
/** When each owner alone, and all together, know what, s; the United States alone never could warn. */
const KNOWN: Record<string, [track: number, warning: number, known: number]> = {
  together: [20, 40, 90],
  KR: [20, 44, 90],
  JP: [95, 130, 0],
  US: [120, 0, 0],
};

/** The world as it is so many seconds after the first plot. */
function at(s: number): World {
  const world = new World();
  const hello = { owner: 'JP', owners: OWNERS };
  world.apply(create(LiveSchema, { what: { case: 'hello', value: hello } }));
  for (let t = -30; t <= s; t += 5) {
    const pictures = Object.entries(KNOWN).map(([view, firsts]) => {
      const [track = 0, warning = 0, known = 0] = firsts.map((one) => (one > 0 && one <= t ? AT + one : 0));
      return {
        view,
        tracks: track ? [{ name: 'a', timeUnixS: AT + t, latDeg: 40, lonDeg: 127 }] : [],
        firstTrackUnixS: track,
        firstWarningUnixS: warning,
        firstKnownUnixS: known,
      };
    });
    const seen = { owner: 'KR', sensor: 'kr-ship', placed: true, latDeg: 40.1, lonDeg: 126.8 };
    const plots = [
      // Clutter, of somebody else, elsewhere and long before.
      ...(t === -30 ? [{ ...seen, owner: 'US', sensor: 'us-west', latDeg: 30, lonDeg: 140, timeUnixS: AT + t }] : []),
      ...(t >= 0 ? [{ ...seen, timeUnixS: AT + t, cameUnixS: AT + t }] : []),
    ];
    const events = t === 1000 ? [{ timeUnixS: AT + 1000, kind: 'arrival-over', view: 'together' }] : [];
    world.apply(create(LiveSchema, { what: { case: 'moment', value: { nowUnixS: AT + t, pictures, plots, events } } }));
  }
  return world;
}

const message = (number: number, more: Partial<Message>) =>
  ({ number, kind: 'alert', state: 'released', ...more }) as Message;
const WARNINGS = [
  {
    name: 'W',
    messages: [
      message(1, { state: 'withdrawn', drafted_unix_s: AT + 45 }),
      message(2, { kind: 'update', drafted_unix_s: AT + 100, sent_unix_s: AT + 110 }),
      message(3, { kind: 'all-clear', drafted_unix_s: AT + 1001, sent_unix_s: AT + 1010 }),
    ],
  },
] as Warning[];

const told = (s: number) => story(at(s), WARNINGS, AT + s).map((beat) => [beat.at_s - AT, beat.id.trim()]);

test('the whole story, in the order of time: the first plot, each alone, what sharing adds, the warning, the all clear',
  () => {
    expect(told(1020)).toEqual([
      [0, 'quiet'],
      [0, 'first_plot'],
      [20, 'together_track'],
      [20, 'alone_track KR'],
      [40, 'together_warning'],
      [44, 'alone_warning KR'],
      [45, 'draft'],
      [90, 'together_known'],
      [90, 'alone_known KR'],
      [95, 'alone_track JP'],
      [110, 'sent'],
      [120, 'alone_track US'],
      [130, 'alone_warning JP'],
      [1000, 'over'],
      [1010, 'clear'],
      [1010, 'never'],
    ]);
  });

test('nothing is told before it happened, and before anything did, who watches', () => {
  expect(told(-30)).toEqual([[-30, 'quiet']]);
  const whole = told(1020);
  // That a plot was the first of an object is known with the object.
  expect(told(10)).toEqual([[10, 'quiet']]);
  for (const s of [20, 45, 100, 1005]) expect(told(s)).toEqual(whole.filter(([when = 0]) => Number(when) <= s));
});

test('what sharing adds is said in figures, and of whom', () => {
  language.code = 'en';
  const words = (id: string) => {
    const beat = story(at(1020), WARNINGS, AT + 1020).find((one) => one.id.trim() === id);
    return beat && storyWords(beat.told).replaceAll(/[\u2068\u2069]/g, '');
  };
  expect(words('first_plot')).toBe('The first plot: kr-ship of KR sees something.');
  expect(words('together_warning')).toMatch(/a warning is possible\. Alone, JP, KR, and US could not warn yet\.$/);
  expect(words('alone_warning JP')).toBe('JP alone could warn only now: sharing gained 90 s of warning.');
  expect(words('alone_track KR')).toBe('KR alone tracks it from now on, too.');
  expect(words('sent')).toMatch(/approved and sent: people there are told to take shelter\.$/);
  expect(words('never')).toBe('Alone, US could not have warned at all.');
});

test('every sentence has its words and facts in every language', () => {
  for (const code of ['en', 'ja', 'ko'] as const) {
    language.code = code;
    for (const s of [-30, 1020]) {
      for (const { told: one } of story(at(s), WARNINGS, AT + s)) {
        expect(storyWords(one)).toMatch(/^[^{}]+$/);
        expect(storyWords(one)).not.toMatch(/undefined|NaN/);
      }
    }
  }
  language.code = 'en';
});

describe('one sentence at a time', () => {
  const beats = story(at(1020), WARNINGS, AT + 1020);
  const begun = (n: number) => {
    const teller = new Teller();
    expect(teller.at(beats.slice(0, n), 0, true)).toBe(beats[n - 1]);
    return teller;
  };

  test('stands until it was read, then the next follows, and none is left out', () => {
    const teller = begun(1);
    expect(teller.at(beats, READ_MS - 1, true)).toBe(beats[0]);
    beats.slice(1).forEach((beat, i) => expect(teller.at(beats, (i + 1) * READ_MS, true)).toBe(beat));
    expect(teller.at(beats, 1e6, true)).toBe(beats.at(-1));
  });

  test('what became known after something later is told as well', () => {
    const teller = begun(1);
    const [, first, second, ...more] = beats;
    expect(teller.at([...beats.slice(0, 1), ...more], READ_MS, true)).toBe(more[0]);
    expect(teller.at(beats, 2 * READ_MS, true)).toBe(first);
    expect(teller.at(beats, 3 * READ_MS, true)).toBe(second);
    expect(teller.at(beats, 4 * READ_MS, true)).toBe(more[1]);
  });

  test('where time stands still, or was put back, it is what happened last', () => {
    const teller = begun(1);
    expect(teller.at(beats, 1, false)).toBe(beats.at(-1));
    expect(teller.at(beats.slice(0, 3), 2, false)).toBe(beats[2]);
    expect(teller.at(beats.slice(0, 2), 3, true)).toBe(beats[1]);
  });
});
