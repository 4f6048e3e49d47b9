// Every shortcut, once: the keys, their sheet and their words come from here.

import { LANGUAGES, language, type Key } from '../i18n/language.svelte';
import { app } from '../state/app.svelte';
import { bookmarks } from '../state/bookmarks.svelte';
import { settings, type Theme } from '../state/settings.svelte';
import { desk } from '../state/warnings.svelte';

export interface Shortcut {
  /** As `KeyboardEvent.key` has it. */
  key: string;
  /** What is printed on the sheet, where it differs. */
  sign?: string;
  does: Key;
  run(): void;
}

const THEMES: Theme[] = ['auto', 'light', 'dark'];
const after = <T>(all: readonly T[], one: T): T | undefined => all[(all.indexOf(one) + 1) % all.length];

function speakNext(): void {
  const codes = LANGUAGES.map(({ code }) => code);
  settings.speak(after(codes, language.code) ?? 'en');
}

/** Leaves what is open, one thing after another. */
export function leave(): void {
  if (app.help) app.help = false;
  else if (desk.wished) desk.wished = undefined;
  else if (desk.open) desk.show(false);
  else if (app.known) app.known = false;
  else if (app.kiosk) app.kiosk = false;
  else if (app.compare !== undefined) app.compareWith(undefined);
  else app.choose(undefined);
}

export const SHORTCUTS: readonly Shortcut[] = [
  { key: '?', does: 'help', run: () => (app.help = !app.help) },
  { key: 'a', does: 'warnings', run: () => desk.show(!desk.open) },
  { key: 'u', does: 'key_first', run: () => app.choose(app.shown.rows[0]?.track.name) },
  { key: 'j', does: 'key_next', run: () => app.chooseBy(1) },
  { key: 'k', does: 'key_previous', run: () => app.chooseBy(-1) },
  { key: ' ', sign: '␣', does: 'play_pause', run: () => app.toggle() },
  { key: 'l', does: 'go_live', run: () => app.live() },
  { key: ',', does: 'step_back', run: () => app.step(-1) },
  { key: '.', does: 'step_on', run: () => app.step(1) },
  { key: '[', does: 'key_slower', run: () => app.rateBy(-1) },
  { key: ']', does: 'key_faster', run: () => app.rateBy(1) },
  { key: 'p', does: 'event_previous', run: () => app.toEvent(-1) },
  { key: 'n', does: 'event_next', run: () => app.toEvent(1) },
  { key: 'b', does: 'bookmark', run: () => bookmarks.toggle(app.now_s) },
  { key: 'c', does: 'key_compare', run: () => app.compareNext() },
  { key: 'w', does: 'known', run: () => (app.known = !app.known) },
  { key: 'r', does: 'raw_plots', run: () => (app.plots = !app.plots) },
  { key: 'v', does: 'coverage', run: () => (app.coverage = !app.coverage) },
  { key: 'f', does: 'fit', run: () => app.fits++ },
  { key: 'g', does: 'globe_toggle', run: () => app.showGlobe(!app.globe) },
  { key: 'x', does: 'kiosk', run: () => (app.kiosk = !app.kiosk) },
  { key: 't', does: 'theme', run: () => settings.choose(after(THEMES, settings.theme) ?? 'auto') },
  { key: 'i', does: 'language', run: speakNext },
  { key: 'Escape', sign: 'Esc', does: 'close', run: leave },
];
