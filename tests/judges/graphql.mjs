// The audits of GraphQL over HTTP: every MUST and SHOULD fails the run, a MAY is told.

import { serverAudits } from 'graphql-http';

export async function judgeGraphql(report, base) {
  for (const audit of serverAudits({ url: `${base}/graphql`, fetchFn: fetch })) {
    const name = `GraphQL over HTTP ${audit.id}: ${audit.name}`;
    try {
      const result = await audit.fn();
      if (result.status === 'ok') {
        report.pass(name);
      } else if (result.status === 'error' || !audit.name.startsWith('MAY')) {
        report.fail(name, `${result.reason} (status ${result.response.status})`);
      } else {
        report.note(name, `${result.reason} (status ${result.response.status})`);
      }
    } catch (failure) {
      report.fail(name, failure instanceof Error ? failure.message : failure);
    }
  }
}
