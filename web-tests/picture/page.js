// Chromium as a person has it; what a page logs, breaks or asks of others is collected.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// WebGL by the processor: there is no graphics card where this runs.
const FLAGS = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
  '--js-flags=--expose-gc'];
/**
 * What libraries say of themselves on a machine without a graphics card; and that a node which is busy with another
 * question is asked again.
 */
const EXPECTED = [/^milsymbol\.js/, /^luma\.gl: WebGL uniform block/, /GPU stall due to ReadPixels/, /swiftshader/i,
  /status of 503/];

/** Who asks a node that does not warn for its warnings gets a 404, which Chromium logs as an error. */
export const UNWARNED = [/status of 404/];

/** Time for what needs the globe: software draws it, and others may want the processor. */
export const SLOW = { timeout: 400_000 };

export const WIDE = { viewport: { width: 1440, height: 900 } };
export const NARROW = { viewport: { width: 390, height: 844 } };

export const launch = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });

/**
 * Opens an address in a context of its own and hands the page to `use`. Afterwards nothing unexpected may have been
 * logged, thrown, or asked of another origin; `loose` lets lines through that a test expects.
 */
export async function open(browser, address, { loose = [], begin, ...options }, use) {
  const context = await browser.newContext({ locale: 'en', colorScheme: 'dark', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(240_000);
  const seen = [];
  page.on('console', (message) => seen.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => seen.push(`thrown: ${error.message}`));
  page.on('dialog', (dialog) => { seen.push(`dialog: ${dialog.message()}`); return dialog.dismiss(); });
  const { origin } = new URL(address);
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    const own = ['data:', 'blob:'].includes(protocol) || origin.endsWith(`//${host}`);
    if (!own) seen.push(`outside: ${request.url()}`);
  });
  try {
    if (begin) await begin(page);
    await page.goto(address, { waitUntil: 'commit' });
    await use(page);
  } finally {
    await context.close();
  }
  const unexpected = seen.filter((line) => {
    const text = line.replace(/^\w+: /, '');
    return ![...EXPECTED, ...loose].some((known) => known.test(text));
  });
  if (unexpected.length > 0) throw new Error(`the page said: ${unexpected.slice(0, 5).join(' | ').slice(0, 800)}`);
}

/** Waits until a text is on the screen. */
export async function says(page, selector, pattern) {
  await page.waitForFunction(([where, source, flags]) =>
    new RegExp(source, flags).test(document.querySelector(where)?.textContent ?? ''),
  [selector, pattern.source, pattern.flags]);
}

/** Waits until the globe is there and has drawn so many objects. */
export async function globe(page, objects = 0) {
  await page.waitForSelector('.globe[data-ready=yes]', SLOW);
  const drawn = (n) => Number(document.querySelector('.globe')?.dataset.objects ?? -1) >= n;
  await page.waitForFunction(drawn, objects, SLOW);
}

/** What axe calls serious or critical, in short. */
export async function serious(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((one) => one.html.slice(0, 120)).join(' | ')}`);
}

/** What is wider than the screen, but for what has a bar of its own to move it. */
export const sticksOut = (page) => page.evaluate(() => {
  const out = [...document.querySelectorAll('body *')]
    .filter((one) => one.checkVisibility() && !one.closest('.hidden, dialog, .scroll, .globe'))
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => `${one.tagName}.${one.className}`);
  if (document.documentElement.scrollWidth > innerWidth) out.push(`page: ${document.documentElement.scrollWidth}`);
  return out;
});

/** A picture for somebody to look at, where SHOTS says a folder. */
export async function shot(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, ...SLOW });
}
