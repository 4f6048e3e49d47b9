// The words of the picture by their keys, from the same catalogues that it is built with.

import { readFileSync } from 'node:fs';

const catalogue = (lang) =>
  JSON.parse(readFileSync(new URL(`../../web/src/i18n/${lang}.json`, import.meta.url), 'utf8'));

/** What a key says in a language, with its {facts}; `like` is a pattern of it, where any fact may be left out. */
export function words(lang) {
  const all = catalogue(lang);
  const text = (key) => {
    if (!(key in all)) throw new Error(`no words for ${key} in ${lang}`);
    return all[key];
  };
  const t = (key, facts = {}) => text(key).replace(/\{(\w+)\}/g, (mark, name) => String(facts[name] ?? mark));
  const like = (key, facts = {}) => new RegExp(text(key).split(/(\{\w+\})/).map((part) => {
    const name = part.match(/^\{(\w+)\}$/)?.[1];
    if (name && !(name in facts)) return '.*';
    return String(name ? facts[name] : part).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  }).join(''));
  return { t, like };
}
