// A browser, and the nodes whose pictures it opens, for the tests of one file.

import { after, before } from 'node:test';
import { federation } from './federation.js';
import { launch } from './page.js';
import { BUILT } from './program.js';

/**
 * Both run from before the first test of the file until after its last: `browser`, and `nodes` (see federation.js).
 * `ready` is what else is to be done before the first test, once they run: a file's hooks do not wait for each other.
 */
export function running(ready) {
  const it = {};
  before(async () => {
    it.browser = await launch();
    it.nodes = await federation();
    await ready?.();
  }, BUILT);
  after(async () => {
    await it.browser?.close();
    await it.nodes?.close();
  });
  return it;
}
