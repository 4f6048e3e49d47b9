// The HTTP interface of a warning centre against its own OpenAPI document, as a releaser with a token: schemathesis
// makes up questions, and openapi_centre.py leads most of them to warnings that there are, so that things are done and
// refused. node openapi-centre.js SCHEMATHESIS; the program is TRILAT.

import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { centre } from './picture/centre.js';

const [schemathesis] = process.argv.slice(2);
/** Not all that the document allows is accepted (openapi.sh), and a wrong question may be led to be a right one. */
const EXCLUDED = 'positive_data_acceptance,negative_data_rejection';
/** So many questions of each path that a person's role matters for. */
const EXAMPLES = 40;
const PATHS = '/(warnings|session)';

const node = await centre({ flies: true });
let code;
try {
  await node.foretold('lee');
  node.draft(150e3, 900);
  const asked = spawn(schemathesis, ['run', `${node.url}api/v1/openapi.json`, '--include-path-regex', PATHS,
    '--header', `Authorization: Bearer ${node.tokens.lee}`, '--mode', 'positive', '--phases', 'fuzzing',
    '--max-examples', `${EXAMPLES}`, '--exclude-checks', EXCLUDED, '--continue-on-failure', '--warnings', 'off'], {
    cwd: tmpdir(), stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, SCHEMATHESIS_HOOKS: fileURLToPath(new URL('openapi_centre.py', import.meta.url)),
      CENTRE: node.url, TOKEN: node.tokens.lee } });
  code = await new Promise((ended) => asked.once('exit', ended));
} finally {
  await node.close();
}
const audited = node.log.filter((line) => /who="lee".*warning=/.test(line));
const done = audited.filter((line) => !line.includes('refused: '));
const refused = audited.length - done.length;
const actions = [...new Set(done.map((line) => line.match(/action="([a-z-]+)"/)?.[1]))].toSorted();
console.log(`${done.length} things were done to warnings (${actions.join(', ')}), ${refused} refused`);
// Else it was not what this is for.
if (refused === 0 || !['draft', 'approve'].every((action) => actions.includes(action))) code = 1;
process.exitCode = code ?? 1;
