// What a node that runs cannot be made to show at a word: hostile names, a lost object, the date line, a time that says
// nothing, another node at the same address. A fixture speaks for it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from './fixture.js';
import { globe, open, says, shot, SLOW, WIDE } from './page.js';
import { DARK, inked, lanes, until } from './pixels.js';
import { hello, moment, ring } from './scenes.js';
import { served } from './served.js';
import { story } from './story.js';
import { one } from './warned.js';

const it = served();
const { look } = it;

const quietly = (more = {}) => ({ hello: hello(), moment: (t) => moment([], t, { pictures: [], ...more }) });

test('quiet: no objects, and who is current', () => look(quietly(), {}, async (page) => {
  await says(page, '.sight', /No objects; 3 of 3 owners current/);
  const partners = [{ owner: 'KR', up: false, dataAgeS: 400 }, { owner: 'US', up: true, dataAgeS: 2 }];
  const down = quietly({ partners });
  await look(down, {}, (other) => says(other, '.sight', /No objects; 2 of 3 owners current/));
}));

test('an interval that has begun and reaches far ahead says no time', () => {
  const scene = story({ ago_s: 60 });
  const told = (t) => {
    const now = scene.moment(t);
    for (const area of now.pictures.flatMap((picture) => picture.tracks).flatMap((track) => track.arrival)) {
      Object.assign(area, { earliestUnixS: t - 5, middleUnixS: t + 3000, latestUnixS: t + 167 * 60 });
    }
    return now;
  };
  return look({ ...scene, moment: told, past: undefined }, {}, async (page) => {
    await says(page, '.sight', /Too early to say when: within 16[78] min at most/);
    assert.doesNotMatch(await page.locator('body').innerText(), /now, and for|due/);
  });
});

test('a lost object says so, and an arrival time that is over claims nothing', () => {
  const scene = story();
  const told = (t) => {
    const now = scene.moment(t);
    for (const track of now.pictures.flatMap((picture) => picture.tracks)) {
      track.lost = true;
      for (const area of track.arrival) Object.assign(area, { earliestUnixS: t - 90, latestUnixS: t - 30 });
    }
    return now;
  };
  return look({ ...scene, moment: told, past: undefined }, {}, async (page) => {
    await page.locator('.pick', { hasText: 'JP-2b7e' }).click();
    await says(page, '.right', /possible time of arrival ended at .*not measured/);
    await says(page, 'table', /not seen now/);
  });
});

test('hostile names stay text, short, and inside', () => {
  const names = ['<img src=x onerror=alert(1)>', 'x'.repeat(10_000), `\u202e${'مسار'.repeat(400)}`, '飛'.repeat(3000),
    `e${'\u0301'.repeat(5000)}`, '\u0000\u0007\u001b[31m', '👩‍👩‍👧‍👦'.repeat(500)];
  const scene = story();
  const told = (t) => {
    const now = scene.moment(t);
    const like = now.pictures[0].tracks[0];
    now.pictures[0].tracks = names.map((name) => ({ ...like, name, contributions: [{ ...like.contributions[0],
      owner: 'JP', sensor: name }] }));
    now.events = names.map((name) =>
      ({ timeUnixS: t, kind: 'late', view: '', track: name, owner: 'KR', detail: name }));
    return now;
  };
  return look({ ...scene, moment: told, past: undefined }, {}, async (page) => {
    await page.waitForFunction((n) => document.querySelectorAll('tbody .pick').length === n, names.length);
    for (const text of await page.locator('.pick').allInnerTexts()) assert.ok(text.length < 300, `${text.length}`);
    assert.equal(await page.locator('.pick bdi').count(), names.length);
    assert.equal(await page.locator('img').count(), 0);
    const wide = await page.locator('.pick').evaluateAll((all) => all.map((one) => one.offsetWidth));
    assert.ok(Math.max(...wide) <= 200, `${wide}`);
    await page.locator('.pick').nth(1).click();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    assert.ok(decodeURIComponent(page.url()).length < 1200);
  });
});

test('an area across the date line is said and drawn', SLOW, () => {
  const scene = story();
  const told = (t) => {
    const now = scene.moment(t);
    for (const area of now.pictures.flatMap((picture) => picture.tracks).flatMap((track) => track.arrival)) {
      Object.assign(area, { latDeg: 41, lonDeg: -179.6, outlineDeg: ring(41, -179.6, 300e3, 120e3, 80) });
    }
    return now;
  };
  // Nothing else is of its colour: neither a foretold line nor the time left.
  const bare = (t) => {
    const now = told(t);
    for (const track of now.pictures.flatMap((picture) => picture.tracks)) {
      Object.assign(track, { path: [], arrival: track.arrival.filter(({ probability }) => probability < 0.9) });
    }
    return now;
  };
  const options = { reducedMotion: 'reduce' };
  return look({ ...scene, moment: told, past: undefined }, {}, (page) => says(page, '.sight', /41° N 179\.6° W/))
    .then(() => look({ ...scene, moment: bare, past: undefined }, options, async (page) => {
      await globe(page, 3);
      await until(page, DARK.area, ({ n }) => n > 60);
      await shot(page, 'made-up-date-line');
    }, '?coverage=0'));
});

/** A ring round the north pole, led along it as a node leads it (geo::antimeridian). */
function polar(lat, lon) {
  const flat = [];
  for (let turn = 0; turn <= 360; turn += 6) flat.push(lon + turn, lat + 0.3 * Math.cos((turn * Math.PI) / 90));
  return [...flat, lon + 360, 90, lon, 90, ...flat.slice(0, 2)];
}

test('an area that holds the pole is said and drawn, and so is coverage that does', SLOW, () => {
  const scene = story();
  const told = (t) => {
    const now = scene.moment(t);
    for (const picture of now.pictures) {
      picture.tracks.forEach((track, i) => {
        const arrival = track.arrival.filter(({ probability }) => i === 0 && probability > 0.9).slice(0, 1);
        for (const area of arrival) Object.assign(area, { latDeg: 89.2, lonDeg: 40, outlineDeg: polar(81.5, 40) });
        Object.assign(track, { latDeg: 84, path: [], launch: [], arrival });
      });
    }
    return now;
  };
  const far = { owner: 'KR', name: 'far', latDeg: 79, lonDeg: 15, heightM: 0, rangeMaxM: 2.4e6, azimuthFromDeg: 0,
    azimuthToDeg: 360, elevationMinDeg: 1, elevationMaxDeg: 80 };
  const alone = { ...scene.hello, sensors: [far] };
  return look({ ...scene, hello: alone, moment: told, past: undefined }, { reducedMotion: 'reduce' }, async (page) => {
    await says(page, '.sight', /89\.2° N 40° E/);
    await globe(page, 3);
    // One area of 95 % over the sea, filled to the pole; its edge is round it, and no line leads to the pole.
    const filled = DARK.sea.map((value, i) => Math.round(0.88 * value + 0.12 * DARK.area[i]));
    await until(page, filled, ({ n }) => n > 5000, 4);
    const edge = DARK.owners.KR.map((value, i) => 0.7 * value + 0.3 * DARK.sea[i]);
    const { n: before } = await inked(page, edge, 30);
    await page.keyboard.press('v');
    await until(page, edge, ({ n }) => n > before + 150, 30);
    await shot(page, 'made-up-pole');
  }, '?coverage=0');
});

test('what the scene has is drawn on the globe, and what it has not is not', SLOW, () => {
  const scene = story();
  let bare = false;
  const told = (t) => {
    const now = scene.moment(t);
    if (bare) {
      for (const track of now.pictures.flatMap((picture) => picture.tracks)) {
        Object.assign(track, { covariance: [], path: [], arrival: [], launch: [] });
      }
    }
    return now;
  };
  return look({ ...scene, moment: told }, { reducedMotion: 'reduce' }, async (page) => {
    await globe(page, 3);
    const drawn = (wanted) => page.waitForFunction((all) => {
      const is = JSON.parse(document.querySelector('.globe').dataset.drawn ?? '{}');
      return Object.entries(all).every(([kind, n]) => (is[kind] ?? 0) === n);
    }, wanted, SLOW);
    // Two have an area and a path, all three an error.
    await drawn({ marks: 3, labels: 3, drops: 3, errors: 9, foretold: 2, notes: 2, spots: 2, plots: 0 });
    const kinds = () => page.evaluate(() => JSON.parse(document.querySelector('.globe').dataset.drawn));
    assert.ok((await kinds()).names > 0 && (await kinds()).tail > 0);
    await shot(page, 'made-up-drawn');
    await page.keyboard.press('r');
    await page.waitForFunction(() => JSON.parse(document.querySelector('.globe').dataset.drawn).plots > 0, null, SLOW);
    bare = true;
    await drawn({ marks: 3, labels: 3, drops: 3, errors: 0, foretold: 0, notes: 0, spots: 0 });
  }, '?coverage=0');
});

test('by keys one comes to objects far down, and the row of whatever is chosen is there and is seen', () => {
  const scene = story();
  const many = (t) => {
    const now = scene.moment(t);
    const like = now.pictures[0].tracks.at(-1);
    now.pictures[0].tracks = Array.from({ length: 100 }, (_, i) =>
      ({ ...like, name: `A-${100 + i}`, heightM: 20_000 - i }));
    return now;
  };
  const seen = (page, name) => page.waitForFunction((wanted) => {
    const row = document.querySelector('.objects tr.chosen');
    if (row?.querySelector('.pick').innerText !== wanted) return false;
    const [at, within] = [row, row.closest('.scroll')].map((one) => one.getBoundingClientRect());
    const head = row.closest('table').tHead.getBoundingClientRect();
    return at.top >= head.bottom - 1 && at.bottom <= within.bottom + 1;
  }, name);
  return look({ ...scene, moment: many, past: undefined }, {}, async (page) => {
    await says(page, '.objects', /100 objects/);
    assert.equal(await page.locator('.pick').count(), 40);
    for (let i = 0; i < 44; i++) await page.keyboard.press('j');
    await seen(page, 'A-143');
    await shot(page, 'made-up-far-down');
    for (let i = 0; i < 30; i++) await page.keyboard.press('k');
    await seen(page, 'A-113');
    await page.keyboard.press('u');
    await seen(page, 'A-100');
    // A link to one that is far down leads there too.
    await page.goto(page.url().replace('A-100', 'A-195'));
    await seen(page, 'A-195');
  });
});

test('another node at the same address: nothing of the one before is left', async () => {
  const first = await serve(story());
  const loose = [/WebSocket connection to .* failed/, /Failed to load resource/];
  await open(it.browser, `${first.url}?globe=0`, { ...WIDE, loose }, async (page) => {
    await says(page, '.modes', /LIVE/);
    await says(page, 'table', /JP-2b7e-0412/);
    await first.close();
    await says(page, '.modes', /NO LINK/);
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

test('a scene that is real is not called an exercise', () => look(story(), {}, async (page) => {
  // First what it looks like where it is one.
  await says(page, '.modes', /EXERCISE\s*LIVE/);
  const real = story();
  await look({ ...real, hello: { ...real.hello, exercise: false } }, {}, async (other) => {
    await says(other, '.sight', /May come down/);
    await says(other, '.modes', /^\s*LIVE\s*$/);
    assert.doesNotMatch(await other.locator('body').innerText(), /EXERCISE/);
  });
}));

/** A story in which every plot of the United States came so late. */
function late(by_s) {
  const scene = story();
  const slowed = (moment) => {
    for (const plot of moment.plots) if (plot.owner === 'US') plot.cameUnixS = plot.timeUnixS + by_s;
    return moment;
  };
  return { ...scene, moment: (t) => slowed(scene.moment(t)),
    past: (from, to, step) => scene.past(from, to, step).map(slowed) };
}

test('every sensor has its strokes in its lane, with its owner; late ones are hollow, and counted', async () => {
  const has = async (by_s, check) => look(late(by_s), {}, async (page) => {
    await says(page, '.lanes', /over 2 s late/);
    await page.waitForFunction(() => {
      const rows = [...document.querySelectorAll('.lanes li')];
      return rows.length === 3 && rows.every((row) => /[1-9]\d+ plots/.test(row.textContent));
    });
    const drawn = await lanes(page);
    const names = drawn.map(({ name }) => name.split('\n')[0].trim());
    assert.deepEqual(names, ['JP jp-north', 'KR kr-central', 'US us-sea']);
    for (const { edge } of drawn) assert.ok(edge > 60, JSON.stringify(drawn));
    check(drawn.map(({ inside, edge }) => inside / edge), await page.locator('.lanes li').last().getAttribute('title'));
    await shot(page, `made-up-lanes-${by_s}`);
  });
  await has(0.2, (filled, said) => {
    assert.ok(filled.every((share) => share > 0.95), `${filled}`);
    assert.match(said, /US, us-sea: [\d,]+ plots; over 2 s late: 0/);
  });
  await has(8, ([jp, kr, us], said) => {
    assert.ok(jp > 0.95 && kr > 0.95 && us < 0.6, `${[jp, kr, us]}`);
    assert.match(said, /US, us-sea: ([\d,]+) plots; over 2 s late: \1$/);
  });
});

test('what was known then stands beside what is known now, with what came late', () => {
  const scene = late(60);
  const at = (t, known) => {
    const moment = scene.at(t);
    // Then, the plots of the United States were not there yet.
    if (known === 'then') for (const one of moment.pictures) if (one.view === 'US') one.tracks = [];
    return moment;
  };
  return look({ ...scene, at }, {}, async (page) => {
    await says(page, '.sight', /May come down/);
    await page.getByRole('button', { name: 'What did each owner know' }).click();
    const row = page.locator('dialog[open] tbody tr', { hasText: 'US' });
    await row.waitFor();
    const [then, now] = await row.locator('td').allInnerTexts();
    assert.match(then, /^0 objects\s*$/);
    assert.match(now, /^3 objects\s+\S/);
    const [same, too] = await page.locator('dialog[open] tbody tr', { hasText: 'KR' }).locator('td').allInnerTexts();
    assert.equal(same, too);
  });
});

test('without the names of places a position is said, and everything else is there', () => look(story(), {
  loose: [/status of 404/],
  begin: (page) => page.route(/places.*\.topojson/, (route) => route.fulfill({ status: 404 })),
}, async (page) => {
  await says(page, '.sight', /May come down: \d+(\.\d)?° N \d+(\.\d)?° E.*Possible arrival in \d+.*Seen by/);
  await page.locator('.pick').first().click();
  await says(page, '.right', /95 %\s*41\.2° N 139\.2° E/);
}));

test('warnings beside a picture of the past say that they are of now', () => {
  const scene = story();
  const told = (t) => ({ ...scene.moment(t), warnings: 1n });
  const begin = (page) => page.route('**/api/v1/warnings', (route) => route.fulfill({ json: one() }));
  return look({ ...scene, moment: told }, { begin }, async (page) => {
    await says(page, '.strip', /In force: 1/);
    assert.doesNotMatch(await page.locator('.strip').innerText(), /of now/);
    await page.keyboard.press(',');
    await says(page, '.modes', /REPLAY/);
    for (const [lang, of_now] of [['en', /As of now \(\d\d:\d\d:\d\d UTC\), not of the time shown/],
      ['ja', /現在（\d\d:\d\d:\d\d UTC）の警報です/], ['ko', /현재\(\d\d:\d\d:\d\d UTC\)의 경보이며/]]) {
      await page.locator('.choices select').first().selectOption(lang);
      await says(page, '.strip', of_now);
    }
    await page.keyboard.press('l');
    await says(page, '.modes', /실시간/);
    assert.doesNotMatch(await page.locator('.strip').innerText(), /현재/);
  });
});

test('the story is told in sentences, one after another, and closed by its button', () => look(story(), {},
  async (page) => {
    const words = page.locator('.story p');
    await says(page, '.story',
      /\d\d:\d\d:\d\d UTC.*(JP|US).? alone knows the area to less than 100 km only now, (95|130) s later/s);
    assert.equal(await words.getAttribute('aria-live'), 'polite');
    // Step by step: what had happened by then.
    await page.locator('section[aria-label=Events] li', { hasText: 'first ground area' }).getByRole('button').click();
    await says(page, '.modes', /REPLAY/);
    // The past of a fixture is coarse: a few seconds on.
    for (let i = 0; i < 5; i++) await page.keyboard.press('.');
    await says(page, '.story', /US.? alone tracks it only now; together it was known 130 s before/);
    await page.getByLabel('Language').selectOption('ko');
    await says(page, '.story', /US.?: 단독으로는 이제야 추적됩니다. 공유로는 130초 전부터 알고 있었습니다/);
    await page.getByRole('button', { name: '경과 설명 닫기' }).click();
    await page.locator('.story').waitFor({ state: 'detached' });
    await page.waitForFunction(() => !new URLSearchParams(location.search).has('story'));
  }, '?globe=0&story=1'));
