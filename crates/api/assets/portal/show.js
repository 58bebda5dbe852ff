// How figures, notes and tables are written: one way for the whole page.

import { lang, say } from './words.js';

const LOCALE = { vi: 'vi-VN', en: 'en-GB' }[lang];
const numbers = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });
const shortNumbers = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 });
const times = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Asia/Ho_Chi_Minh' });

const days = new Intl.DateTimeFormat(LOCALE, { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'Asia/Ho_Chi_Minh' });

/** An element with attributes (`on…` are listeners, false and null are left out) and children. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export const number = (value) => numbers.format(value);
export const day = (moment) => days.format(new Date(moment));

/** A figure `{ value, status }` as text. What was rounded says so, and a rounded zero is no zero. */
export function text({ value, status }, write = numbers) {
  if (value === null) return '–';
  return `${status === 'rounded' ? '≈ ' : ''}${write.format(value)}`;
}

/** The same where there is little room. */
export const shortText = (figure) => text(figure, Math.abs(figure.value) >= 100_000 ? shortNumbers : numbers).replace('≈ ', '≈');

/** What a figure means for those who do not see the sign; empty where the number says it all. */
export function meaning({ value, status }) {
  if (value === null) return say(status === 'withheld' ? 'withheld' : 'none');
  return value === 0 && status === 'rounded' ? say('few') : '';
}

/** A figure as an element that also machines read. */
export function figure(of, write = text) {
  const said = meaning(of);
  const hint = said ? el('span', { class: 'sr' }, ` (${said})`) : null;
  return el('data', { value: of.value ?? '', title: said || null }, write(of), hint);
}

/** The number of a release, and that it is a correction. */
export const releaseTitle = ({ release, kind }) => say(kind === 'correction' ? 'correction' : 'release', { release });

/** What stands above figures where a view has a release: that they are of it, or, where it is null, that they are of today. */
export function edition(release) {
  if (release === undefined) return '';
  const text = release ? say('ofRelease', { name: releaseTitle(release), time: times.format(new Date(release.countedAt)) }) : say('ofToday');
  return el('p', { class: 'edition' }, text);
}

/** The same with what a release says to its readers. */
export function announcement(release) {
  if (!release) return edition(release);
  const { reason, notesVi, notesEn } = release;
  const said = [lang === 'vi' ? notesVi : notesEn, reason ? say('reason', { reason }) : null].filter(Boolean);
  return el('div', { class: 'announcement' }, edition(release), said.map((one) => el('p', {}, one)));
}

/** What stands under figures: what was done to them, where they come from, and what they are true at, in the words of `truth`. */
export function note(figures, { notes = [], source, position, countedAt, truth = 'trueAt' }) {
  const has = (test) => figures.some(test);
  const signs = [
    has(({ status }) => status === 'rounded') ? say('rounded') : null,
    has(({ value }) => value === null) ? say('noneIs') : null,
    has(({ value, status }) => value === 0 && !status) ? say('zeroIs') : null,
  ];
  const from = source ? say('source', { source }) : null;
  const at = countedAt ? say(truth, { time: times.format(new Date(countedAt)), position: number(position) }) : null;
  const parts = [notes, signs, [from, at]].map((texts) => texts.filter(Boolean).join(' ')).filter(Boolean);
  return el('div', { class: 'note' }, parts.map((part) => el('p', {}, part)));
}

/** Links to the same figures in forms to keep: `[['CSV', address], …]`, with a third member where the page names the file. */
export function downloads(links) {
  const items = links.map(([form, href, name = true]) => el('li', {}, el('a', { href, download: name }, form)));
  return el('div', { class: 'downloads' }, el('span', {}, say('download')), el('ul', {}, items));
}

const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** Rows of texts and numbers as the address of a CSV file, written as the API writes it; null is an empty cell. */
export function csv(rows) {
  const lines = rows.map((cells) => `${cells.map((cell) => quoted(String(cell ?? ''))).join(',')}\r\n`);
  return URL.createObjectURL(new Blob(lines, { type: 'text/csv;charset=utf-8' }));
}

/**
 * A table in a frame of its own that scrolls, so that the page does not. `columns` are `{ label, isFigure }`, cells are
 * texts, or nodes for figures; the columns before the first figure name the row, of which the text may have nodes in it.
 */
export function table(caption, columns, rows, attributes = {}) {
  const heads = columns.map(({ label, isFigure }) => el('th', { scope: 'col', class: isFigure ? 'number' : null }, label));
  const cell = (content, at) => {
    if (columns[at].isFigure) return el('td', { class: 'number' }, content);
    return el('th', { scope: 'row' }, content);
  };
  const body = rows.map((cells) => el('tr', {}, cells.map(cell)));
  const own = el('table', attributes, el('caption', {}, caption), el('thead', {}, el('tr', {}, heads)), el('tbody', {}, body));
  return el('div', { class: 'frame', tabindex: 0, role: 'group', 'aria-label': caption }, own);
}
