// A node that warns, with three persons who have tokens, and a draft that waits: what the program makes of its own
// commands, as an owner would type them.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { begin, freePort, program, run as told } from './program.js';

const HEAD = 'time,track,kind,existence,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps,way,weight,probability,in_s,'
  + 'earliest_s,latest_s,major_m,minor_m,azimuth_deg';
/** The persons and what they may do. */
const PERSONS = { ito: 'operator', kim: 'releaser', lee: 'releaser' };

/** Makes everything, and begins the node. */
export async function centre() {
  const trilat = program();
  const folder = mkdtempSync(join(tmpdir(), 'trilat-centre-'));
  const own = join(folder, 'made', 'JP');
  const run = (...args) => told(trilat, ...args);
  run('node', 'init', '--federation', join(folder, 'made'), '--owners', 'JP,KR');
  run('warn', 'init', join(own, 'centre'));
  const port = await freePort();
  writeFileSync(join(own, 'node.toml'), ['[node]', 'owner = "JP"', 'mode = "exercise"', '[http]',
    `address = "127.0.0.1:${port}"`, 'tokens = "tokens"', '[warn]', 'folder = "centre"', '[limits]',
    'free_disk_min_mib = 1', ''].join('\n'));
  const tokens = {};
  for (const [name, role] of Object.entries(PERSONS)) {
    const said = run('node', 'token', join(own, 'node.toml'), '--name', name, '--role', role);
    [tokens[name]] = said.match(/trilat_[0-9a-f]+/);
  }
  const log = [];
  const start = () => begin(trilat, join(own, 'node.toml'), log);
  let node = await start();
  const tracks = join(folder, 'tracks.csv');
  /** What is foretold now: how wide, m, and how many seconds until it is over. */
  const foretell = (major_m, latest_s) => {
    const at = new Date().toISOString();
    writeFileSync(tracks, `${HEAD}\n${at},1f3a,update,0.99,40.6,139.0,300000,3000,0,0,,,,,,,,,\n`
      + `${at},1f3a,forecast,0.99,40.8,140.8,0,0,0,0,any,1,0.95,${latest_s / 2},75,`
      + `${latest_s},${major_m},${major_m / 2},75\n`);
  };
  return {
    url: `http://127.0.0.1:${port}/`,
    tokens,
    log,
    /** Ends the node and begins it again; what is known of sessions is gone. */
    restart: async () => {
      await node.end();
      node = await start();
    },
    /** Writes the first message, as the node itself would; the warning's name. */
    draft: (major_m, latest_s) => {
      foretell(major_m, latest_s);
      const said = JSON.parse(run('warn', 'draft', join(own, 'centre'), tracks, '--by', 'node', '--json'));
      return said.message.split('.')[0];
    },
    /** Writes a later one. */
    update: (name, major_m, latest_s) => {
      foretell(major_m, latest_s);
      run('warn', 'update', join(own, 'centre'), name, tracks, '--by', 'node');
    },
    /** The CAP messages that went out. */
    sent: () => {
      try {
        return readdirSync(join(own, 'centre', 'out')).filter((name) => name.endsWith('.cap.xml')).sort();
      } catch {
        return [];
      }
    },
    read: (name) => readFileSync(join(own, 'centre', 'out', name), 'utf8'),
    close: async () => {
      await node.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
