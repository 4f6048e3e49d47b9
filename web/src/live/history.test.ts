import { create } from '@bufbuild/protobuf';
import { sizeDelimitedEncode } from '@bufbuild/protobuf/wire';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveSchema } from '../proto/picture_pb';
import { history, moment } from './history';

const live = create(LiveSchema, { what: { case: 'moment', value: { nowUnixS: 7 } } });
const body = sizeDelimitedEncode(LiveSchema, live) as Uint8Array<ArrayBuffer>;
const good = () => new Response(body);
const busy = () => new Response('{"error":"another moment is being computed"}', { status: 503 });
let asked = 0;

/** A node that answers so, one after another, and the last of them from then on. */
function node(...answers: (() => Response)[]): void {
  vi.stubGlobal('fetch', () => Promise.resolve((answers[asked++] ?? answers.at(-1))?.()));
}
const ask = async (wanted = new AbortController().signal) => {
  const answer = moment('/', 5, 'now', wanted);
  await vi.runAllTimersAsync();
  return answer;
};

beforeEach(() => {
  asked = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a node that computes another moment is asked again', async () => {
  node(busy, busy, good);
  expect(await ask()).toMatchObject({ kind: 'known', live: { what: { case: 'moment', value: { nowUnixS: 7 } } } });
  expect(asked).toBe(3);
});

test.each([
  ['goes on computing another', busy],
  ['refuses', () => new Response('', { status: 500 })],
  ['is not there', () => { throw new TypeError('failed to fetch'); }],
])('a node that %s said nothing of what was known', async (_, answer) => {
  node(answer);
  expect(await ask()).toEqual({ kind: 'unasked' });
});

test('who gives up asking asks no more', async () => {
  node(busy);
  const wanted = new AbortController();
  const answer = moment('/', 5, 'now', wanted.signal);
  await vi.advanceTimersByTimeAsync(600);
  const before = asked;
  wanted.abort();
  await vi.runAllTimersAsync();
  expect([(await answer).kind, asked]).toEqual(['unasked', before]);
});

test('a node that keeps nothing of a time says so by saying nothing', async () => {
  node(() => new Response(new Uint8Array()));
  expect(await ask()).toEqual({ kind: 'none' });
});

test('the past of a node that does not answer is not an empty past', async () => {
  node(() => new Response('', { status: 500 }));
  await expect(history('/', 1, 2)).rejects.toThrow('500');
  node(() => new Response(new Uint8Array()));
  expect(await history('/', 1, 2)).toEqual([]);
});
