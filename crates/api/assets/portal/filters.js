// Choices: lists, releases, and those of the table: a data set's dimensions to break down by, and their members to filter by.

import { day, el } from './show.js';
import { say } from './words.js';

/** Longer lists of members are searched, and so many of them shown. */
const SHOWN = 40;
const YEARS = ['schoolYear', 'year'];

const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D').toLowerCase();

/** A list of `{ code, label }`, written anew only when it is another one. */
export function options(select, items, chosen) {
  const written = JSON.stringify(items);
  if (select.dataset.items !== written) {
    select.replaceChildren(...items.map(({ code, label }) => el('option', { value: code }, label)));
    select.dataset.items = written;
  }
  select.value = chosen;
}

/** Today and the releases of a data set in the list of a field, which is not shown where there are none; `change(release)` is called. */
export function editions(field, releases, chosen, change) {
  const select = field.querySelector('select');
  const mark = ({ kind }) => (kind === 'correction' ? ` (${say('isCorrection')})` : '');
  const item = (one) => ({ code: one.release, label: `${one.release} – ${day(one.createdAt)}${mark(one)}` });
  field.hidden = releases.length === 0;
  options(select, [{ code: '', label: say('asOfToday') }, ...releases.map(item)], chosen?.release ?? '');
  select.onchange = () => change(releases.find(({ release }) => release === select.value));
}

/** The table that a data set suggests: by province, at its latest and first point where figures do not add up. */
export function suggested(set) {
  const filter = {};
  const groupBy = set.dimensions.some(({ code }) => code === 'province') ? ['province'] : [];
  for (const { code, addsUp, members } of set.dimensions) {
    if (YEARS.includes(code) && !addsUp) filter[code] = ['latest'];
    else if (code === 'period') filter[code] = members.length > 0 ? [members[0].code] : ['start'];
    else if (!addsUp) groupBy.push(code);
  }
  return { set: set.id, groupBy, totals: false, filter };
}

/** The table of the address, of what the data set has. */
export function chosen(set, { groupBy, totals, filter }) {
  const has = ([code]) => set.dimensions.some((dimension) => dimension.code === code);
  const own = Object.fromEntries(Object.entries(filter).filter(has));
  if (groupBy) return { set: set.id, groupBy, totals, filter: own };
  const suggestion = suggested(set);
  return { ...suggestion, totals, filter: { ...suggestion.filter, ...own } };
}

/** A box to tick; the same id comes back when its list is written anew, and so does the focus. */
function box(id, label, checked, onchange) {
  const input = el('input', { type: 'checkbox', id, checked, onchange });
  return el('label', { class: 'box', for: id }, input, el('span', {}, label));
}

/** What can be chosen of a dimension: its members, and the latest year among years. */
function offered({ code, members }) {
  if (!YEARS.includes(code)) return members;
  return [{ code: 'latest', label: say('latest') }, ...members.toReversed()];
}

/** The members of a dimension behind a summary that tells which are chosen. */
function members(dimension, table, change) {
  const { code, label } = dimension;
  const ticked = () => table.filter[code] ?? [];
  const count = el('span', { class: 'count' });
  const list = el('div', { class: 'members', role: 'group', 'aria-label': label });
  const hidden = el('p', { class: 'hint', role: 'status' });
  const all = offered(dimension);
  const tell = () => {
    const names = ticked().map((one) => all.find((option) => option.code === one)?.label ?? one);
    count.textContent = names.length === 0 ? say('all') : names.length < 3 ? names.join(', ') : say('chosen', { n: names.length });
  };
  const tick = (member) => ({ target }) => {
    const { [code]: before = [], ...rest } = table.filter;
    const now = [...before.filter((one) => one !== member), ...(target.checked ? [member] : [])];
    table.filter = now.length > 0 ? { ...rest, [code]: now } : rest;
    tell();
    change();
  };
  const write = (wanted) => {
    const fits = all.filter((option) => ticked().includes(option.code) || fold(option.label).includes(fold(wanted)));
    const shown = fits.toSorted((one, other) => ticked().includes(other.code) - ticked().includes(one.code)).slice(0, SHOWN);
    list.replaceChildren(...shown.map((option) => box(`f-${code}-${option.code}`, option.label, ticked().includes(option.code), tick(option.code))));
    hidden.textContent = fits.length > shown.length ? say('more', { n: fits.length - shown.length }) : '';
  };
  const name = say('search', { name: label });
  const search = all.length > SHOWN ? el('input', { type: 'search', 'aria-label': name, placeholder: name, oninput: ({ target }) => write(target.value) }) : '';
  tell();
  write('');
  return el('details', { class: 'filter', 'data-dimension': code },
    el('summary', {}, el('span', { class: 'dimension' }, label), ' ', count), search, list, hidden);
}

/** Writes the choices for a table; `table` is changed in place and `change` called. */
export function write({ groups, filters, totals }, set, table, change) {
  const order = set.dimensions.map(({ code }) => code);
  const tick = (code) => ({ target }) => {
    table.groupBy = order.filter((one) => (one === code ? target.checked : table.groupBy.includes(one)));
    change();
  };
  groups.replaceChildren(...set.dimensions.map(({ code, label }) => box(`g-${code}`, label, table.groupBy.includes(code), tick(code))));
  filters.replaceChildren(...set.dimensions.map((dimension) => members(dimension, table, change)));
  totals.checked = table.totals;
  totals.onchange = () => { table.totals = totals.checked; change(); };
}
