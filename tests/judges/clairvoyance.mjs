// With introspection off, clairvoyance, which rebuilds schemas from refusals, recovers nothing.
//
// It knows the words of the reference implementation only, so a small proxy puts ours into those;
// and that it can read them is proved on a service that does suggest names.

import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { python } from './command.mjs';
import { startService } from './service.mjs';

/** What it tries: near misses of our names, and words that any schema may hold. */
const WORDS = ['listCentre', 'getCentr', 'listLearner', 'listProgramme', 'getEnrolmen', 'user', 'users', 'me', 'admin',
  'search', 'login', 'version', 'status', 'name', 'id', 'email', 'items', 'edge', 'total', 'filters', 'firs', 'afte'];

/** Our refusals in the words of graphql-js. */
const WORDING = [
  [/^The type (\w+) has no field “(\w*)”\./, 'Cannot query field "$2" on type "$1".'],
  [/^The field (\w+) has no argument “(\w*)”\./, 'Unknown argument "$2" on field "$1".'],
  [/^The field “(\w+)” of type (\S+) needs a selection of its fields\.$/, 'Field "$1" of type "$2" must have a selection of subfields. Did you mean "$1 { ... }"?'],
  [/^The field “(\w+)” has no fields of its own\.$/, 'Field "$1" must not have a selection since type "String" has no subfields.'],
];

function reworded(message) {
  const [pattern, words] = WORDING.find(([known]) => known.test(message)) ?? [/^$/, ''];
  const said = message.replace(pattern, words);
  const [plain, meant] = said.split(' Did you mean “');
  if (meant === undefined) return said;
  const names = meant.match(/\w+/g).map((name) => `"${name}"`);
  if (names.length < 3) return `${plain} Did you mean ${names.join(' or ')}?`;
  return `${plain} Did you mean ${names.slice(0, -1).join(', ')}, or ${names.at(-1)}?`;
}

/** Hands requests on to the service, and its refusals back in other words. */
async function translator(base) {
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const headers = { 'Content-Type': 'application/json', 'Accept-Language': 'en' };
    const answer = await fetch(`${base}/graphql`, { method: 'POST', headers, body });
    const said = await answer.json();
    for (const error of said.errors ?? []) error.message = reworded(error.message);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(said));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}/graphql`, close: () => server.close() };
}

/** The fields that clairvoyance finds on the query type. */
async function recovered(introspection) {
  const folder = await mkdtemp(join(tmpdir(), 'gdtx-clairvoyance-'));
  const service = await startService({ settings: { GDTX_GRAPHQL_INTROSPECTION: String(introspection) } });
  const proxy = await translator(service.base);
  try {
    await writeFile(join(folder, 'words'), WORDS.join('\n'));
    const found = join(folder, 'schema.json');
    const { text } = await python('clairvoyance', [proxy.url, '-w', join(folder, 'words'), '-o', found, '-m', '1']);
    const schema = JSON.parse(await readFile(found, 'utf8').catch(() => { throw new Error(text.slice(-4_000)); }));
    const types = schema.data.__schema.types.filter(({ name }) => !['Int', 'Float', 'String', 'Boolean', 'ID'].includes(name));
    return types.flatMap(({ name, fields }) => (fields ?? []).map((field) => `${name}.${field.name}`))
      // Its filler for a type of which it knows nothing.
      .filter((name) => !name.endsWith('.dummy'));
  } finally {
    proxy.close();
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

export async function judgeClairvoyance(report) {
  await report.check('clairvoyance recovers fields where introspection is on', async () => {
    const found = await recovered(true);
    if (!found.some((name) => name.endsWith('.listCentres'))) throw new Error(`only ${found.join(', ')}: it cannot read our words`);
  });
  await report.check('clairvoyance recovers nothing where introspection is off', async () => {
    const found = await recovered(false);
    if (found.length > 0) throw new Error(found.join(', '));
  });
}
