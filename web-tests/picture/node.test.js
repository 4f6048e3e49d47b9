// The picture on three nodes that run: the launch of January 2022, faster than it was, as `trilat demo` shows it.

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
    address = line.match(/^Picture of JP: (http\S+)/)?.[1];
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

const look = (query, use, options = {}) => open(browser, address + query, { ...WIDE, ...options }, use);

test('quiet at first, then the object, where it may come down and when', SLOW, () => look('?globe=0', async (page) => {
  page.setDefaultTimeout(SLOW.timeout);
  await says(page, '.modes', /EXERCISE\s*LIVE/);
  await says(page, '.sight', /(No objects; 3 of 3 owners current)|(May come down: .+(Possible arrival in|Too early))/);
  await says(page, '.sight', /May come down: .+Possible arrival in \d+/);
  await says(page, '.sight', /Seen by .+ of 3 owners/);
  await says(page, '.partners', /KR\s*data .+ old/);
  await says(page, '.right', /JP\s*\d+ s sooner/);
  assert.ok(await page.locator('.timeline li').count() >= 3);
}));

test('what was before is gone through, for each owner', SLOW, () => look('?globe=0&lang=en', async (page) => {
  page.setDefaultTimeout(SLOW.timeout);
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

test('the globe shows it, and a picture of it is taken', SLOW, () => look('?', async (page) => {
  page.setDefaultTimeout(SLOW.timeout);
  // A minute after the area was known: the flight goes up still.
  const event = page.locator('section[aria-label=Events] li', { hasText: 'area below 100 km' }).last();
  await event.waitFor();
  await event.getByRole('button').click();
  await says(page, '.sight', /May come down/);
  await page.keyboard.press('u');
  await globe(page, 1);
  const path = process.env.PICTURE ? `${ROOT}${process.env.PICTURE}` : undefined;
  await page.screenshot({ ...(path ? { path } : {}), ...SLOW });
  if (path) assert.ok(statSync(path).size < 600e3);
}, { reducedMotion: 'reduce', viewport: { width: 1280, height: 800 } }));
