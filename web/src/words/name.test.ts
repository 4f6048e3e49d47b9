import { expect, test } from 'vitest';
import { shown } from './name';

const RLO = String.fromCharCode(0x202e);

test.each([
  ['JP-2b7e', 'JP-2b7e'],
  ['', '?'],
  ['\u0000\u0007', '··'],
  [`a${RLO}exe.txt`, 'a·exe.txt'],
  ['<script>alert(1)</script>', '<script>alert(1)</scr…'],
  ['北海道', '北海道'],
  ['مسار', 'مسار'],
])('%j', (name, text) => {
  expect(shown(name)).toBe(text);
});

test('10 kB are cut, and a pile of accents is no tower', () => {
  expect([...shown('x'.repeat(10_000))].length).toBe(22);
  expect(shown(`e${'\u0301'.repeat(10_000)}`).length).toBeLessThan(20);
  expect(shown('👩‍👩‍👧‍👦'.repeat(1000), 5).length).toBeLessThan(60);
});
