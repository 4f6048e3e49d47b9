// Warnings as the node tells them, and what follows from them alone.

export type Kind = 'alert' | 'update' | 'cancel' | 'all-clear';
export type Action = 'draft' | 'update' | 'withdraw' | 'approve' | 'cancel' | 'all-clear' | 'send';
export type Role = 'viewer' | 'operator' | 'releaser';
export type Names = Record<string, string>;

/** `GET /api/v1/warnings`. */
export interface Warnings {
  now_unix_s: number;
  sequence: number;
  exercise: boolean;
  drafting: boolean;
  approvals: number;
  author_counts: boolean;
  languages: string[];
  you: { name: string; role: Role };
  unwarned: string[];
  warnings: Warning[];
  left_out: number;
}

export interface Warning {
  name: string;
  exercise: boolean;
  state: 'draft' | 'on' | 'over' | 'given up';
  clear_due: boolean;
  object: string;
  channels: { name: string; kind: string }[];
  next: Next[];
  messages: Message[];
}

export interface Next {
  action: Action;
  number: number;
  channel: string;
  role: Role;
  may: boolean;
  why_not: string;
  words: string;
}

export interface Message {
  number: number;
  name: string;
  kind: Kind;
  reason: '' | 'no-threat' | 'error';
  state: 'draft' | 'withdrawn' | 'released';
  by: string;
  drafted_unix_s: number;
  approvals: { by: string; at_unix_s: number }[];
  deadline_unix_s: number;
  overdue: boolean;
  sent_unix_s: number | null;
  withdrawn: { at_unix_s: number; why: 'by' | 'newer' | 'late'; by: string; number: number } | null;
  lost: boolean;
  existence: number;
  measured_unix_s: number;
  arrival_unix_s: [number, number];
  elsewhere: number;
  places_count: number;
  places: Place[];
  overflown: Names[];
  words: Words[];
  deliveries: Delivery[];
}

export interface Place {
  code: string | null;
  names: Names;
  probability: number;
  likely: boolean;
  arrival_unix_s: [number, number];
}

export interface Words {
  language: string;
  headline: string;
  description: string;
  instruction: string;
  area: string;
  short: string;
  long: string;
}

export interface Delivery {
  channel: string;
  state: 'waiting' | 'handing' | 'delivered' | 'failed' | 'unknown';
  answer: string;
}

/** What a person has before him, and would do. */
export interface Wish {
  warning: string;
  action: Action;
  number: number;
  is_draft: boolean;
  channel?: string;
  /** Of a new warning: what may come down. */
  object?: string;
}

/** Of a warning that is not there yet. */
export const NEW = '-';

export const newest = (warning: Warning): Message | undefined => warning.messages.at(-1);
export const draftOf = (warning: Warning): Message | undefined =>
  warning.messages.find(({ state }) => state === 'draft');

/** The message that matters now: the one that waits, else what people were told last, else the last one. */
export function current(warning: Warning): Message | undefined {
  return draftOf(warning) ?? warning.messages.findLast(({ state }) => state === 'released') ?? newest(warning);
}

const goesOn = (warning: Warning): boolean => warning.state === 'draft' || warning.state === 'on';

/** How urgently somebody has to look at it: lower comes first. */
function urgency(warning: Warning): number {
  if (draftOf(warning)) return 0;
  if (!goesOn(warning)) return 3;
  return warning.clear_due ? 1 : 2;
}

/** Those that wait for somebody first, then those that go on by their arrival, then the newest that are over. */
export function ordered(warnings: readonly Warning[]): Warning[] {
  const at = (warning: Warning) => {
    const message = current(warning);
    if (!message) return 0;
    return goesOn(warning) ? message.arrival_unix_s[0] : -message.drafted_unix_s;
  };
  return [...warnings].sort((a, b) => urgency(a) - urgency(b) || at(a) - at(b) || (a.name < b.name ? -1 : 1));
}

/** How many wait for approval, and how many people were told of and are not over. */
export function counts(warnings: readonly Warning[]): { waiting: number; on: number } {
  return {
    waiting: warnings.filter(draftOf).length,
    on: warnings.filter(({ state }) => state === 'on').length,
  };
}

/** What is wished, as it is asked of the node. */
export function wish(warning: Warning, next: Next): Wish {
  return {
    warning: warning.name,
    action: next.action,
    number: next.number,
    is_draft: newest(warning)?.state === 'draft',
    ...(next.channel ? { channel: next.channel } : {}),
  };
}

/** A warning is wished of an object that has none. */
export function newWish(object: string): Wish {
  return { warning: NEW, action: 'draft', number: 0, is_draft: false, object };
}

/** Whether the message that somebody had in view when he wished is still the newest, and stands as it stood. */
export function holds(wished: Wish, warning: Warning | undefined): boolean {
  const last = warning && newest(warning);
  return last?.number === wished.number && (last.state === 'draft') === wished.is_draft;
}

/** Since when nothing newer is known of warnings, Unix s; nothing where they are as they stand now. */
export function silentSince(
  said: Warnings,
  isBroken: boolean,
  link: { up: boolean; heard_s: number },
): number | undefined {
  // What could not be asked for may be news of any time since the last answer.
  if (isBroken) return said.now_unix_s;
  return link.up ? undefined : Math.max(link.heard_s, said.now_unix_s);
}

export type News = 'draft' | 'overdue' | 'sent' | 'clear' | 'cancel' | 'clear-due';

/** What has happened between two looks that a person is to hear of, the most urgent first. */
export function news(before: readonly Warning[], after: readonly Warning[]): { what: News; warning: Warning }[] {
  const said: { what: News; warning: Warning }[] = [];
  for (const warning of after) {
    const old = before.find(({ name }) => name === warning.name);
    const was = (number: number) => old?.messages.find((message) => message.number === number);
    for (const message of warning.messages) {
      const known = was(message.number);
      if (message.state === 'draft' && !known) said.push({ what: 'draft', warning });
      if (message.state === 'draft' && message.overdue && !known?.overdue) said.push({ what: 'overdue', warning });
      if (message.state === 'released' && known?.state !== 'released') said.push({ what: sentAs(message), warning });
    }
    if (warning.clear_due && !old?.clear_due) said.push({ what: 'clear-due', warning });
  }
  const order: News[] = ['overdue', 'draft', 'sent', 'cancel', 'clear', 'clear-due'];
  return said.sort((a, b) => order.indexOf(a.what) - order.indexOf(b.what));
}

function sentAs(message: Message): News {
  if (message.kind === 'all-clear') return 'clear';
  return message.kind === 'cancel' ? 'cancel' : 'sent';
}

/** A name in a language, or in whatever there is. */
export function nameIn(names: Names, language: string): string {
  return names[language] ?? names['en'] ?? Object.values(names)[0] ?? '';
}
