// What the demonstration lacks for charts and comparisons: people in another province, and courses of a year before; and
// what makes the figures of today others than those of a release.

import { token } from './service.mjs';

/** The province of the demonstration, and one with the centres that are registered here alone. */
export const PROVINCE = '31';
export const OTHER = '01';

/** Centres by the client that registers them, with their commune and how many are enrolled in each year. */
const CENTRES = {
  vendor: { place: '11407', people: { 2024: 60 } },
  other: { place: '00004', people: { 2024: 55, 2025: 75 } },
};

const centre = (place, externalId = 'portal-centre') => ({
  resource: 'centres', externalId, name: 'Trung tâm Tin học Thử nghiệm (mẫu)', kind: 'language_it_centre', subKind: 'it',
  ownership: 'private', place: { code: place }, initialStatus: 'operating',
  establishment: { decisionNumber: '12/QĐ-MAU', decisionDate: '2024-08-15', authorityKind: 'so_gddt' },
});

const programme = {
  resource: 'programmes', externalId: 'portal-programme', centreExternalId: 'portal-centre', kind: 'it_basic', name: 'Tin học cơ bản (mẫu)',
  itModules: [1, 2, 3, 4, 5, 6].map((nth) => `iu0${nth}`), aims: '…', materials: '…', teachers: '…', assessment: '…', startsOn: '2024-09-05',
  feeVnd: 1_200_000,
};

const learningClass = (year) => ({
  resource: 'classes', externalId: `portal-class-${year}`, programmeExternalId: 'portal-programme', schoolYear: year, code: `P${year}`,
  name: `Lớp P${year} (mẫu)`, capacity: 90,
});

/** Two in three are women. */
const learner = (nth) => ({
  resource: 'learners', externalId: `portal-${nth}`, centreExternalId: 'portal-centre', gender: nth % 3 === 0 ? 'male' : 'female',
  fullName: `Nguyễn Thử ${nth}`, dateOfBirth: { value: '1990', precision: 'year' },
});

const enrolment = (year, nth) => ({
  resource: 'enrolments', externalId: `portal-${year}-${nth}`, learnerExternalId: `portal-${nth}`, classExternalId: `portal-class-${year}`,
  enrolledOn: `${year}-09-05`,
});

/** One request that must be answered as wished. */
async function sent(base, bearer, path, body) {
  const headers = { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' };
  const answer = await fetch(`${base}/v1/${path}`, { method: 'POST', headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

/** Sends a batch; gives the ids of its records. */
async function created(base, bearer, records) {
  const { items } = await sent(base, bearer, 'batch', { records });
  const refused = items.find(({ outcome }) => outcome !== 'created');
  if (refused) throw new Error(`not created: ${JSON.stringify(refused)}`);
  return items.map(({ id }) => id);
}

/** Twenty more people in a class of a client, and one more centre that has none. */
export async function grow({ base, clients }, client, year) {
  const bearer = await token(base, clients[client]);
  const numbers = Array.from({ length: 20 }, (_, nth) => 100 + nth);
  await created(base, bearer, [centre(CENTRES[client].place, `portal-centre-${year}`), ...numbers.map(learner), ...numbers.map((nth) => enrolment(year, nth))]);
}

/** Releases a data set as it is counted now. */
export const release = async ({ base, clients }, set, content) => sent(base, await token(base, clients.ministry), `statistics/datasets/${set}/releases`, content);

/** Registers the centres with their classes and people. */
export async function fill({ base, clients }) {
  for (const [client, { place, people }] of Object.entries(CENTRES)) {
    const bearer = await token(base, clients[client]);
    const years = Object.keys(people).map(Number);
    const [, course, ...classes] = await created(base, bearer, [centre(place), programme, ...years.map(learningClass)]);
    await sent(base, bearer, `programmes/${course}/publish`);
    for (const [nth, id] of classes.entries()) {
      await sent(base, bearer, `classes/${id}/approve`);
      await sent(base, bearer, `classes/${id}/open`, { opensOn: `${years[nth]}-09-05` });
    }
    const numbers = (count) => Array.from({ length: count }, (_, nth) => nth);
    const enrolments = years.flatMap((year) => numbers(people[year]).map((nth) => enrolment(year, nth)));
    await created(base, bearer, [...numbers(Math.max(...Object.values(people))).map(learner), ...enrolments]);
  }
}
