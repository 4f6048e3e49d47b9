// What each owner knew at a moment, on nodes that run: one of them is down for a while, and what its radars measured
// meanwhile comes when it begins again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, says, SLOW, WIDE } from './page.js';
import { running } from './running.js';

/** The node is down for so long, ms of the exercise: what it knew has gone stale, and what it brings is no news. */
const DOWN_MS = 90_000;
/** It is one whose radars have so many plots in that time. */
const PLOTS_MIN = 60;

const it = running();

/** Opens the sheet, and what is said of an owner: what was known then, and what is known now of that moment. */
async function known(page, owner) {
  await page.keyboard.press('w');
  const row = page.locator('dialog[open] tbody tr', { hasText: owner });
  await row.waitFor();
  const cells = await row.locator('td').allInnerTexts();
  await page.keyboard.press('Escape');
  // It is gone when the page knows it: the same key opens it and closes it.
  await page.locator('dialog h2').waitFor({ state: 'detached' });
  return cells;
}

test('what came late from an owner is in what is known now, and not in what was known then', SLOW, async () => {
  const passes = async (time_ms) => {
    while (it.nodes.now_ms() < time_ms) await new Promise((later) => setTimeout(later, 100));
  };
  const sees = (owner, from_ms) => it.nodes.measured(owner, from_ms, from_ms + DOWN_MS) >= PLOTS_MIN;
  const who = (from_ms) => ['KR', 'US'].find((owner) => sees(owner, from_ms));
  let from_ms = it.nodes.now_ms();
  while (!who(from_ms)) from_ms += 1000;
  await passes(from_ms);
  const owner = who(from_ms);
  await it.nodes.end(owner);
  const moment_ms = it.nodes.now_ms() + DOWN_MS;
  await passes(moment_ms + 10_000);
  const url = `${it.nodes.url}?globe=0&lang=en&at=${new Date(moment_ms).toISOString()}`;
  await open(it.browser, url, WIDE, async (page) => {
    page.setDefaultTimeout(SLOW.timeout);
    await says(page, '.modes', /REPLAY/);
    const [owns, all] = [await known(page, 'JP'), await known(page, 'All together')];
    const before = await known(page, owner);
    await it.nodes.begin(owner);
    for (;;) {
      const [then, now] = await known(page, owner);
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
