// Every control, by mouse and by keyboard.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serve } from './fixture.js';
import { launch, open, says, WIDE } from './page.js';
import { story } from './story.js';

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

const look = (use, query = '') => open(browser, `${node.url}?globe=0${query}`, WIDE, async (page) => {
  await says(page, '.sight', /May come down|낙하 가능 지역/);
  await use(page);
});
const address = (page) => new URL(page.url()).searchParams;
const until = (page, name, value) => page.waitForFunction(([key, wanted]) =>
  new URLSearchParams(location.search).get(key) === wanted, [name, value]);

test('an object is chosen in the table, and its page has everything', () => look(async (page) => {
  await page.locator('.pick', { hasText: 'KR-91aa' }).click();
  await until(page, 'track', 'KR-91aa-0007');
  const text = await page.locator('.right').innerText();
  for (const part of [/Where it may come down/, /95 %/, /50 %/, /keeps coasting\s+82 %/, /glides\s+18 %/,
    /Launch point/,
    /kr-central\s+\d+\s+\d+ s ago\s+42 ms/, /Height\s+\d+ km/, /Speed/, /Error of position/]) assert.match(text, part);
  await page.locator('.right canvas').nth(2).waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await until(page, 'track', null);
}));

test('a link opens the same screen', () => look(async (page) => {
  await says(page, '.right', /JP-2b7e-0412/);
  assert.equal(await page.locator('html').getAttribute('lang'), 'ko');
  assert.match(await page.locator('.sight').innerText(), /낙하 가능 지역/);
}, '&lang=ko&track=JP-2b7e-0412'));

test('alone against together, in figures', () => look(async (page) => {
  await says(page, '.right', /JP\s*95 s sooner/);
  const main = (owner) =>
    page.locator('.right tr', { hasText: owner }).locator('[data-step=firstWarningS]').innerText();
  assert.equal(await main('JP'), '95 s sooner');
  assert.equal(await main('KR'), 'same time');
  assert.equal(await main('US'), '130 s sooner');
  await page.getByLabel('Whose picture').selectOption('US');
  await until(page, 'view', 'US');
  await says(page, '.sight', /\(1 of 3 owners\)/);
}));

test('what did each owner know at this moment', () => look(async (page) => {
  await page.getByRole('button', { name: 'What did each owner know' }).click();
  await page.locator('dialog[open] tbody tr').nth(3).waitFor();
  const text = await page.locator('dialog[open]').innerText();
  assert.match(text, /Known then/);
  assert.match(text, /All together\s+3 objects/);
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
}));

describe('replay', () => {
  test('pauses, steps, plays and comes back to live', () => look(async (page) => {
    await page.getByRole('button', { name: 'Pause or play' }).click();
    await says(page, '.modes', /EXERCISE\s*REPLAY/);
    const at = async () => Date.parse(address(page).get('at'));
    await page.waitForFunction(() => new URLSearchParams(location.search).has('at'));
    const first = await at();
    await page.getByRole('button', { name: 'One second back' }).click();
    await page.waitForFunction((t) => Date.parse(new URLSearchParams(location.search).get('at')) < t, first);
    await page.getByLabel('Speed of the replay').selectOption('30');
    await page.getByRole('button', { name: 'Previous event' }).click();
    await page.waitForFunction((t) => Date.parse(new URLSearchParams(location.search).get('at')) < t - 5000, first);
    const back = await at();
    await page.getByRole('button', { name: 'Pause or play' }).click();
    await page.waitForFunction((t) => Date.parse(new URLSearchParams(location.search).get('at')) > t + 3000, back);
    await page.getByRole('button', { name: 'LIVE' }).click();
    await says(page, '.modes', /LIVE/);
    await until(page, 'at', null);
  }));

  test('the time stands in the address, and the slider moves it', () => {
    const at = new Date((Math.floor(Date.now() / 1000) - 200) * 1000).toISOString();
    return look(async (page) => {
      await says(page, '.modes', /REPLAY/);
      await until(page, 'at', at);
      const slider = page.getByLabel('Time of the picture');
      await slider.focus();
      await page.keyboard.press('ArrowLeft');
      await page.waitForFunction((t) => new URLSearchParams(location.search).get('at') < t, at);
    }, `&at=${at}`);
  });

  test('bookmarks are set, followed and taken away', () => look(async (page) => {
    await page.keyboard.press('b');
    await page.locator('section[aria-label=Bookmarks] li').waitFor();
    await page.locator('section[aria-label=Bookmarks] li button').first().click();
    await says(page, '.modes', /REPLAY/);
    await page.getByRole('button', { name: 'Remove the bookmark' }).click();
    await page.locator('section[aria-label=Bookmarks]').waitFor({ state: 'detached' });
  }));

  test('an event leads to its time', () => look(async (page) => {
    const event = page.locator('section[aria-label=Events] li', { hasText: 'first ground area' });
    const clock = await event.getByRole('button').innerText();
    await event.getByRole('button').click();
    await says(page, '.modes', /REPLAY/);
    await says(page, '[data-clock=utc]', new RegExp(clock));
  }));
});

test('every shortcut of the sheet does something, and the sheet has them all', () => look(async (page) => {
  await page.keyboard.press('?');
  await page.locator('dialog[open] kbd').first().waitFor();
  const keys = await page.locator('dialog[open] kbd').allInnerTexts();
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(keys.length >= 20, `${keys}`);
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  const press = async (key, check) => { await page.keyboard.press(key); await check(); };
  await press('u', () => until(page, 'track', 'JP-2b7e-0412'));
  await press('j', () => until(page, 'track', 'KR-91aa-0007'));
  await press('k', () => until(page, 'track', 'JP-2b7e-0412'));
  await press('Escape', () => until(page, 'track', null));
  await press('c', () => until(page, 'compare', 'JP'));
  await press('c', () => until(page, 'compare', 'KR'));
  await press('Escape', () => until(page, 'compare', null));
  await press('r', () => until(page, 'plots', '1'));
  await press('v', () => until(page, 'coverage', '0'));
  await press(']', () => until(page, 'rate', '2'));
  await press('[', () => until(page, 'rate', null));
  await press('x', () => until(page, 'kiosk', '1'));
  await press('Escape', () => until(page, 'kiosk', null));
  await press('i', () => until(page, 'lang', 'ja'));
  await press('i', () => until(page, 'lang', 'ko'));
  await press('i', () => until(page, 'lang', 'en'));
  await press(' ', () => says(page, '.modes', /REPLAY/));
  await press(',', () => page.waitForFunction(() => new URLSearchParams(location.search).has('at')));
  await press('p', () => says(page, '.modes', /REPLAY/));
  await press('n', () => says(page, '.modes', /REPLAY/));
  await press('l', () => says(page, '.modes', /LIVE/));
  await press('t', () => page.waitForFunction(() => document.documentElement.dataset.theme === 'light'));
  await press('w', () => page.locator('dialog[open]').waitFor());
  await press('w', () => page.locator('dialog[open]').waitFor({ state: 'detached' }));
}));

test('by keyboard alone: every control is reached, and an object chosen', () => look(async (page) => {
  const reached = new Set();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const one = document.activeElement;
      return one.getAttribute('aria-label') ?? one.closest('label')?.innerText ?? one.innerText;
    });
    reached.add(at.trim());
    if (at.trim() === 'KR-91aa-0007') {
      await page.keyboard.press('Enter');
      await until(page, 'track', 'KR-91aa-0007');
    }
    if (at.trim() === 'Time of the picture') break;
  }
  const wanted = ['Keyboard shortcuts', 'JP-2b7e-0412', 'Alone | together', 'Pause or play', 'Time of the picture'];
  for (const name of wanted) {
    assert.ok([...reached].some((one) => one.includes(name)), `${name} in ${[...reached].join(', ')}`);
  }
}));

test('a screen reader hears the first sight', () => look(async (page) => {
  await says(page, '[aria-live=polite]', /May come down: .+Possible arrival in .+Seen by/);
}));

test('the wall display shows the first sight large, and nothing to press', () => look(async (page) => {
  assert.equal(await page.locator('.controls:visible, .choices:visible, .layers:visible').count(), 0);
  const size = await page.locator('.sight .where').evaluate((one) => Number.parseFloat(getComputedStyle(one).fontSize));
  assert.ok(size >= 30);
}, '&kiosk=1'));
