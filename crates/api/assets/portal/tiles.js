// The main figures of the whole country, side by side.

import { all, behind, ofCountry, timeName, timeOf } from './figures.js';
import { el, figure, note } from './show.js';

/** What a country asks first. */
export const MAIN = ['centres', 'learners', 'enrolments_now', 'classes', 'capacity', 'staff', 'recognitions', 'women_share'];

export const key = () => '';

export async function load() {
  const figures = await all();
  return Promise.all(MAIN.map((id) => ofCountry(figures.find((one) => one.id === id))));
}

function tile(found) {
  const time = timeOf(found, '');
  const value = found.at(time);
  return el('li', { class: 'fact', 'data-figure': found.figure.id },
    el('h3', {}, found.figure.label),
    el('p', { class: 'big' }, figure(value), ' ', el('span', { class: 'unit' }, value.value === null ? '' : found.unit)),
    el('p', { class: 'when' }, found.figure.time && time ? timeName(time) : timeName('')));
}

export function show(body, found) {
  const { position, countedAt } = behind(found);
  const values = found.map((one) => one.at(timeOf(one, '')));
  body.replaceChildren(el('ul', { class: 'facts' }, found.map(tile)), note(values, { position, countedAt }));
}
