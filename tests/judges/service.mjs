// Starts the binary on a free port with an empty data folder, and stops it again.
//
// The judges look at the program that is shipped, not at a test double of it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

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

export async function startService() {
  if (!process.env.GDTX_BIN) throw new Error('GDTX_BIN must name the gdtx binary to judge');
  const binary = resolve(process.env.GDTX_BIN);
  await access(binary);
  const port = await freePort();
  const data = await mkdtemp(join(tmpdir(), 'gdtx-judges-'));
  const child = spawn(binary, ['serve'], {
    cwd: data,
    env: environment({ GDTX_BIND: `127.0.0.1:${port}`, GDTX_DATA_DIR: data }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
  return { base, stop };
}
