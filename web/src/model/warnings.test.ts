import { describe, expect, test } from 'vitest';
import { counts, current, holds, nameIn, news, newWish, ordered, silentSince, wish, type Message, type Next,
  type Warning, type Warnings } from './warnings';

function message(number: number, more: Partial<Message> = {}): Message {
  return {
    number,
    name: `W.${String(number)}`,
    kind: number === 1 ? 'alert' : 'update',
    reason: '',
    state: 'released',
    by: 'node',
    drafted_unix_s: 1000 + number,
    approvals: [],
    deadline_unix_s: 1060 + number,
    overdue: false,
    sent_unix_s: null,
    withdrawn: null,
    lost: false,
    existence: 0.99,
    measured_unix_s: 999,
    arrival_unix_s: [1200, 1400],
    elsewhere: 0,
    places_count: 0,
    places: [],
    overflown: [],
    words: [],
    deliveries: [],
    ...more,
  };
}

function warning(name: string, messages: Message[], more: Partial<Warning> = {}): Warning {
  const state = messages.some((one) => one.state === 'released') ? 'on' : 'draft';
  return { name, exercise: true, state, clear_due: false, object: 'a', channels: [], next: [], messages, ...more };
}

const draft = (number: number, more: Partial<Message> = {}) => message(number, { state: 'draft', ...more });

test('the message that waits matters, else what people were told', () => {
  expect(current(warning('W', [message(1), draft(2)]))?.number).toBe(2);
  expect(current(warning('W', [message(1), message(2, { state: 'withdrawn' })]))?.number).toBe(1);
  expect(current(warning('W', [message(1, { state: 'withdrawn' })]))?.number).toBe(1);
  expect(current(warning('W', []))).toBeUndefined();
});

test('what waits for somebody stands first, whatever order they came in', () => {
  const all = [
    warning('over', [message(1)], { state: 'over' }),
    warning('on', [message(1)]),
    warning('clear', [message(1)], { clear_due: true }),
    warning('later', [draft(1, { arrival_unix_s: [1300, 1400] })]),
    warning('sooner', [draft(1)]),
  ];
  const names = (list: Warning[]) => ordered(list).map(({ name }) => name);
  expect(names(all)).toEqual(['sooner', 'later', 'clear', 'on', 'over']);
  expect(names(all.toReversed())).toEqual(names(all));
  expect(counts(all)).toEqual({ waiting: 2, on: 2 });
});

describe('what a person was about to do', () => {
  const next: Next = { action: 'approve', number: 2, channel: '', role: 'releaser', may: true, why_not: '', words: '' };
  const seen = warning('W', [message(1), draft(2)]);
  const wished = wish(seen, next);

  test('is said with the message in view', () => {
    expect(wished).toEqual({ warning: 'W', action: 'approve', number: 2, is_draft: true });
    expect(wish(seen, { ...next, action: 'send', channel: 'hook' }).channel).toBe('hook');
  });

  test('of a new warning is said with its object', () => {
    expect(newWish('1f3a')).toEqual({ warning: '-', action: 'draft', number: 0, is_draft: false, object: '1f3a' });
  });

  test.each([
    ['nothing happened', seen, true],
    ['it was approved', warning('W', [message(1), message(2)]), false],
    ['another took its place', warning('W', [message(1), message(2, { state: 'withdrawn' }), draft(3)]), false],
    ['it is not there any more', undefined, false],
  ])('%s', (_, now, is_so) => {
    expect(holds(wished, now)).toBe(is_so);
  });
});

describe('news', () => {
  const before = [warning('W', [message(1), draft(2)])];
  const heard = (after: Warning[]) => news(before, after).map(({ what }) => what);

  test.each([
    ['nothing', before, []],
    ['a draft of another', [...before, warning('X', [draft(1)])], ['draft']],
    ['it is overdue', [warning('W', [message(1), draft(2, { overdue: true })])], ['overdue']],
    ['it is sent', [warning('W', [message(1), message(2)])], ['sent']],
    ['the all clear is sent', [warning('W', [message(1), message(2, { kind: 'all-clear' })])], ['clear']],
    ['it is taken back', [warning('W', [message(1), message(2, { kind: 'cancel' })])], ['cancel']],
    ['the all clear is due', [warning('W', [message(1), draft(2)], { clear_due: true })], ['clear-due']],
  ])('%s', (_, after, said) => {
    expect(heard(after)).toEqual(said);
  });

  test('what waits longest is said first', () => {
    const after = [warning('W', [message(1), message(2)]), warning('X', [draft(1, { overdue: true })])];
    expect(heard(after)).toEqual(['overdue', 'draft', 'sent']);
  });
});

test('a place has a name in any language', () => {
  expect(nameIn({ en: 'Aomori', ja: '青森県' }, 'ja')).toBe('青森県');
  expect(nameIn({ en: 'Aomori' }, 'ko')).toBe('Aomori');
  expect(nameIn({ ru: 'Аомори' }, 'ko')).toBe('Аомори');
});

test.each([
  ['the link is up', true, false, undefined],
  ['the link is down', false, false, 1050],
  ['they could not be asked for', true, true, 1000],
  ['both', false, true, 1000],
])('since when nothing newer is known, where %s', (_, up, isBroken, at_s) => {
  expect(silentSince({ now_unix_s: 1000 } as Warnings, isBroken, { up, heard_s: 1050 })).toBe(at_s);
});
