// Every control, by mouse and by keyboard, on nodes that run; by mouse in every language.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { open, says, shot, UNWARNED, WIDE } from './page.js';
import { running } from './running.js';
import { words } from './words.js';

const KNOWN_S = 178;
/** Steps of the Tab key through the whole page, each event's among them. */
const TABS_MAX = 200;

/** The objects of the table, the most urgent first. */
let names;
const it = running(() => look(async (page) => {
  await says(page, '.sight', /Seen by .*3 of 3 owners/);
  names = await page.locator('.pick').allInnerTexts();
}));

const LOOK = { ...WIDE, loose: UNWARNED };
const look = (use, query = '') => open(it.browser, `${it.nodes.url}?globe=0${query}`, LOOK, async (page) => {
  await says(page, '.sight', /May come down|落下の可能性|낙하 가능 지역/);
  await use(page);
});
/** When everybody alone knows where. */
const then = () => new Date(it.nodes.launch_ms + KNOWN_S * 1000).toISOString();
const address = (page) => new URL(page.url()).searchParams;
const until = (page, name, value) => page.waitForFunction(([key, wanted]) =>
  new URLSearchParams(location.search).get(key) === wanted, [name, value]);

test('an object is chosen in the table, and its page has everything', () => look(async (page) => {
  await page.locator('.pick', { hasText: names[1] }).click();
  await until(page, 'track', names[1]);
  await says(page, '.right', /US\s*us-\w+/);
  const text = await page.locator('.right').innerText();
  for (const part of [/Where it may come down/, /95 %/, /50 %/, /keeps coasting\s+\d+ %/, /Launch point/,
    /kr-\w+\s+\d+\s+\d+ s ago\s+\d+ ms/, /jp-\w+\s+\d+/, /Height\s+\d+ km/, /Speed/,
    /Error of position, horizontal \(1 σ\)\s+[\d.]+ k?m/, /Error of height \(1 σ\)\s+[\d.]+ k?m/,
    /Error of velocity \(1 σ\)\s+\d+ m\/s/]) {
    assert.match(text, part);
  }
  await page.locator('.right canvas').nth(4).waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await until(page, 'track', null);
}));

test('a link opens the same screen', () => look(async (page) => {
  await page.locator('.pick').first().click();
  await until(page, 'track', names[0]);
  await page.keyboard.press('r');
  await until(page, 'plots', '1');
  const link = new URL(page.url());
  await look(async (other) => {
    await says(other, '.right', new RegExp(names[0]));
    assert.equal(await other.locator('html').getAttribute('lang'), 'ko');
    assert.match(await other.locator('.sight').innerText(), /낙하 가능 지역/);
  }, `&${new URLSearchParams([...link.searchParams].filter(([key]) => !['globe', 'lang'].includes(key)))}&lang=ko`);
}));

test('alone against together, in figures', () => look(async (page) => {
  await says(page, '.modes', /REPLAY/);
  await says(page, '.right', /JP.*\d+ s sooner/);
  const gained_s = async (owner) => {
    const cell = page.locator('.right tr', { hasText: owner }).locator('[data-step=firstWarningS]');
    return Number((await cell.innerText()).match(/^(\d+) s sooner$|^same time$/)?.[1] ?? 0);
  };
  // Of this flight Korea sees the beginning; the others see it when it has come above their horizon.
  const [jp_s, kr_s, us_s] = [await gained_s('JP'), await gained_s('KR'), await gained_s('US')];
  assert.ok(jp_s > 30 && us_s > 30 && kr_s < 5, `${[jp_s, kr_s, us_s]}`);
  await page.getByLabel('Whose picture').selectOption('KR');
  await until(page, 'view', 'KR');
  await says(page, '.sight', /Seen by .*KR.*\(1 of 3 owners\)/);
}, `&at=${then()}`));

test('what did each owner know at this moment', () => look(async (page) => {
  await page.getByRole('button', { name: 'What did each owner know' }).click();
  await page.locator('dialog[open] tbody tr').nth(3).waitFor();
  const text = await page.locator('dialog[open]').innerText();
  assert.match(text, /Known then/);
  assert.match(text, /All together\s+3 objects[^]+\s3 objects/);
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
    const back_ms = await at();
    await page.getByLabel('Speed of the replay').selectOption('30');
    await page.getByRole('button', { name: 'Previous event' }).click();
    await page.waitForFunction((t) => Date.parse(new URLSearchParams(location.search).get('at')) < t, back_ms);
    const back = await at();
    await page.getByRole('button', { name: 'Pause or play' }).click();
    await page.waitForFunction((t) => Date.parse(new URLSearchParams(location.search).get('at')) > t + 3000, back);
    await page.getByRole('button', { name: 'LIVE' }).click();
    await says(page, '.modes', /LIVE/);
    await until(page, 'at', null);
  }));

  test('the time stands in the address, and the slider moves it', () => {
    const at = then();
    return look(async (page) => {
      await says(page, '.modes', /REPLAY/);
      await until(page, 'at', at);
      const slider = page.getByLabel('Time of the picture');
      await slider.focus();
      await page.keyboard.press('ArrowLeft');
      await page.waitForFunction((t) => new URLSearchParams(location.search).get('at') < t, at);
    }, `&at=${at}`);
  });

  test('bookmarks are set, kept over a reload, followed and taken away', () => look(async (page) => {
    const marks = page.locator('section[aria-label=Bookmarks] li');
    await page.keyboard.press('b');
    await marks.waitFor();
    const set = await marks.innerText();
    await page.reload();
    await marks.waitFor();
    assert.equal(await marks.innerText(), set);
    await marks.getByRole('button').first().click();
    await says(page, '.modes', /REPLAY/);
    await page.getByRole('button', { name: 'Remove the bookmark' }).click();
    await page.locator('section[aria-label=Bookmarks]').waitFor({ state: 'detached' });
  }));

  test('an event leads to its time', () => look(async (page) => {
    const event = page.locator('section[aria-label=Events] li', { hasText: 'first ground area' }).first();
    const clock = await event.getByRole('button').innerText();
    await event.getByRole('button').click();
    await says(page, '.modes', /REPLAY/);
    await says(page, '[data-clock=utc]', new RegExp(clock));
  }));
});

/** What a control is called, where no object or time is its name. */
const named = (page, { t } = words('en')) => page.locator('button:visible, select:visible, input:visible')
  .evaluateAll((all, parts) => all
    .filter((one) => !one.closest(['table', ...parts.map((part) => `section[aria-label="${part}"]`)].join()))
    .map((one) => one.getAttribute('aria-label') ?? one.closest('label')?.querySelector('.hidden')?.innerText
      ?? one.innerText), [t('events'), t('first_sight')]);

/** What each control does, by the key of its words. */
function does(page, { t }) {
  const open_shut = async () => {
    await page.locator('dialog[open]').waitFor();
    await page.getByRole('button', { name: t('close') }).click();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  };
  const at_s = () => Date.parse(address(page).get('at')) / 1000;
  const goes = (from_s, direction) => page.waitForFunction(([t_s, sign]) =>
    (Date.parse(new URLSearchParams(location.search).get('at')) / 1000 - t_s) * sign > 0, [from_s, direction]);
  const moves = (direction) => async (press) => {
    const from_s = at_s();
    await press();
    await goes(from_s, direction);
  };
  // The address has whole seconds, and in one there may be many events.
  const steps = (direction, seconds = 1) => async (press) => {
    for (let i = 0; i < seconds; i++) {
      for (const from_s = at_s(); (at_s() - from_s) * direction <= 0; ) await press();
    }
  };
  const and = (check) => async (press) => { await press(); await check(); };
  const is = (name, value) => and(() => until(page, name, value));
  return {
    raw_plots: is('plots', '1'),
    coverage: is('coverage', '0'),
    fit: and(() => {}),
    // Comparing is done on the globe, which comes with it, and takes the comparison with it when it goes.
    compare: and(async () => {
      await until(page, 'compare', 'JP');
      await until(page, 'globe', null);
      await page.locator('.alone .globe').waitFor();
      await page.keyboard.press('g');
      await until(page, 'globe', '0');
      await until(page, 'compare', null);
    }),
    picture: is('view', 'KR'),
    known: and(open_shut),
    warnings: and(open_shut),
    help: and(open_shut),
    theme: and(() => page.waitForFunction(() => document.documentElement.dataset.theme === 'light')),
    play_pause: and(() => page.waitForFunction(() => new URLSearchParams(location.search).has('at'))),
    // To the last one, and to one before it, so that there is a next.
    event_previous: steps(-1, 2),
    event_next: steps(1),
    step_back: moves(-1),
    step_on: moves(1),
    rate: is('rate', '10'),
    time: moves(-1),
    mode_live: is('at', null),
    bookmark: and(() => page.locator(`section[aria-label="${t('bookmarks')}"] li`).waitFor()),
    globe_show: is('globe', null),
    kiosk: and(async () => {
      await until(page, 'kiosk', '1');
      await page.keyboard.press('Escape');
      await until(page, 'kiosk', null);
    }),
    language: and(() => {}),
  };
}

for (const lang of ['en', 'ja', 'ko']) {
  const title = `every button, list and slider does something, and there is none beside them, in ${lang}`;
  test(title, () => look(async (page) => {
    const said = words(lang);
    const { t } = said;
    const all = does(page, said);
    const choice = { picture: 'KR', theme: 'light', rate: '10', language: lang === 'ja' ? 'ko' : 'ja' };
    assert.deepEqual((await named(page, said)).toSorted(), Object.keys(all).map((key) => t(key)).toSorted());
    for (const [key, how] of Object.entries(all)) {
      const name = t(key);
      await how(() => {
        if (choice[key]) return page.getByLabel(name).selectOption(choice[key]);
        if (key === 'time') return page.getByLabel(name).press('PageDown');
        return page.getByRole('button', { name, exact: true }).click();
      });
    }
    await until(page, 'lang', choice.language);
  }, `&lang=${lang}`));
}

test('the lanes of the timeline lead to their time, and an owner of the gains to the comparison', () =>
  look(async (page) => {
    await page.locator('.lanes canvas').click({ position: { x: 300, y: 20 } });
    await says(page, '.modes', /REPLAY/);
    await page.getByRole('button', { name: 'LIVE' }).click();
    await page.locator('.right').getByRole('button', { name: 'US' }).click();
    await until(page, 'compare', 'US');
    const first = page.locator('.sight button');
    const name = await first.innerText();
    await first.click();
    await until(page, 'track', name);
  }));

test('every shortcut of the sheet does something, and the sheet has them all', () => look(async (page) => {
  await says(page, '.modes', /REPLAY/);
  await says(page, '.left tbody', new RegExp(names[1]));
  await page.keyboard.press('?');
  await page.locator('dialog[open] kbd').first().waitFor();
  const keys = await page.locator('dialog[open] kbd').allInnerTexts();
  assert.equal(new Set(keys).size, keys.length);
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  const pressed = new Set(['?']);
  const press = async (key, check) => {
    pressed.add({ ' ': '␣', Escape: 'Esc' }[key] ?? key);
    await page.keyboard.press(key);
    await check();
  };
  const at_s = () => Date.parse(address(page).get('at')) / 1000;
  // Events are half a second apart, and the address has whole ones: those keys are pressed twice.
  const moves = async (key, direction, times = 1) => {
    const from_s = at_s();
    for (let i = 1; i < times; i++) await press(key, () => {});
    await press(key, () => page.waitForFunction(([t, sign]) =>
      (Date.parse(new URLSearchParams(location.search).get('at')) / 1000 - t) * sign > 0, [from_s, direction]));
  };
  await press('u', () => until(page, 'track', names[0]));
  await press('j', () => until(page, 'track', names[1]));
  await press('k', () => until(page, 'track', names[0]));
  await press('Escape', () => until(page, 'track', null));
  await press('c', () => until(page, 'compare', 'JP'));
  await press('c', () => until(page, 'compare', 'KR'));
  await press('Escape', () => until(page, 'compare', null));
  await press('g', () => until(page, 'globe', '0'));
  await press('r', () => until(page, 'plots', '1'));
  await press('v', () => until(page, 'coverage', '0'));
  await press(']', () => until(page, 'rate', '2'));
  await press('[', () => until(page, 'rate', null));
  await press('x', () => until(page, 'kiosk', '1'));
  await press('Escape', () => until(page, 'kiosk', null));
  await press('i', () => until(page, 'lang', 'ja'));
  await press('i', () => until(page, 'lang', 'ko'));
  await press('i', () => until(page, 'lang', 'en'));
  await moves(' ', 1);
  await press(' ', () => {});
  await moves('p', -1, 2);
  await moves('n', 1, 2);
  await moves(',', -1);
  await moves('.', 1);
  await press('b', () => page.locator('section[aria-label=Bookmarks] li').waitFor());
  await press('l', () => says(page, '.modes', /LIVE/));
  await press('t', () => page.waitForFunction(() => document.documentElement.dataset.theme === 'light'));
  for (const key of ['w', 'a']) {
    await press(key, () => page.locator('dialog[open]').waitFor());
    await press(key, () => page.locator('dialog[open]').waitFor({ state: 'detached' }));
  }
  await press('g', () => until(page, 'globe', null));
  await press('g', () => until(page, 'globe', '0'));
  // 'f' moves the globe: globe.test.js.
  assert.deepEqual(keys.filter((key) => !pressed.has(key)), ['f']);
}, `&at=${then()}`));

test('by keyboard alone: every control is reached, and an object chosen', () => look(async (page) => {
  const reached = new Set();
  for (let i = 0; i < TABS_MAX; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const one = document.activeElement;
      return one.getAttribute('aria-label') ?? one.closest('label')?.innerText ?? one.innerText;
    });
    reached.add(at.trim());
    if (at.trim() === names[1]) {
      await page.keyboard.press('Enter');
      await until(page, 'track', names[1]);
    }
    if (at.trim() === 'Time of the picture') break;
  }
  for (const name of [...await named(page), names[0]].filter((one) => one !== 'Close')) {
    assert.ok([...reached].some((one) => one.includes(name)), `${name} in ${[...reached].join(', ')}`);
  }
}));

test('a screen reader hears the first sight', () => look(async (page) => {
  await says(page, '[aria-live=polite]', /May come down: .+Possible arrival in .+Seen by/);
}));

test('the wall display shows the first sight large, and nothing to press', () => look(async (page) => {
  assert.equal(await page.locator('.controls:visible, .choices:visible, .layers:visible').count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Show the globe' }).count(), 0);
  const size = await page.locator('.sight .where').evaluate((one) => Number.parseFloat(getComputedStyle(one).fontSize));
  assert.ok(size >= 30);
  await shot(page, 'controls-kiosk');
}, '&kiosk=1'));
