import { create } from '@bufbuild/protobuf';
import { afterEach, expect, test, vi } from 'vitest';
import { LiveSchema, type Live } from '../proto/picture_pb';
import { Feed } from './feed';

/** What the node would say, and its answers to who asks for the past, in order. */
const link: { said?: (live: Live) => void } = {};
const answers: ((past: Live[]) => void)[] = [];
vi.mock('../live/socket', () => ({
  connect: (_: string, heard: { said: (live: Live) => void }) => Object.assign(link, heard),
}));
vi.mock('../live/history', () => ({ history: () => new Promise((answer) => answers.push(answer)) }));

const hello = (instance: string) =>
  create(LiveSchema, { what: { case: 'hello', value: { instance, historyFromUnixS: 1 } } });
const moment = (nowUnixS: number) => create(LiveSchema, { what: { case: 'moment', value: { nowUnixS } } });

afterEach(() => {
  answers.length = 0;
});

test('a node that begins anew while its past is asked for is caught up with by itself', async () => {
  const changes: number[] = [];
  const feed = new Feed({
    hello: () => undefined,
    changed: () => changes.push(feed.world.now_s),
    link: () => undefined,
    warnings: () => undefined,
  });
  feed.start();
  link.said?.(hello('one'));
  link.said?.(moment(10));
  link.said?.(hello('two'));
  link.said?.(moment(20));
  link.said?.(moment(21));
  expect(answers).toHaveLength(2);
  answers[0]?.([moment(9)]);
  await Promise.resolve();
  expect(feed.world.now_s).toBe(21);
  answers[1]?.([moment(19)]);
  await vi.waitFor(() => expect(changes).toHaveLength(6));
  // What came while the past was on its way comes after it.
  expect(feed.world.now_s).toBe(21);
});
