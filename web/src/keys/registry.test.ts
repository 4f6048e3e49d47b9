import { expect, test } from 'vitest';
import en from '../i18n/en.json';
import { SHORTCUTS } from './registry';

test('no key is taken twice, and each has its words', () => {
  const keys = SHORTCUTS.map(({ key }) => key.toLowerCase());
  expect(new Set(keys).size).toBe(keys.length);
  for (const { does } of SHORTCUTS) expect(en[does]).toBeTruthy();
});
