// What the person in front of the screen prefers; kept by the browser.

import { isCode, language, preferred, type Code } from '../i18n/language.svelte';

export type Theme = 'auto' | 'light' | 'dark';
const KEY = 'trilat';

function stored(): { theme?: string; lang?: string } {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as { theme?: string; lang?: string };
  } catch {
    return {};
  }
}

class Settings {
  theme = $state<Theme>('auto');
  /** Whether it is dark now, whoever decided. */
  dark = $state(false);
  private readonly system = matchMedia('(prefers-color-scheme: dark)');

  start(asked: Code | null): void {
    const { theme, lang } = stored();
    this.theme = theme === 'light' || theme === 'dark' ? theme : 'auto';
    this.speak(asked ?? (isCode(lang) ? lang : preferred(navigator.languages)));
    this.system.addEventListener('change', () => this.paint());
    this.paint();
  }

  choose(theme: Theme): void {
    this.theme = theme;
    this.paint();
    this.keep();
  }

  speak(code: Code): void {
    language.code = code;
    document.documentElement.lang = code;
    this.keep();
  }

  private paint(): void {
    this.dark = this.theme === 'auto' ? this.system.matches : this.theme === 'dark';
    document.documentElement.dataset['theme'] = this.dark ? 'dark' : 'light';
  }

  private keep(): void {
    try {
      localStorage.setItem(KEY, JSON.stringify({ theme: this.theme, lang: language.code }));
    } catch {
      // A browser that keeps nothing asks again next time.
    }
  }
}
export const settings = new Settings();

/** Whether movement is unwelcome. */
export function still(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
