// A map of square tiles, one per province of today, each roughly where the province lies; its figures also as a table.

import { once } from './api.js';
import { byPlace, find, links, timeName, timeOf } from './figures.js';
import { downloads, edition, el, figure, meaning, note, shortText, table, text } from './show.js';
import { say } from './words.js';

/** So many shades at most. */
const SHADES = 5;

/** Where the tiles lie; data of the page, not of the API. */
export const provinces = () => once(new URL('tiles.json', import.meta.url).href);

/** The lower bounds of shades with about as many provinces each; figures of no size have none. */
function bounds(values) {
  const sorted = [...new Set(values.filter((value) => value > 0))].sort((one, other) => one - other);
  const shades = Math.min(SHADES, sorted.length);
  return Array.from({ length: shades }, (_, nth) => sorted[Math.floor((nth * sorted.length) / shades)]);
}

const shadeOf = (value, lower) => (value > 0 ? lower.findLastIndex((bound) => value >= bound) + 1 : 0);

/** The shades of few classes are spread over all there are. */
const spread = (shade, classes) => (classes < 2 ? Math.min(shade * 3, SHADES) : Math.round(1 + ((shade - 1) * (SHADES - 1)) / (classes - 1)));

const placed = (node, { row, column }) => {
  node.style.gridArea = `${row} / ${column}`;
  return node;
};

function tile(province, cell, shade) {
  const said = meaning(cell);
  return placed(el('li', { class: `tile shade-${shade}`, 'data-place': province.code },
    el('span', { class: 'name' }, province.name),
    el('data', { value: cell.value ?? '', title: `${province.name}: ${text(cell)}` }, shortText(cell)),
    said ? el('span', { class: 'sr' }, ` (${said})`) : null), province);
}

function island({ name, of, ...place }, all) {
  const part = all.find(({ code }) => code === of).name;
  return placed(el('li', { class: 'tile island' },
    el('span', { class: 'name' }, name), el('span', { class: 'part' }, `(${part})`)), place);
}

function legend(lower, values) {
  const top = (nth) => Math.max(...values.filter((value) => value > 0 && shadeOf(value, lower) === nth + 1));
  const item = (bound, nth) => {
    const [from, to] = [bound, top(nth)].map((value) => text({ value, status: null }));
    const range = from === to ? from : say('fromTo', { from, to });
    return el('li', {}, el('span', { class: `swatch shade-${spread(nth + 1, lower.length)}`, 'aria-hidden': 'true' }), range);
  };
  const rest = values.some((value) => !(value > 0));
  const none = rest ? el('li', {}, el('span', { class: 'swatch shade-0', 'aria-hidden': 'true' }), say('uncoloured')) : null;
  return el('ul', { class: 'legend', 'aria-label': say('legend') }, none, lower.map(item));
}

export const key = ({ figure: id, time, release }) => [id, time, release];

export async function load({ figure: id, time, release }) {
  const [found, { tiles, islands }] = await Promise.all([find(id, release).then(byPlace), provinces()]);
  return { found, tiles, islands, time: timeOf(found, time) };
}

export function show(body, { found, tiles, islands, time }) {
  const cells = new Map(tiles.map(({ code }) => [code, found.at(time, code)]));
  const values = [...cells.values()].map(({ value }) => value);
  const lower = bounds(values);
  const shade = ({ value }) => (value > 0 ? spread(shadeOf(value, lower), lower.length) : 0);
  const own = tiles.map((one) => tile(one, cells.get(one.code), shade(cells.get(one.code))));
  const name = `${found.figure.label}, ${timeName(time, found.figure.release)} (${found.unit})`;
  const rows = [...tiles].sort((one, other) => (cells.get(other.code).value ?? -1) - (cells.get(one.code).value ?? -1)
    || one.code.localeCompare(other.code)).map((one) => [one.name, figure(cells.get(one.code))]);
  const columns = [{ label: say('place') }, { label: found.unit, isFigure: true }];
  body.replaceChildren(
    edition(found.figure.release),
    found.isEmpty ? el('p', { class: 'empty' }, say('noData')) : '',
    el('div', { class: 'side-by-side' },
      el('figure', {},
        el('figcaption', {}, name),
        el('ul', { class: 'map' }, own, islands.map((one) => island(one, tiles))),
        legend(lower, values)),
      table(name, columns, rows)),
    note([...cells.values()], { position: found.position, countedAt: found.countedAt }),
    downloads(links(found.figure, { time })));
}
