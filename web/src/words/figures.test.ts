import { describe, expect, test } from 'vitest';
import { extent, length } from './figures';

describe('three figures at most, and never nothing', () => {
  test.each([
    [240_400, '240 km'],
    [1_904_000, '1,900 km'],
    [5_540, '5.5 km'],
    [850.4, '850 m'],
    [9.6, '10 m'],
  ])('%d m', (m, words) => expect(length(m)).toBe(words));

  test.each([
    [60_000, 20_000, '120 × 40 km'],
    [4_500, 160, '9 × 0.32 km'],
    [215, 100, '430 × 200 m'],
  ])('%d by %d m', (major_m, minor_m, words) => expect(extent(major_m, minor_m)).toBe(words));
});
