// How a warning and its messages stand, in words.

import { list, number, t, type Key } from '../i18n/language.svelte';
import type { Refusal } from '../live/warnings';
import type { Message, Role, Warning } from '../model/warnings';
import { clockUtc, duration } from './time';

const key = (group: string, name: string): Key => `${group}_${name.replaceAll(/[^a-z]/g, '_')}` as Key;
const at = (unix_s: number): string => `${clockUtc(unix_s)} UTC`;
/** As the node calls itself in what it writes. */
const NODE = 'node';

export const person = (name: string): string => (name === NODE ? t('warn_node') : name);
export const role = (name: Role): string => t(key('role', name));
export const kind = (message: Message): string => {
  const word = t(key('warn_kind', message.kind));
  return message.reason ? t('sign_aside', { what: word, more: t(key('warn_reason', message.reason)) }) : word;
};
export const title = (message: Message): string => t('warn_message', { n: message.number, kind: kind(message) });
export const standing = (warning: Warning): string => t(key('warn_state', warning.state));
export const delivery = (state: string): string => t(key('warn_delivery', state));

/** What has become of a message: who did what, when. */
export function fate(message: Message, needed: number): string {
  const { approvals, withdrawn } = message;
  const people = list(approvals.map(({ by }) => by));
  if (withdrawn) {
    return t(key('warn_withdrawn', withdrawn.why), {
      by: person(withdrawn.by),
      n: withdrawn.number,
      at: at(withdrawn.at_unix_s),
    });
  }
  if (message.state === 'released') return t('warn_approved', { by: people, at: at(message.sent_unix_s ?? 0) });
  const written = t('warn_by', { by: person(message.by), at: at(message.drafted_unix_s) });
  return [written, waits(message, needed)].join(t('sign_sentences'));
}

/** What a draft waits for. */
export function waits(message: Message, needed: number): string {
  return t('warn_waits', { n: number(message.approvals.length), all: number(needed) });
}

/** How long there is to approve a draft, or for how long there has been none. */
export function deadline(message: Message, now_s: number): string {
  const left_s = message.deadline_unix_s - now_s;
  return left_s >= 0
    ? t('warn_left', { time: duration(left_s, Math.floor) })
    : t('warn_overdue', { time: duration(-left_s, Math.floor) });
}

/** Refusals that have words of their own. */
const REFUSALS = ['early', 'late', 'author', 'twice', 'gone', 'link', 'out', 'over', 'ending', 'begun', 'role',
  'journal', 'not-due', 'not-released', 'unknown', 'question'];
/** Those of which the node knows more than the words say. */
const DETAILED = ['begun', 'journal', 'unknown', 'question'];

/** Why nothing was done. */
export function refused({ code, error }: Refusal, message: Message | undefined, needed: number): string {
  if (code === 'none') return t('warnings_off');
  if (code === 'quicker' && message) {
    return t('warn_refused_quicker', { n: message.number, what: fate(message, needed) });
  }
  return REFUSALS.includes(code) ? t(key('warn_refused', code)) : t('warn_refused_other', { error });
}

/** What the node says of a refusal beside that, in English; empty where it is nothing more. */
export const detail = ({ code, error }: Refusal): string => (DETAILED.includes(code) ? error : '');

/** What came back from a channel, as the node writes it in English, and its words. */
const ANSWERS: [RegExp, (found: RegExpExecArray) => string][] = [
  [/^found there by (.+)$/, ([, by = '']) => t('warn_answer_found', { by })],
  [/no answer within (\d+) s$/, ([, s]) => t('warn_answer_silent', { time: duration(Number(s)) })],
  [/nobody listened within (\d+) s$/, ([, s]) => t('warn_answer_nobody', { time: duration(Number(s)) })],
  [/^the program ended before an answer came$/, () => t('warn_answer_ended')],
  [/^HTTP (\d{3})\b/, ([, status = '']) => t('warn_answer_http', { status })],
];

/** What came back from a channel in the language of the screen; empty where only the node's own words say it. */
export function answered(answer: string): string {
  for (const [pattern, words] of ANSWERS) {
    const found = pattern.exec(answer);
    if (found) return words(found);
  }
  return '';
}
