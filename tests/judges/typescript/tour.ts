// The tour of the README by a client whose types are generated from the OpenAPI document.

import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

type Problem = components['schemas']['Problem'];

const [, , base, id, secret] = process.argv;
if (!base || !id || !secret) throw new Error('tour BASE CLIENT_ID CLIENT_SECRET');
const api = createClient<paths>({ baseUrl: base });

/** What was answered; a refusal ends the tour. */
function got<T>(answer: { data?: T; error?: unknown; response: Response }, status: number): T {
  if (answer.response.status !== status || answer.data === undefined) {
    throw new Error(`${answer.response.url}: ${answer.response.status} ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

async function token(): Promise<string> {
  const answer = await api.POST('/oauth/token', {
    body: { grant_type: 'client_credentials', client_id: id!, client_secret: secret! },
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    bodySerializer: (body) => new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)])),
  });
  return got(answer, 200).access_token;
}

async function teach(centre: string): Promise<void> {
  const programme = got(await api.POST('/v1/programmes', { body: {
    centreId: centre, kind: 'it_basic', name: 'Tin học cơ bản', itModules: ['iu01', 'iu02', 'iu03', 'iu04', 'iu05', 'iu06'],
    aims: '…', materials: '…', teachers: '…', assessment: '…', startsOn: '2025-09-05', feeVnd: 1_200_000,
  } }), 201).id;
  const lesson = got(await api.POST('/v1/classes', {
    body: { programmeId: programme, schoolYear: 2025, code: 'A1', name: 'Lớp A1' },
  }), 201).id;
  got(await api.POST('/v1/programmes/{id}/publish', { params: { path: { id: programme } } }), 200);
  got(await api.POST('/v1/classes/{id}/approve', { params: { path: { id: lesson } } }), 200);
  const open = got(await api.POST('/v1/classes/{id}/open', {
    params: { path: { id: lesson } }, body: { opensOn: '2025-09-05' },
  }), 200);
  if (open.state !== 'open') throw new Error(`the class is ${open.state}`);
  const learner = got(await api.POST('/v1/learners', { body: {
    centreId: centre, fullName: 'Nguyễn Văn Mẫu', gender: 'male', dateOfBirth: { value: '1990', precision: 'year' },
  } }), 201).id;
  const enrolment = got(await api.POST('/v1/enrolments', {
    body: { learnerId: learner, classId: lesson, enrolledOn: '2025-09-05' },
  }), 201);
  if (enrolment.status !== 'enrolled') throw new Error(`the enrolment is ${enrolment.status}`);
}

async function tour(): Promise<void> {
  const place = got(await api.GET('/v1/administrative-units/resolve', {
    params: { query: { code: '11296', asOf: '2024-12-31' } },
  }), 200);
  if (place.outcome !== 'unique') throw new Error(`the old code is ${place.outcome}`);
  got(await api.GET('/v1/directory/centres', { params: { query: { provinceCode: '31', kind: 'gdtx_centre', first: 2 } } }), 200);
  const bearer = `Bearer ${await token()}`;
  api.use({ onRequest: ({ request }) => { request.headers.set('Authorization', bearer); } });
  const created = await api.POST('/v1/centres', {
    params: { header: { 'Idempotency-Key': 'tour-typescript' } },
    body: {
      name: 'Trung tâm Tin học Thử nghiệm (mẫu)', kind: 'language_it_centre', subKind: 'it', ownership: 'private',
      place: { code: '11407' }, initialStatus: 'operating',
      establishment: { decisionNumber: '12/QĐ-MAU', decisionDate: '2025-08-15', authorityKind: 'so_gddt' },
    },
  });
  const centre = got(created, 201).id;
  if (created.response.headers.get('ETag') !== '"1"') throw new Error('no strong ETag');
  const change = () => api.PATCH('/v1/centres/{id}', {
    params: { path: { id: centre }, header: { 'If-Match': '"1"' } }, body: { phone: '0225 000 0000' },
    headers: { 'Content-Type': 'application/merge-patch+json' },
  });
  got(await change(), 200);
  const stale = await change();
  if (stale.response.status !== 412) throw new Error(`a stale change was answered ${stale.response.status}`);
  await teach(centre);
  const wrong = await api.GET('/v1/centres', { params: { query: { first: 500 } }, headers: { 'Accept-Language': 'en' } });
  const problem: Problem | undefined = wrong.error;
  if (problem?.errors?.[0]?.parameter !== 'first') throw new Error(`no explained mistake: ${JSON.stringify(wrong.error)}`);
  got(await api.GET('/v1/changes', { params: { query: { after: 0, resource: 'centres', first: 2 } } }), 200);
  const room = got(await api.POST('/v1/rooms', { body: { centreId: centre, roomName: 'Phòng thử' } }), 201).id;
  const off = got(await api.DELETE('/v1/rooms/{id}', { params: { path: { id: room } } }), 200);
  if (!off.deletedAt) throw new Error('the room was not taken off');
  console.log('the tour is done');
}

await tour();
