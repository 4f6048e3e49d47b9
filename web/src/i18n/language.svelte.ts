// The words of the screen, in the language of who looks at it.

import en from './en.json';
import ja from './ja.json';
import ko from './ko.json';

export type Key = keyof typeof en;
export type Code = 'en' | 'ja' | 'ko';
export type Facts = Record<string, string | number>;

export const LANGUAGES: readonly { code: Code; name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'ja', name: '日本語' },
  { code: 'ko', name: '한국어' },
];
const CATALOGUES: Record<Code, Record<Key, string>> = { en, ja, ko };

class Language {
  code = $state<Code>('en');
}
export const language = new Language();

export function isCode(code: string | null | undefined): code is Code {
  return LANGUAGES.some((known) => known.code === code);
}

/** The first language of the browser that there is. */
export function preferred(wanted: readonly string[]): Code {
  for (const tag of wanted) {
    const code = tag.slice(0, 2).toLowerCase();
    if (isCode(code)) return code;
  }
  return 'en';
}

/** The text of a key with its {facts}. */
export function t(key: Key, facts?: Facts): string {
  const text = CATALOGUES[language.code][key];
  return facts ? text.replace(/\{(\w+)\}/g, (mark, name: string) => String(facts[name] ?? mark)) : text;
}

/** The text for so many of something: English tells one from several, Japanese and Korean do not. */
export function count(key: 'objects' | 'plots' | 'owners' | 'events', n: number): string {
  return t(`${key}_${n === 1 ? 'one' : 'many'}`, { n: number(n) });
}

/** A word of the node (a phase, a kind of event) in the language of the screen; unknown ones as they are. */
export function word(group: 'phase' | 'event' | 'fault' | 'way', name: string): string {
  const key = `${group}_${name.replace(/[^a-z]/g, '_')}`;
  return key in en ? t(key as Key) : name;
}

/** Formats are dear to make and cheap to use. */
// eslint-disable-next-line svelte/prefer-svelte-reactivity -- a cache: nothing on the screen depends on it
const numbers = new Map<string, Intl.NumberFormat>();

export function number(value: number, digits = 0): string {
  const key = `${language.code}${digits}`;
  let format = numbers.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language.code, { maximumFractionDigits: digits });
    numbers.set(key, format);
  }
  return format.format(value);
}

/** A name inside a sentence: its direction stays its own. */
export function isolate(name: string): string {
  return String.fromCharCode(0x2068) + name + String.fromCharCode(0x2069);
}

/** Several things in one sentence. */
export function list(items: string[]): string {
  return new Intl.ListFormat(language.code, { type: 'conjunction' }).format(items);
}
