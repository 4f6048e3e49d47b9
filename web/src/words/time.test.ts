import { expect, test } from 'vitest';
import { language } from '../i18n/language.svelte';
import { moment } from './time';

const AT = Date.UTC(2026, 11, 1, 12, 5, 9) / 1000;

test('a time has its date where that is not plain', () => {
  expect(moment(AT, AT + 3600)).toBe('12:05:09 UTC');
  expect(moment(AT, AT + 12 * 3600)).toBe('Dec 1, 2026 12:05:09 UTC');
  language.code = 'ja';
  expect(moment(AT, AT - 13 * 3600)).toBe('2026/12/01 12:05:09 UTC');
  language.code = 'en';
});
