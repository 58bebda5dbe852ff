// Two places beside each other: the figure chosen and the main ones, and the chosen one over the years.

import { plot } from './chart.js';
import { TOTAL, all, byPlace, find, links, ofCountry, timeName, timeOf } from './figures.js';
import { provinces } from './map.js';
import { downloads, el, figure, note, table, text } from './show.js';
import { MAIN } from './tiles.js';
import { say } from './words.js';

export const key = ({ figure: id, time, a, b }) => [id, time, a, b];

/** One reader for provinces and the whole country. */
async function anywhere(figure) {
  const [places, country] = await Promise.all([byPlace(figure), ofCountry(figure)]);
  const at = (time, place) => (place === TOTAL ? country.at(time) : places.at(time, place));
  return { ...places, times: country.times.length > places.times.length ? country.times : places.times, at };
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

export async function load(state) {
  const [figures, chosen, { tiles }] = await Promise.all([all(), find(state.figure), provinces()]);
  const others = MAIN.filter((id) => id !== chosen.id).map((id) => figures.find((one) => one.id === id));
  const found = await Promise.all([chosen, ...others].map(anywhere));
  const places = [{ code: TOTAL, name: say('country') }, ...tiles.toSorted((one, other) => one.code.localeCompare(other.code))];
  return { found, places, time: state.time, ...chosenPlaces(state, tiles, found[0]) };
}

/** One less the other; of what was rounded, a rounded difference. */
function difference(one, other) {
  if (one.value === null || other.value === null) return figure({ value: null, status: null });
  const value = Math.round((one.value - other.value) * 100) / 100;
  return el('data', { value }, text({ value, status: one.status ?? other.status }));
}

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
  const name = (code) => places.find((place) => place.code === code).name;
  const rows = found.map((one) => {
    const at = timeOf(one, time);
    const when = one.figure.time ? `, ${timeName(at)}` : '';
    return { label: `${one.figure.label}${when} (${one.unit})`, cells: [one.at(at, a), one.at(at, b)] };
  });
  const columns = [say('figure'), name(a), name(b), say('difference')].map((label, at) => ({ label, isFigure: at > 0 }));
  const written = rows.map(({ label, cells }) => [label, figure(cells[0]), figure(cells[1]), difference(...cells)]);
  const [chosen] = found;
  const { position, countedAt } = chosen;
  const beside = el('div', { class: 'beside' });
  body.replaceChildren(
    table(`${name(a)} – ${name(b)}`, columns, written),
    note(rows.flatMap(({ cells }) => cells), { position, countedAt }),
    downloads(links(chosen.figure)), beside);
  if (!chosen.figure.time || chosen.times.length === 0) return;
  const lines = [a, b].map((code) => ({ label: name(code), cells: chosen.times.map((year) => chosen.at(year, code)) }));
  const title = `${say('overYears', { name: chosen.figure.label })}: ${name(a)}, ${name(b)}`;
  plot(beside, { name: title, times: chosen.times, lines, unit: chosen.unit, about: { position, countedAt } });
}
