// Three owners' nodes, each a process with plots of its own radars, while three things fly: a missile on a lofted path, a
// longer one a minute after it, and an airliner that Japan alone sees. The first minutes are flown through fast; then the
// nodes begin again at the speed of life, with what they have kept.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { begin, freeLinks, freePort, program, run } from './program.js';

export const OWNERS = ['JP', 'KR', 'US'];
/** How fast the first minutes are, and how long after the launch they end, s: every owner alone knows the area then. */
const SPEED = 40;
const FAST_S = 240;
/** Nodes have so long to find each other before anything flies, s of the wall. */
const LEAD_S = 4;
/** Plots are so late at most, s of the exercise: on a machine that others want, the fast minutes take a while. */
const LAG_S = 240;
/** The first minutes take so long at most, ms. */
const PATIENCE_MS = 180_000;

const iso = (time_ms) => new Date(time_ms).toISOString();
const toml = (value) => (typeof value === 'number' ? value : JSON.stringify(value));
const table = (name, values) =>
  [name, ...Object.entries(values).map(([key, value]) => `${key} = ${toml(value)}`), ''].join('\n');

/** What flies, from public figures of 2022, moved to a launch that is now. */
const sky = (begin_ms, launch_ms) => [
  table('', { title: 'Two missiles and an airliner', what: 'For the tests of the picture.', start: iso(begin_ms),
    end: iso(launch_ms + 2_400_000), network: 'northeast-asia' }),
  table('[[source]]', { fact: 'Figures of 30 January and 4 October 2022', publication: 'Public announcements' }),
  table('[[object]]', { id: 'lofted', kind: 'ballistic', time: iso(launch_ms), lat_deg: 40.611, lon_deg: 126.426,
    apogee_km: 2000, range_km: 800, bearing_deg: 75, class: 'irbm' }),
  table('[[object]]', { id: 'far', kind: 'ballistic', time: iso(launch_ms + 60_000), lat_deg: 40.611,
    lon_deg: 126.426, apogee_km: 1000, range_km: 4600, bearing_deg: 84, class: 'irbm' }),
  table('[[object]]', { id: 'airliner', kind: 'aircraft', time: iso(launch_ms) }),
  'waypoint = [{ lat_deg = 38.0, lon_deg = 137.0, height_m = 10500, speed_mps = 230 },',
  '  { lat_deg = 41.5, lon_deg = 139.5, height_m = 10500, speed_mps = 230 }]', '',
].join('\n');

/** Waits until something is so. */
async function until(what, is) {
  for (const end_ms = Date.now() + PATIENCE_MS; ;) {
    if (await is().catch(() => false)) return;
    if (Date.now() > end_ms) throw new Error(`not within ${PATIENCE_MS / 1000} s: ${what}`);
    await new Promise((later) => setTimeout(later, 100));
  }
}

/** Makes everything, flies the first minutes, and leaves three nodes that run. */
export async function federation() {
  const trilat = program();
  const folder = mkdtempSync(join(tmpdir(), 'trilat-federation-'));
  const begin_ms = Math.floor(Date.now() / 1000) * 1000;
  const launch_ms = begin_ms + LEAD_S * SPEED * 1000;
  const own = (owner, file) => join(folder, 'made', owner, file);

  writeFileSync(join(folder, 'sky.toml'), sky(begin_ms, launch_ms));
  run(trilat, 'simulate', join(folder, 'sky.toml'), '--seed', '1', '--out', join(folder, 'sky'));
  run(trilat, 'node', 'init', '--federation', join(folder, 'made'), '--owners', OWNERS.join(','), '--sensors',
    join(folder, 'sky', 'sensors.toml'), '--now', iso(begin_ms - 60_000));
  const [head, ...plots] = readFileSync(join(folder, 'sky', 'plots.csv'), 'utf8').trimEnd().split('\n');
  const sensor = head.split(',').indexOf('sensor');
  for (const owner of OWNERS) {
    const is_own = (line) => line.split(',')[sensor].startsWith(`${owner.toLowerCase()}-`);
    writeFileSync(own(owner, 'plots.csv'), [head, ...plots.filter(is_own), ''].join('\n'));
  }

  // Of each pair the first owner waits and the other calls.
  const pairs = OWNERS.flatMap((one, i) => OWNERS.slice(i + 1).map((other) => `${one} ${other}`));
  const links = await freeLinks(pairs.length);
  const http = await freePort();
  const configure = (owner, clock) => {
    const partners = OWNERS.filter((other) => other !== owner).map((other) => {
      const is_first = owner < other;
      const port = links[pairs.indexOf(is_first ? `${owner} ${other}` : `${other} ${owner}`)];
      return table('[[partner]]', { name: other, [is_first ? 'listen' : 'connect']: [`quic/127.0.0.1:${port}`] });
    });
    writeFileSync(own(owner, 'node.toml'), [
      table('[node]', { owner, mode: 'exercise' }), ...partners,
      table('[[feed]]', { name: 'radars', input: 'file', format: 'csv', path: 'plots.csv' }),
      table('[engine]', { lag_s: LAG_S }), table('[exercise]', clock),
      table('[http]', owner === 'JP' ? { address: `127.0.0.1:${http}` }
        : { address: '127.0.0.1:0', picture: 'off' }),
      table('[limits]', { free_disk_min_mib: 1 }),
    ].join('\n'));
  };

  const nodes = {};
  const logs = Object.fromEntries(OWNERS.map((owner) => [owner, []]));
  const start = async (owner) => { nodes[owner] = await begin(trilat, own(owner, 'node.toml'), logs[owner]); };
  const each = (does) => Promise.all(OWNERS.map(does));
  const url = `http://127.0.0.1:${http}/`;
  const close = async () => {
    await each((owner) => nodes[owner]?.end());
    rmSync(folder, { recursive: true, force: true });
  };
  let ahead_ms;
  try {
    const at_ms = Date.now();
    await each((owner) => {
      configure(owner, { time: iso(begin_ms), at: iso(at_ms), speed: SPEED });
      return start(owner);
    });
    await until('the first minutes', async () => {
      const { all, own: alone } = await (await fetch(`${url}picture`)).json();
      const newest_ms = Math.max(...all.tracks.map(({ time }) => Date.parse(time)));
      return alone.first_known && newest_ms > launch_ms + FAST_S * 1000;
    });
    await each((owner) => nodes[owner].end());
    const now_ms = Date.now();
    const time_ms = begin_ms + (now_ms - at_ms) * SPEED;
    ahead_ms = time_ms - now_ms;
    await each((owner) => {
      configure(owner, { time: iso(time_ms), at: iso(now_ms), speed: 1 });
      return start(owner);
    });
  } catch (error) {
    await close();
    throw new Error(`${error.message}\n${Object.values(logs).flat().slice(-30).join('\n')}`, { cause: error });
  }
  return {
    url,
    /** When the first was launched, by the clock of the exercise. */
    launch_ms,
    /** That clock. */
    now_ms: () => Date.now() + ahead_ms,
    logs,
    /** A node ends, and begins again where it was. */
    end: (owner) => nodes[owner].end(),
    begin: start,
    close,
  };
}
