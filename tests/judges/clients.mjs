// Clients generated from the OpenAPI document in two languages walk the tour of the README.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { here, node, root, run, succeeded } from './command.mjs';
import { startService } from './service.mjs';

const VENDOR = ['--role', 'vendor', '--province', '31'];
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
  const service = await startService({ clients: { typescript: VENDOR, rust: VENDOR } });
  const walk = (name) => async (program, args) => {
    const { id, secret } = service.clients[name];
    const ended = await run(program, [...args, service.base, id, secret]);
    succeeded(ended);
    if (!ended.out.includes('the tour is done')) throw new Error(`it ended early: ${ended.text}`);
  };
  try {
    await typescript(report, walk('typescript'));
    await rust(report, walk('rust'));
  } finally {
    await service.stop();
  }
}
