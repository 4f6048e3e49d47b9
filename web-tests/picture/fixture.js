// A node that speaks the contract of the picture and computes nothing: for what a real one cannot be made to show.

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { bytesOf, delimited } from './messages.js';

const DIST = fileURLToPath(new URL('../../web/dist/', import.meta.url));
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript',
  '.css': 'text/css', '.json': 'application/json', '.topojson': 'application/json', '.svg': 'image/svg+xml' };
/** As the node sends it (crates/node/src/web/guard.rs). */
const POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
  + "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
  + "frame-ancestors 'none'";

/**
 * Serves the picture and tells `scene.hello` and `scene.moment(now_unix_s, tick)`, so many times a second.
 * `scene.past(from, to, step)` are the moments of the history.
 */
export async function serve(scene, { port = 0, rate_hz = 1, clock = () => Date.now() / 1000 } = {}) {
  const server = createServer((request, response) => answer(scene, request, response));
  const sockets = new WebSocketServer({ server, path: '/api/v1/live' });
  let tick = 0;
  sockets.on('connection', (socket) => {
    socket.send(bytesOf('hello', scene.hello));
    socket.send(bytesOf('moment', scene.moment(clock(), tick)));
  });
  const timer = setInterval(() => {
    tick++;
    if (sockets.clients.size === 0) return;
    const bytes = bytesOf('moment', scene.moment(clock(), tick));
    for (const socket of sockets.clients) socket.send(bytes);
  }, 1000 / rate_hz);
  await new Promise((ready) => server.listen(port, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    port: server.address().port,
    close: () => new Promise((closed) => {
      clearInterval(timer);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.close(closed);
      server.closeAllConnections();
    }),
  };
}

function answer(scene, request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1');
  const figure = (name) => Number(searchParams.get(name));
  if (pathname === '/api/v1/history') {
    const past = scene.past?.(figure('from'), figure('to'), figure('step_s')) ?? [];
    const all = past.map((one) => bytesOf('moment', one));
    response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(delimited(all));
    return;
  }
  if (pathname === '/api/v1/moment' && scene.at) {
    response.writeHead(200).end(delimited([bytesOf('moment', scene.at(figure('at'), searchParams.get('known')))]));
    return;
  }
  if (pathname === '/api/v1/session') {
    const who = { name: 'local', role: 'viewer', session: false };
    response.writeHead(200, { 'Content-Type': TYPES['.json'] }).end(JSON.stringify(who));
    return;
  }
  const path = join(DIST, normalize(pathname === '/' ? '/index.html' : pathname));
  if (!path.startsWith(DIST) || !existsSync(path) || !statSync(path).isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
    'Content-Security-Policy': POLICY });
  createReadStream(path).pipe(response);
}
