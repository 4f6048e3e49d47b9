// Times somebody wants to come back to; kept by the browser.

const KEY = 'trilat-bookmarks';
const KEPT_MAX = 50;

function stored(): number[] {
  try {
    const all: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(all) ? all.filter((one): one is number => Number.isFinite(one)).slice(0, KEPT_MAX) : [];
  } catch {
    return [];
  }
}

class Bookmarks {
  all_s = $state.raw<number[]>(stored());

  /** Sets one, or takes the one away that is there to the second. */
  toggle(at_s: number): void {
    const second = Math.floor(at_s);
    const has = this.all_s.includes(second);
    const all = has ? this.all_s.filter((one) => one !== second) : [...this.all_s, second];
    this.all_s = all.sort((a, b) => a - b).slice(-KEPT_MAX);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.all_s));
    } catch {
      // A browser that keeps nothing: they hold as long as the page.
    }
  }
}
export const bookmarks = new Bookmarks();
