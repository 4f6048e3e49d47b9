// Warnings are asked of the node, and what a person does to one is told to it.

import type { Warning, Warnings, Wish } from '../model/warnings';

/** Why nothing was done: a word for programs, and a sentence in English. */
export interface Refusal {
  code: string;
  error: string;
}

/** All warnings; nothing where the node does not warn; a refusal where it cannot say. */
export async function ask(api: string): Promise<Warnings | Refusal | undefined> {
  const answer = await fetch(`${api}warnings`);
  if (answer.status === 404) return undefined;
  return (await said(answer)) as Warnings | Refusal;
}

/** Does what is wished: the warning as it is then, or why not. */
export async function act(api: string, wish: Wish, more: Record<string, unknown> = {}): Promise<Warning | Refusal> {
  const { warning, action, ...view } = wish;
  const answer = await fetch(`${api}warnings/${encodeURIComponent(warning)}/${action}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...view, ...more }),
  });
  const body = await said(answer);
  return isRefusal(body) ? body : (body as { warning: Warning }).warning;
}

export function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'error' in answer;
}

async function said(answer: Response): Promise<unknown> {
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok && body !== undefined) return body;
  const error = isRefusal(body) ? body.error : `${String(answer.status)} ${answer.statusText}`;
  return { code: 'other', ...(isRefusal(body) ? body : {}), error };
}
