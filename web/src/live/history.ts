// What was before: asked of the node.

import type { Live } from '../proto/picture_pb';
import { decodeAll } from './decode';

/** A history has at most about this many steps; long ones are coarser. */
const STEPS_MAX = 900;
const PAGES_MAX = 40;
const NEXT = 'x-trilat-next';
/** A node computes one moment at a time: who comes second asks again after this, ms, */
const AGAIN_MS = 500;
/** and gives up after this: what is read out of a log takes its time. */
const PATIENCE_MS = 20_000;
const BUSY = 503;

/** The node's answer, as soon as it is not busy with another question. */
async function asked(url: string, wanted?: AbortSignal): Promise<Response> {
  const begun_ms = performance.now();
  for (;;) {
    const answer = await fetch(url, wanted ? { signal: wanted } : {});
    if (answer.status !== BUSY || performance.now() - begun_ms > PATIENCE_MS) return answer;
    await new Promise((again) => setTimeout(again, AGAIN_MS));
    wanted?.throwIfAborted();
  }
}

export function step_s(from_s: number, to_s: number): number {
  return Math.max(1, Math.ceil((to_s - from_s) / STEPS_MAX));
}

/** The messages from one time to another; nothing where the node keeps none. Fails where the node does not answer. */
export async function history(api: string, from_s: number, to_s: number): Promise<Live[]> {
  const all: Live[] = [];
  let next_s: number | undefined = from_s;
  for (let page = 0; next_s !== undefined && page < PAGES_MAX; page++) {
    const query = `from=${next_s.toFixed(3)}&to=${to_s.toFixed(3)}&step_s=${step_s(from_s, to_s)}`;
    const answer = await asked(`${api}history?${query}`);
    if (!answer.ok && page === 0) throw new Error(`history: ${String(answer.status)}`);
    if (!answer.ok) break;
    all.push(...decodeAll(new Uint8Array(await answer.arrayBuffer())));
    // A page that is full says where the next begins; one that does not go on is the last.
    const further = Number(answer.headers.get(NEXT));
    next_s = further > next_s ? further : undefined;
  }
  return all;
}

export type Known =
  | { kind: 'known'; live: Live }
  /** The node has no record of it. */
  | { kind: 'none' }
  /** The node did not say: that is no word on what was known. */
  | { kind: 'unasked' };

/** The picture of one time, as it was known then or as it is known now. Ends early where nobody wants it any more. */
export async function moment(api: string, at_s: number, of: 'then' | 'now', wanted: AbortSignal): Promise<Known> {
  try {
    const answer = await asked(`${api}moment?at=${at_s.toFixed(3)}&known=${of}`, wanted);
    if (!answer.ok) return { kind: 'unasked' };
    const [live] = decodeAll(new Uint8Array(await answer.arrayBuffer()));
    return live ? { kind: 'known', live } : { kind: 'none' };
  } catch {
    return { kind: 'unasked' };
  }
}
