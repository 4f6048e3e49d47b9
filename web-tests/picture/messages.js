// The messages of the picture, from the same generated file that the picture is built with.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const web = fileURLToPath(new URL('../../web/', import.meta.url));
const require = createRequire(`${web}package.json`);
const ts = require('typescript');

/** A module of the picture without its types, where its imports are found. */
async function load(path) {
  const source = readFileSync(`${web}${path}`, 'utf8');
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module: 'ESNext', target: 'ES2022' } });
  mkdirSync(`${web}node_modules/.picture`, { recursive: true });
  const made = `${web}node_modules/.picture/${path.replaceAll('/', '-')}.mjs`;
  writeFileSync(made, outputText);
  return import(pathToFileURL(made).href);
}

const { LiveSchema, MomentSchema } = await load('src/proto/picture_pb.ts');
const { create, toBinary } = await import(pathToFileURL(require.resolve('@bufbuild/protobuf')).href);

/** A moment that can be changed and sent again. */
export const kept = (value) => create(MomentSchema, value);

/** The bytes of a message, from values that leave out what is nothing. */
export function bytesOf(what, value) {
  return toBinary(LiveSchema, create(LiveSchema, { what: { case: what, value } }));
}

/** Messages one after another, each with its length (a varint) before it. */
export function delimited(messages) {
  return Buffer.concat(messages.flatMap((bytes) => [varint(bytes.length), bytes]));
}

function varint(n) {
  const bytes = [];
  for (; n > 127; n = Math.floor(n / 128)) bytes.push((n % 128) + 128);
  return Buffer.from([...bytes, n]);
}
