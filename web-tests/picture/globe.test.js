// The globe, as it is drawn of what nodes that run say. Slow: the processor draws it here.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { globe, NARROW, open, says, serious, shot, SLOW, sticksOut, WIDE } from './page.js';
import { camera, DARK, inked, moved, still, until } from './pixels.js';
import { running } from './running.js';

const it = running();

/** When the areas are known, and wide still. */
const wide = () => new Date(it.nodes.launch_ms + 166_000).toISOString();

/** Opens the globe at a time when there is something to see, without movement. */
const look = (use, { query = '', ...options } = {}) =>
  open(it.browser, `${it.nodes.url}?at=${wide()}${query}`, {
    ...WIDE, reducedMotion: 'reduce', ...options,
  }, async (page) => {
    page.setDefaultTimeout(SLOW.timeout);
    await globe(page, 3);
    await use(page);
  });
const chosen = (page) => page.waitForFunction(() => new URLSearchParams(location.search).get('track'));

test('land, areas, trails and symbols are drawn, and a click on a symbol chooses its object', SLOW, () =>
  look(async (page) => {
    await until(page, DARK.land, ({ n }) => n > 5000);
    await until(page, DARK.area, ({ n }) => n > 300);
    const { inside } = await until(page, DARK.unknown, (found) => found.n > 60 && found.inside);
    await shot(page, 'globe');
    assert.equal(new URL(page.url()).searchParams.get('track'), null);
    await page.locator('.middle').click({ position: inside });
    await chosen(page);
    await says(page, '.right', /Where it may come down/);
    await shot(page, 'globe-chosen');
    // What was observed of it grows: a minute and more of flight.
    const { n: before } = await inked(page, DARK.trail);
    await page.keyboard.press('l');
    await until(page, DARK.trail, ({ n }) => n > before + 40);
    await shot(page, 'globe-trail');
  }));

test('an owner alone is laid over all together, with a line to move, and what sharing gained', SLOW, () =>
  look(async (page) => {
    await page.keyboard.press('c');
    await page.locator('.alone .globe[data-ready=yes]').waitFor();
    await says(page, '.gain', /Sharing gained \d+ seconds of warning/);
    await shot(page, 'globe-compare');
    const line = page.getByLabel('Line between the picture');
    await line.focus();
    await page.keyboard.press('Home');
    await page.waitForFunction(() => getComputedStyle(document.querySelector('.alone')).clipPath.includes('100%'));
    await page.keyboard.press('Escape');
    await page.locator('.alone').waitFor({ state: 'detached' });
  }));

test('coverage and raw plots are drawn while they are switched on, and the legend says whose they are', SLOW, () =>
  look(async (page) => {
    const legend = page.locator('.legend');
    const swatches = () => legend.locator('canvas').evaluateAll((all) => all.map((one) => one.dataset.swatch));
    for (const [owner, hue] of Object.entries(DARK.owners)) {
      // An edge lets something of the sea through.
      const colour = hue.map((value, i) => 0.7 * value + 0.3 * DARK.sea[i]);
      const { n } = await until(page, colour, (found) => found.n > 100, 20);
      await page.keyboard.press('v');
      await until(page, colour, (found) => found.n < n / 3, 20);
      assert.equal(await legend.count(), 0);
      await page.keyboard.press('v');
      await says(page, '.legend', new RegExp(`${owner}.*how far radars reach.*not what is above their horizon`, 's'));
      assert.deepEqual(await swatches(), ['coverage-0', 'coverage-1', 'coverage-2']);
    }
    await page.keyboard.press('v');
    await until(page, DARK.owners.JP, ({ n }) => n < 10, 40);
    await page.keyboard.press('r');
    await until(page, DARK.owners.JP, ({ n }) => n > 30, 40);
    await says(page, '.legend', /Raw plots of the last 60 s/);
    assert.deepEqual(await swatches(), ['plot-0', 'plot-1', 'plot-2']);
    // Each owner has a shape of its own.
    const drawn = await legend.locator('canvas').evaluateAll((all) => all.map((one) => one.getContext('2d')
      .getImageData(0, 0, one.width, one.height).data.filter((_, i) => i % 4 === 3).join()));
    assert.equal(new Set(drawn).size, 3);
    await page.keyboard.press('r');
    await until(page, DARK.owners.JP, ({ n }) => n < 10, 40);
  }));

test('"Show all" and its key lead back to everything that there is', SLOW, () => look(async (page) => {
  await page.keyboard.press('f');
  const all = await still(page);
  for (const back of [() => page.keyboard.press('f'), () => page.getByRole('button', { name: 'Show all' }).click()]) {
    await page.locator('.middle').hover({ position: { x: 300, y: 300 } });
    await page.mouse.wheel(0, 400);
    await moved(page, all);
    assert.notEqual(await still(page), all);
    await back();
    await page.waitForFunction((at) => document.querySelector('.globe').dataset.camera === at, all);
  }
}));

for (const motion of ['reduce', 'no-preference']) {
  test(`who asks for ${motion}: the globe ${motion === 'reduce' ? 'jumps' : 'flies'} to what is chosen`, SLOW, () =>
    look(async (page) => {
      await page.evaluate(() => {
        globalThis.seen = [];
        const element = document.querySelector('.globe');
        // Who jumps is there before anybody could look; who flies is seen on the way, however few pictures are drawn.
        new MutationObserver(() => globalThis.seen.push(element.dataset.goes))
          .observe(element, { attributeFilter: ['data-camera', 'data-goes'] });
      });
      const from = await camera(page);
      await page.keyboard.press('u');
      await moved(page, from);
      await still(page);
      const seen = await page.evaluate(() => globalThis.seen);
      assert.equal(seen.at(-1), 'no');
      assert.equal(seen.includes('yes'), motion === 'no-preference', `${seen}`);
    }, { reducedMotion: motion }));
}

test('light, narrow and in Japanese: the globe is drawn, nothing sticks out, axe finds nothing serious', SLOW, () =>
  look(async (page) => {
    await until(page, [246, 244, 238], ({ n }) => n > 2000);
    await until(page, [178, 58, 14], ({ n }) => n > 50, 40);
    await says(page, '.sight', /落下の可能性：/);
    await says(page, '.legend', /覆域：.*地平線/);
    assert.doesNotMatch(await page.locator('body').innerText(), /\{\w+\}|undefined|NaN/);
    assert.deepEqual(await sticksOut(page), []);
    assert.deepEqual(await serious(page), []);
    await shot(page, 'globe-narrow-ja-light');
  }, { ...NARROW, colorScheme: 'light', locale: 'ja', query: '&lang=ja' }));

test('a machine without WebGL has the table and says why there is no globe', () =>
  open(it.browser, `${it.nodes.url}?at=${wide()}`, { ...WIDE, loose: [/./], begin: (page) => page.addInitScript(() => {
    const real = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function context(kind, ...more) {
      return kind.startsWith('webgl') ? null : real.call(this, kind, ...more);
    };
  }) }, async (page) => {
    await says(page, '.globe', /needs WebGL 2/);
    await says(page, 'table', /JP.*KR.*US/s);
    const compare = page.getByRole('button', { name: 'Alone | together' });
    assert.ok(await compare.isDisabled(), 'there is nothing to compare on');
    assert.match(await compare.getAttribute('title'), /needs WebGL 2/);
  }));
