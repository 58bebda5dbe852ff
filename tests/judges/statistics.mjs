// Readers of official statistics look at every data set in every form, and the clients of statistical offices at
// every table: all must find the figures that the JSON holds.

import { join } from 'node:path';
import JSONstat from 'jsonstat-toolkit';
import { here, run, succeeded } from './command.mjs';
import { startService, token } from './service.mjs';

/** More requests than a portal makes in a minute. */
export const UNHURRIED = Object.fromEntries(['STATISTICS', 'PUBLIC'].map((quota) => [`GDTX_RATE_${quota}`, '100000']));
const COUNTED_WITHIN_MS = 120_000;
const POLL_MS = 200;
/** There are at least so many data sets, lest nothing be judged. */
const SETS_AT_LEAST = 11;

export async function json(url, headers = {}) {
  const answer = await fetch(url, { headers });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text.slice(0, 400)}`);
  return JSON.parse(text);
}

/** Waits until the journal of the demonstration is counted. */
export async function counted({ base, clients }) {
  const bearer = { Authorization: `Bearer ${await token(base, clients.vendor)}` };
  const { lastPosition } = await json(`${base}/v1/changes?first=1`, bearer);
  const limit = performance.now() + COUNTED_WITHIN_MS;
  for (;;) {
    const { position } = await json(`${base}/v1/statistics/datasets/enrolments`);
    if (position >= lastPosition) return;
    if (performance.now() > limit) throw new Error(`counted up to ${position} of ${lastPosition}`);
    await new Promise((done) => { setTimeout(done, POLL_MS); });
  }
}

/** jsonstat-toolkit, the reader of those who made the form. */
async function toolkit(base, { id, params, figures }) {
  const address = new URL(`${base}/v1/statistics/datasets/${id}/data`);
  address.search = new URLSearchParams({ ...params, format: 'json_stat' });
  const read = JSONstat(await json(address));
  if (read.class !== 'dataset') throw new Error(`${id} is read as ${read.class}`);
  const values = read.toTable({ type: 'arrobj' }).map((row) => row.value).filter((value) => value !== 0);
  const seen = [values.length, values.reduce((sum, value) => sum + value, 0)];
  if (String(seen) !== String(figures)) throw new Error(`${id}: ${seen} figures and sum in place of ${figures}`);
}

export async function judgeStatistics(report) {
  const clients = { vendor: ['--role', 'vendor', '--province', '31'] };
  const service = await startService({ demo: true, settings: UNHURRIED, clients });
  const script = (name) => run(join(here, 'python/.venv/bin/python'), [join(here, 'python', name), service.base]);
  try {
    await counted(service);
    let sets = [];
    await report.check('jsonstat-validator, pyjstat, pyarrow, pysdmx, sdmx1 and csvw read the figures of every data set', async () => {
      const ended = await script('figures.py');
      succeeded(ended);
      sets = ended.out.trim().split('\n').map((line) => JSON.parse(line));
      if (sets.length < SETS_AT_LEAST) throw new Error(`only ${sets.length} data sets`);
      const figures = sets.reduce((sum, one) => sum + one.figures[0], 0);
      report.note('the figures of data sets were read', `${figures} of ${sets.length} data sets`);
    });
    await report.check('jsonstat-toolkit reads the same figures', async () => {
      for (const one of sets) await toolkit(service.base, one);
    });
    await report.check('pxwebpy and pxstatspy list, describe and fetch every table', async () => {
      const ended = await script('pxweb_clients.py');
      succeeded(ended);
      const lines = ended.out.trim().split('\n').length;
      if (lines < 2 * SETS_AT_LEAST) throw new Error(`only ${lines} tables: ${ended.text}`);
    });
  } finally {
    await service.stop();
  }
}
