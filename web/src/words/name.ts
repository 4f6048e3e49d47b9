// Names come from anybody: any script, right to left, of any length. On the screen they are short, and stay inside.

const LENGTH_MAX = 22;
/** Marks that turn the direction of text, or that nobody sees: they are shown as one dot each. */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter('und', { granularity: 'grapheme' }) : null;

/** A name to show: without hidden marks, not longer than `max` characters as people count them. */
export function shown(name: string, max: number = LENGTH_MAX): string {
  // What is long is cut before it is looked at closely; a character with a thousand accents is cut as well.
  const clean = name.slice(0, max * 12).replace(HIDDEN, '·').trim();
  const parts: string[] = [];
  for (const part of segmenter ? segmenter.segment(clean) : [...clean].map((segment) => ({ segment }))) {
    if (parts.length === max) return `${parts.slice(0, max - 1).join('')}…`;
    parts.push(part.segment.slice(0, 8));
  }
  return name.length > max * 12 ? `${parts.slice(0, max - 1).join('')}…` : parts.join('') || '?';
}
