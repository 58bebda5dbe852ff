// schemathesis invents requests from the OpenAPI document and the GraphQL schema, right and wrong
// ones, with all of its checks and our own on what a neighbour may see.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { here, python, root } from './command.mjs';
import { startService, token } from './service.mjs';

/** A department decides on everything in its province; the next province is Quảng Ninh. */
const CLIENTS = {
  owner: ['--role', 'province_department', '--province', '31'],
  neighbour: ['--role', 'province_department', '--province', '22'],
  administrator: ['--role', 'administrator', '--country'],
};
/** What only an administrator may do. */
const CARE = '^/v1/(clients|access-log)';
/** The operations on which a neighbour must have been tried, lest the check be empty. */
const PROBED_AT_LEAST = 45;
/** One token lasts for the whole run, and its quotas are never used up: what is refused unread is not judged. */
const UNHURRIED = {
  GDTX_TOKEN_LIFETIME_SECONDS: '3600',
  ...Object.fromEntries(['READ', 'WRITE', 'BULK', 'STATISTICS', 'PUBLIC', 'TOKEN', 'SECRET']
    .map((quota) => [`GDTX_RATE_${quota}`, '1000000'])),
};

/** Requests as one client, looked at with the eyes of the other. */
async function st(service, folder, [owner, neighbour], args, config = 'schemathesis.toml') {
  const tokens = { owner: await token(service.base, owner), neighbour: await token(service.base, neighbour) };
  const users = Object.entries(tokens).map(([name, text]) =>
    ({ name, fixedHeaders: [{ name: 'Authorization', value: `Bearer ${text}` }] }));
  const path = join(folder, 'users.json');
  await writeFile(path, JSON.stringify({ auth: users }));
  const env = {
    JUDGE_BASE: service.base, JUDGE_USERS: path, JUDGE_OWNER: tokens.owner, JUDGE_NEIGHBOUR: tokens.neighbour,
    JUDGE_PROBES: join(folder, 'probes'), PYTHONDONTWRITEBYTECODE: '1',
  };
  const all = ['--config-file', config, 'run', ...args, '--continue-on-failure', '--no-shrink', '--no-color'];
  return python('st', all, { cwd: join(here, 'python'), env });
}

async function judged(report, name, work) {
  const { code, text } = await work();
  const cases = /(\d+) generated/.exec(text)?.[1] ?? '0';
  if (code === 0 && cases !== '0') report.pass(`${name} (${cases} requests)`);
  else report.fail(name, text.slice(Math.max(text.search(/^=+ (ERRORS|FAILURES) =+$/m), 0)));
}

async function probed(report, folder) {
  await report.check('the neighbour was tried on the operations that need a token', async () => {
    const labels = new Set((await readFile(join(folder, 'probes'), 'utf8')).trim().split('\n'));
    report.note('the neighbour was tried', `on ${labels.size} operations`);
    if (labels.size < PROBED_AT_LEAST) throw new Error(`only on ${labels.size}: ${[...labels].join(', ')}`);
  });
}

export async function judgeSchemathesis(report) {
  const folder = await mkdtemp(join(tmpdir(), 'gdtx-st-'));
  const service = await startService({ demo: true, clients: CLIENTS, settings: UNHURRIED });
  const { owner, neighbour, administrator } = service.clients;
  const document = [join(root, 'openapi/openapi.json'), '--url', service.base];
  const graphql = [join(root, 'schema/schema.graphql'), '--url', `${service.base}/graphql`];
  try {
    await judged(report, 'schemathesis finds no fault in REST', () =>
      st(service, folder, [owner, neighbour], [...document, '--exclude-path-regex', CARE]));
    await judged(report, 'schemathesis finds no fault in GraphQL', () =>
      st(service, folder, [owner, neighbour], graphql, 'graphql.toml'));
    // Last, since it takes clients out of service.
    await judged(report, 'schemathesis finds no fault in the care of clients', () =>
      st(service, folder, [administrator, neighbour], [...document, '--include-path-regex', CARE]));
    await probed(report, folder);
  } finally {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
