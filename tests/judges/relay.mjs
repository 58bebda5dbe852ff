// Relay's compiler reads the schema as an application would: fragments, connections that page on,
// a refetch by node, mutations and a subscription. Its checks are those of the Relay specifications.

import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { here, node, succeeded } from './command.mjs';

export async function judgeRelay(report) {
  const folder = join(here, 'relay');
  const artifacts = join(folder, 'artifacts');
  await report.check('Relay compiles an application on schema/schema.graphql', async () => {
    await rm(artifacts, { recursive: true, force: true });
    await mkdir(artifacts);
    try {
      succeeded(await node('relay-compiler', 'relay-compiler', ['relay.config.json', '--repersist'], { cwd: folder }));
      const written = await readdir(artifacts);
      for (const wanted of ['centreListNextQuery', 'centreRoomsNextQuery', 'centreRenameMutation', 'centreChangesSubscription']) {
        if (!written.includes(`${wanted}.graphql.ts`)) throw new Error(`${wanted} was not compiled: ${written.join(', ')}`);
      }
    } finally {
      await rm(artifacts, { recursive: true, force: true });
    }
  });
}
