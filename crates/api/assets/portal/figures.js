// The figures that can be chosen, and one way to read all of them: by time and place, whatever they come from.

import { address, ask } from './api.js';
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
  { id: 'enrolments_now', ...enrolments, measure: 'enrolments', only: { period: 'live' } },
  { id: 'staff', set: 'staff', only: { staffStatus: 'working' }, splits: [] },
  { id: 'recognitions', set: 'recognitions', time: 'year', addsUp: true, only: { recognitionState: 'granted' }, splits: ['recognitionKind'] },
].map((count) => ({ measure: count.id, only: {}, label: say(`figure.${count.id}`), ...count }));

const SPLITS = [...PEOPLE, 'dropoutReason'];

/** Every figure that can be chosen. */
export async function all() {
  const { items } = await ask('indicators');
  const indicators = items.map((item) => ({
    id: item.id,
    label: item.title,
    unit: item.unit,
    isIndicator: true,
    time: item.dimensions.includes('schoolYear') ? 'schoolYear' : undefined,
    splits: SPLITS.filter((dimension) => item.dimensions.includes(dimension)),
  }));
  return [...COUNTS, ...indicators];
}

/** The figure chosen, or that of enrolments. */
export async function find(id) {
  const figures = await all();
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
  const link = ([name, format]) => [name, address(`datasets/${figure.set}/data`, { ...parameters, format })];
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
  const { also = {}, set } = figure;
  const groupBy = joined(figure.time, ...Object.keys(also), by);
  // All measures of a data set come in one answer, so that figures beside each other share it.
  return series(figure, await ask(`datasets/${set}/data`, { ...parameters, ...also, groupBy, measures: '' }), { by });
}

/** A figure of the whole country by time. */
export async function ofCountry(figure) {
  if (figure.isIndicator) return series(figure, await ask(`indicators/${figure.id}/data`, question(figure, {})), {});
  const places = await byPlace(figure);
  return { ...places, at: (time) => places.at(time, TOTAL) };
}

/** A figure of the whole country by time and the members of a dimension. */
export async function bySplit(figure, by) {
  const path = figure.isIndicator ? `indicators/${figure.id}/data` : `datasets/${figure.set}/data`;
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

/** The name of a time. */
export const timeName = (time) => (time === TOTAL ? say('allYears') : time || say('now'));
