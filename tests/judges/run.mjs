#!/usr/bin/env node
// Outside judges: tools that know the standards, but not this service, look at the running binary.
//
//   GDTX_BIN=target/debug/gdtx node tests/judges/run.mjs [lint] [graphql] [pages]
//
// Without a word all three run. CHROMIUM names the browser, SHOTS a folder for screenshots.
// Ends with `N passed, N failed`, and with exit code 1 when something failed.

import { Report } from './report.mjs';
import { judgeGraphql } from './graphql.mjs';
import { judgeOpenapi } from './openapi.mjs';
import { judgePages } from './pages.mjs';
import { startService } from './service.mjs';

const wanted = new Set(process.argv.slice(2));
const wants = (name) => wanted.size === 0 || wanted.has(name);
const report = new Report();

if (wants('lint')) await judgeOpenapi(report);
if (wants('graphql') || wants('pages')) {
  let service = null;
  await report.check('the service starts and becomes ready', async () => { service = await startService(); });
  if (service !== null) {
    if (wants('graphql')) await report.finish('the GraphQL audits', () => judgeGraphql(report, service.base));
    if (wants('pages')) await report.finish('the browser', () => judgePages(report, service.base));
    await report.check('the service stops by itself when asked', () => service.stop());
  }
}
report.close();
