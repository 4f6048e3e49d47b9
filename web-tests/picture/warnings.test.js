// Warnings as persons in a warning centre have them: what waits, its words in every language, two who decide at once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { centre } from './centre.js';
import { launch, NARROW, open, says, serious, shot, WIDE } from './page.js';
import { BUILT } from './program.js';

/** A refusal is an answer that Chromium logs as an error; a token has no name beside it; a test types at once. */
const REFUSED = [/status of 409/, /Password forms should have/, /Autofocus processing was blocked/];
/** What Chromium says of a node that is not there. */
const LINKLESS = [...REFUSED, /WebSocket connection to .* failed/, /Failed to load resource/];

let browser;
let node;
let name;
before(async () => {
  browser = await launch();
  node = await centre();
  name = node.draft(150e3, 900);
}, BUILT);
after(async () => {
  await browser.close();
  await node.close();
});

/** Gives a person's token. */
async function enter(page, person) {
  await page.getByLabel(/Token/).fill(node.tokens[person]);
  await page.getByRole('button').click();
  await page.waitForURL((url) => url.pathname === '/');
}

/** The picture as one person has it. */
const as = (person, use, { query = '', ...options } = {}) =>
  open(browser, `${node.url}login`, { ...WIDE, loose: REFUSED, ...options }, async (page) => {
    page.setDefaultTimeout(60_000);
    await enter(page, person);
    await page.goto(`${node.url}?globe=0${query}`);
    await says(page, '.strip', /1/);
    await use(page);
  });

const dialog = (page) => page.locator('dialog[open]');
const button = (page, text) => dialog(page).getByRole('button', { name: text });

const picture = (page, of) => shot(page, `warnings-${of}`);

test('a wrong token lets nobody in, says so in three languages, and a right one after it does', () =>
  open(browser, `${node.url}login`, { ...WIDE, loose: [...REFUSED, /status of 401/] }, async (page) => {
    page.setDefaultTimeout(60_000);
    await page.getByLabel(/Token/).fill(`trilat_${'0'.repeat(64)}`);
    await page.getByRole('button').click();
    await says(page, '[role=alert]', /not known here.*使用できません.*사용할 수 없습니다/);
    assert.deepEqual(await serious(page), []);
    assert.equal((await page.request.get(`${node.url}api/v1/tracks`)).status(), 401);
    await enter(page, 'ito');
    await says(page, '.strip', /1/);
  }));

test('what waits is read in three languages side by side, and is an exercise in word', () => as('ito', async (page) => {
  await says(page, '.strip', /EXERCISE.*Waiting for approval: 1.*left to approve it/s);
  await says(page, '.warned', new RegExp(`waits for approval: ${name}`));
  await page.keyboard.press('a');
  await says(page, 'dialog[open]', /Message 1: Warning/);
  await page.waitForFunction(() => new URLSearchParams(location.search).get('warnings') === '1');
  const columns = dialog(page).locator('article[lang]');
  assert.deepEqual(await columns.evaluateAll((all) => all.map((one) => one.lang)), ['en', 'ja', 'ko']);
  const texts = await columns.allInnerTexts();
  for (const [text, mark, place] of [[texts[0], '[EXERCISE]', 'Aomori'], [texts[1], '【訓練】', '青森県'],
    [texts[2], '[훈련]', '아오모리']]) assert.ok(text.includes(mark) && text.includes(place), text);
  const tops = await columns.evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)));
  assert.equal(new Set(tops).size, 1, `side by side: ${tops}`);
  // An operator withdraws; approving is for others, and the page says for whom.
  assert.ok(await button(page, 'Approve…').isDisabled());
  await says(page, 'dialog[open] .actions', /for: releaser/);
  assert.ok(await button(page, 'Withdraw…').isEnabled());
  await dialog(page).getByText(/Places and probabilities/).click();
  await says(page, 'dialog[open] table', /Aomori.*JP-02.*\d+ %/s);
  assert.deepEqual(await serious(page), []);
  await picture(page, 'wide');
  assert.deepEqual(node.sent(), [], 'a draft goes nowhere');
}));

test('after a restart whoever was inside is asked for the token again, and finds what waited', () =>
  as('ito', async (page) => {
    await says(page, '.strip', /Waiting for approval: 1/);
    await node.restart();
    await page.waitForURL((url) => url.pathname === '/login');
    assert.equal((await page.request.get(`${node.url}api/v1/tracks`)).status(), 401);
    await enter(page, 'ito');
    await page.goto(`${node.url}?globe=0`);
    await says(page, '.strip', /Waiting for approval: 1/);
    await says(page, '.warned', new RegExp(`waits for approval: ${name}`));
  }, { loose: LINKLESS }));

for (const [lang, title] of [['ja', /第1報：警報/], ['ko', /제1보: 경보/]]) {
  const narrowly = `narrow, in ${lang}: one below another, the own language first, nothing sticks out`;
  test(narrowly, () => as('ito', async (page) => {
    await says(page, 'dialog[open]', title);
    assert.doesNotMatch(await page.locator('body').innerText(), /\{\w+\}|undefined|NaN|warn_/);
    const columns = await dialog(page).locator('article[lang]')
      .evaluateAll((all) => all.map((one) => [one.lang, Math.round(one.getBoundingClientRect().top)]));
    assert.equal(new Set(columns.map(([, top]) => top)).size, 3);
    assert.equal(columns[0][0], lang, 'the language of the screen is read first');
    const out = await page.evaluate(() => [...document.querySelectorAll('dialog *')]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
      .map((one) => `${one.tagName}.${one.className}`));
    assert.deepEqual(out, []);
    assert.deepEqual(await serious(page), []);
    await picture(page, `narrow-${lang}`);
  }, { ...NARROW, locale: lang, query: `&lang=${lang}&warnings=1&warning=${name}` }));
}

/** Two press their buttons in the same moment. */
async function atOnce(...buttons) {
  const handles = await Promise.all(buttons.map((one) => one.elementHandle()));
  await Promise.all(handles.map((one) => one.evaluate((pressed) => pressed.click())));
}

/**
 * What the slower of two persons reads, once he does, and nobody else reads: of the node, who was quicker; or of his
 * own page, if it heard of it before he pressed.
 */
async function quicker(pages) {
  const told = /Somebody was quicker, and nothing was done|Things have changed meanwhile/;
  await Promise.any(pages.map((page) => says(page, 'dialog[open]', told)));
  const alerts = (await Promise.all(pages.map((page) => page.locator('[role=alert]').allInnerTexts()))).flat();
  assert.equal(alerts.filter((text) => told.test(text)).length, 1, alerts.join('\n'));
  return alerts.find((text) => told.test(text));
}

const two = (use) => as('kim', (kim) => as('lee', (lee) => use(kim, lee)));

test('two approve at once: one does, the other reads who was quicker', () => two(async (kim, lee) => {
  for (const page of [kim, lee]) {
    // By keyboard alone.
    await page.keyboard.press('a');
    await button(page, 'Approve…').focus();
    await page.keyboard.press('Enter');
    await says(page, '.confirm', /EXERCISE\s*Look once more: Message 1.*sent exactly so, to: file \(file\)/s);
    assert.equal(await dialog(page).locator('.confirm article[lang]').count(), 3);
    // Back is one key, and nothing happened.
    await page.keyboard.press('Escape');
    await page.locator('.confirm').waitFor({ state: 'detached' });
    await button(page, 'Approve…').click();
  }
  assert.deepEqual(await serious(kim), []);
  await picture(kim, 'confirm');
  await atOnce(...[kim, lee].map((page) => button(page, 'Approve and send')));
  await Promise.all([kim, lee].map((page) => says(page, 'dialog[open]', /Approved by (kim|lee), released at/)));
  await says(kim, 'dialog[open]', /file:\s*delivered/);
  assert.match(await quicker([kim, lee]), /Message 1: Approved by (kim|lee), released at|Things have changed/);
  assert.deepEqual(node.sent(), [`${name}.1.cap.xml`]);
  assert.ok(node.read(`${name}.1.cap.xml`).includes('<status>Exercise</status>'));
  await says(kim, '.warned', /is being sent/);
}));

test('one approves an update while another takes the warning back: the first wins', () => two(async (kim, lee) => {
  node.update(name, 80e3, 800);
  for (const [page, action] of [[kim, 'Approve…'], [lee, 'Take the warning back…']]) {
    await page.keyboard.press('a');
    await says(page, 'dialog[open]', /Message 2: Update/);
    await button(page, action).click();
    await page.locator('.confirm').waitFor();
  }
  await lee.getByLabel('Why').selectOption('error');
  await atOnce(button(kim, 'Approve and send'), button(lee, 'Write the cancellation'));
  // Either the update is out and the cancel was refused, or the cancel waits and the update was refused.
  await Promise.all([kim, lee].map((page) =>
    says(page, 'dialog[open]', /Message 2: Update.*(Approved by kim, released|Replaced by message 3)/s)));
  assert.match(await quicker([kim, lee]), /Message 2: (Approved by kim|Replaced by)|Things have changed/);
  const isOut = /Message 2: Update[^]*Approved by kim, released/.test(await dialog(kim).innerText());
  if (isOut) await says(kim, 'dialog[open]', /file:\s*delivered/);
  assert.equal(node.sent().length, isOut ? 2 : 1);
  assert.ok(node.log.some((line) => /who="(kim|lee)".*action="(approve|cancel)"/.test(line)), 'it is audited');
}));
