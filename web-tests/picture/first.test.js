// What is there at once, on nodes that run: the first sight, in words, before anything else; and who is current.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, says, WIDE } from './page.js';
import { running } from './running.js';

const FIRST_WORDS_MAX_MS = 2000;

const it = running();

const look = (use, options = {}) => open(it.browser, `${it.nodes.url}?globe=0`, { ...WIDE, ...options }, use);

test('the most urgent object is said within two seconds of opening', async () => {
  const times_ms = [];
  for (let i = 0; i < 5; i++) {
    // As a person opens it: with the globe, and nothing kept from before.
    await open(it.browser, it.nodes.url, WIDE, async (page) => {
      await says(page, '.sight', /May come down: .+(Possible arrival in|Too early to say when)/);
      times_ms.push(await page.evaluate(() => performance.getEntriesByName('first-words')[0].startTime));
    });
  }
  console.log(`# first words after ${times_ms.map(Math.round).join(', ')} ms`);
  // The median of five, for others may want the processor; with HOLD_TIMES=1, on a machine with nothing else to do,
  // all of them.
  const held_ms = times_ms.toSorted((a, b) => a - b)[process.env.HOLD_TIMES ? 4 : 2];
  assert.ok(held_ms < FIRST_WORDS_MAX_MS, `${times_ms}`);
});

test('area, minutes, confidence and who sees it', () => look(async (page) => {
  await says(page, '.sight', /Seen by .*JP.*KR.*US.* \(3 of 3 owners\)/);
  const words = await page.locator('.sight').innerText();
  assert.match(words, /May come down: .*\S/);
  assert.match(words, /Possible arrival in \d+(–\d+)? min/);
  assert.match(words, /In an area of [\d,.]+ × [\d,.]+ k?m with a probability of 95 %/);
  assert.match(words, /and \d other object/);
  await says(page, '.modes', /EXERCISE\s*LIVE/);
  await says(page, '.partners', /KR\s*data \d+ \w+ old.*US\s*data \d+ \w+ old/s);
}));

test('before anything flew: no objects, and who was current', () => open(it.browser, `${it.nodes.url}?globe=0&at=${
  new Date(it.nodes.launch_ms + 20_000).toISOString()}`, WIDE, async (page) => {
  await says(page, '.modes', /REPLAY/);
  await says(page, '.sight', /No objects; \d of 3 owners current/);
}));

test('the clocks are the node\'s, also where the browser is an hour off', () => look(async (page) => {
  await says(page, '.sight', /May come down/);
  const shown = () => page.locator('[data-clock=utc]').innerText();
  const seconds = (text) => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  const off = (seconds(await shown()) - (it.nodes.now_ms() / 1000) % 86400 + 86400 + 43200) % 86400 - 43200;
  // Six seconds pass in one.
  assert.ok(Math.abs(off) < 60, `${off} s`);
  const before = await shown();
  await page.waitForFunction((text) => document.querySelector('[data-clock=utc]').textContent !== text, before);
  assert.ok(seconds(await shown()) > seconds(before) || seconds(before) > 86300, 'it goes on');
}, {
  begin: (page) => page.addInitScript(() => {
    const real = Date.now;
    Date.now = () => real() + 3_600_000;
  }),
}));

test('the local clock is that of the place of the browser, and says how far it is from UTC', () =>
  look(async (page) => {
    await says(page, '.sight', /May come down/);
    await says(page, '.clocks', /Local UTC\+9/);
    const [utc, local] = await page.evaluate(() => ['utc', 'local'].map((of) =>
      document.querySelector(`[data-clock=${of}]`).textContent.split(':').map(Number)));
    assert.deepEqual(local, [(utc[0] + 9) % 24, utc[1], utc[2]]);
  }, { timezoneId: 'Asia/Tokyo' }));

test('a partner whose node ends is without a link, and is back when it begins', () => look(async (page) => {
  await says(page, '.partners', /US\s*data \d+ \w+ old/);
  await it.nodes.end('US');
  await says(page, '.partners', /US\s*no link/);
  await says(page, 'section[aria-label=Events]', /link is down · .?US/);
  await says(page, '.partners', /KR\s*data \d+ \w+ old/);
  await it.nodes.begin('US');
  await says(page, '.partners', /US\s*data \d+ \w+ old/);
  await says(page, 'section[aria-label=Events]', /link is up · .?US/);
}));
