// The main figures of the whole country, side by side.

import { all, behind, ofCountry, released, timeName, timeOf } from './figures.js';
import { edition, el, figure, note } from './show.js';

/** What a country asks first. */
export const MAIN = ['centres', 'learners', 'enrolments_now', 'classes', 'capacity', 'staff', 'recognitions', 'women_share'];

/** They are of today whatever release is chosen, and say so where one is. */
export const key = ({ release }) => release;

export async function load({ release }) {
  const [figures, { of }] = await Promise.all([all(), released(release)]);
  const found = await Promise.all(MAIN.map((id) => ofCountry(figures.find((one) => one.id === id))));
  return { found, release: of() };
}

function tile(found) {
  const time = timeOf(found, '');
  const value = found.at(time);
  return el('li', { class: 'fact', 'data-figure': found.figure.id },
    el('h3', {}, found.figure.label),
    el('p', { class: 'big' }, figure(value), ' ', el('span', { class: 'unit' }, value.value === null ? '' : found.unit)),
    el('p', { class: 'when' }, found.figure.time && time ? timeName(time) : timeName('')));
}

export function show(body, { found, release }) {
  const { position, countedAt } = behind(found);
  const values = found.map((one) => one.at(timeOf(one, '')));
  body.replaceChildren(edition(release), el('ul', { class: 'facts' }, found.map(tile)), note(values, { position, countedAt }));
}
