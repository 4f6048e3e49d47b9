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

/** Why nothing was done. */
export function refused(refusal: Refusal, message: Message | undefined, needed: number): string {
  switch (refusal.code) {
    case 'quicker':
      if (message) return t('warn_refused_quicker', { n: message.number, what: fate(message, needed) });
      break;
    case 'early':
    case 'late':
    case 'author':
    case 'twice':
    case 'gone':
    case 'link':
      return t(key('warn_refused', refusal.code));
    default:
  }
  return t('warn_refused_other', { error: refusal.error });
}
