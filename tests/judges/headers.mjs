// http-sf, a parser of structured fields (RFC 9651), reads every header of that kind that the service sends.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { here } from './command.mjs';
import { startService, token } from './service.mjs';

/**
 * Fields by their kind: those defined as structured, and those of older standards whose values parse
 * as such (draft-ietf-httpbis-retrofit, section 2).
 */
const KINDS = {
  list: ['RateLimit', 'RateLimit-Policy', 'Cache-Status', 'Server-Timing', 'Vary', 'Allow', 'Content-Encoding', 'Accept-Patch',
    'Access-Control-Allow-Headers', 'Access-Control-Allow-Methods', 'Access-Control-Expose-Headers', 'Content-Language'],
  dictionary: ['Cache-Control', 'Priority', 'Content-Digest', 'Repr-Digest'],
  item: ['Deprecation', 'Idempotency-Key', 'Retry-After', 'Content-Type', 'Content-Length', 'X-Content-Type-Options',
    'Access-Control-Max-Age', 'Access-Control-Allow-Credentials', 'Cross-Origin-Resource-Policy'],
};
/** What must have been among the answers, lest nothing be parsed. */
const SEEN_AT_LEAST = ['Cache-Control', 'Vary', 'Allow', 'Content-Type', 'X-Content-Type-Options', 'Access-Control-Allow-Methods'];

/** Answers of all kinds: pages, lists, records, refusals, tokens, GraphQL, a preflight of a browser. */
function samples(bearer) {
  const json = { ...bearer, 'Content-Type': 'application/json' };
  return [
    ['GET', '/', {}], ['GET', '/readyz', {}], ['GET', '/v1/code-lists', {}], ['GET', '/v1/centres', {}],
    ['GET', '/v1/centres', bearer], ['HEAD', '/v1/code-lists/gender', bearer], ['GET', '/v1/nothing', bearer],
    ['GET', '/v1/administrative-units/31?asOf=2026-01-01', {}], ['PUT', '/v1/centres', bearer], ['POST', '/v1/centres', json, '{}'],
    ['POST', '/oauth/token', {}, ''], ['POST', '/graphql', json, '{"query":"{ __typename }"}'],
    ['GET', '/oauth/jwks.json', {}], ['GET', '/v1/changes', bearer],
    ['OPTIONS', '/v1/centres', { Origin: 'https://portal.example.vn', 'Access-Control-Request-Method': 'PATCH' }],
    ['GET', '/v1/code-lists', { Origin: 'https://portal.example.vn' }],
    ['GET', '/v1/statistics/datasets/centres/data?format=csv', {}], ['GET', '/pxweb/v2/tables/centres/data', {}],
  ];
}

/** Every listed header of the sample answers, each value once. */
async function collect(base, bearer) {
  const fields = new Map();
  for (const [method, path, headers, body = null] of samples(bearer)) {
    const answer = await fetch(base + path, { method, headers, body });
    await answer.arrayBuffer();
    for (const [kind, names] of Object.entries(KINDS)) {
      for (const name of names.filter((wanted) => answer.headers.has(wanted))) {
        const value = answer.headers.get(name);
        fields.set(`${name}: ${value}`, { name, kind, value });
      }
    }
  }
  return [...fields.values()];
}

async function parse(fields) {
  const child = spawn(join(here, 'python/.venv/bin/python'), [join(here, 'python/headers.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (part) => { text += part; });
  child.stdin.end(fields.map((field) => `${JSON.stringify(field)}\n`).join(''));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(text);
}

export async function judgeHeaders(report) {
  const service = await startService({
    clients: { vendor: ['--role', 'vendor', '--province', '31'] },
    settings: { GDTX_CORS_ORIGINS: 'https://portal.example.vn' },
  });
  try {
    await report.check('http-sf parses every structured header', async () => {
      const fields = await collect(service.base, { Authorization: `Bearer ${await token(service.base, service.clients.vendor)}` });
      const missing = SEEN_AT_LEAST.filter((name) => !fields.some((field) => field.name === name));
      if (missing.length > 0) throw new Error(`not sent at all: ${missing.join(', ')}`);
      await parse(fields);
    });
  } finally {
    await service.stop();
  }
}
