// How it looks and reads: every language, narrow and wide, light and dark; what axe finds; a node that starts again.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { serve } from './fixture.js';
import { launch, NARROW, open, says, WIDE } from './page.js';
import { story } from './story.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LANGUAGES = {
  en: [/May come down: .*(Aomori|Hokkaido)/, /Seen by .*3 of 3 owners/, /What sharing gains/],
  ja: [/落下の可能性：.*(青森県|北海道)/, /3者中3者/, /共有で得られた時間/],
  ko: [/낙하 가능 지역: .*(아오모리현|홋카이도)/, /3곳 중 3곳/, /공유로 얻은 시간/],
};

let browser;
let node;
before(async () => {
  browser = await launch();
  node = await serve(story());
});
after(async () => {
  await browser.close();
  await node.close();
});

for (const [lang, texts] of Object.entries(LANGUAGES)) {
  describe(lang, () => {
    for (const [name, size] of [['wide', WIDE], ['narrow', NARROW]]) {
      test(`${name}: everything is said, nothing sticks out`, () =>
        open(browser, `${node.url}?globe=0`, { ...size, locale: lang }, async (page) => {
          for (const text of texts) await says(page, 'main', text);
          assert.equal(await page.locator('html').getAttribute('lang'), lang);
          // No fact was left open, no key has no words.
          assert.doesNotMatch(await page.locator('body').innerText(), /\{\w+\}|undefined|NaN/);
          const out = await page.evaluate(() => [...document.querySelectorAll('body *')]
            .filter((one) => one.checkVisibility() && !one.closest('.hidden, dialog, .scroll, .globe'))
            .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
            .map((one) => `${one.tagName}.${one.className}`));
          assert.deepEqual(out, []);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
        }));
    }
  });
}

/** What axe calls serious or critical, in short. */
async function serious(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((one) => one.html.slice(0, 120)).join(' | ')}`);
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing serious, ${colorScheme}`, () =>
    open(browser, `${node.url}?globe=0`, { ...WIDE, colorScheme }, async (page) => {
      await says(page, '.sight', /Aomori|Hokkaido/);
      assert.deepEqual(await serious(page), [], 'overview');
      await page.keyboard.press('u');
      await says(page, '.right', /keeps coasting/);
      assert.deepEqual(await serious(page), [], 'chosen object');
      await page.keyboard.press('?');
      await page.locator('dialog[open] kbd').first().waitFor();
      assert.deepEqual(await serious(page), [], 'shortcuts');
    }));
}

test('colours follow the system, and can be chosen', () =>
  open(browser, `${node.url}?globe=0`, { ...WIDE, colorScheme: 'light' }, async (page) => {
    const theme = (name) => page.waitForFunction((one) => document.documentElement.dataset.theme === one, name);
    await theme('light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await theme('dark');
    await page.getByLabel('Colours').selectOption('light');
    await theme('light');
    await page.reload();
    await theme('light');
  }));

test('who wants no movement sees none', () =>
  open(browser, `${node.url}?globe=0`, { ...WIDE, reducedMotion: 'reduce' }, async (page) => {
    await says(page, '.sight', /May come down/);
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  }));

test('a node that starts again is found again, and nothing of before is left', async () => {
  const first = await serve(story());
  const loose = [/WebSocket connection to .* failed/, /Failed to load resource/];
  await open(browser, `${first.url}?globe=0`, { ...WIDE, loose }, async (page) => {
    await says(page, '.modes', /LIVE/);
    await says(page, 'table', /JP-2b7e-0412/);
    await first.close();
    await says(page, '.modes', /NO LINK/);
    // What was known stays on the screen, and its age is not hidden.
    await says(page, 'table', /JP-2b7e-0412/);
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
