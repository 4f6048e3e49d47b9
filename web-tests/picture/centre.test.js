// The whole life of warnings in a centre where two persons approve, each step by its control, in every language: a
// draft, a first approval that is withheld and then given, a channel that never answers, what is sent again and what
// was found there, an update that is withdrawn, a cancel, and of another warning the all clear. The journal says so.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { centre, until } from './centre.js';
import { launch, open, says, shot, WIDE } from './page.js';
import { BUILT } from './program.js';
import { words } from './words.js';

/** A token has no name beside it; a test types at once. */
const LOOSE = [/Password forms should have/, /Autofocus processing was blocked/];
/** So soon nothing is foretold any more of the warning that is ended by an all clear, s. */
const OVER_S = 30;
/** What a person has sent again goes out at once; what failed is tried again by itself after 5 s, then 10 s, ms. */
const AT_ONCE_MS = 4_000;

let browser;
before(async () => { browser = await launch(); }, BUILT);
after(() => browser.close());

/** A centre with a server that it hands its messages to, used and ended. */
async function inCentre(use) {
  const hook = await silent();
  try {
    const node = await centre({ approvals: 2, hook: hook.url, flies: true });
    try {
      await node.foretold('ito');
      await use({ node, hook });
    } finally {
      await node.close();
    }
  } finally {
    await hook.close();
  }
}

/** A server that takes messages, and answers only where it is told to. */
async function silent() {
  const posts = [];
  const it = { answers: true, posts };
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      posts.push(request.headers['idempotency-key']);
      if (it.answers) response.writeHead(200).end('there');
    });
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return Object.assign(it, {
    url: `http://127.0.0.1:${server.address().port}/warning`,
    close: () => new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    }),
  });
}

const dialog = (page) => page.locator('dialog[open]');

/** The sheet of warnings, as one person has it. */
const as = (node, person, lang, use) => open(browser, `${node.url}login`, { ...WIDE, loose: LOOSE }, async (page) => {
  page.setDefaultTimeout(60_000);
  await page.getByLabel(/Token/).fill(node.tokens[person]);
  await page.getByRole('button').click();
  await page.waitForURL((url) => url.pathname === '/');
  await page.goto(`${node.url}?globe=0&lang=${lang}&warnings=1`);
  await dialog(page).locator('.columns').waitFor();
  await use(page);
});

/** What a person does, in the words of a language. */
function hands(lang, node) {
  const { t, like } = words(lang);
  const sees = (page, key, facts) => says(page, 'dialog[open]', like(key, facts));
  const button = (page, key, facts) => dialog(page).getByRole('button', { name: t(key, facts), exact: true });
  const press = (page, key, facts) => button(page, key, facts).click();
  const choose = async (page, name) => {
    const list = dialog(page).getByRole('list', { name: t('warnings_list') });
    const is_it = page.locator('.name', { hasText: new RegExp(`^${name}$`) });
    await list.getByRole('button').filter({ has: is_it }).click();
    await says(page, '#warning-title', new RegExp(`^${name}$`));
  };
  /** The first of two approves: he looks, goes back, and nothing happened; then he does. */
  const first = async (page, name, number) => {
    await choose(page, name);
    const before = node.journal(name);
    await press(page, 'warn_do_approve');
    await says(page, '.confirm', like('warn_confirm_first', { n: number }));
    await press(page, 'warn_back');
    await page.locator('.confirm').waitFor({ state: 'detached' });
    assert.deepEqual(node.journal(name), before, 'it is withheld');
    await press(page, 'warn_do_approve');
    await press(page, 'warn_yes_first');
    await sees(page, 'warn_waits', { n: 1, all: 2 });
    // The same person does not count twice, and reads so.
    await sees(page, 'warn_refused_twice');
    assert.ok(await button(page, 'warn_do_approve').isDisabled());
  };
  const second = async (page, name, number) => {
    await choose(page, name);
    await sees(page, 'warn_waits', { n: 1, all: 2 });
    await press(page, 'warn_do_approve');
    await says(page, '.confirm', like('warn_confirm_approve', { n: number }));
    for (const [what, more] of [['file', 'file'], ['hook', 'webhook']]) {
      await says(page, '.confirm', like('sign_aside', { what, more }));
    }
    await press(page, 'warn_yes_approve');
    await until('it is released', () => node.journal(name).includes(`released ${number}`));
  };
  const is = (page, channel, state) => says(page, 'dialog[open]',
    new RegExp(`${channel}[:：]\\s*${like(`warn_delivery_${state}`).source}`));
  const message = (number, kind, reason) => {
    const word = t(`warn_kind_${kind}`);
    const more = reason && t(`warn_reason_${reason}`);
    return ['warn_message', { n: number, kind: more ? t('sign_aside', { what: word, more }) : word }];
  };
  return { sees, press, choose, first, second, is, message, t };
}

const by_persons = (line) => !/^(opened|overdue|handing|reported)/.test(line) || line.includes('found there');
const by_channel = (channel) => (line) => new RegExp(`^(handing|reported) \\d+ ${channel}`).test(line);

async function life(lang, { node, hook }, [ito, kim, lee]) {
  const { sees, press, choose, first, second, is, message, t } = hands(lang, node);

  // One that is over soon, of which all is heard.
  hook.answers = true;
  const short = node.draft(150e3, OVER_S, `short-${lang}`);
  await first(kim, short, 1);
  await second(lee, short, 1);
  for (const channel of ['file', 'hook']) await is(lee, channel, 'delivered');

  // Another, of the object that the node follows. Now the hook takes messages and says nothing.
  hook.answers = false;
  await sees(ito, 'warn_unwarned');
  await dialog(ito).locator('.unwarned').first().getByRole('button', { name: t('warn_do_draft'), exact: true }).click();
  await press(ito, 'warn_yes_draft');
  await sees(ito, ...message(1, 'alert'));
  await until('a second warning', () => node.newest() !== short);
  const long = node.newest();
  await says(ito, '#warning-title', new RegExp(`^${long}$`));
  await first(kim, long, 1);
  await second(lee, long, 1);
  await is(kim, 'file', 'delivered');
  await is(kim, 'hook', 'unknown');
  await press(kim, 'warn_do_send', { channel: 'hook' });
  await sees(kim, 'warn_confirm_send', { channel: 'hook', n: 1 });
  await shot(kim, `centre-unknown-${lang}`);
  await press(kim, 'warn_yes_send');
  const is_unknown = (times) => until(`it is unknown ${times} times`, () =>
    node.times_ms(long, 'reported 1 hook unknown').length === times);
  await is_unknown(2);
  await is(lee, 'hook', 'unknown');
  await press(lee, 'warn_do_send', { channel: 'hook' });
  await press(lee, 'warn_yes_send');
  await is_unknown(3);
  await press(lee, 'warn_do_send', { channel: 'hook' });
  await press(lee, 'warn_yes_arrived');
  await is(lee, 'hook', 'delivered');

  hook.answers = true;
  await press(ito, 'warn_do_update');
  await sees(ito, 'warn_confirm_update');
  await press(ito, 'warn_yes_update');
  await sees(ito, ...message(2, 'update'));
  await press(ito, 'warn_do_withdraw');
  await sees(ito, 'warn_confirm_withdraw', { n: 2 });
  await press(ito, 'warn_yes_withdraw');
  await sees(ito, 'warn_withdrawn_by', { by: 'ito' });

  await press(kim, 'warn_do_cancel');
  await sees(kim, 'warn_confirm_cancel');
  await dialog(kim).getByLabel(t('warn_reason')).selectOption('error');
  await press(kim, 'warn_yes_cancel');
  await sees(kim, ...message(3, 'cancel', 'error'));
  await first(kim, long, 3);
  await second(lee, long, 3);
  await sees(lee, 'warn_state_over');
  await is(lee, 'hook', 'delivered');

  await choose(kim, short);
  await sees(kim, 'warn_clear_due');
  await press(kim, 'warn_do_all_clear');
  await sees(kim, 'warn_confirm_all_clear');
  await press(kim, 'warn_yes_all_clear');
  await sees(kim, ...message(2, 'all_clear'));
  await first(kim, short, 2);
  await second(lee, short, 2);
  await sees(lee, 'warn_state_over');
  for (const [name, number] of [[long, 3], [short, 2]]) {
    await until('both channels have it', () => ['file', 'hook'].every((channel) =>
      node.journal(name).includes(`reported ${number} ${channel} delivered`)));
  }
  return { short, long };
}

/** Holds what happened in a centre against what its persons did. */
function isSo({ node, hook }, { short, long }) {
  assert.deepEqual(node.journal(long).filter(by_persons), ['drafted 1 alert ito', 'approved 1 kim',
    'approved 1 lee', 'released 1', 'again 1 hook kim', 'again 1 hook lee',
    'reported 1 hook delivered found there by lee', 'drafted 2 update ito', 'withdrawn 2 by ito',
    'drafted 3 cancel error kim', 'approved 3 kim', 'approved 3 lee', 'released 3']);
  assert.deepEqual(node.journal(long).filter(by_channel('hook')), ['handing 1 hook', 'reported 1 hook unknown',
    'handing 1 hook', 'reported 1 hook unknown', 'handing 1 hook', 'reported 1 hook unknown',
    'reported 1 hook delivered found there by lee', 'handing 3 hook', 'reported 3 hook delivered']);
  assert.deepEqual(node.journal(long).filter(by_channel('file')), ['handing 1 file', 'reported 1 file delivered',
    'handing 3 file', 'reported 3 file delivered']);
  assert.deepEqual(node.journal(short).filter(by_persons), ['drafted 1 alert node', 'approved 1 kim',
    'approved 1 lee', 'released 1', 'all-clear-due', 'drafted 2 all-clear kim', 'approved 2 kim',
    'approved 2 lee', 'released 2']);
  const again_ms = ['kim', 'lee'].flatMap((person) => node.times_ms(long, `again 1 hook ${person}`));
  const handed_ms = node.times_ms(long, 'handing 1 hook').slice(1);
  const waits_ms = handed_ms.map((at_ms, i) => at_ms - again_ms[i]);
  assert.ok(waits_ms.every((wait_ms) => wait_ms < AT_ONCE_MS), `${waits_ms} ms`);
  assert.deepEqual(hook.posts, [`${short}.1`, `${long}.1`, `${long}.1`, `${long}.1`, `${long}.3`, `${short}.2`]);
  const out = [`${short}.1`, `${short}.2`, `${long}.1`, `${long}.3`].map((name) => `${name}.cap.xml`);
  assert.deepEqual(node.sent().filter((name) => name.startsWith(`${short}.`) || name.startsWith(`${long}.`)),
    out.toSorted());
  for (const name of out) assert.match(node.read(name), /<status>Exercise<\/status>/);
}

// Each waits for most of its time, in a centre of its own.
describe('the life of two warnings, by its controls', { concurrency: true }, () => {
  for (const lang of ['en', 'ja', 'ko']) {
    test(`in ${lang}`, { timeout: 300_000 }, () => inCentre((place) =>
      as(place.node, 'ito', lang, (ito) => as(place.node, 'kim', lang, (kim) => as(place.node, 'lee', lang,
        async (lee) => isSo(place, await life(lang, place, [ito, kim, lee])))))));
  }
});
