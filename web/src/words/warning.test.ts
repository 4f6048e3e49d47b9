import { afterEach, describe, expect, test } from 'vitest';
import courier from '../../../crates/node/src/warnings/courier.rs?raw';
import post from '../../../crates/node/src/warnings/channel/post.rs?raw';
import zenoh from '../../../crates/node/src/warnings/channel/zenoh_key.rs?raw';
import source from '../../../crates/node/src/web/warnings.rs?raw';
import { language } from '../i18n/language.svelte';
import { answered, detail, refused } from './warning';

const ERROR = 'what the node says';
/** Every code that the node refuses with. */
const codes = [...new Set([...source.matchAll(/StatusCode::[A-Z_]+,\s*"([a-z-]+)"/g)].map(([, code]) => code ?? ''))];

afterEach(() => {
  language.code = 'en';
});

test('the node refuses with codes', () => {
  expect(codes).toEqual(expect.arrayContaining(['out', 'over', 'ending', 'begun', 'role', 'journal', 'not-due']));
});

describe.each(['en', 'ja', 'ko'] as const)('in %s', (code) => {
  test.each([...codes.filter((one) => one !== 'quicker'), 'link'])('%s has words of its own', (refusal) => {
    language.code = code;
    const words = refused({ code: refusal, error: ERROR }, undefined, 1);
    expect(words).not.toContain(ERROR);
    expect(words).not.toContain('warn_');
    if (code !== 'en') expect(words.replace(/CAP/g, '')).not.toMatch(/[A-Za-z]{2}/);
  });

  test('what is not known to the page is said as the node says it', () => {
    language.code = code;
    expect(refused({ code: 'news', error: ERROR }, undefined, 1)).toContain(ERROR);
  });
});

test('what the node knows beside it is said as a detail', () => {
  expect(detail({ code: 'journal', error: ERROR })).toBe(ERROR);
  expect(detail({ code: 'early', error: ERROR })).toBe('');
});

describe('what came back from a channel', () => {
  test.each([
    [source, 'found there by {by}', 'found there by kim', 'kimさんが到達を確認'],
    [post, 'no answer within {} s', 'https://x/: no answer within 20 s', '20秒以内に応答なし'],
    [zenoh, 'nobody listened within {timeout_s} s', 'k/y: nobody listened within 5 s', '5秒以内に受信者なし'],
    [courier, 'the program ended before an answer came', 'the program ended before an answer came',
      '応答の前にプログラムが終了'],
    [post, 'HTTP {} {}', 'HTTP 503 busy', '応答：HTTP 503'],
  ])('%#: is said in the language of the screen', (from, written, answer, said) => {
    expect(from).toContain(written);
    language.code = 'ja';
    expect(answered(answer)).toBe(said);
  });

  test('is said by the node alone where the page does not know it', () => {
    expect(answered('/out/W.1.cap.xml')).toBe('');
  });
});
