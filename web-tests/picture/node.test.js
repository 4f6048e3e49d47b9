// The picture on three nodes that run: the launch of January 2022, faster than it was, as `trilat demo` shows it, and
// the story that it tells there. PICTURES=docs, seen from the root, makes those of the README.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { createInterface } from 'node:readline';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { globe, launch, open, says, SLOW, WIDE } from './page.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Building the program may come first. */
const BUILT = { timeout: 1_800_000 };

let browser;
let demo;
let address;
before(async () => {
  browser = await launch();
  // A node that runs already, and has shown its launch: NODE_URL=http://127.0.0.1:8080/
  address = process.env.NODE_URL;
  if (address) return;
  const program = process.env.TRILAT;
  const built = ['cargo', ['run', '--quiet', '--locked', '--package', 'trilat', '--']];
  const [command, begin] = program ? [program, []] : built;
  demo = spawn(command, [...begin, 'demo', '--headless', '--stay', '--speed', '10'],
    { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  // It is said where remarks are: what is printed may be for a program.
  for await (const line of createInterface({ input: demo.stderr })) {
    address = line.match(/^Picture of JP: (http\S+)\?story=1$/)?.[1];
    if (address) break;
  }
  assert.ok(address, 'the demonstration ended before its nodes began');
  demo.stderr.resume();
}, BUILT);
after(async () => {
  await browser.close();
  if (!demo) return;
  const ended = new Promise((done) => demo.once('exit', done));
  demo.kill('SIGINT');
  await ended;
});

const look = (query, use, options = {}) =>
  open(browser, address + query, { ...WIDE, ...options }, async (page) => {
    page.setDefaultTimeout(SLOW.timeout);
    await use(page);
  });
/** As large as those of the README. */
const SHOWN = { reducedMotion: 'reduce', viewport: { width: 1280, height: 800 } };

/** Makes a picture of the README, where that is asked for, and looks that it is no larger than it may be. */
async function picture(page, name) {
  const path = process.env.PICTURES ? `${ROOT}${process.env.PICTURES}/${name}.png` : undefined;
  await page.screenshot({ ...(path ? { path } : {}), ...SLOW });
  if (path) assert.ok(statSync(path).size < 600e3);
}

/** What the story says, in this order, with other things between. */
const STORY = [/Nothing flies yet\. 3 owners watch/, /The first plot: \S+ of \S+ sees something/,
  /Together the object is tracked now\. Alone, .*JP.* would not see it yet/,
  /Together it is known where it may come down: a warning is possible\. Alone, .*JP.* could not warn yet/,
  /JP.? alone could warn only now: sharing gained \d+ s of warning/, /Together the area is known to less than 100 km/,
  /approved and sent: people there are told to take shelter/, /The possible time of arrival is over/,
  /The all clear is sent/];

test('the demonstration tells its story on the picture, from before anything flies to the all clear', SLOW, () =>
  look('?globe=0&story=1', async (page) => {
    await says(page, '.modes', /EXERCISE\s*LIVE/);
    await page.locator('.story p').waitFor();
    await page.evaluate(() => {
      globalThis.told = [];
      const element = document.querySelector('.story p');
      const note = () => globalThis.told.push(element.textContent);
      new MutationObserver(note).observe(element, { characterData: true, childList: true, subtree: true });
      note();
    });
    await says(page, '.sight', /No objects; 3 of 3 owners current|May come down: .+(Possible arrival in|Too early)/);
    await says(page, '.sight', /May come down: .+Possible arrival in \d+/);
    await says(page, '.sight', /Seen by .+ of 3 owners/);
    await says(page, '.partners', /KR\s*data .+ old/);
    await says(page, '.right', /JP\s*\d+ s sooner/);
    assert.ok(await page.locator('.timeline li').count() >= 3);
    await page.waitForFunction(() => globalThis.told.some((one) => /The all clear is sent/.test(one)));
    const told = await page.evaluate(() => globalThis.told);
    console.log(told.map((one) => `# ${one}`).join('\n'));
    let at = 0;
    for (const sentence of STORY) {
      const next = told.findIndex((one, i) => i >= at && sentence.test(one));
      assert.ok(next >= 0, `${sentence} after ${told[at]}`);
      at = next;
    }
  }));

test('what was before is gone through, for each owner', SLOW, () => look('?globe=0&lang=en', async (page) => {
  const area = page.locator('section[aria-label=Events] li', { hasText: 'area below 100 km' }).first();
  await area.waitFor();
  await area.getByRole('button').click();
  await says(page, '.modes', /REPLAY/);
  await says(page, '.sight', /May come down/);
  await page.keyboard.press('w');
  await page.locator('dialog[open] tbody tr').nth(3).waitFor();
  assert.match(await page.locator('dialog[open]').innerText(), /All together\s+1 object/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('l');
  await says(page, '.modes', /LIVE/);
}));

/** Goes to an event, so many seconds after it. */
async function goTo(page, event, more_s = 0) {
  const row = page.locator('section[aria-label=Events] li', { hasText: event }).last();
  await row.getByRole('button').click();
  await says(page, '.modes', /REPLAY/);
  for (let i = 0; i < more_s; i++) await page.keyboard.press('.');
  await says(page, '.sight', /May come down/);
}

test('the globe shows it', SLOW, () => look('?story=1', async (page) => {
  // The flight goes up still.
  await goTo(page, /area below 100 km(?!.*alone)/);
  await page.keyboard.press('u');
  await globe(page, 1);
  await picture(page, 'picture');
}, SHOWN));

const COMPARED = '?story=1&coverage=0';
test('one owner alone against all together, and what sharing gained', SLOW, () => look(COMPARED, async (page) => {
  await globe(page);
  await goTo(page, /first ground area.*JP.? alone/, 3);
  await page.getByRole('button', { name: 'Alone | together' }).click();
  await page.locator('.alone .globe[data-ready=yes]').waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.globe')].every((one) => one.dataset.objects === '1'));
  await says(page, '.gain', /Sharing gained \d+ seconds of warning/);
  await says(page, '.story', /JP.? alone could warn only now: sharing gained \d+ s of warning/);
  await picture(page, 'picture-compare');
}, SHOWN));

test('the all clear is read in three languages', SLOW, () => look('?globe=0&story=1', async (page) => {
  await says(page, '.story', /The all clear is sent|could not have warned at all/);
  await page.keyboard.press('a');
  await says(page, 'dialog[open]', /Over: people were told so.*Message \d+: All clear.*Approved by demonstration/s);
  assert.equal(await page.locator('dialog[open] article[lang]').count(), 3);
  await picture(page, 'picture-clear');
}, SHOWN));
