// A fixture node with its page: begun, opened, used, ended.

import { after, before } from 'node:test';
import { serve } from './fixture.js';
import { launch, open, WIDE } from './page.js';

/**
 * A browser for the tests of a file, and `look`: serves a scene, opens it without the globe unless told otherwise,
 * hands page and node to `use`, and ends both.
 */
export function served() {
  const it = {};
  before(async () => { it.browser = await launch(); });
  after(() => it.browser.close());
  it.look = async (scene, options, use, query = '?globe=0') => {
    const node = await serve(scene);
    let ended;
    node.end = () => (ended ??= node.close());
    try {
      await open(it.browser, node.url + query, { ...WIDE, ...options }, (page) => use(page, node));
    } finally {
      await node.end();
    }
  };
  return it;
}
