// What each owner knew at a moment, on nodes that run: one of them is down for a while, and what its radars measured
// meanwhile comes when it begins again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { federation } from './federation.js';
import { launch, open, says, SLOW, WIDE } from './page.js';
import { BUILT } from './program.js';

/** The node is down for so long, ms of the exercise: what it knew has gone stale, and what it brings is no news. */
const DOWN_MS = 90_000;

let browser;
let nodes;
before(async () => {
  browser = await launch();
  nodes = await federation();
}, BUILT);
after(async () => {
  await browser.close();
  await nodes?.close();
});

/** Opens the sheet, and what is said of an owner: what was known then, and what is known now of that moment. */
async function known(page, owner) {
  await page.keyboard.press('w');
  const row = page.locator('dialog[open] tbody tr', { hasText: owner });
  await row.waitFor();
  const cells = await row.locator('td').allInnerTexts();
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  return cells;
}

test('what came late from an owner is in what is known now, and not in what was known then', SLOW, async () => {
  const passes = async (time_ms) => {
    while (nodes.now_ms() < time_ms) await new Promise((later) => setTimeout(later, 100));
  };
  await nodes.end('KR');
  const moment_ms = nodes.now_ms() + DOWN_MS;
  await passes(moment_ms + 10_000);
  await open(browser, `${nodes.url}?globe=0&lang=en&at=${new Date(moment_ms).toISOString()}`, WIDE, async (page) => {
    page.setDefaultTimeout(SLOW.timeout);
    await says(page, '.modes', /REPLAY/);
    const [owns, all] = [await known(page, 'JP'), await known(page, 'All together')];
    const before = await known(page, 'KR');
    await nodes.begin('KR');
    for (;;) {
      const [then, now] = await known(page, 'KR');
      assert.equal(then, before[0], 'what was known then is what it was');
      if (now !== before[1]) {
        assert.match(now, /^\d+ objects?\s+\S/);
        break;
      }
    }
    // All together know more of that moment now; Japan's own plots were all there.
    const [then, now] = await known(page, 'All together');
    assert.equal(then, all[0]);
    assert.notEqual(now, all[1]);
    assert.deepEqual(await known(page, 'JP'), owns);
  });
});
