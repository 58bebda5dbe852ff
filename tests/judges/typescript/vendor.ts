// A vendor's day by a client whose types are generated from the OpenAPI document: subscribe, push a school
// year, change it, pull it back, and receive webhooks that two libraries for Standard Webhooks verify.

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import createClient from 'openapi-fetch';
import { Webhook } from 'standardwebhooks';
import type { components, paths } from './schema.js';

type BatchResult = components['schemas']['BatchResult'];

const [, , base, id, secret] = process.argv;
if (!base || !id || !secret) throw new Error('vendor BASE CLIENT_ID CLIENT_SECRET');
const api = createClient<paths>({ baseUrl: base });

/** What was answered; a refusal ends the story. */
function got<T>(answer: { data?: T; error?: unknown; response: Response }, status: number): T {
  if (answer.response.status !== status || answer.data === undefined) {
    throw new Error(`${answer.response.url}: ${answer.response.status} ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

function must<T>(what: string, seen: T, wanted: T): void {
  const [a, b] = [JSON.stringify(seen), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: ${a} in place of ${b}`);
}

interface Message { headers: Record<string, string>; body: string }

/** A receiver that keeps what it is sent. */
class Receiver {
  readonly messages: Message[] = [];
  readonly #server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => { body += text; }).on('end', () => {
      this.messages.push({ headers: named(request.headers), body });
      response.writeHead(204).end();
      this.#server.emit('message');
    });
  });

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  async wait(count: number): Promise<void> {
    while (this.messages.length < count) await once(this.#server, 'message', { signal: AbortSignal.timeout(30_000) });
  }

  stop(): void { this.#server.close(); this.#server.closeAllConnections(); }
}

function named(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name])]));
}

/** Each library must take the message, and none a message that was changed. */
async function verify(key: string, message: Message): Promise<void> {
  const webhook = new Webhook(key);
  const other = new OpenAI({ apiKey: 'none', webhookSecret: key });
  const changed = message.body.replace('"version":', '"version":1');
  webhook.verify(message.body, message.headers);
  await other.webhooks.verifySignature(message.body, message.headers);
  for (const judge of [
    async () => webhook.verify(changed, message.headers), () => other.webhooks.verifySignature(changed, message.headers),
  ]) {
    const taken = await judge().then(() => true, () => false);
    if (taken) throw new Error('a message that was changed was taken');
  }
}

async function batch(records: Record<string, unknown>[]): Promise<BatchResult> {
  return got(await api.POST('/v1/batch', { body: { records: records as never } }), 200);
}

function outcomes(result: BatchResult): string[] {
  return result.items.map((one) => one.outcome);
}

const PEOPLE = ['a', 'b', 'c'];
const learner = (key: string) => ({
  resource: 'learners', externalId: `ts-${key}`, centreExternalId: 'ts-centre', fullName: `Nguyễn Văn ${key.toUpperCase()}`,
  gender: 'male', dateOfBirth: { value: '1990', precision: 'year' },
});
const enrolment = (key: string) => ({
  resource: 'enrolments', externalId: `ts-e-${key}`, learnerExternalId: `ts-${key}`, classExternalId: 'ts-class', enrolledOn: '2025-09-05',
});

/** A centre with an open class, by the vendor's own keys and in any order. */
async function open(): Promise<void> {
  const made = await batch([
    { resource: 'classes', externalId: 'ts-class', programmeExternalId: 'ts-programme', schoolYear: 2025, code: 'A1', name: 'Lớp A1' },
    {
      resource: 'programmes', externalId: 'ts-programme', centreExternalId: 'ts-centre', kind: 'it_basic', name: 'Tin học cơ bản',
      itModules: ['iu01', 'iu02', 'iu03', 'iu04', 'iu05', 'iu06'], aims: '…', materials: '…', teachers: '…', assessment: '…',
      startsOn: '2025-09-05', feeVnd: 1_200_000,
    },
    {
      resource: 'centres', externalId: 'ts-centre', name: 'Trung tâm Tin học TS (mẫu)', kind: 'language_it_centre', subKind: 'it',
      ownership: 'private', place: { code: '11407' }, initialStatus: 'operating',
      establishment: { decisionNumber: '13/QĐ-MAU', decisionDate: '2025-08-15', authorityKind: 'so_gddt' },
    },
  ]);
  must('outcomes of the first batch', outcomes(made), ['created', 'created', 'created']);
  const [lesson, programme] = made.items.map((one) => one.id ?? '');
  got(await api.POST('/v1/programmes/{id}/publish', { params: { path: { id: programme! } } }), 200);
  got(await api.POST('/v1/classes/{id}/approve', { params: { path: { id: lesson! } } }), 200);
  got(await api.POST('/v1/classes/{id}/open', { params: { path: { id: lesson! } }, body: { opensOn: '2025-09-05' } }), 200);
}

/** The feed from a position on, until every enrolment came. */
async function pull(start: number, wanted: string[]): Promise<void> {
  const held = new Map<string, number>();
  for (let after = start; wanted.some((one) => !held.has(one));) {
    const run = got(await api.GET('/v1/changes', { params: { query: { after, first: 5, wait: 10 } } }), 200);
    for (const change of run.items) held.set(change.id, Math.max(change.version, held.get(change.id) ?? 0));
    if (run.nextAfter === after) throw new Error('the feed ended early');
    after = run.nextAfter;
  }
  for (const one of wanted) {
    const read = got(await api.GET('/v1/enrolments/{id}', { params: { path: { id: one } } }), 200);
    must('version of the copy', held.get(one), read.version);
  }
}

async function story(receiver: Receiver): Promise<void> {
  const issued = await api.POST('/oauth/token', {
    body: { grant_type: 'client_credentials', client_id: id!, client_secret: secret! },
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    bodySerializer: (body) => new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)])),
  });
  const bearer = `Bearer ${got(issued, 200).access_token}`;
  api.use({ onRequest: ({ request }) => { request.headers.set('Authorization', bearer); request.headers.set('Data-Purpose', 'school_administration'); } });
  const start = got(await api.GET('/v1/changes', { params: { query: { after: 0, first: 1 } } }), 200).lastPosition;
  const hook = got(await api.POST('/v1/webhooks', { body: { name: 'TS', url: await receiver.start(), resources: ['enrolments'] } }), 201);

  await open();
  const year = [...PEOPLE.map(enrolment), ...PEOPLE.map(learner)];
  const pushed = await batch(year);
  must('outcomes of the school year', outcomes(pushed), year.map(() => 'created'));
  must('outcomes of the same again', outcomes(await batch(year)), year.map(() => 'unchanged'));
  const changed = await batch([{ ...learner('a'), fullName: 'Trần Văn A' }]);
  must('outcome of a change', outcomes(changed), ['updated']);

  await pull(start, pushed.items.slice(0, PEOPLE.length).map((one) => one.id ?? ''));
  await receiver.wait(PEOPLE.length);
  for (const message of receiver.messages) await verify(hook.secret ?? '', message);
  const told = receiver.messages.map((message) => (JSON.parse(message.body) as components['schemas']['WebhookEvent']).type);
  must('types of the messages', told, PEOPLE.map(() => 'enrolments.created'));
  got(await api.DELETE('/v1/webhooks/{id}', { params: { path: { id: hook.webhook.id } } }), 200);
}

const receiver = new Receiver();
await story(receiver).finally(() => receiver.stop());
console.log('the tour is done');
