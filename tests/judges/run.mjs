#!/usr/bin/env node
// Outside judges: tools that know the standards, but not this service, look at the running binary.
//
//   GDTX_BIN=target/debug/gdtx node tests/judges/run.mjs [JUDGE …]
//
// Without a name all of them run. CHROMIUM names the browser, SHOTS a folder for screenshots.
// Ends with `N passed, N failed`, and with exit code 1 when something failed.

import { judgeClairvoyance } from './clairvoyance.mjs';
import { judgeClients } from './clients.mjs';
import { judgeGraphql } from './graphql.mjs';
import { judgeHeaders } from './headers.mjs';
import { judgeOauth } from './oauth.mjs';
import { judgeOpenapi } from './openapi.mjs';
import { judgePages } from './pages.mjs';
import { judgePortal } from './portal.mjs';
import { judgeRelay } from './relay.mjs';
import { Report } from './report.mjs';
import { judgeSchemathesis } from './schemathesis.mjs';
import { startService } from './service.mjs';
import { judgeStatistics } from './statistics.mjs';

/** A judge of the plain service, which it does not change. */
const ofPlain = (judge) => async (report) => {
  const service = await startService();
  try {
    await judge(report, service.base);
  } finally {
    await report.check('the service stops by itself when asked', () => service.stop());
  }
};

const JUDGES = {
  lint: judgeOpenapi,
  relay: judgeRelay,
  graphql: ofPlain(judgeGraphql),
  pages: ofPlain(judgePages),
  oauth: judgeOauth,
  headers: judgeHeaders,
  clairvoyance: judgeClairvoyance,
  clients: judgeClients,
  statistics: judgeStatistics,
  portal: judgePortal,
  schemathesis: judgeSchemathesis,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in JUDGES));
if (unknown.length > 0) throw new Error(`no judge ${unknown.join(', ')}; there are ${Object.keys(JUDGES).join(', ')}`);
const report = new Report();
for (const [name, judge] of Object.entries(JUDGES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const start = performance.now();
  await report.finish(name, () => judge(report));
  console.log(`         (${name}: ${Math.round((performance.now() - start) / 1000)} s)`);
}
report.close();
