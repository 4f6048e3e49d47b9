// The program itself: TRILAT, or built now. Its commands as an owner would type them, and the nodes that it runs.

import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Building the program may come first. */
export const BUILT = { timeout: 1_800_000 };

/** Where the program is. */
export function program() {
  if (process.env.TRILAT) return process.env.TRILAT;
  const built = spawnSync('cargo', ['build', '--quiet', '--locked', '--package', 'trilat', '--message-format=json'],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] });
  const found = built.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  return found.findLast(({ executable, target }) => executable && target.name === 'trilat').executable;
}

/** What a command prints. */
export function run(trilat, ...args) {
  const done = spawnSync(trilat, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`trilat ${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** A port that is free now, for TCP. */
export const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

/** So many others for UDP: each is held until all are chosen. */
export async function freeLinks(count) {
  const held = Array.from({ length: count }, () => createSocket('udp4'));
  await Promise.all(held.map((socket) => new Promise((bound) => socket.bind(0, '127.0.0.1', bound))));
  const ports = held.map((socket) => socket.address().port);
  await Promise.all(held.map((socket) => new Promise((closed) => socket.close(closed))));
  return ports;
}

/** Begins the node of a node.toml; what it logs goes on in `log`. */
export async function begin(trilat, config, log = []) {
  const node = spawn(trilat, ['node', 'run', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const lines = createInterface({ input: node.stderr });
  const ended = new Promise((done) => node.once('exit', done));
  await new Promise((runs, failed) => {
    lines.on('line', (line) => {
      log.push(line);
      if (line.includes('the node runs')) runs();
    });
    void ended.then(() => failed(new Error(log.join('\n'))));
  });
  return {
    /** As systemd ends it. */
    end: async () => {
      node.kill('SIGTERM');
      await ended;
    },
  };
}
