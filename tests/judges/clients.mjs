// Clients generated from the OpenAPI document in three languages walk the tour of the README, and those of
// vendors live a vendor's day: push a school year, change, pull, receive webhooks.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { here, node, python, root, run, succeeded } from './command.mjs';
import { startService } from './service.mjs';

const VENDOR = ['--role', 'vendor', '--province', '31'];
/** The vendors receive webhooks on this machine. */
const NEARBY = { GDTX_WEBHOOK_HTTP: 'true', GDTX_WEBHOOK_NETWORKS: '127.0.0.0/8' };
const document = join(root, 'openapi/openapi.json');

/** TypeScript: openapi-typescript makes the types, openapi-fetch uses them, the compiler is strict. */
async function typescript(report, walk) {
  const folder = join(here, 'typescript');
  await report.check('openapi-typescript and openapi-fetch make a client that passes tsc --strict', async () => {
    await rm(join(folder, 'build'), { recursive: true, force: true });
    succeeded(await node('openapi-typescript', 'openapi-typescript', [document, '-o', join(folder, 'schema.ts')]));
    succeeded(await node('typescript', 'tsc', ['--project', folder]));
  });
  await report.check('the client of TypeScript walks the tour', () => walk(process.execPath, [join(folder, 'build/tour.js')]));
  await report.check('the client of TypeScript lives a vendor\'s day', () => walk(process.execPath, [join(folder, 'build/vendor.js')]));
}

/** Python: openapi-python-client makes a package of attrs and httpx. */
async function pythonic(report, walk) {
  const folder = join(here, 'python');
  await report.check('openapi-python-client makes a client', async () => {
    const made = await python('openapi-python-client', ['generate', '--path', document, '--meta', 'none', '--output-path', join(folder, 'client'), '--overwrite']);
    succeeded(made);
  });
  await report.check('the client of Python lives a vendor\'s day', () => walk(join(folder, '.venv/bin/python'), [join(folder, 'vendor.py')]));
}

/** Rust: oas3-gen reads OpenAPI 3.1 as it is; its own version is pinned here, what it needs in Cargo.lock. */
const GENERATOR = 'oas3-gen@0.29.0';

/**
 * Two things that the generator cannot read: addresses relative to the server, which OpenAPI 3.1
 * allows (4.6), and a schema that has the name of a type that its own code uses.
 */
function forGenerator(text) {
  return text
    .replace('"tokenUrl": "/', '"tokenUrl": "http://localhost/')
    .replace('"url": "/"', '"url": "http://localhost/"')
    .replaceAll('#/components/schemas/Client"', '#/components/schemas/ApiClient"')
    .replace(/^      "Client": \{/m, '      "ApiClient": {');
}

async function rust(report, walk) {
  const folder = join(here, 'rust');
  const cargo = (...args) => run('cargo', args, { cwd: folder, env: { CARGO_TARGET_DIR: join(folder, 'target') } });
  const tool = join(folder, '.tool');
  await report.check('oas3-gen makes a client of Rust that compiles', async () => {
    succeeded(await cargo('install', '--quiet', '--debug', '--locked', '--root', tool, GENERATOR));
    const generated = join(folder, 'target/client');
    await rm(generated, { recursive: true, force: true });
    const readable = join(folder, 'target/openapi.json');
    await writeFile(readable, forGenerator(await readFile(document, 'utf8')));
    succeeded(await run(join(tool, 'bin/oas3-gen'), ['generate', 'client-mod', '-i', readable, '-o', generated]));
    succeeded(await cargo('build', '--quiet', '--locked'));
  });
  await report.check('the client of Rust walks the tour', () => walk(join(folder, 'target/debug/gdtx-tour'), []));
}

export async function judgeClients(report) {
  const service = await startService({ settings: NEARBY, clients: { typescript: VENDOR, python: VENDOR, rust: VENDOR } });
  const walk = (name) => async (program, args) => {
    const { id, secret } = service.clients[name];
    const ended = await run(program, [...args, service.base, id, secret]);
    succeeded(ended);
    if (!ended.out.includes('the tour is done')) throw new Error(`it ended early: ${ended.text}`);
  };
  try {
    await typescript(report, walk('typescript'));
    await pythonic(report, walk('python'));
    await rust(report, walk('rust'));
  } finally {
    await service.stop();
  }
}
