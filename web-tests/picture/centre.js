// A node that warns, with three persons who have tokens, and a draft that waits: what the program makes of its own
// commands, as an owner would type them.

import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { begin, freePort, program, run as told } from './program.js';

const HEAD = 'time,track,kind,existence,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps,way,weight,probability,in_s,'
  + 'earliest_s,latest_s,major_m,minor_m,azimuth_deg';
/** The persons and what they may do. */
const PERSONS = { ito: 'operator', kim: 'releaser', lee: 'releaser' };

/** What a missile has been flying for, s, when the plots of its flight begin. */
const FLOWN_S = 150;
/** Done within this, or not at all, ms. */
const PATIENCE_MS = 120_000;

/** A missile on a lofted path, of public figures of 30 January 2022; its flight lasts half an hour. */
const flight = (launch_ms) => [`title = "A missile"`, 'what = "For the tests of warnings."',
  `start = "${iso(launch_ms)}"`, `end = "${iso(launch_ms + 2_400_000)}"`, 'network = "northeast-asia"',
  '[[source]]', 'fact = "Figures of 30 January 2022"', 'publication = "Public announcements"',
  '[[object]]', 'id = "lofted"', 'kind = "ballistic"', `time = "${iso(launch_ms)}"`, 'lat_deg = 40.611',
  'lon_deg = 126.426', 'apogee_km = 2000', 'range_km = 800', 'bearing_deg = 75', 'class = "irbm"', ''].join('\n');
const iso = (time_ms) => new Date(time_ms).toISOString();

/**
 * Makes everything, and begins the node. `approvals` persons approve each message; `hook` is the address of a channel
 * of that name, beside the file; with `flies` the node's own radars follow a missile from now on.
 */
export async function centre({ approvals = 1, hook, flies = false } = {}) {
  const trilat = program();
  const folder = mkdtempSync(join(tmpdir(), 'trilat-centre-'));
  const own = join(folder, 'made', 'JP');
  const run = (...args) => told(trilat, ...args);
  const launch_ms = Math.floor(Date.now() / 1000 - FLOWN_S) * 1000;
  const begin_ms = Date.now();
  if (flies) {
    writeFileSync(join(folder, 'flight.toml'), flight(launch_ms));
    run('simulate', join(folder, 'flight.toml'), '--seed', '1', '--out', join(folder, 'flight'));
  }
  run('node', 'init', '--federation', join(folder, 'made'), ...(flies
    ? ['--owners', 'JP,KR,US', '--sensors', join(folder, 'flight', 'sensors.toml')] : ['--owners', 'JP,KR']));
  if (flies) {
    const [head, ...plots] = readFileSync(join(folder, 'flight', 'plots.csv'), 'utf8').trimEnd().split('\n');
    const [sensor, time] = ['sensor', 'time'].map((name) => head.split(',').indexOf(name));
    const wanted = plots.map((line) => line.split(',')).filter((fields) =>
      fields[sensor].startsWith('jp-') && Date.parse(fields[time]) > begin_ms);
    writeFileSync(join(own, 'plots.csv'), `${[head, ...wanted.map((fields) => fields.join(','))].join('\n')}\n`);
  }
  run('warn', 'init', join(own, 'centre'));
  const settings = join(own, 'centre', 'warn.toml');
  writeFileSync(settings, readFileSync(settings, 'utf8').replace('approvals = 1', `approvals = ${approvals}`));
  if (hook) {
    appendFileSync(settings, `\n[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "${hook}"\ntimeout_s = 1\n`);
  }
  const port = await freePort();
  writeFileSync(join(own, 'node.toml'), ['[node]', 'owner = "JP"', 'mode = "exercise"', '[http]',
    `address = "127.0.0.1:${port}"`, 'tokens = "tokens"', '[warn]', 'folder = "centre"', '[limits]',
    'free_disk_min_mib = 1', ...(flies ? ['[[feed]]', 'name = "radars"', 'input = "file"', 'format = "csv"',
      'path = "plots.csv"'] : []), ''].join('\n'));
  const tokens = {};
  for (const [name, role] of Object.entries(PERSONS)) {
    const said = run('node', 'token', join(own, 'node.toml'), '--name', name, '--role', role);
    [tokens[name]] = said.match(/trilat_[0-9a-f]+/);
  }
  const log = [];
  const start = () => begin(trilat, join(own, 'node.toml'), log);
  let node = await start();
  const tracks = join(folder, 'tracks.csv');
  /** What is foretold now: how wide, m, how many seconds until it is over, of which object. */
  const foretell = (major_m, latest_s, object) => {
    const at = new Date().toISOString();
    writeFileSync(tracks, `${HEAD}\n${at},${object},update,0.99,40.6,139.0,300000,3000,0,0,,,,,,,,,\n`
      + `${at},${object},forecast,0.99,40.8,140.8,0,0,0,0,any,1,0.95,${latest_s / 2},${Math.min(75, latest_s / 3)},`
      + `${latest_s},${major_m},${major_m / 2},75\n`);
  };
  const url = `http://127.0.0.1:${port}/`;
  const entries = () => readFileSync(join(own, 'centre', 'journal.jsonl'), 'utf8').trimEnd().split('\n')
    .map((line) => JSON.parse(line));
  return {
    url,
    tokens,
    log,
    /** Ends the node and begins it again; what is known of sessions is gone. */
    restart: async () => {
      await node.end();
      node = await start();
    },
    /** Writes the first message, as the node itself would; the warning's name. */
    draft: (major_m, latest_s, object = '1f3a') => {
      foretell(major_m, latest_s, object);
      const said = JSON.parse(run('warn', 'draft', join(own, 'centre'), tracks, '--by', 'node', '--json'));
      return said.message.split('.')[0];
    },
    /** Writes a later one. */
    update: (name, major_m, latest_s) => {
      foretell(major_m, latest_s, '1f3a');
      run('warn', 'update', join(own, 'centre'), name, tracks, '--by', 'node');
    },
    /** What the journal says of a warning, a line of words for each entry. */
    journal: (name) => entries().map(({ event }) => Object.entries(event)[0])
      .filter(([, one]) => one.warning === name).map(([what, one]) => said(what, one)),
    /** Of the newest warning, its name. */
    newest: () => entries().findLast(({ event }) => event.opened).event.opened.warning,
    /** When, ms, each entry was made that is said so. */
    times_ms: (name, words) => entries().filter(({ event }) => {
      const [what, one] = Object.entries(event)[0];
      return one.warning === name && said(what, one) === words;
    }).map(({ at }) => Date.parse(at)),
    /** Waits until a person's page would list an object that has no warning. */
    foretold: (person) => until('an object that may come down', async () => {
      const headers = { Authorization: `Bearer ${tokens[person]}` };
      const { unwarned } = await (await fetch(`${url}api/v1/warnings`, { headers })).json();
      return unwarned.length > 0;
    }),
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

/** An entry of the journal, as a person would say it. */
function said(what, { number, kind, channel, outcome, answer, by, why }) {
  const word = (value) => (typeof value === 'string' ? value : Object.entries(value ?? {}).flat().join(' '));
  const known = { drafted: [word(kind), by], approved: [by], withdrawn: [word(why)], handing: [channel],
    reported: [channel, word(outcome), /^found there by/.test(answer) ? answer : ''], again: [channel, by] };
  return [what, number, ...(known[what] ?? [])].filter((part) => part !== undefined && part !== '').join(' ');
}

/** Waits until something is so. */
export async function until(what, is) {
  for (const end_ms = Date.now() + PATIENCE_MS; !(await is()); ) {
    if (Date.now() > end_ms) throw new Error(`not within ${PATIENCE_MS / 1000} s: ${what}`);
    await new Promise((later) => setTimeout(later, 50));
  }
}
