// Two linters read the committed OpenAPI document; what they call an error fails.

import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const document = join(here, '../../openapi/openapi.json');

/** The script of a command that an installed package offers. */
function command(name, bin) {
  const manifest = require.resolve(`${name}/package.json`);
  return join(dirname(manifest), require(manifest).bin[bin]);
}

/** Runs a linter; resolves with what it printed, and with its exit code. */
function lint(script, args) {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1', FORCE_COLOR: '0' };
  return new Promise((done) => {
    execFile(process.execPath, ['--no-deprecation', script, ...args], { cwd: here, env, maxBuffer: 64 << 20 }, (failure, out, err) => {
      // Boxes hold announcements of the tool about itself.
      const text = `${out}\n${err}`.split('\n').filter((line) => !/^\s*[╔║╚]/.test(line)).join('\n').trim();
      done({ code: failure ? (failure.code ?? 1) : 0, text });
    });
  });
}

export async function judgeOpenapi(report) {
  const judges = [
    ['Redocly', command('@redocly/cli', 'redocly'), ['lint', document, '--config', '.redocly.yaml', '--format', 'stylish']],
    ['Spectral', command('@stoplight/spectral-cli', 'spectral'), ['lint', document, '--ruleset', '.spectral.yaml', '--fail-severity', 'error']],
  ];
  for (const [name, script, args] of judges) {
    const { code, text } = await lint(script, args);
    if (code === 0) {
      report.pass(`${name} accepts openapi/openapi.json`);
      const warnings = text.split('\n').filter((line) => /\bwarn(ing)?s?\b/.test(line));
      if (warnings.length > 0) report.note(`${name} has ${warnings.length} lines of advice`, warnings.slice(0, 20).join('\n'));
    } else {
      report.fail(`${name} accepts openapi/openapi.json`, text.slice(0, 20_000));
    }
  }
}
