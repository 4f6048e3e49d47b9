// What was before: asked of the node.

import type { Live } from '../proto/picture_pb';
import { decode, decodeAll } from './decode';

/** A history has at most about this many steps; long ones are coarser. */
const STEPS_MAX = 900;
const PAGES_MAX = 40;
const NEXT = 'x-trilat-next';

export function step_s(from_s: number, to_s: number): number {
  return Math.max(1, Math.ceil((to_s - from_s) / STEPS_MAX));
}

/** The messages from one time to another; nothing where the node keeps none. */
export async function history(api: string, from_s: number, to_s: number): Promise<Live[]> {
  const all: Live[] = [];
  let next_s: number | undefined = from_s;
  for (let page = 0; next_s !== undefined && page < PAGES_MAX; page++) {
    const query = `from=${next_s.toFixed(3)}&to=${to_s.toFixed(3)}&step_s=${step_s(from_s, to_s)}`;
    const answer: Response = await fetch(`${api}history?${query}`);
    if (!answer.ok) break;
    all.push(...decodeAll(new Uint8Array(await answer.arrayBuffer())));
    // A page that is full says where the next begins; one that does not go on is the last.
    const further = Number(answer.headers.get(NEXT));
    next_s = further > next_s ? further : undefined;
  }
  return all;
}

/** The picture of one time, as it was known then or as it is known now. */
export async function moment(api: string, at_s: number, known: 'then' | 'now'): Promise<Live | undefined> {
  const answer = await fetch(`${api}moment?at=${at_s.toFixed(3)}&known=${known}`);
  if (!answer.ok) return undefined;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return decode(bytes) ?? decodeAll(bytes)[0];
}
