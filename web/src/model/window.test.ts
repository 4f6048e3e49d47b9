import { expect, test } from 'vitest';
import { has, stretch, wanted } from './window';

const NOW = 1e9;
const MEMORY = NOW - 600;

test('of a time in memory all that is there is asked for, of an older one forty minutes round it', () => {
  expect(wanted(NOW - 30, MEMORY, NOW)).toEqual({ from_s: MEMORY, to_s: NOW });
  expect(wanted(MEMORY - 86400, MEMORY, NOW)).toEqual({ from_s: MEMORY - 87600, to_s: MEMORY - 85200 });
  expect(wanted(MEMORY - 60, MEMORY, NOW).to_s).toBe(NOW);
});

test('what a stretch has is not asked for again', () => {
  const old = wanted(MEMORY - 86400, MEMORY, NOW);
  expect(has(old, MEMORY - 86400 + 1100, NOW, 3)).toBe(true);
  for (const beyond_s of [old.from_s - 1, old.to_s + 1]) expect(has(old, beyond_s, NOW, 3)).toBe(false);
  const memory = { from_s: MEMORY, to_s: NOW - 2 };
  expect(has(memory, NOW, NOW, 3)).toBe(true);
  expect(has(memory, NOW, NOW + 60, 3)).toBe(false);
});

test('the timeline has an older time in its middle', () => {
  expect(stretch(MEMORY - 90000, NOW, MEMORY - 86400)).toEqual({ from_s: MEMORY - 87600, to_s: MEMORY - 85200 });
});
