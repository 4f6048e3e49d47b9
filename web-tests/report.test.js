// What a reader meets: the pages in Chromium, on a desktop, on a phone, in the dark and on paper.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const FOLDER = process.env.PAGES;
const PAGES = readdirSync(FOLDER).filter((name) => name.endsWith('.html')).sort();
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

/** The pages of `trilat path`. */
const FLIGHTS = ['built-in.html', 'hostile.html', 'sea-of-japan.html', 'white-sands.html'];
/** The pages of other commands. */
const OTHERS = ['coverage.html', 'study-lofted.html', 'study.html', 'tracks.html'];

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
});
after(() => browser.close());

/** Opens a page; what it logs, asks of the network or pops up is collected in `seen`. */
async function open(name, options, use) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const url = pathToFileURL(join(FOLDER, name)).href;
  const seen = [];
  page.on('console', (message) => seen.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => seen.push(`error: ${error}`));
  page.on('dialog', (dialog) => { seen.push(`dialog: ${dialog.message()}`); return dialog.dismiss(); });
  page.on('request', (request) => { if (request.url() !== url) seen.push(`request: ${request.url()}`); });
  try {
    await page.goto(url);
    await use(page, seen);
  } finally {
    await context.close();
  }
}

const DESKTOP = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 400, height: 800 } };

/** Relative luminance of a colour `rgb(r, g, b)`; source: WCAG 2.2, definition of relative luminance. */
const contrast = ([a, b]) => {
  const luminance = (colour) => {
    const [r, g, b2] = colour.match(/[\d.]+/g).slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b2;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};

test('there are pages to look at', () => {
  assert.deepEqual(PAGES, [...FLIGHTS, ...OTHERS].sort());
});

for (const name of PAGES) {
  describe(name, () => {
    test('logs nothing and asks nothing of the network', () =>
      open(name, DESKTOP, async (_page, seen) => assert.deepEqual(seen, [])));

    test('has a summary in words', () => open(name, DESKTOP, async (page) => {
      assert.equal(await page.locator('h1').count(), 1);
      const lead = await page.locator('.lead').first().innerText();
      assert.ok(lead.length > 80, lead);
      if (FLIGHTS.includes(name)) {
        assert.match(lead, /followed this object with [\d\s\u202f]+ plots/);
        const known = await page.locator('.known').first().innerText();
        if (name !== 'hostile.html') assert.match(known, /19 chances in 20/);
      }
      assert.match(await page.locator('.purpose').innerText(), /protection of people/);
    }));

    test('every drawing says what it is', () => open(name, DESKTOP, async (page) => {
      const mute = await page.evaluate(() => [...document.querySelectorAll('svg')]
        .filter((svg) => svg.getAttribute('aria-hidden') !== 'true')
        .filter((svg) => !['title', 'desc'].every((part) => svg.querySelector(part)?.textContent.trim())).length);
      assert.equal(mute, 0);
      assert.ok(await page.locator('svg[role=img]:visible').count() >= 4);
      const twice = await page.evaluate(() => {
        const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
        return ids.filter((id, i) => ids.indexOf(id) !== i);
      });
      assert.deepEqual(twice, []);
    }));

    test('no drawing holds what is no number', () => open(name, DESKTOP, async (page) => {
      const bad = await page.evaluate(() => [...document.querySelectorAll('svg *')].flatMap((element) =>
        [...element.attributes].filter((a) => /NaN|inf|undefined/.test(a.value) && a.name !== 'id')
          .map((a) => `${element.tagName} ${a.name}=${a.value.slice(0, 60)}`)));
      assert.deepEqual(bad, []);
    }));

    for (const colorScheme of ['light', 'dark']) {
      test(`nothing sticks out at 400 px, ${colorScheme}`, () => open(name, { ...PHONE, colorScheme }, async (page) => {
        const wide = await page.evaluate(() => [...document.querySelectorAll('main *, header *, footer *')]
          .filter((e) => !e.closest('svg') || e.tagName === 'svg')
          // A wide table scrolls in a box of its own, which must not stick out.
          .filter((e) => !e.parentElement.closest('.scroll'))
          .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5).map((e) => `${e.tagName}.${e.className}`));
        assert.deepEqual(wide, []);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
        assert.equal(await page.locator('svg.wide:visible').count(), 0);
        assert.ok(await page.locator('svg.narrow:visible').count() >= 2);
      }));

      const reader = { ...DESKTOP, colorScheme };
      test(`text stands out from its ground, ${colorScheme}`, () => open(name, reader, async (page) => {
        const pairs = await page.evaluate(() => {
          const style = getComputedStyle(document.documentElement);
          const resolve = (variable) => {
            const probe = document.createElement('i');
            probe.style.color = style.getPropertyValue(variable);
            document.body.append(probe);
            const { color } = getComputedStyle(probe);
            probe.remove();
            return color;
          };
          return ['--text', '--soft', '--launch', '--apogee', '--arrival', '--track', '--reject'].flatMap((ink) =>
            ['--sheet', '--ground', '--sea', '--land'].map((ground) => [ink, ground, resolve(ink), resolve(ground)]));
        });
        for (const [ink, ground, a, b] of pairs) {
          const ratio = contrast([a, b]);
          assert.ok(ratio >= 4.5, `${ink} on ${ground}: ${ratio.toFixed(2)}`);
        }
      }));
    }

    test('follows the reader into the dark', () => {
      const ground = (colorScheme) => new Promise((resolve, reject) => {
        open(name, { ...DESKTOP, colorScheme }, async (page) => {
          resolve(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
        }).catch(reject);
      });
      return Promise.all([ground('light'), ground('dark')]).then(([light, dark]) => {
        assert.ok(contrast([light, 'rgb(0, 0, 0)']) > 15 && contrast([dark, 'rgb(0, 0, 0)']) < 2, `${light} ${dark}`);
      });
    });

    const darkReader = { ...DESKTOP, colorScheme: 'dark' };
    test('prints on A4, light even for a dark reader', () => open(name, darkReader, async (page) => {
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
      const sheets = pdf.match(/\/Type\s*\/Page\b/g).length;
      assert.ok(sheets >= 1 && sheets <= 12, `${sheets} pages`);
      assert.match(pdf, /\/MediaBox\s*\[0 0 59[45](\.\d+)? 84[12]/);
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
    }));
  });
}

test('the page of the built-in flight says that it is simulated, on screen and on paper', () =>
  open('built-in.html', DESKTOP, async (page) => {
    assert.equal(await page.locator('.known li').count(), 3);
    for (const media of ['screen', 'print']) {
      await page.emulateMedia({ media });
      assert.match(await page.locator('.badge:visible').innerText(), /Simulated: no radar measured this flight/);
    }
  }));

test('a hostile name stays text', () => open('hostile.html', DESKTOP, async (page, seen) => {
  assert.deepEqual(seen, []);
  assert.equal(await page.locator('script, img, iframe, main b').count(), 0);
  assert.match(await page.locator('h2.object').first().innerText(), /<script>alert\(1\)<\/script>/);
}));

test('the page of the coverage tells the owners apart and says who sees more', () =>
  open('coverage.html', DESKTOP, async (page) => {
    assert.match(await page.locator('.known li').first().innerText(), /times what \w+, who sees most, sees alone/);
    const colours = await page.locator('figcaption .owner').evaluateAll((names) =>
      names.slice(0, 3).map((name) => getComputedStyle(name).color));
    assert.equal(new Set(colours).size, 3, `${colours}`);
    // Where three radars see it is darker than where two do, and there than where one does.
    const ink = await page.locator('section.height svg.wide').first().locator('path.sees').evaluateAll((paths) =>
      paths.map((path) => Number(getComputedStyle(path).fillOpacity)));
    assert.deepEqual(ink, [...ink].sort((a, b) => a - b));
    assert.equal(ink.length, 3);
    const rows = await page.locator('table.areas').first().locator('tbody th').allInnerTexts();
    assert.deepEqual(rows.slice(0, 4), ['JP alone', 'US alone', 'KR alone', 'All together']);
  }));

test('the page of a study puts the answer first, and the last row is all together', () =>
  open('study.html', DESKTOP, async (page) => {
    assert.match(await page.locator('.lead').first().innerText(), /alone saw .* together saw/s);
    const rows = await page.locator('table.decision').first().locator('tbody th').allInnerTexts();
    assert.equal(rows.length, 7);
    assert.equal(rows.at(-1), 'All together');
    // The more time together, the longer its bar.
    const widths = await page.locator('svg.wide .bars').evaluateAll((bars) =>
      bars.map((bar) => bar.querySelector('.k2')?.getBoundingClientRect().width ?? 0));
    assert.equal(widths.indexOf(Math.max(...widths)), 6, `${widths}`);
    // The table fits without scrolling.
    assert.ok(await page.locator('.scroll').first().evaluate((box) => box.scrollWidth <= box.clientWidth));
    await page.emulateMedia({ media: 'print' });
    assert.ok(await page.locator('table.figures').first().isVisible());
  }));

test('the page that the program writes of a study has maps, curves, tables and how much closer all together are', () =>
  open('study-lofted.html', DESKTOP, async (page) => {
    assert.match(await page.locator('.precise').first().innerText(), /More precise: all together are off by/);
    assert.equal(await page.locator('section.height .at').count(), 3);
    assert.ok(await page.locator('path.knowcurve.bound').count() >= 7);
    assert.equal(await page.locator('table.figures').count(), 2);
  }));

test('the page of tracks shows each on the map, in the table and in the list, and is read by keyboard', () =>
  open('tracks.html', DESKTOP, async (page) => {
    const names = await page.locator('table.tracks tbody th').allInnerTexts();
    assert.equal(names.length, 2);
    const map = page.locator('#map-t').locator('xpath=..');
    assert.deepEqual((await map.locator('g > title').allTextContents()).sort(), [...names].sort());
    assert.ok(await map.locator('path.trail').count() >= 4);
    // Phases differ by colour and by dashes.
    const looks = await map.locator('path.trail').evaluateAll((paths) => paths.map((path) => {
      const { stroke, strokeDasharray } = getComputedStyle(path);
      return `${stroke} ${strokeDasharray}`;
    }));
    assert.ok(new Set(looks).size >= 3, `${looks}`);
    const events = await page.locator('details td').allInnerTexts();
    for (const name of names) assert.ok(events.includes(name), name);
    const reached = [];
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate(() =>
        document.activeElement.getAttribute('aria-label') ?? document.activeElement.tagName));
    }
    for (const place of ['Table of sensors', 'Table of tracks', 'SUMMARY', 'Events']) {
      assert.ok(reached.includes(place), `${place} in ${reached}`);
    }
    assert.ok(await page.locator('.scroll').nth(1).evaluate((box) => box.scrollWidth <= box.clientWidth));
  }));
