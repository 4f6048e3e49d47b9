import { expect, test } from 'vitest';
import { language } from '../i18n/language.svelte';
import { arrivalLong, moment } from './time';

const AT = Date.UTC(2026, 11, 1, 12, 5, 9) / 1000;

test('a time has its date where that is not plain', () => {
  expect(moment(AT, AT + 3600)).toBe('12:05:09 UTC');
  expect(moment(AT, AT + 12 * 3600)).toBe('Dec 1, 2026 12:05:09 UTC');
  language.code = 'ja';
  expect(moment(AT, AT - 13 * 3600)).toBe('2026/12/01 12:05:09 UTC');
  language.code = 'en';
});

test.each([
  ['en', 'Possible now, and for up to 40 s more (until 12:05:09 UTC)', 'ended at 12:05:09 UTC.'],
  ['ja', '現在、到達の可能性があります。あと最長40秒（12:05:09 UTCまで）', 'は12:05:09 UTCに終わりました。'],
  ['ko', '지금 도달할 수 있습니다. 앞으로 최대 40초(12:05:09 UTC까지)', '시간대는 12:05:09 UTC에 끝났습니다.'],
] as const)('times of arrival are in UTC and say so, as all others, in %s', (code, due, over) => {
  language.code = code;
  expect(arrivalLong({ kind: 'due', until_unix_s: AT, to_s: 40 })).toBe(due);
  expect(arrivalLong({ kind: 'over', since_unix_s: AT })).toContain(over);
  language.code = 'en';
});
