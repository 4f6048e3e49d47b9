// Keys go to their shortcut, unless somebody writes or a control wants them.

import { SHORTCUTS } from './registry';

/** Elements that use letters or blanks themselves. */
function wants(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches('textarea, select, input:not([type=range])') || target.isContentEditable) return true;
  return key === ' ' && target.matches('button, a, summary');
}

export function listen(): () => void {
  const heard = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key !== 'Escape' && wants(event.target, event.key)) return;
    const shortcut = SHORTCUTS.find(({ key }) => key === event.key || key === event.key.toLowerCase());
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run();
  };
  addEventListener('keydown', heard);
  return () => removeEventListener('keydown', heard);
}
