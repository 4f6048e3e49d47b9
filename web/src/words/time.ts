// Durations and clocks in words.

import type { Arrival } from '../model/arrival';
import { language, number, t } from '../i18n/language.svelte';

/** Below this, seconds are said, above it minutes. */
const SECONDS_MAX = 100;
const HOURS_MIN_S = 100 * 60;

function unit(s: number): 's' | 'min' | 'h' {
  return s < SECONDS_MAX ? 's' : s < HOURS_MIN_S * 2 ? 'min' : 'h';
}

function figure(s: number, of: 's' | 'min' | 'h', round: (x: number) => number): string {
  if (of === 'h') return number(round((s / 3600) * 10) / 10, 1);
  return number(round(of === 's' ? s : s / 60));
}

/** "45 s", "4 min", "3.5 h". */
export function duration(s: number, round: (x: number) => number = Math.round): string {
  const of = unit(s);
  return t(`duration_${of}`, { n: figure(s, of, round) });
}

/** "4–7 min": never narrower than it is. */
export function span(from_s: number, to_s: number): string {
  const from = unit(from_s);
  const to = unit(to_s);
  if (from !== to) return `${duration(from_s, Math.floor)} – ${duration(to_s, Math.ceil)}`;
  const [a, b] = [figure(from_s, from, Math.floor), figure(to_s, to, Math.ceil)];
  return t(`duration_${to}`, { n: a === b ? a : `${a}–${b}` });
}

/** A few words for a row of the table. */
export function arrivalShort(arrival: Arrival): string {
  switch (arrival.kind) {
    case 'none':
      return t('arrival_none');
    case 'ahead':
      return span(arrival.from_s, arrival.to_s);
    case 'early':
      return t('arrival_early_short', { to: duration(arrival.to_s, Math.ceil) });
    case 'due':
      return t('arrival_due_short', { to: duration(arrival.to_s, Math.ceil) });
    case 'over':
      return t('arrival_over_short');
  }
}

/** A sentence for the first sight. */
export function arrivalLong(arrival: Arrival): string {
  switch (arrival.kind) {
    case 'none':
      return t('arrival_none_long');
    case 'ahead':
      return t('arrival_ahead_long', { span: span(arrival.from_s, arrival.to_s) });
    case 'early':
      return t('arrival_early_long', { to: duration(arrival.to_s, Math.ceil) });
    case 'due':
      return t('arrival_due_long', { to: duration(arrival.to_s, Math.ceil), at: clockUtc(arrival.until_unix_s) });
    case 'over':
      return t('arrival_over_long', { at: clockUtc(arrival.since_unix_s) });
  }
}

/** "14:05:09" of the place where the screen stands. */
export function clockLocal(unix_s: number): string {
  return clock(unix_s);
}

export function clockUtc(unix_s: number): string {
  return clock(unix_s, 'UTC');
}

const formats = new Map<string, Intl.DateTimeFormat>();

function clock(unix_s: number, timeZone?: string): string {
  if (!(unix_s > 0)) return '--:--:--';
  const key = timeZone ?? '';
  let format = formats.get(key);
  if (!format) {
    // Figures of a clock are the same in every language of the screen.
    const zone = timeZone ? { timeZone } : {};
    format = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', ...zone });
    formats.set(key, format);
  }
  return format.format(unix_s * 1000);
}

const DAY_S = 86_400;

/** "14:05:09 UTC", with its date where that is another than of the time beside which it stands. */
export function moment(unix_s: number, beside_s: number): string {
  const clock = `${clockUtc(unix_s)} UTC`;
  return Math.floor(unix_s / DAY_S) === Math.floor(beside_s / DAY_S) ? clock : `${date(unix_s)} ${clock}`;
}

export function date(unix_s: number): string {
  if (!(unix_s > 0)) return '';
  return new Intl.DateTimeFormat(language.code, { dateStyle: 'medium', timeZone: 'UTC' }).format(unix_s * 1000);
}

/** The name of the screen's time zone at that time, "UTC+9". */
export function zone(unix_s: number): string {
  const minutes = -new Date(unix_s * 1000).getTimezoneOffset();
  const sign = minutes < 0 ? '−' : '+';
  const [h, m] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes === 0 ? '' : sign + String(h) + (m ? `:${String(m).padStart(2, '0')}` : '')}`;
}
