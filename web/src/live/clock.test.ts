import { expect, test } from 'vitest';
import { NodeClock } from './clock';

test('goes on by itself, as fast as the node says', () => {
  const clock = new NodeClock();
  expect(clock.at(5)).toBe(0);
  clock.speed = 8;
  clock.hear(1000, 5);
  expect(clock.at(7)).toBe(1016);
  // However it goes on: what it was heard to say stays.
  expect(clock.heard_s).toBe(1000);
});

test('takes small differences in smoothly, and large ones at once', () => {
  const clock = new NodeClock();
  clock.hear(1000, 0);
  clock.hear(1001.2, 1);
  expect(clock.at(1)).toBeGreaterThan(1001);
  expect(clock.at(1)).toBeLessThan(1001.2);
  clock.hear(5000, 2);
  expect(clock.at(2)).toBe(5000);
  clock.hear(Number.NaN, 3);
  expect(clock.at(3)).toBe(5001);
});
