// Who has come in, and how they go again.

import { API } from './feed';

/** Where a session is begun, asked for, and ended. */
const SESSION = `${API}session`;

class Session {
  /** Whose session it is; nothing where there is none that could be ended. */
  name = $state<string | undefined>();
  /** Why it goes on though it was to be ended: the node did not answer. */
  stays = $state(false);

  async ask(): Promise<void> {
    const answer = await fetch(SESSION).catch(() => undefined);
    if (!answer?.ok) return;
    const { name, session } = (await answer.json()) as { name: string; session?: boolean };
    this.name = session ? name : undefined;
  }

  /** Ends it for the node, too; then nothing of what was seen stays on the screen. */
  async end(): Promise<void> {
    const answer = await fetch(SESSION, { method: 'DELETE' }).catch(() => undefined);
    this.stays = !answer?.ok;
    if (answer?.ok) location.replace(new URL('login', document.baseURI));
  }
}
export const session = new Session();
