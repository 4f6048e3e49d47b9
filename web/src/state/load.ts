// What comes after the first words.

import url from '../../../crates/warn/map/places.topojson?url';
import type { Places } from '../words/places';

/** The names of places; nothing where they cannot be had, positions are said then. */
export async function loadPlaces(): Promise<Places | undefined> {
  try {
    const [{ Places }, answer] = await Promise.all([import('../words/places'), fetch(url)]);
    return new Places((await answer.json()) as ConstructorParameters<typeof Places>[0]);
  } catch {
    return undefined;
  }
}
