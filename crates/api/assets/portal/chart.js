// Charts over years, drawn by Chart.js in the colours of the style sheet, each with its figures as a table below.

import { TOTAL, bySplit, find, links, ofCountry, splitOf } from './figures.js';
import { downloads, edition, el, figure, note, number, table, text } from './show.js';
import { say } from './words.js';

/** More lines than this are told apart by nobody: the largest are drawn, and the table has them all. */
const MOST_LINES = 8;
/** Bars beside each other are read for so many years at most; then lines are. */
const MOST_BARS = 3;

const drawn = new Map();
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function options(unit) {
  const [ink, soft, line] = ['--ink', '--soft', '--line'].map(colour);
  return {
    animation: false, responsive: true, maintainAspectRatio: false, color: ink,
    interaction: { mode: 'index', intersect: false },
    scales: {
      x: { ticks: { color: soft }, grid: { display: false }, border: { color: line } },
      y: {
        beginAtZero: true, title: { display: true, text: unit, color: soft },
        ticks: { color: soft, precision: 0, callback: (value) => number(value) }, grid: { color: line }, border: { display: false },
      },
    },
    plugins: {
      legend: { display: false },
      tooltip: { callbacks: { label: ({ dataset, dataIndex }) => `${dataset.label}: ${text(dataset.cells[dataIndex])}` } },
    },
  };
}

/** Draws `lines` (`{ label, cells }`) over `times` on a canvas that stands on the page. */
function draw(canvas, { times, lines, unit }) {
  const type = times.length > MOST_BARS && lines.length > 1 ? 'line' : 'bar';
  const datasets = lines.map(({ label, cells }, nth) => ({
    label, cells, data: cells.map(({ value }) => value), spanGaps: false, maxBarThickness: 56, borderRadius: 4, borderWidth: type === 'line' ? 2.5 : 0,
    pointRadius: 4, backgroundColor: colour(`--line-${nth + 1}`), borderColor: colour(`--line-${nth + 1}`),
  }));
  drawn.get(canvas)?.destroy();
  drawn.set(canvas, new globalThis.Chart(canvas, { type, data: { labels: times, datasets }, options: options(unit) }));
}

/** The lines to draw. */
function largest(lines) {
  if (lines.length <= MOST_LINES) return lines;
  const last = ({ cells }) => cells.at(-1).value ?? 0;
  return lines.toSorted((one, other) => last(other) - last(one)).slice(0, MOST_LINES);
}

/** A chart with its table, put into `body`. What stood there before is given up. */
export function plot(body, { name, times, lines, unit, about, link, release }) {
  for (const [canvas, chart] of drawn) {
    if (!canvas.isConnected || body.contains(canvas)) { chart.destroy(); drawn.delete(canvas); }
  }
  const shown = largest(lines);
  const canvas = el('canvas', { role: 'img', 'aria-label': say('chartOf', { name }) });
  const columns = [{ label: say('year') }, ...lines.map(({ label }) => ({ label, isFigure: true }))];
  const rows = times.map((time, at) => [time, ...lines.map(({ cells }) => figure(cells[at]))]);
  const item = ({ label }, nth) => el('li', {}, el('span', { class: `swatch line-${nth + 1}`, 'aria-hidden': 'true' }), label);
  const legend = shown.length > 1 ? el('ul', { class: 'legend', 'aria-label': say('legend') }, shown.map(item)) : '';
  const rest = lines.length > MOST_LINES ? el('p', { class: 'hint' }, say('moreLines', { n: MOST_LINES })) : '';
  const details = el('details', {}, el('summary', {}, say('asTable')), table(`${name} (${unit})`, columns, rows));
  const cells = lines.flatMap((one) => one.cells);
  body.replaceChildren(edition(release), el('figure', {},
    el('figcaption', {}, name), el('div', { class: 'plot' }, canvas), legend, rest, details, note(cells, about), link ?? ''));
  canvas.redraw = () => draw(canvas, { times, lines: shown, unit });
  canvas.redraw();
}

// Colours follow the scheme of the system when it changes.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const canvas of [...drawn.keys()]) canvas.redraw();
});

export const key = ({ figure: id, split, release }) => [id, split, release];

export async function load({ figure: id, split, release }) {
  const chosen = await find(id, release);
  const by = splitOf(chosen, split);
  return { chosen, by, found: await (by ? bySplit(chosen, by) : ofCountry(chosen)) };
}

export function show(body, { chosen, by, found }) {
  if (!chosen.time || found.times.length === 0) {
    const why = chosen.release ? 'noYearsOfRelease' : 'noYears';
    const empty = el('p', { class: 'empty' }, say(chosen.time ? 'noData' : why));
    return body.replaceChildren(edition(chosen.release), empty, note([found.at(found.latest)], found));
  }
  const cells = (member) => found.times.map((time) => found.at(time, member));
  const lines = by
    ? found.members.filter(({ code }) => code !== TOTAL).map(({ code, label }) => ({ label, cells: cells(code) }))
    : [{ label: say('country'), cells: cells() }];
  const name = say('overYears', { name: chosen.label });
  const link = downloads(links(chosen, { by, totals: false }));
  return plot(body, { name, times: found.times, lines, unit: found.unit, about: found, link, release: chosen.release });
}
