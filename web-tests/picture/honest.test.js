// What the picture says of what it does not know: a time that the node does not keep, a link that is down, a question
// that was not answered. A fixture speaks for the node.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { globe, NARROW, says, serious, shot, SLOW, sticksOut } from './page.js';
import { served } from './served.js';
import { story } from './story.js';
import { message, one } from './warned.js';

const { look } = served();

const LINKLESS = [/WebSocket connection to .* failed/, /Failed to load resource/];
const LANGUAGES = ['en', 'ja', 'ko'];
const address = (page) => new URL(page.url()).searchParams;

/** Sees a sentence in each language, and ends in English. */
async function inEach(page, selector, patterns) {
  for (const [i, lang] of [...LANGUAGES, 'en'].entries()) {
    await page.locator('.choices select').first().selectOption(lang);
    await says(page, selector, patterns[i % LANGUAGES.length]);
  }
}

/** Opens what each owner knew, on a node that answers the question of what is known now so, one after another. */
const asked = (statuses, use) => {
  const begin = (page) => page.route(/api\/v1\/moment\?.*known=now/, (route) => {
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    return status === 200 ? route.continue() : route.fulfill({ status, json: { error: 'busy' } });
  });
  return look(story(), { begin, loose: [/status of 50[03]/] }, async (page) => {
    await says(page, '.sight', /May come down/);
    await page.keyboard.press('w');
    await page.locator('dialog[open] tbody td').first().waitFor();
    await use(page, await page.locator('dialog[open] tbody tr td:last-child').allInnerTexts());
  });
};

test('a node that computes another moment is asked again', () => asked([503, 503, 200], (page, now) => {
  assert.equal(now.length, 4);
  for (const text of now) assert.match(text, /^[1-9]\d* objects?/);
}));

test('what the node did not say is not called nothing', () => asked([500], async (page, now) => {
  assert.deepEqual(now, Array(4).fill('could not be asked'));
  const then = await page.locator('dialog[open] tbody tr td:nth-child(2)').allInnerTexts();
  for (const text of then) assert.match(text, /^[1-9]\d* objects?/);
  await shot(page, 'honest-unasked');
  await page.keyboard.press('Escape');
  for (const [lang, words] of [['ja', '確認できませんでした'], ['ko', '확인할 수 없었습니다']]) {
    await page.locator('.choices select').first().selectOption(lang);
    await page.keyboard.press('w');
    await says(page, 'dialog[open] tbody td:last-child', new RegExp(words));
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  }
}));

const iso = (unix_s) => new Date(Math.round(unix_s) * 1000).toISOString();
const clock = (unix_s) => iso(unix_s).slice(11, 19);

test('a time before all that the node keeps: which it is, and which is shown instead', () => {
  const scene = story();
  const long_ago_s = scene.begin_s - 2 * 3600;
  const asked_for = clock(long_ago_s);
  const begin = (page) => page.addInitScript((at_s) =>
    localStorage.setItem('trilat-bookmarks', JSON.stringify([at_s])), Math.round(long_ago_s));
  return look(scene, { begin }, async (page) => {
    await says(page, '.missed', new RegExp(`keeps nothing of .*${asked_for} UTC: what is shown is .*UTC\\.`));
    await says(page, '.modes', /REPLAY/);
    await inEach(page, '.missed', [/keeps nothing/, /の記録はありません。表示しているのは.*UTCの状況です/,
      /의 기록이 없습니다\. .*UTC의 상황을 표시/]);
    await shot(page, 'honest-missed');
    // The address is of what is shown.
    const shown = address(page).get('at').slice(11, 19);
    assert.notEqual(shown, asked_for);
    assert.match(await page.locator('.missed').innerText(), new RegExp(`what is shown is .*${shown} UTC`));
    // A bookmark leads there as well, and another time takes the words away.
    await page.locator('.missed').getByRole('button', { name: 'Close' }).click();
    await page.locator('.missed').waitFor({ state: 'detached' });
    await page.locator('section[aria-label=Bookmarks] button').first().click();
    await says(page, '.missed', new RegExp(`${asked_for} UTC`));
    await page.keyboard.press('n');
    await page.locator('.missed').waitFor({ state: 'detached' });
  }, `?globe=0&at=${iso(long_ago_s)}`);
});

test('a time before what the node has in memory comes out of its log', () => {
  const scene = story();
  const hello = { ...scene.hello, historyFromUnixS: scene.begin_s + 250 };
  const asked_s = scene.begin_s + 60;
  return look({ ...scene, hello }, {}, async (page) => {
    await says(page, '.modes', /REPLAY/);
    await says(page, '.clocks', new RegExp(clock(asked_s)));
    await page.locator('.missed').waitFor({ state: 'detached' });
    assert.equal(address(page).get('at'), iso(asked_s));
    // Events lead on from there, and the end of the timeline to what is in memory.
    await page.keyboard.press('n');
    await page.waitForFunction((was) => new URLSearchParams(location.search).get('at') > was, iso(asked_s));
    await page.getByLabel('Time of the picture').press('End');
    await page.waitForFunction((from) => new URLSearchParams(location.search).get('at') > from,
      iso(scene.begin_s + 250));
    assert.equal(await page.locator('.missed').count(), 0);
  }, `?globe=0&at=${iso(asked_s)}`);
});

test('a node that keeps nothing: what is shown is now', () => {
  const scene = story();
  const hello = { ...scene.hello, historyFromUnixS: 0 };
  return look({ ...scene, hello, past: undefined }, {}, async (page) => {
    const nothing = `keeps nothing of ${clock(scene.begin_s + 30)} UTC: what is shown is now`;
    await inEach(page, '.missed', [new RegExp(nothing),
      /表示しているのは現在の状況です/, /현재 상황을 표시하고 있습니다/]);
    await says(page, '.modes', /LIVE/);
  }, `?globe=0&at=${iso(scene.begin_s + 30)}`);
});

test('a node that does not answer for the past is not said to keep nothing', () => {
  const scene = story();
  const begin = (page) => page.route('**/api/v1/history?*', (route) => route.fulfill({ status: 500 }));
  return look(scene, { begin, loose: [/status of 500/] }, async (page) => {
    await inEach(page, '.missed', [/could not be asked for .*: what is shown is now/,
      /ノードから取得できませんでした。.*現在の状況です/, /가져오지 못했습니다\. 현재 상황/]);
    await says(page, '.modes', /LIVE/);
  }, `?globe=0&at=${iso(scene.begin_s + 30)}`);
});

test('a replay goes on to what came after it was begun', () => look(story(), {}, async (page) => {
  await says(page, '.sight', /May come down/);
  await page.keyboard.press(',');
  await says(page, '.modes', /REPLAY/);
  const was = address(page).get('at');
  await page.waitForFunction((from) => {
    const now = document.querySelector('[data-clock=now]').textContent;
    return new Date(Date.parse(from) + 14_000).toISOString().slice(11, 19) < now;
  }, was);
  await page.getByLabel('Time of the picture').press('End');
  await page.waitForFunction((from) =>
    Date.parse(new URLSearchParams(location.search).get('at')) > Date.parse(from) + 5000, was);
  assert.equal(await page.locator('.missed').count(), 0);
}));

test('beside a replay that stands still a clock goes on', () => look(story(), {}, async (page) => {
  await says(page, '.sight', /May come down/);
  assert.equal(await page.locator('[data-clock=now]').count(), 0);
  await page.keyboard.press(',');
  await says(page, '.modes', /REPLAY/);
  await inEach(page, '.clocks', [/Now \(UTC\)\s*\d\d:/, /現在（UTC）\s*\d\d:/, /현재\(UTC\)\s*\d\d:/]);
  const now = page.locator('[data-clock=now]');
  const [stands, first] = [await page.locator('[data-clock=utc]').innerText(), await now.innerText()];
  assert.ok(first > stands, `${first} after ${stands}`);
  await page.waitForFunction((was) => document.querySelector('[data-clock=now]').textContent !== was, first);
  assert.equal(await page.locator('[data-clock=utc]').innerText(), stands);
  await shot(page, 'honest-now');
}));

for (const [lang, colorScheme] of [['ja', 'light'], ['ko', 'dark']]) {
  test(`narrow, in ${lang}: all of it at once sticks out nowhere, and axe finds nothing serious`, () => {
    const scene = story();
    const begin = async (page) => {
      await session(page);
      await page.route('**/api/v1/warnings', (route) => route.fulfill({ json: one() }));
    };
    return look(warned(scene), { ...NARROW, begin, colorScheme, loose: LINKLESS }, async (page, node) => {
      await says(page, '.missed', /UTC/);
      await says(page, '.strip', /1/);
      await node.end();
      await says(page, '.modes', /接続なし|연결 끊김/);
      await says(page, '.clocks', /現在（UTC）|현재\(UTC\)/);
      assert.doesNotMatch(await page.locator('body').innerText(), /\{\w+\}|undefined|NaN/);
      assert.deepEqual(await sticksOut(page), []);
      assert.deepEqual(await serious(page), []);
      await shot(page, `honest-narrow-${lang}`);
    }, `?globe=0&lang=${lang}&at=${iso(scene.begin_s - 7200)}`);
  });
}

/** A scene with a warning that goes on; its number of entries is 1 until `more` says another. */
const warned = (scene, more = () => 1n) => ({ ...scene, moment: (t) => ({ ...scene.moment(t), warnings: more() }) });

test('a replay without a link says both, and warnings say since when nothing newer is known', () => {
  const begin = (page) => page.route('**/api/v1/warnings', (route) => route.fulfill({ json: one() }));
  return look(warned(story()), { begin, loose: LINKLESS }, async (page, node) => {
    await says(page, '.strip', /In force: 1/);
    await page.keyboard.press(',');
    await says(page, '.modes', /REPLAY/);
    await says(page, '.strip', /As of now/);
    await node.end();
    await says(page, '.modes', /REPLAY\s*NO LINK/);
    await inEach(page, '.strip', [/The state of the warnings is not known after \d\d:\d\d:\d\d UTC/,
      /\d\d:\d\d:\d\d UTC以降の警報の状況は確認できていません/, /UTC 이후의 경보 상황은 확인되지 않았습니다/]);
    assert.doesNotMatch(await page.locator('.strip').innerText(), /As of now/);
    await page.keyboard.press('a');
    await says(page, 'dialog[open] .list', /is not known after/);
    await shot(page, 'honest-no-link');
  });
});

test('warnings that cannot be asked for are not shown as if they stood so', () => {
  let entries = 1n;
  const begin = (page) => page.route('**/api/v1/warnings', (route) =>
    (entries === 1n ? route.fulfill({ json: one() }) : route.fulfill({ status: 503, json: { error: 'no journal' } })));
  return look(warned(story(), () => entries), { begin, loose: [/status of 503/] }, async (page) => {
    await says(page, '.strip', /In force: 1/);
    assert.doesNotMatch(await page.locator('.strip').innerText(), /not known/);
    entries = 2n;
    await says(page, '.strip', /is not known after 12:00:00 UTC/);
  });
});

test('a node that cannot say how warnings stand is not one without warnings', () => {
  const begin = (page) => page.route('**/api/v1/warnings', (route) =>
    route.fulfill({ status: 503, json: { error: 'no journal' } }));
  return look(warned(story()), { begin, loose: [/status of 503/] }, (page) => inEach(page, '.strip',
    [/The state of the warnings cannot be shown now\. no journal/, /警報の状態を表示できません/, /경보 상태를 표시할 수 없습니다/]));
});

test('a globe that did not load is not a machine that cannot draw, and can be loaded again', SLOW, () => {
  let is_there = false;
  const begin = (page) => page.route(/countries-50m.*\.json/, (route) =>
    (is_there ? route.continue() : route.fulfill({ status: 503 })));
  return look(story(), { begin, loose: [/status of 503/] }, async (page) => {
    await page.locator('.globe[data-ready=unloaded]').waitFor();
    await inEach(page, '.globe', [/The globe did not load\. The table has everything\./, /地球儀を読み込めませんでした/,
      /지구본을 불러오지 못했습니다/]);
    assert.doesNotMatch(await page.locator('.globe').innerText(), /WebGL/);
    const compare = page.getByRole('button', { name: 'Alone | together' });
    assert.ok(await compare.isDisabled());
    assert.match(await compare.getAttribute('title'), /did not load/);
    await shot(page, 'honest-globe');
    // Not yet, and then.
    await page.getByRole('button', { name: 'Load it again' }).click();
    await page.locator('.globe[data-ready=unloaded]').waitFor();
    is_there = true;
    await page.getByRole('button', { name: 'Load it again' }).click();
    await globe(page, 3);
    assert.ok(await compare.isEnabled());
  }, '?coverage=0');
});

test('a part of the program that did not come is asked for again', SLOW, () => {
  let is_there = false;
  const begin = (page) => page.route(/assets\/globe-.*\.js/, (route) => (is_there ? route.continue() : route.abort()));
  return look(story(), { begin, loose: [/Failed to load resource/] }, async (page) => {
    await says(page, '.globe', /The globe did not load/);
    is_there = true;
    await page.getByRole('button', { name: 'Load it again' }).click();
    await globe(page, 3);
  }, '?coverage=0');
});

/** A node that knows who comes in by a session, and ends it unless it is said not to answer. */
function session(page, { ends = true } = {}) {
  const asked = [];
  return page.route('**/api/v1/session', (route) => {
    asked.push(route.request().method());
    if (asked.at(-1) === 'GET') return route.fulfill({ json: { name: 'kim', role: 'releaser', session: true } });
    return ends ? route.fulfill({ status: 204 }) : route.fulfill({ status: 503 });
  }).then(() => asked);
}

test('who came in by a session can go, and nothing of the picture is left', () => {
  let asked;
  const begin = async (page) => {
    asked = await session(page);
    await page.route('**/login', (route) => route.fulfill({ contentType: 'text/html', body: '<h1>come in</h1>' }));
  };
  return look(story(), { begin }, async (page) => {
    await says(page, '.choices', /Sign out\s+kim/);
    assert.deepEqual(await serious(page), []);
    await inEach(page, '.choices', [/Sign out/, /ログアウト/, /로그아웃/]);
    await shot(page, 'honest-session');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL((url) => url.pathname === '/login');
    assert.deepEqual(asked, ['GET', 'DELETE']);
    assert.doesNotMatch(await page.locator('body').innerText(), /May come down/);
  });
});

test('who cannot be signed out reads that', () => {
  const begin = (page) => session(page, { ends: false });
  return look(story(), { begin, loose: [/status of 503/] }, async (page) => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await says(page, '.bar [role=alert]', /you are still signed in/);
    assert.equal(new URL(page.url()).pathname, '/');
  });
});

test('who came in without a session has nothing to sign out of', () => look(story(), {}, async (page) => {
  await says(page, '.sight', /May come down/);
  assert.equal(await page.getByRole('button', { name: 'Sign out' }).count(), 0);
}));

test('a new warning is written when that was said once more, and not before', () => {
  const asked = [];
  const unwarned = ['JP-2b7e-0412'];
  const begin = async (page) => {
    const you = { name: 'ito', role: 'operator' };
    await page.route('**/api/v1/warnings', (route) => route.fulfill({ json: one({}, { unwarned, you }) }));
    await page.route('**/api/v1/warnings/-/draft', (route) => {
      asked.push(route.request().postDataJSON());
      return route.fulfill({ json: { number: 1, warning: one().warnings[0] } });
    });
  };
  return look(warned(story()), { begin }, async (page) => {
    await says(page, '.strip', /In force: 1/);
    await page.keyboard.press('a');
    const button = (name) => page.locator('dialog[open]').getByRole('button', { name });
    await button('Write a draft…').click();
    await says(page, 'dialog[open] .confirm', /EXERCISE\s*Look once more.*A warning of .JP-2b7e-0412. is written/s);
    assert.deepEqual(await serious(page), []);
    await shot(page, 'honest-draft');
    await page.keyboard.press('Escape');
    await page.locator('.confirm').waitFor({ state: 'detached' });
    assert.deepEqual(asked, []);
    await button('Write a draft…').click();
    await button('Write the draft').click();
    await page.locator('.confirm').waitFor({ state: 'detached' });
    assert.deepEqual(asked, [{ number: 0, is_draft: false, object: 'JP-2b7e-0412' }]);
  });
});

test('why nothing was done is read in the language of the screen', () => {
  const next = ['out', 'over', 'ending', 'begun', 'not-due'].map((why_not) => ({ action: 'withdraw', number: 1,
    channel: '', role: 'viewer', may: false, why_not, words: `node: ${why_not}` }));
  const deliveries = [{ channel: 'hook', state: 'unknown', answer: 'https://x/: no answer within 20 s' }];
  const begin = (page) => page.route('**/api/v1/warnings', (route) =>
    route.fulfill({ json: one({ next, messages: [message({ deliveries })] }) }));
  return look(warned(story()), { begin }, async (page) => {
    await says(page, '.strip', /1/);
    await page.keyboard.press('a');
    await says(page, 'dialog[open] .actions', /撤回できません.*終了しています.*先にそれを撤回.*作成できません.*操作はもうありません/s);
    // What the node knows beside that is marked as English.
    const english = await page.locator('dialog[open] [lang=en]').allInnerTexts();
    assert.deepEqual(english, ['node: begun', 'https://x/: no answer within 20 s']);
    await says(page, 'dialog[open]', /不明：応答がありません\s*20秒以内に応答なし/);
    await shot(page, 'honest-refused');
  }, '?globe=0&lang=ja');
});
