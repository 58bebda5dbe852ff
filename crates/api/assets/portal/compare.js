// Two places beside each other: the figure chosen and the main ones, and the chosen one over the years.

import { plot } from './chart.js';
import { TOTAL, all, behind, byPlace, find, ofCountry, releaseName, timeName, timeOf } from './figures.js';
import { provinces } from './map.js';
import { csv, day, downloads, edition, el, figure, note, releaseTitle, table, text } from './show.js';
import { MAIN } from './tiles.js';
import { say } from './words.js';

/** The columns of files. */
const COLUMNS = ['figure', 'figureLabel', 'unit', 'time', 'placeA', 'placeALabel', 'valueA', 'statusA', 'placeB', 'placeBLabel', 'valueB', 'statusB',
  'difference', 'position', 'countedAt', 'release'];

/** Addresses of the files on the page. */
let files = [];

export const key = ({ figure: id, time, a, b, release }) => [id, time, a, b, release];

/** One reader for provinces and the whole country. */
async function anywhere(figure) {
  const [places, country] = await Promise.all([byPlace(figure), ofCountry(figure)]);
  const at = (time, place) => (place === TOTAL ? country.at(time) : places.at(time, place));
  return { ...places, times: country.times.length > places.times.length ? country.times : places.times, at };
}

/** The times of a view: that of the figure chosen, and the school year of those that have another or none. */
async function times(chosen, { time, release }) {
  const country = await Promise.all([chosen, await find('enrolments', release)].map(ofCountry));
  return [...new Set(country.map((found) => timeOf(found, time)))].filter(Boolean).join(',');
}

/** The places chosen; where none is, those with the largest figures, and the whole country for want of them. */
function chosenPlaces(state, places, found) {
  const known = (code) => code === TOTAL || places.some((place) => place.code === code);
  const time = timeOf(found, state.time);
  const size = ({ code }) => found.at(time, code).value ?? 0;
  const largest = [...places].filter((place) => size(place) > 0).sort((one, other) => size(other) - size(one));
  const a = known(state.a) ? state.a : largest[0]?.code ?? TOTAL;
  const others = [...largest.map(({ code }) => code), TOTAL].filter((code) => code !== a);
  return { a, b: known(state.b) ? state.b : others[0] ?? '01' };
}

/** The times and places of a view as a link tells them: nothing is left to the page. */
export async function pinned(state) {
  const [chosen, { tiles }] = await Promise.all([find(state.figure, state.release), provinces()]);
  const [time, found] = await Promise.all([times(chosen, state), anywhere(chosen)]);
  return { time, ...chosenPlaces(state, tiles, found) };
}

export async function load(state) {
  const [figures, chosen, { tiles }] = await Promise.all([all(state.release), find(state.figure, state.release), provinces()]);
  const others = MAIN.filter((id) => id !== chosen.id).map((id) => figures.find((one) => one.id === id));
  const [view, ...found] = await Promise.all([pinned(state), ...[chosen, ...others].map(anywhere)]);
  const places = [{ code: TOTAL, name: say('country') }, ...tiles.toSorted((one, other) => one.code.localeCompare(other.code))];
  return { found, places, ...view };
}

/** One less the other. */
const less = (one, other) => (one.value === null || other.value === null ? null : Math.round((one.value - other.value) * 100) / 100);

/** Their difference as it is shown; of what was rounded, a rounded one. */
function difference(one, other) {
  const value = less(one, other);
  return value === null ? figure({ value, status: null }) : el('data', { value }, text({ value, status: one.status ?? other.status }));
}

/** A link to a file of `pairs`, each a figure with a time, for the two places `{ code, name }`. */
function file(name, pairs, places) {
  const rows = pairs.map(([one, at]) => {
    const cells = places.map(({ code }) => one.at(at, code));
    const beside = places.flatMap((place, nth) => [place.code, place.name, cells[nth].value, cells[nth].status]);
    const { id, label, release } = one.figure;
    return [id, label, one.unit, at, ...beside, less(...cells), one.position, one.countedAt, release && releaseName(release)];
  });
  const href = csv([COLUMNS, ...rows]);
  files.push(href);
  return downloads([['CSV', href, `${name}.csv`]]);
}

/** What a row is of, where some are of a release. */
const editionOf = ({ release }) => el('span', { class: 'of' }, release ? `${releaseTitle(release)} – ${day(release.createdAt)}` : say('asOfToday'));

/** Writes the places into their lists without taking the focus from them. */
function fill(select, places, chosen) {
  if (select.options.length !== places.length) {
    select.replaceChildren(...places.map(({ code, name }) => el('option', { value: code }, name)));
  }
  select.value = chosen;
}

export function show(body, { found, places, time, a, b }) {
  fill(document.getElementById('place-a'), places, a);
  fill(document.getElementById('place-b'), places, b);
  const two = [a, b].map((code) => places.find((place) => place.code === code));
  const names = two.map(({ name }) => name);
  const pairs = found.map((one) => [one, timeOf(one, time)]);
  const isMixed = found.some((one) => one.figure.release);
  const rows = pairs.map(([one, at]) => {
    const when = one.figure.time ? `, ${timeName(at)}` : '';
    const label = `${one.figure.label}${when} (${one.unit})`;
    return { head: isMixed ? [label, ' ', editionOf(one.figure)] : label, cells: [one.at(at, a), one.at(at, b)] };
  });
  const columns = [say('figure'), ...names, say('difference')].map((label, at) => ({ label, isFigure: at > 0 }));
  const written = rows.map(({ head, cells }) => [head, figure(cells[0]), figure(cells[1]), difference(...cells)]);
  const [chosen] = found;
  // An indicator is always among them, so some are of today.
  const { position, countedAt } = behind(found.filter((one) => !one.figure.release));
  const beside = el('div', { class: 'beside' });
  for (const before of files) URL.revokeObjectURL(before);
  files = [];
  body.replaceChildren(
    isMixed ? el('p', { class: 'edition' }, say('ofSeveral')) : edition(chosen.figure.release),
    table(names.join(' – '), columns, written),
    note(rows.flatMap(({ cells }) => cells), { position, countedAt, truth: isMixed ? 'todayTrueAt' : 'trueAt' }),
    file(`gdtx-${a}-${b}`, pairs, two), beside);
  if (!chosen.figure.time || chosen.times.length === 0) return;
  const lines = two.map(({ code, name }) => ({ label: name, cells: chosen.times.map((year) => chosen.at(year, code)) }));
  const title = `${say('overYears', { name: chosen.figure.label })}: ${names.join(', ')}`;
  const link = file(`gdtx-${a}-${b}-${chosen.figure.id}`, chosen.times.map((year) => [chosen, year]), two);
  const about = { position: chosen.position, countedAt: chosen.countedAt };
  plot(beside, { name: title, times: chosen.times, lines, unit: chosen.unit, about, link, release: chosen.figure.release });
}
