// Three owners' nodes, each a process with plots of its own radars, while three things fly: a missile on a lofted
// path, a second that goes farther, and an airliner that Japan alone sees. Six seconds pass in one, so that within half
// a minute there is something to read; both missiles are in the air for some four minutes more.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { begin, freeLinks, freePort, program, run } from './program.js';

export const OWNERS = ['JP', 'KR', 'US'];
const SPEED = 6;
/** Plots are so late at most, s of the exercise: others may want the processor. */
const LAG_S = 60;
/** An area with a smaller half is known, m. */
const KNOWN_M = 50e3;
/** The first minutes take so long at most, ms. */
const PATIENCE_MS = 180_000;

const iso = (time_ms) => new Date(time_ms).toISOString();
const toml = (value) => (typeof value === 'number' ? value : JSON.stringify(value));
const table = (name, values) =>
  [name, ...Object.entries(values).map(([key, value]) => `${key} = ${toml(value)}`), ''].join('\n');

/** What flies, the first of public figures of 2022, moved to a launch that is now. */
const sky = (launch_ms) => [
  table('', { title: 'Two missiles and an airliner', what: 'For the tests of the picture.', start: iso(launch_ms),
    end: iso(launch_ms + 2_400_000), network: 'northeast-asia' }),
  table('[[source]]', { fact: 'Figures of 30 January 2022; the second is made up',
    publication: 'Public announcements' }),
  table('[[object]]', { id: 'lofted', kind: 'ballistic', time: iso(launch_ms), lat_deg: 40.611,
    lon_deg: 126.426, apogee_km: 2000, range_km: 800, bearing_deg: 75, class: 'irbm' }),
  table('[[object]]', { id: 'far', kind: 'ballistic', time: iso(launch_ms), lat_deg: 39.2, lon_deg: 125.7,
    apogee_km: 2500, range_km: 2500, bearing_deg: 84, class: 'irbm' }),
  table('[[object]]', { id: 'airliner', kind: 'aircraft', time: iso(launch_ms + 60_000) }),
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

/** Makes everything, and begins the nodes; done when Japan alone knows where one comes down, and all know of both. */
export async function federation() {
  const trilat = program();
  const folder = mkdtempSync(join(tmpdir(), 'trilat-federation-'));
  // Nodes find each other before it is above anybody's horizon.
  const launch_ms = Math.floor(Date.now() / 1000) * 1000;
  const own = (owner, file) => join(folder, 'made', owner, file);

  writeFileSync(join(folder, 'sky.toml'), sky(launch_ms));
  run(trilat, 'simulate', join(folder, 'sky.toml'), '--seed', '1', '--out', join(folder, 'sky'));
  run(trilat, 'node', 'init', '--federation', join(folder, 'made'), '--owners', OWNERS.join(','), '--sensors',
    join(folder, 'sky', 'sensors.toml'), '--now', iso(launch_ms - 60_000));
  const [head, ...plots] = readFileSync(join(folder, 'sky', 'plots.csv'), 'utf8').trimEnd().split('\n');
  const [sensor, time] = ['sensor', 'time'].map((name) => head.split(',').indexOf(name));
  const times_ms = {};
  for (const owner of OWNERS) {
    const is_own = (line) => line.split(',')[sensor].startsWith(`${owner.toLowerCase()}-`);
    const of_owner = plots.filter(is_own);
    writeFileSync(own(owner, 'plots.csv'), [head, ...of_owner, ''].join('\n'));
    times_ms[owner] = of_owner.map((line) => Date.parse(line.split(',')[time]));
  }

  // Of each pair the first owner waits and the other calls.
  const pairs = OWNERS.flatMap((one, i) => OWNERS.slice(i + 1).map((other) => `${one} ${other}`));
  const links = await freeLinks(pairs.length);
  const http = await freePort();
  const at_ms = Date.now();
  for (const owner of OWNERS) {
    const partners = OWNERS.filter((other) => other !== owner).map((other) => {
      const is_first = owner < other;
      const port = links[pairs.indexOf(is_first ? `${owner} ${other}` : `${other} ${owner}`)];
      return table('[[partner]]', { name: other, [is_first ? 'listen' : 'connect']: [`quic/127.0.0.1:${port}`] });
    });
    writeFileSync(own(owner, 'node.toml'), [
      table('[node]', { owner, mode: 'exercise' }), ...partners,
      table('[[feed]]', { name: 'radars', input: 'file', format: 'csv', path: 'plots.csv' }),
      table('[engine]', { lag_s: LAG_S }),
      table('[exercise]', { time: iso(launch_ms), at: iso(at_ms), speed: SPEED }),
      table('[http]', owner === 'JP' ? { address: `127.0.0.1:${http}` } : { address: '127.0.0.1:0', picture: 'off' }),
      table('[limits]', { free_disk_min_mib: 1 }),
    ].join('\n'));
  }

  const nodes = {};
  const logs = Object.fromEntries(OWNERS.map((owner) => [owner, []]));
  const start = async (owner) => { nodes[owner] = await begin(trilat, own(owner, 'node.toml'), logs[owner]); };
  const url = `http://127.0.0.1:${http}/`;
  const close = async () => {
    await Promise.all(OWNERS.map((owner) => nodes[owner]?.end()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(OWNERS.map(start));
    await until('what Japan alone knows', async () => {
      const { alone, together } = await (await fetch(`${url}picture`)).json();
      return alone.first_known && together.tracks.filter(({ area }) => area?.major_m < KNOWN_M).length === 2;
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
    now_ms: () => launch_ms + (Date.now() - at_ms) * SPEED,
    logs,
    /** How many plots an owner's radars have between two times of that clock. */
    measured: (owner, from_ms, to_ms) => times_ms[owner].filter((at_ms) => at_ms > from_ms && at_ms < to_ms).length,
    /** A node ends, and begins again where it was. */
    end: (owner) => nodes[owner].end(),
    begin: start,
    /** Waits until the picture's node, begun again, has made anew what was shown before a time. */
    remembers: (time_ms) => until('what was before', async () => {
      const { headers } = await fetch(`${url}api/v1/history?from=${time_ms / 1000}&to=${time_ms / 1000 + 1}&step_s=1`);
      return Number(headers.get('x-trilat-from') ?? Infinity) < time_ms / 1000;
    }),
    close,
  };
}
