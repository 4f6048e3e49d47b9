// A node that warns, with three persons who have tokens, and a draft that waits: what the program makes of its own
// commands, as an owner would type them.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HEAD = 'time,track,kind,existence,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps,way,weight,probability,in_s,'
  + 'earliest_s,latest_s,major_m,minor_m,azimuth_deg';
/** The persons and what they may do. */
const PERSONS = { ito: 'operator', kim: 'releaser', lee: 'releaser' };

/** The program: TRILAT, or built now. */
function program() {
  if (process.env.TRILAT) return process.env.TRILAT;
  const built = spawnSync('cargo', ['build', '--quiet', '--locked', '--package', 'trilat', '--message-format=json'],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] });
  const found = built.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  return found.findLast(({ executable, target }) => executable && target.name === 'trilat').executable;
}

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

/** Makes everything, and begins the node. */
export async function centre() {
  const trilat = program();
  const folder = mkdtempSync(join(tmpdir(), 'trilat-centre-'));
  const own = join(folder, 'made', 'JP');
  const run = (...args) => {
    const done = spawnSync(trilat, args, { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`trilat ${args.join(' ')}: ${done.stdout}${done.stderr}`);
    return done.stdout;
  };
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
  const node = spawn(trilat, ['node', 'run', join(own, 'node.toml')], { stdio: ['ignore', 'ignore', 'pipe'] });
  const log = [];
  const lines = createInterface({ input: node.stderr });
  await new Promise((runs, ended) => {
    lines.on('line', (line) => {
      log.push(line);
      if (line.includes('the node runs')) runs();
    });
    node.once('exit', () => ended(new Error(log.join('\n'))));
  });
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
      node.removeAllListeners('exit');
      const ended = new Promise((done) => node.once('exit', done));
      node.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
