// What a node that runs cannot be made to show at a word: hostile names, a lost object, the date line, a time that says
// nothing, another node at the same address. A fixture speaks for it.

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

test('another node at the same address: nothing of the one before is left', async () => {
  const first = await serve(story());
  const loose = [/WebSocket connection to .* failed/, /Failed to load resource/];
  await open(browser, `${first.url}?globe=0`, { ...WIDE, loose }, async (page) => {
    await says(page, '.modes', /LIVE/);
    await says(page, 'table', /JP-2b7e-0412/);
    await first.close();
    await says(page, '.modes', /NO LINK/);
    const later = story({ instance: 'fixture-2' });
    const renamed = (t) => {
      const now = later.moment(t);
      for (const track of now.pictures.flatMap((picture) => picture.tracks)) track.name = `again-${track.name}`;
      return now;
    };
    const second = await serve({ ...later, moment: renamed, past: undefined }, { port: first.port });
    await says(page, '.modes', /LIVE/);
    await says(page, 'table', /again-JP-2b7e-0412/);
    assert.doesNotMatch(await page.locator('.left tbody').innerText(), /^JP-2b7e-0412/m);
    await second.close();
  });
});
