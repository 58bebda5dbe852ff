// A table over any data set of the statistics, broken down and filtered as chosen.

import { address, ask } from './api.js';
import { TOTAL, dataPath, released, releasesOf } from './figures.js';
import * as filters from './filters.js';
import { announcement, downloads, el, figure, note, number, table } from './show.js';
import { change, read } from './state.js';
import { lang, say } from './words.js';

/** Rows on the page; files hold all. */
const MOST_ROWS = 500;
const FORMS = { CSV: 'csv', XLSX: 'xlsx', 'JSON-stat': 'json_stat' };

/** The table that the choices on the page stand for, which they change. */
let written = {};

export const key = ({ table: chosen, release }) => [chosen, release];

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Writes the choices of a view, unless they stand there: the focus is on the one that was changed. */
function controls({ set, chosen, releases, inView, release }) {
  const node = (id) => document.getElementById(id);
  node('set').value = set.id;
  node('about').textContent = set.about;
  filters.editions(node('table-edition'), releases, release, (other) => change({ release: inView.names(set.id, other) }));
  if (same(written, chosen)) return;
  written = chosen;
  const parts = { groups: node('groups'), filters: node('filters'), totals: node('totals') };
  filters.write(parts, set, chosen, () => change({ table: chosen }));
}

/** The data sets, the one asked for with its releases, and its table. */
async function found({ table: asked, release }) {
  const { items } = await ask('datasets');
  const known = items.find(({ id }) => id === asked.set) ?? items.find(({ id }) => id === 'enrolments') ?? items[0];
  const [set, releases, inView] = await Promise.all([ask(`datasets/${known.id}`), releasesOf(known.id), released(release)]);
  return { items, set, releases, inView, release: inView.of(set.id), chosen: filters.chosen(set, asked) };
}

const joined = (filter) => Object.fromEntries(Object.entries(filter).map(([code, list]) => [code, list.join(',')]));

export async function load(state) {
  const view = await found(state);
  const { items, set, chosen, release } = view;
  const select = document.getElementById('set');
  if (select.options.length !== items.length) {
    select.replaceChildren(...items.map(({ id, title }) => el('option', { value: id }, title)));
  }
  if (same(key(state), key(read()))) controls(view);
  const { groupBy, totals, filter } = chosen;
  const parameters = { groupBy: groupBy.join(','), ...joined(filter), totals: totals ? 'true' : '' };
  const path = dataPath(set.id, release);
  return { path, parameters, release, answer: await ask(path, { ...parameters, top: MOST_ROWS + 1 }) };
}

/** The table of a view as a link tells it: nothing is left to the page, and years have their names. */
export async function pinned(state) {
  const { set, chosen, release } = await found(state);
  const isOpen = ([, members]) => members.some((member) => member.startsWith('latest'));
  const years = Object.entries(chosen.filter).filter(isOpen).map(async ([code, members]) => {
    const groupBy = set.dimensions.filter((one) => one.code === code || !one.addsUp).map((one) => one.code);
    const { dimensions } = await ask(dataPath(set.id, release), { groupBy: groupBy.join(','), [code]: members.join(',') });
    return [code, dimensions.find((one) => one.code === code).members.map((member) => member.code)];
  });
  return { ...chosen, filter: { ...chosen.filter, ...Object.fromEntries(await Promise.all(years)) } };
}

export function show(body, { path, parameters, release, answer }) {
  const { dimensions, measures } = answer;
  const links = Object.entries(FORMS).map(([name, format]) => [name, address(path, { ...parameters, format })]);
  const one = (key) => `${key}${lang === 'vi' ? 'Vi' : 'En'}`;
  const columns = [
    ...dimensions.map(({ label }) => ({ label })),
    ...measures.map((measure) => ({ label: `${measure[one('label')]} (${measure[one('unit')]})`, isFigure: true })),
  ];
  const labels = dimensions.map(({ members }) => new Map(members.map(({ code, label }) => [code, label])));
  const rows = answer.rows.slice(0, MOST_ROWS).map(({ members, values, status }) => ({
    isTotal: members.includes(TOTAL),
    cells: [...members.map((code, at) => (code === TOTAL ? say('total') : labels[at].get(code) ?? code)),
      ...values.map((value) => figure({ value, status }))],
  }));
  const shown = answer.rows.slice(0, MOST_ROWS).flatMap(({ values, status }) => values.map((value) => ({ value, status })));
  const isCut = answer.rows.length > MOST_ROWS;
  const count = say(isCut ? 'firstRows' : 'rows', { n: number(rows.length) });
  const empty = el('p', { class: 'empty' }, say(answer.statusOfZero ? 'noRowsRounded' : 'noRows'));
  const framed = rows.length === 0 ? empty : table(answer.title, columns, rows.map(({ cells }) => cells), { id: 'cells' });
  rows.forEach(({ isTotal }, at) => isTotal && framed.querySelectorAll('tbody tr')[at].classList.add('total'));
  body.replaceChildren(announcement(release), el('p', { class: 'count' }, count), framed, note(shown, answer), downloads(links));
}
