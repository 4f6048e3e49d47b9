// Warnings as a node would tell them, for a fixture: one that goes on.

const NOON_S = Date.UTC(2026, 11, 1, 12) / 1000;

/** A message that was sent. */
export const message = (more = {}) => ({ number: 1, name: 'W.1', kind: 'alert', reason: '', state: 'released',
  by: 'node', approvals: [], deadline_unix_s: 0, drafted_unix_s: 0, sent_unix_s: 1, withdrawn: null,
  arrival_unix_s: [0, 0], places: [], places_count: 0, overflown: [], words: [], deliveries: [], elsewhere: 0,
  existence: 1, measured_unix_s: 1, overdue: false, lost: false, ...more });

/** Everything, with one warning; what differs of it and of all. */
export const one = (of_it = {}, of_all = {}) => ({ now_unix_s: NOON_S, sequence: 1, exercise: true, drafting: true,
  approvals: 1, author_counts: false, languages: [], you: { name: 'x', role: 'viewer' }, unwarned: [], left_out: 0,
  warnings: [{ name: 'W', exercise: true, state: 'on', clear_due: false, object: 'a', channels: [], next: [],
    messages: [message()], ...of_it }], ...of_all });
