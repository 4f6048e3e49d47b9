// A node that runs, and what a thousand aircraft do before it: one source states where each is once a second, as a
// network of receivers does, each at an instant of its own.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { begin, freePort, program, run } from './program.js';

/** Of each of two owners: a federation has two at least. The second one's node is not begun. */
const sensor = (owner) => ['[[sensor]]', `name = "${owner.toLowerCase()}-net"`, `owner = "${owner}"`, 'lat_deg = 36.0',
  'lon_deg = 138.0', 'height_m = 0.0', 'measures = ["position"]', 'position_sigma_m = 30.0', 'height_sigma_m = 30.0',
  'scan_s = 1.0', ''];
const DEG_PER_M = 1 / 111_195;
/** The node begins before they do, ms. */
const LEAD_MS = 5_000;

/** Where each is after so many seconds: on a grid of a quarter of a degree, 200 to 260 m/s, on courses of its own. */
function place(i, since_s) {
  const [lat, lon] = [32 + 0.25 * Math.floor(i / 40), 129 + 0.3 * (i % 40)];
  const [course, along_deg] = [i * 2.4, (200 + (i % 7) * 10) * since_s * DEG_PER_M];
  const east = (along_deg * Math.sin(course)) / Math.cos((lat * Math.PI) / 180);
  return [lat + along_deg * Math.cos(course), lon + east, 8_000 + (i % 9) * 400];
}

/** Makes everything, and begins the node: so many aircraft for so many seconds. */
export async function many(objects, lasts_s) {
  const trilat = program();
  const folder = mkdtempSync(join(tmpdir(), 'trilat-many-'));
  const own = join(folder, 'made', 'JP');
  writeFileSync(join(folder, 'sensors.toml'), ['JP', 'KR'].flatMap(sensor).join('\n'));
  run(trilat, 'node', 'init', '--federation', join(folder, 'made'), '--owners', 'JP,KR', '--sensors',
    join(folder, 'sensors.toml'));
  const begin_ms = Date.now() + LEAD_MS;
  const rows = ['time,sensor,lat_deg,lon_deg,height_m'];
  for (let second = 0; second < lasts_s; second++) {
    for (let i = 0; i < objects; i++) {
      const since_s = second + i / objects;
      const where = place(i, since_s).map((value) => value.toFixed(6));
      rows.push([new Date(begin_ms + Math.round(since_s * 1000)).toISOString(), 'jp-net', ...where].join());
    }
  }
  writeFileSync(join(own, 'plots.csv'), `${rows.join('\n')}\n`);
  const port = await freePort();
  writeFileSync(join(own, 'node.toml'), ['[node]', 'owner = "JP"', 'mode = "real"', '[http]',
    `address = "127.0.0.1:${port}"`, '[[feed]]', 'name = "net"', 'input = "file"', 'format = "csv"',
    'path = "plots.csv"', '[limits]', 'free_disk_min_mib = 1', ''].join('\n'));
  const node = await begin(trilat, join(own, 'node.toml'));
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      await node.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
