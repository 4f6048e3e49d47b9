import { describe, expect, test } from 'vitest';
import en from './en.json';
import ja from './ja.json';
import ko from './ko.json';

const facts = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe.each([
  ['ja', ja],
  ['ko', ko],
])('%s', (_, catalogue: Record<string, string>) => {
  test('has the same keys as English, in the same order', () => {
    expect(Object.keys(catalogue)).toEqual(Object.keys(en));
  });

  test.each(Object.entries(en))('%s has the same facts', (key, text) => {
    expect(facts(catalogue[key] ?? '')).toEqual(facts(text));
  });

  test('is not English', () => {
    const letters = /[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]/;
    const plain = Object.entries(catalogue).filter(([, text]) => !letters.test(text.replace(/\{\w+\}/g, '')));
    // Units and signs are the same in every language.
    const same = plain.filter(([key]) => !/^(length|speed|share|join|arrival_none|sign|chart)/.test(key));
    expect(same.map(([key]) => key)).toEqual([]);
  });
});

test('no text is empty or begins with a blank', () => {
  for (const catalogue of [en, ja, ko] as Record<string, string>[]) {
    for (const [key, text] of Object.entries(catalogue)) expect(text.trim(), key).toBeTruthy();
  }
});
