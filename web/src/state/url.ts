// The state of the screen in its address: what is seen can be sent to somebody.

import { isCode, language, type Code } from '../i18n/language.svelte';
import { TOGETHER } from '../model/world';
import { app, RATES } from './app.svelte';
import { desk } from './warnings.svelte';

/** Names in an address are no longer than this. */
const NAME_MAX = 200;

export interface Address {
  lang: Code | null;
  at_s: number | undefined;
}

/** Takes the state out of the address; the time is asked for when the node is known. */
export function read(search: string): Address {
  const query = new URLSearchParams(search);
  const text = (name: string) => query.get(name)?.slice(0, NAME_MAX);
  const lang = query.get('lang');
  app.view = text('view') ?? TOGETHER;
  app.chosen = text('track');
  app.plots = query.get('plots') === '1';
  app.coverage = query.get('coverage') !== '0';
  app.kiosk = query.get('kiosk') === '1';
  app.story = query.get('story') === '1';
  app.globe = query.get('globe') !== '0';
  app.compare = app.globe ? text('compare') : undefined;
  if (query.get('warnings') === '1') desk.show(true);
  desk.chosen = text('warning');
  const rate = Number(query.get('rate'));
  if (RATES.includes(rate)) app.rate = rate;
  const at = Date.parse(query.get('at') ?? '') / 1000;
  return { lang: isCode(lang) ? lang : null, at_s: Number.isFinite(at) ? at : undefined };
}

/** The address of what is shown. */
export function write(): string {
  const query = new URLSearchParams({ lang: language.code });
  if (app.view !== TOGETHER) query.set('view', app.view);
  if (app.chosen !== undefined) query.set('track', app.chosen.slice(0, NAME_MAX));
  if (app.compare !== undefined) query.set('compare', app.compare);
  if (app.plots) query.set('plots', '1');
  if (!app.coverage) query.set('coverage', '0');
  if (app.kiosk) query.set('kiosk', '1');
  if (app.story) query.set('story', '1');
  if (!app.globe) query.set('globe', '0');
  if (desk.open) query.set('warnings', '1');
  if (desk.open && desk.chosen !== undefined) query.set('warning', desk.chosen.slice(0, NAME_MAX));
  if (app.replay) query.set('at', new Date(Math.floor(app.at_s) * 1000).toISOString());
  if (app.rate !== 1) query.set('rate', String(app.rate));
  return `?${query.toString()}`;
}
