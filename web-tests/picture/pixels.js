// What is drawn, by its pixels: how many there are of a colour, and where.

import assert from 'node:assert/strict';
import { SLOW } from './page.js';

/** Colours of the dark theme, as the globe has them. */
export const DARK = {
  sea: [11, 21, 29],
  land: [27, 41, 50],
  area: [255, 138, 92],
  trail: [242, 246, 248],
  /** Of symbols of an unknown affiliation. */
  unknown: [255, 255, 128],
  owners: { JP: [74, 163, 218], KR: [227, 154, 18], US: [44, 237, 206] },
};

/** Runs in the page: a picture's pixels that are nearly of a colour, and one of them with the same all round it. */
async function looked([data, wanted, off]) {
  const image = new Image();
  image.src = `data:image/png;base64,${data}`;
  await image.decode();
  const { width, height } = image;
  const pen = new OffscreenCanvas(width, height).getContext('2d');
  pen.drawImage(image, 0, 0);
  const { data: px } = pen.getImageData(0, 0, width, height);
  const is = (x, y) => wanted.every((value, k) => Math.abs(px[(y * width + x) * 4 + k] - value) <= off);
  let n = 0;
  let inside;
  for (let y = 2; y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      if (!is(x, y)) continue;
      n++;
      inside ??= [-2, 2].every((d) => is(x + d, y) && is(x, y + d)) ? { x, y } : undefined;
    }
  }
  return { n, inside };
}

/** What of the globe, without what lies over it, is nearly of a colour. */
export async function inked(page, colour, near = 24) {
  const over = page.locator('.legend, .layers, .side, .gain');
  const png = await page.locator('.middle').screenshot({ ...SLOW, mask: [over], maskColor: '#000000' });
  return page.evaluate(looked, [png.toString('base64'), colour, near]);
}

/** Waits until what is of a colour on the globe is as it should be. */
export async function until(page, colour, is, near) {
  for (const end = Date.now() + SLOW.timeout; ;) {
    const found = await inked(page, colour, near);
    if (is(found)) return found;
    assert.ok(Date.now() < end, `${JSON.stringify(found)} of ${colour}: not ${is}`);
  }
}

/** Where the globe looks: lon, lat, zoom. */
export const camera = (page) => page.locator('.middle > .globe').getAttribute('data-camera');

/** Waits until the globe looks somewhere else. */
export const moved = (page, from) =>
  page.waitForFunction((was) => document.querySelector('.middle > .globe').dataset.camera !== was, from, SLOW);

/** Where the globe looks when it has been drawn twice, and did not move between. */
export async function still(page) {
  for (let before, now; ; before = now) {
    now = await camera(page);
    if (before === now) return now;
    await page.locator('.middle').screenshot(SLOW);
  }
}

/** Pixels of each lane of the timeline: how many are drawn, and in how many rows of those that are hollow inside. */
export const lanes = (page) => page.evaluate(() => {
  const canvas = document.querySelector('.lanes canvas');
  const scale = canvas.width / canvas.clientWidth;
  const rows = [...document.querySelectorAll('.lanes li')];
  const top = canvas.getBoundingClientRect().top;
  const pen = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
  pen.drawImage(canvas, 0, 0);
  return rows.map((row) => {
    const middle = row.getBoundingClientRect().top - top + row.offsetHeight / 2;
    const line = (y) => pen.getImageData(0, Math.floor(y * scale), canvas.width, 1).data;
    const inked = (data) => data.filter((_, i) => i % 4 === 3 && data[i] > 40).length;
    // The upper edge of strokes, and their middle: hollow ones have less there.
    return { name: row.innerText, edge: inked(line(middle - row.offsetHeight / 2 + 1.5)), inside: inked(line(middle)) };
  });
});
