// Starts the binary on a free port with a data folder of its own, and stops it again.
//
// The judges look at the program that is shipped, not at a test double of it.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { root } from './command.mjs';

/** Migration and loading of the territory are part of the first start. */
const READY_WITHIN_MS = 300_000;
const STOP_WITHIN_MS = 30_000;
const POLL_MS = 100;

/** A port that nobody listens on; the service must be told one before it starts. */
async function freePort() {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** The environment without settings of a developer's own service. */
function environment(own) {
  const foreign = Object.entries(process.env).filter(([name]) => !name.startsWith('GDTX_'));
  return { ...Object.fromEntries(foreign), ...own };
}

async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** A promise that settles after `ms` without keeping the process alive. */
const pause = (ms) => new Promise((done) => { setTimeout(done, ms).unref(); });

/** An invented agreement on all classes of personal data, for every purpose that the document knows. */
const { components } = JSON.parse(await readFile(join(root, 'openapi/openapi.json'), 'utf8'));
const AGREEMENT = {
  reference: 'JUDGE-01', purposes: components.schemas.Purpose.enum, dataKinds: ['basic', 'sensitive', 'restricted'],
  validFrom: '2025-01-01', validTo: '2099-12-31', legalBasis: 'Invented for the judges; all people are invented.',
};

/** Fills the database and registers clients before the service starts; tells their ids and secrets. */
async function prepare(binary, cwd, env, { demo, clients }) {
  const gdtx = (args) => promisify(execFile)(binary, args, { cwd, env, maxBuffer: 64 << 20 });
  if (demo) await gdtx(['demo', '--scale', '1']);
  const registered = {};
  for (const [name, args] of Object.entries(clients)) {
    const known = ['client', 'add', '--name', name, '--organisation', 'Judge (mẫu)', '--json'];
    const agreement = args.includes('--country') ? [] : ['--agreement', 'agreement.json'];
    const { stdout } = await gdtx([...known, ...args, ...agreement]);
    const { client, clientSecret } = JSON.parse(stdout);
    registered[name] = { id: client.id, secret: clientSecret };
  }
  return registered;
}

/**
 * Starts the service: `settings` by their names in the environment, `demo` for the smallest
 * demonstration, `clients` as names with the arguments of `gdtx client add`, `files` to lie in its folder.
 */
export async function startService({ settings = {}, demo = false, clients = {}, files = {} } = {}) {
  if (!process.env.GDTX_BIN) throw new Error('GDTX_BIN must name the gdtx binary to judge');
  const binary = resolve(process.env.GDTX_BIN);
  await access(binary);
  const port = await freePort();
  const data = await mkdtemp(join(tmpdir(), 'gdtx-judges-'));
  const env = environment({ ...settings, GDTX_BIND: `127.0.0.1:${port}`, GDTX_DATA_DIR: data });
  const given = { 'agreement.json': AGREEMENT, ...files };
  for (const [name, content] of Object.entries(given)) await writeFile(join(data, name), JSON.stringify(content));
  const registered = await prepare(binary, data, env, { demo, clients });
  const child = spawn(binary, ['serve'], { cwd: data, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => { log = (log + text).slice(-4_000); });
  }
  const ended = new Promise((done) => {
    child.once('error', (failure) => done(`cannot be started: ${failure.message}`));
    child.once('exit', (code, signal) => done(code === 0 ? 'code 0' : `code ${code ?? signal}`));
  });
  // Should this script be stopped, the service must not stay behind.
  const killed = () => child.kill('SIGKILL');
  process.once('exit', killed);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const base = `http://127.0.0.1:${port}`;

  async function stop() {
    child.kill('SIGTERM');
    const end = await Promise.race([ended, pause(STOP_WITHIN_MS).then(() => 'no end in time')]);
    child.kill('SIGKILL');
    process.off('exit', killed);
    await rm(data, { recursive: true, force: true });
    if (end !== 'code 0') throw new Error(`after SIGTERM: ${end}\n${log}`);
  }

  let over = null;
  ended.then((end) => { over = end; });
  const limit = performance.now() + READY_WITHIN_MS;
  while (!(await answers(`${base}/readyz`))) {
    if (over !== null || performance.now() > limit) {
      child.kill('SIGKILL');
      await rm(data, { recursive: true, force: true });
      throw new Error(`${binary} serve: ${over ?? '/readyz never said yes'}\n${log}`);
    }
    await Promise.race([ended, pause(POLL_MS)]);
  }
  return { base, stop, clients: registered };
}

/** An access token of a registered client. */
export async function token(base, { id, secret }) {
  const basic = Buffer.from(`${id}:${secret}`).toString('base64');
  const answer = await fetch(`${base}/oauth/token`, {
    method: 'POST', headers: { Authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  if (!answer.ok) throw new Error(`no token: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).access_token;
}
