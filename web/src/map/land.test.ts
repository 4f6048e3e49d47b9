import { expect, test } from 'vitest';
import { pieces } from './land';

test('a coast comes in pieces that follow on each other, with nothing left out and none too long', () => {
  for (const points of [2, 2000, 2001, 2002, 4001, 5000]) {
    const line = Array.from({ length: points }, (_, i) => [i, -i]);
    const all = pieces(line);
    expect(Math.max(...all.map((one) => one.length))).toBeLessThanOrEqual(2001);
    expect(Math.min(...all.map((one) => one.length))).toBeGreaterThan(1);
    expect(all.slice(1).map((one) => one[0])).toEqual(all.slice(0, -1).map((one) => one.at(-1)));
    expect([line[0], ...all.flatMap((one) => one.slice(1))]).toEqual(line);
  }
});
