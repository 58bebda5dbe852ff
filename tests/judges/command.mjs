// Runs the tools of others: packages of node_modules, and programs of the Python environment.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '../..');
const require = createRequire(import.meta.url);
const QUIET = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1', FORCE_COLOR: '0' };

/** Runs a program; resolves with what it printed, and with its exit code. */
export function run(program, args, { cwd = here, env = {} } = {}) {
  return new Promise((done) => {
    execFile(program, args, { cwd, env: { ...process.env, ...QUIET, ...env }, maxBuffer: 256 << 20 }, (failure, out, err) => {
      done({ code: failure ? (failure.code ?? 1) : 0, out, text: `${out}\n${err}`.trim() });
    });
  });
}

/** Runs a command that an installed package offers. */
export function node(name, bin, args, options) {
  const manifest = require.resolve(`${name}/package.json`);
  const { bin: bins } = require(manifest);
  const script = join(dirname(manifest), typeof bins === 'string' ? bins : bins[bin]);
  return run(process.execPath, ['--no-deprecation', script, ...args], options);
}

/** Runs a program of the Python environment that .ci/install makes. There, any FORCE_COLOR means a terminal. */
export function python(program, args, { env, ...options } = {}) {
  const path = join(here, 'python/.venv/bin', program);
  if (!existsSync(path)) throw new Error(`${path} is missing; .ci/install makes it`);
  return run(path, args, { ...options, env: { ...env, FORCE_COLOR: '' } });
}

/** Throws what a program printed when it did not end well. */
export function succeeded({ code, text }) {
  if (code !== 0) throw new Error(`exit code ${code}\n${text.slice(-20_000)}`);
}
