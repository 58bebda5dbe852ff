// The figures that can be chosen, and one way to read all of them: by time and place, whatever they come from, of today
// or of a release of their data set.

import { address, ask } from './api.js';
import { day } from './show.js';
import { lang, say } from './words.js';

/** The place that is the whole country, and the time that is all years, as the API names totals. */
export const TOTAL = '_T';

const PEOPLE = ['gender', 'minority', 'programmeGroup', 'programmeKind', 'centreKind'];
const enrolments = { set: 'enrolments', time: 'schoolYear', also: { period: 'start,live' }, splits: PEOPLE };

/**
 * Counts: of a measure of a data set over time and places. `only` are its conditions; `also` is asked in their place, so
 * that figures of one data set come in one answer.
 */
const COUNTS = [
  { id: 'centres', set: 'centres', only: { centreStatus: 'operating' }, splits: [] },
  { id: 'classes', set: 'classes', time: 'schoolYear', splits: ['programmeGroup', 'programmeKind', 'centreKind'] },
  { id: 'capacity', set: 'classes', time: 'schoolYear', splits: ['programmeGroup', 'programmeKind', 'centreKind'] },
  { id: 'learners', set: 'learners', splits: [] },
  { id: 'enrolments', ...enrolments, only: { period: 'start' } },
  { id: 'enrolments_now', ...enrolments, measure: 'enrolments', only: { period: 'live' }, labelOfRelease: say('figure.enrolments_then') },
  { id: 'staff', set: 'staff', only: { staffStatus: 'working' }, splits: [] },
  { id: 'recognitions', set: 'recognitions', time: 'year', addsUp: true, only: { recognitionState: 'granted' }, splits: ['recognitionKind'] },
].map((count) => ({ measure: count.id, only: {}, label: say(`figure.${count.id}`), ...count }));

const SPLITS = [...PEOPLE, 'dropoutReason'];

/** Releases on a page of their list, as many as the API gives. */
const MOST_RELEASES = 200;

/** The releases of a data set, the newest first. */
export async function releasesOf(set, after) {
  const { items, pageInfo } = await ask(`datasets/${set}/releases`, { first: MOST_RELEASES, after });
  return pageInfo.hasNextPage ? [...items, ...await releasesOf(set, pageInfo.endCursor)] : items;
}

/** How an address and files name a release: `enrolments@1.1.0`. */
export const releaseName = ({ dataSet, release }) => `${dataSet}@${release}`;

/**
 * The releases that an address names, one of a data set at most. `of` gives that of a data set: null for any other while
 * there is one, undefined where there is none at all. `names` is what an address names, with another release of a data
 * set or none of it. `isMissing` tells that a name is of no release.
 */
export async function released(text) {
  const names = text.split(',').filter(Boolean);
  const sets = names.length > 0 ? (await ask('datasets')).items : [];
  const found = await Promise.all(names.map(async (name) => {
    const known = sets.some(({ id }) => name.startsWith(`${id}@`)) ? await releasesOf(name.split('@')[0]) : [];
    return known.find((release) => releaseName(release) === name);
  }));
  const chosen = new Map(found.filter(Boolean).map((release) => [release.dataSet, release]));
  return {
    isMissing: found.includes(undefined),
    of: (set) => chosen.get(set) ?? (chosen.size > 0 ? null : undefined),
    names: (set, release) => {
      const others = [...chosen.values()].filter(({ dataSet }) => dataSet !== set);
      return [...others, ...(release ? [release] : [])].map(releaseName).join(',');
    },
  };
}

/** The address of the figures of a data set, of today or of a release. */
export const dataPath = (set, release) => `datasets/${set}/${release ? `releases/${release.release}/` : ''}data`;

/** Every figure that can be chosen, each with the `release` that its data set has in the view; indicators have none. */
export async function all(names = '') {
  const [{ items }, { of }] = await Promise.all([ask('indicators'), released(names)]);
  const counts = COUNTS.map((count) => {
    const release = of(count.set);
    return { ...count, release, label: (release && count.labelOfRelease) ?? count.label };
  });
  const indicators = items.map((item) => ({
    id: item.id,
    label: item.title,
    unit: item.unit,
    isIndicator: true,
    release: of(),
    time: item.dimensions.includes('schoolYear') ? 'schoolYear' : undefined,
    splits: SPLITS.filter((dimension) => item.dimensions.includes(dimension)),
  }));
  return [...counts, ...indicators];
}

/** The figure chosen, or that of enrolments. */
export async function find(id, names) {
  const figures = await all(names);
  return figures.find((figure) => figure.id === id) ?? figures.find((figure) => figure.id === 'enrolments');
}

const joined = (...dimensions) => dimensions.filter(Boolean).join(',');

/** The parameters of a figure's own question, as they also stand in links. */
function question(figure, { by, totals, time }) {
  const at = figure.time && time && time !== TOTAL ? { [figure.time]: time } : {};
  if (figure.isIndicator) return { groupBy: joined(figure.time, by), ...at };
  return { groupBy: joined(figure.time, by), measures: figure.measure, totals: totals || undefined, ...figure.only, ...at };
}

/** Where a figure's numbers are kept in the forms there are: of indicators JSON alone. */
export function links(figure, { by = 'province', totals = true, time } = {}) {
  const parameters = question(figure, { by, totals, time });
  if (figure.isIndicator) return [['JSON', address(`indicators/${figure.id}/data`, parameters)]];
  const forms = { CSV: 'csv', XLSX: 'xlsx', 'JSON-stat': 'json_stat' };
  const link = ([name, format]) => [name, address(dataPath(figure.set, figure.release), { ...parameters, format })];
  return Object.entries(forms).map(link);
}

/** The school year or year that a moment lies in, as its first year; school years turn over on 1 July. */
function yearOf(moment, dimension) {
  const day = new Date(moment);
  return dimension === 'schoolYear' && day.getUTCMonth() < 6 ? day.getUTCFullYear() - 1 : day.getUTCFullYear();
}

/** An answer as figures by the members of its dimensions. */
function series(figure, answer, { by }) {
  const places = answer.dimensions.map(({ code }) => code);
  const rows = answer.rows.filter((row) => Object.entries(figure.only ?? {}).every(([dimension, member]) => {
    const at = places.indexOf(dimension);
    return at < 0 || row.members[at] === member;
  }));
  const nth = figure.isIndicator ? 0 : answer.measures.findIndex(({ code }) => code === figure.measure);
  const member = (row, dimension) => (dimension ? row.members[places.indexOf(dimension)] : '');
  const cells = new Map(rows.map((row) => [`${member(row, figure.time)}|${member(row, by)}`, {
    value: figure.isIndicator ? row.value : row.values[nth],
    status: row.status,
  }]));
  const members = (dimension) => answer.dimensions.find(({ code }) => code === dimension)?.members ?? [];
  const times = members(figure.time).map(({ code }) => code).filter((code) => code !== TOTAL);
  const begun = times.filter((time) => Number(time.slice(0, 4)) <= yearOf(answer.countedAt, figure.time));
  const absent = figure.isIndicator ? { value: null, status: null } : { value: 0, status: answer.statusOfZero };
  const unit = figure.isIndicator ? figure.unit : answer.measures[nth][lang === 'vi' ? 'unitVi' : 'unitEn'];
  return {
    figure, unit, times,
    latest: figure.time ? (figure.addsUp ? TOTAL : begun.at(-1) ?? times.at(-1) ?? '') : '',
    members: members(by).filter(({ code }) => code !== TOTAL),
    isEmpty: cells.size === 0,
    at: (time, of = '') => cells.get(`${time}|${of}`) ?? absent,
    notes: figure.isIndicator ? [answer.indicator.about] : answer.notes,
    source: figure.isIndicator ? answer.indicator.source : answer.source,
    position: answer.position, countedAt: answer.countedAt,
  };
}

/** A figure by time and province; a count has the whole country too, under `TOTAL`. */
export async function byPlace(figure) {
  const by = 'province';
  if (figure.isIndicator) return series(figure, await ask(`indicators/${figure.id}/data`, question(figure, { by })), { by });
  const parameters = question(figure, { by, totals: true });
  const { also = {}, set, release } = figure;
  const groupBy = joined(figure.time, ...Object.keys(also), by);
  // All measures of a data set come in one answer, so that figures beside each other share it.
  return series(figure, await ask(dataPath(set, release), { ...parameters, ...also, groupBy, measures: '' }), { by });
}

/** A figure of the whole country by time. */
export async function ofCountry(figure) {
  if (figure.isIndicator) return series(figure, await ask(`indicators/${figure.id}/data`, question(figure, {})), {});
  const places = await byPlace(figure);
  return { ...places, at: (time) => places.at(time, TOTAL) };
}

/** A figure of the whole country by time and the members of a dimension. */
export async function bySplit(figure, by) {
  const path = figure.isIndicator ? `indicators/${figure.id}/data` : dataPath(figure.set, figure.release);
  return series(figure, await ask(path, question(figure, { by })), { by });
}

/** The time to show: the first of those chosen that the figure has, else its latest. */
export function timeOf(found, chosen) {
  const has = (time) => found.times.includes(time) || (time === TOTAL && found.figure.addsUp);
  return chosen.split(',').find(has) ?? found.latest;
}

/** What a figure over years is broken down by: the dimension chosen if the figure has it. */
export const splitOf = (figure, split) => (figure.time && figure.splits.includes(split) ? split : '');

/** Of figures that are shown together: the one that tells how far all of them are true. */
export const behind = (found) => found.reduce((least, one) => (one.position < least.position ? one : least));

/** The name of a time; figures without one are of now, or of the day of their release. */
export function timeName(time, release) {
  if (time === TOTAL) return say('allYears');
  return time || (release ? day(release.countedAt) : say('now'));
}
