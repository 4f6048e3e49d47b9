// How it looks and reads, on nodes that run: every language, narrow and wide, light and dark; what axe finds; a node
// that starts again. SHOTS=DIR writes what a person would look at.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NARROW, open, says, serious, shot, sticksOut, UNWARNED, WIDE } from './page.js';
import { running } from './running.js';

const LANGUAGES = {
  en: [/May come down: .*\S/, /Seen by .*3 of 3 owners/, /What sharing gains/, /Where it may come down/],
  ja: [/落下の可能性：.*\S/, /3者中3者/, /共有で得られた時間/, /落下の可能性のある場所と時間/],
  ko: [/낙하 가능 지역: .*\S/, /3곳 중 3곳/, /공유로 얻은 시간/, /낙하 가능 지역과 시간/],
};

const it = running();

const look = (options, use) => open(it.browser, `${it.nodes.url}?globe=0`, options, use);

for (const [lang, [...texts]] of Object.entries(LANGUAGES)) {
  const of_chosen = texts.pop();
  for (const [size, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
    describe(`${lang}, ${size}`, () => {
      for (const colorScheme of ['light', 'dark']) {
        test(`${colorScheme}: everything is said, nothing sticks out, axe finds nothing serious`, () =>
          look({ ...viewport, locale: lang, colorScheme }, async (page) => {
            const as_it_should = async (what) => {
              // No fact was left open, no key has no words.
              assert.doesNotMatch(await page.locator('body').innerText(), /\{\w+\}|undefined|NaN/, what);
              assert.deepEqual(await sticksOut(page), [], what);
              assert.deepEqual(await serious(page), [], what);
              await shot(page, `look-${lang}-${size}-${colorScheme}-${what}`);
            };
            for (const text of texts) await says(page, 'main', text);
            assert.equal(await page.locator('html').getAttribute('lang'), lang);
            assert.equal(await page.locator('html').getAttribute('data-theme'), colorScheme);
            await as_it_should('overview');
            await page.keyboard.press('u');
            await says(page, '.right', of_chosen);
            await as_it_should('chosen');
          }));
      }
    });
  }
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing serious in what opens, ${colorScheme}`, () =>
    look({ ...WIDE, colorScheme, loose: UNWARNED }, async (page) => {
      await says(page, '.sight', /May come down/);
      for (const [key, of] of [['?', 'dialog[open] kbd'], ['w', 'dialog[open] tbody td'], ['a', 'dialog[open] p']]) {
        await page.keyboard.press(key);
        await page.locator(of).first().waitFor();
        assert.deepEqual(await serious(page), [], key);
        await page.keyboard.press('Escape');
        await page.locator('dialog[open]').waitFor({ state: 'detached' });
      }
    }));
}

test('colours follow the system, and can be chosen', () =>
  look({ ...WIDE, colorScheme: 'light' }, async (page) => {
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
  look({ ...WIDE, reducedMotion: 'reduce' }, async (page) => {
    await says(page, '.sight', /May come down/);
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  }));

test('a node that starts again is found again, with what was before', () => {
  const loose = [/WebSocket connection to .* failed/, /Failed to load resource/];
  return look({ ...WIDE, loose }, async (page) => {
    await says(page, '.modes', /LIVE/);
    await says(page, '.sight', /May come down/);
    const name = await page.locator('.pick').first().innerText();
    const table = new RegExp(name);
    await it.nodes.end('JP');
    await says(page, '.modes', /NO LINK/);
    // What was known stays on the screen.
    await says(page, '.left tbody', table);
    await it.nodes.begin('JP');
    await says(page, '.modes', /LIVE/);
    // It is found anew, without anybody doing anything; and what was before can be gone through.
    await says(page, '.sight', /May come down: .+Seen by .*JP/);
    const at_ms = it.nodes.launch_ms + 178_000;
    await it.nodes.remembers(at_ms);
    await page.goto(`${it.nodes.url}?globe=0&at=${new Date(at_ms).toISOString()}`);
    await says(page, '.modes', /REPLAY/);
    await says(page, '.left tbody', table);
  });
});
