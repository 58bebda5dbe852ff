// Three linters read the committed OpenAPI document; what they complain of fails.

import { join } from 'node:path';
import { node, root } from './command.mjs';

const document = join(root, 'openapi/openapi.json');
const JUDGES = [
  ['Redocly', '@redocly/cli', 'redocly', ['lint', document, '--config', 'lint/redocly.yaml', '--format', 'stylish']],
  ['Spectral with the rules of OWASP', '@stoplight/spectral-cli', 'spectral', ['lint', document, '--ruleset', 'lint/spectral.yaml', '--fail-severity', 'warn']],
  ["IBM's validator", 'ibm-openapi-validator', 'lint-openapi', ['--ruleset', 'lint/ibm.yaml', '--no-colors', document]],
];

/** Whether a linter has warned, in its own words; not all of them end with a code for that. */
const WARNED = /^\s*(warning|Warning:)|\bYou have \d+ warnings?\.|^Total number of warnings\s*:\s*[1-9]/m;

export async function judgeOpenapi(report) {
  for (const [name, tool, bin, args] of JUDGES) {
    const { code, text } = await node(tool, bin, args);
    // Boxes hold announcements of the tool about itself.
    const said = text.split('\n').filter((line) => !/^\s*[╔║╚]/.test(line)).join('\n').trim();
    if (code === 0 && !WARNED.test(said)) report.pass(`${name} accepts openapi/openapi.json`);
    else report.fail(`${name} accepts openapi/openapi.json`, said.slice(0, 20_000));
  }
}
