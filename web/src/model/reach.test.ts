import { expect, test } from 'vitest';
import { nearest } from './reach';

const kept = { from_s: 1000, to_s: 2000, apart_s: 3 };

test.each([
  ['within', 1500, 1500, false],
  ['a step too far', 2002, 2000, false],
  ['a step before', 998, 1000, false],
  ['before all that is kept', 900, 1000, true],
  ['not yet', 9000, 2000, true],
])('a time that is %s', (_, asked_s, at_s, missed) => {
  expect(nearest(asked_s, kept)).toEqual({ at_s, missed });
});
