// What is there at once: the first sight, in words, before anything else.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { serve } from './fixture.js';
import { launch, open, says, WIDE } from './page.js';
import { hello, moment, ring } from './scenes.js';
import { story } from './story.js';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Serves a scene, opens it without the globe, and closes it. */
async function look(scene, options, use, query = '?globe=0') {
  const node = await serve(scene);
  try {
    await open(browser, node.url + query, { ...WIDE, ...options }, use);
  } finally {
    await node.close();
  }
}

const quietly = (more = {}) => ({ hello: hello(), moment: (t) => moment([], t, { pictures: [], ...more }) });

test('the most urgent object is said first', async () => {
  const node = await serve(story());
  const times_ms = [];
  try {
    for (let i = 0; i < 5; i++) {
      await open(browser, node.url, WIDE, async (page) => {
        await says(page, '.sight', /May come down: .+Possible arrival in/);
        times_ms.push(await page.evaluate(() => performance.getEntriesByName('first-words')[0].startTime));
      });
    }
  } finally {
    await node.close();
  }
  console.log(`# first words after ${times_ms.map(Math.round).join(', ')} ms`);
  // As a benchmark, on a machine with nothing else to do: HOLD_TIMES=1. The best of five is asked to be below 2 s.
  if (process.env.HOLD_TIMES) assert.ok(Math.min(...times_ms) < 2000, `${times_ms}`);
});

test('area, minutes, confidence and who sees it', () => look(story(), {}, async (page) => {
  await says(page, '.sight', /May come down: (Aomori|Hokkaido)/);
  const words = await page.locator('.sight').innerText();
  assert.match(words, /Possible arrival in \d+–\d+ min/);
  assert.match(words, /area of \d+ × \d+ km with a probability of 95 %/);
  assert.match(words, /Seen by .*JP.*KR.*US.* \(3 of 3 owners\)/);
  assert.match(words, /and 2 other objects/);
}));

test('quiet: no objects, and who is current', () => look(quietly(), {}, async (page) => {
  await says(page, '.sight', /No objects; 3 of 3 owners current/);
  const partners = [{ owner: 'KR', up: false, dataAgeS: 400 }, { owner: 'US', up: true, dataAgeS: 2 }];
  const down = quietly({ partners });
  await look(down, {}, (other) => says(other, '.sight', /No objects; 2 of 3 owners current/));
}));

test('an interval that has begun and reaches far ahead says no time', () => {
  const scene = story({ ago_s: 60 });
  const told = (t) => {
    const now = scene.moment(t);
    for (const area of now.pictures.flatMap((picture) => picture.tracks).flatMap((track) => track.arrival)) {
      Object.assign(area, { earliestUnixS: t - 5, middleUnixS: t + 3000, latestUnixS: t + 167 * 60 });
    }
    return now;
  };
  return look({ ...scene, moment: told, past: undefined }, {}, async (page) => {
    await says(page, '.sight', /Too early to say when: within 16[78] min at most/);
    assert.doesNotMatch(await page.locator('body').innerText(), /now, and for|due/);
  });
});

test('a lost object says so, and an arrival time that is over claims nothing', () => {
  const scene = story();
  const told = (t) => {
    const now = scene.moment(t);
    for (const track of now.pictures.flatMap((picture) => picture.tracks)) {
      track.lost = true;
      for (const area of track.arrival) Object.assign(area, { earliestUnixS: t - 90, latestUnixS: t - 30 });
    }
    return now;
  };
  return look({ ...scene, moment: told, past: undefined }, {}, async (page) => {
    await page.locator('.pick', { hasText: 'JP-2b7e' }).click();
    await says(page, '.right', /possible time of arrival ended at .*not measured/);
    await says(page, 'table', /not seen now/);
  });
});

test('the clocks are the node\'s, also where the browser is an hour off', () => look(story(), {
  begin: (page) => page.addInitScript(() => {
    const real = Date.now;
    Date.now = () => real() + 3_600_000;
  }),
}, async (page) => {
  await says(page, '.sight', /May come down/);
  const seconds = (text) => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  const shown = async () => seconds(await page.locator('[data-clock=utc]').innerText());
  const off = ((await shown()) - (Date.now() / 1000) % 86400 + 86400 + 43200) % 86400 - 43200;
  assert.ok(Math.abs(off) < 20, `${off} s`);
  const before_s = await shown();
  await page.waitForFunction((text) => document.querySelector('[data-clock=utc]').textContent !== text,
    await page.locator('[data-clock=utc]').innerText());
  assert.ok((await shown()) > before_s || before_s > 86390);
}));

test('hostile names stay text, short, and inside', () => {
  const names = ['<img src=x onerror=alert(1)>', 'x'.repeat(10_000), `\u202e${'مسار'.repeat(400)}`, '飛'.repeat(3000),
    `e${'\u0301'.repeat(5000)}`, '\u0000\u0007\u001b[31m', '👩‍👩‍👧‍👦'.repeat(500)];
  const scene = story();
  const told = (t) => {
    const now = scene.moment(t);
    const like = now.pictures[0].tracks[0];
    now.pictures[0].tracks = names.map((name) => ({ ...like, name, contributions: [{ ...like.contributions[0],
      owner: 'JP', sensor: name }] }));
    now.events = names.map((name) =>
      ({ timeUnixS: t, kind: 'late', view: '', track: name, owner: 'KR', detail: name }));
    return now;
  };
  return look({ ...scene, moment: told, past: undefined }, {}, async (page) => {
    await page.waitForFunction((n) => document.querySelectorAll('tbody .pick').length === n, names.length);
    for (const text of await page.locator('.pick').allInnerTexts()) assert.ok(text.length < 300, `${text.length}`);
    assert.equal(await page.locator('.pick bdi').count(), names.length);
    assert.equal(await page.locator('img').count(), 0);
    const wide = await page.locator('.pick').evaluateAll((all) => all.map((one) => one.offsetWidth));
    assert.ok(Math.max(...wide) <= 200, `${wide}`);
    await page.locator('.pick').nth(1).click();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    assert.ok(decodeURIComponent(page.url()).length < 1200);
  });
});

test('an area across the date line is drawn and said', () => {
  const scene = story();
  const told = (t) => {
    const now = scene.moment(t);
    for (const area of now.pictures.flatMap((picture) => picture.tracks).flatMap((track) => track.arrival)) {
      Object.assign(area, { latDeg: 41, lonDeg: -179.6, outlineDeg: ring(41, -179.6, 300e3, 120e3, 80) });
    }
    return now;
  };
  return look({ ...scene, moment: told, past: undefined }, {}, (page) => says(page, '.sight', /41° N 179\.6° W/));
});
