// The globe, as it is drawn of what nodes that run say. Slow: the processor draws it here.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { federation } from './federation.js';
import { globe, launch, open, says, shot, SLOW, WIDE } from './page.js';
import { BUILT } from './program.js';

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

/** When the areas are known, and wide still. */
const wide = () => new Date(nodes.launch_ms + 166_000).toISOString();

/** How many pixels of the globe are nearly of a colour. */
async function inked(page, [r, g, b], near = 24) {
  const png = (await page.locator('.middle').screenshot(SLOW)).toString('base64');
  return page.evaluate(async ([data, wanted, off]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const { data: px } = pen.getImageData(0, 0, image.width, image.height);
    let n = 0;
    for (let i = 0; i < px.length; i += 4) {
      if (wanted.every((value, k) => Math.abs(px[i + k] - value) <= off)) n++;
    }
    return n;
  }, [png, [r, g, b], near]);
}

/** Waits until the globe has so many pixels of a colour. */
async function until(page, colour, least) {
  const end = Date.now() + SLOW.timeout;
  for (let n = 0; ; ) {
    n = await inked(page, colour);
    if (n >= least) return;
    assert.ok(Date.now() < end, `${n} of ${least} pixels of ${colour}`);
  }
}

test('land, areas, trails and symbols are drawn, a click chooses, and alone is laid over together', SLOW, () =>
  open(browser, `${nodes.url}?at=${wide()}`, { ...WIDE, reducedMotion: 'reduce' }, async (page) => {
    await globe(page, 3);
    await until(page, [27, 41, 50], 5000);
    await until(page, [255, 138, 92], 300);
    await until(page, [242, 246, 248], 100);
    await until(page, [255, 255, 128], 60);
    await shot(page, 'globe');
    await page.keyboard.press('f');
    await page.keyboard.press('c');
    await page.locator('.alone .globe[data-ready=yes]').waitFor(SLOW);
    await says(page, '.gain', /Sharing gained \d+ seconds of warning/);
    await shot(page, 'globe-compare');
    const line = page.getByLabel('Line between the picture');
    await line.focus();
    await page.keyboard.press('Home');
    await page.waitForFunction(() => getComputedStyle(document.querySelector('.alone')).clipPath.includes('100%'));
    await page.keyboard.press('Escape');
    await page.locator('.alone').waitFor({ state: 'detached' });
    await page.keyboard.press('u');
    await says(page, '.right', /Where it may come down/);
    await shot(page, 'globe-chosen');
  }));

test('a machine without WebGL has the table and says why there is no globe', () =>
  open(browser, nodes.url, { ...WIDE, loose: [/./], begin: (page) => page.addInitScript(() => {
    const real = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function context(kind, ...more) {
      return kind.startsWith('webgl') ? null : real.call(this, kind, ...more);
    };
  }) }, async (page) => {
    await says(page, '.globe', /needs WebGL 2/);
    await says(page, 'table', /JP.*KR.*US/s);
  }));
