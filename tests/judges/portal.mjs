// The portal in a real browser: each figure on it is the API's own, whatever the language, colours or width, and
// people without a mouse or without sight come as far as others.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { LANGUAGES, NARROW, WIDE, launch, listen, screenshot } from './browser.mjs';
import { OTHER, PROVINCE, fill } from './portal_data.mjs';
import { judgeReleased } from './portal_released.mjs';
import { judgeShared } from './portal_shared.mjs';
import { judgeUse } from './portal_use.mjs';
import { startService } from './service.mjs';
import { UNHURRIED, counted, json } from './statistics.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** A year that is not the latest. */
const BEFORE = '2024-2025';
/** Requests to the API before anybody has scrolled. */
const FIRST_VIEW_AT_MOST = 9;

/** How a figure is written; without the functions of the page or of the platform. */
export function written({ value, status }, lang) {
  if (value === null) return '–';
  const [whole, part] = String(Math.abs(value)).split('.');
  const [thousands, decimal] = lang === 'vi' ? ['.', ','] : [',', '.'];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousands);
  const sign = value < 0 ? '-' : '';
  return `${status === 'rounded' ? '≈ ' : ''}${sign}${grouped}${part ? decimal + part : ''}`;
}

export function must(what, seen, wanted) {
  const [one, other] = [seen, wanted].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`${what}: ${one} in place of ${other}`);
}

/** A figure of the API on its own: the only row of an answer, or what its absence means. */
export async function asked(base, path) {
  const answer = await json(`${base}/v1/statistics/${path}`);
  if (answer.rows.length > 1) throw new Error(`${path}: ${answer.rows.length} rows`);
  const [row] = answer.rows;
  if (answer.indicator) return row ?? { value: null, status: null };
  return row ? { value: row.values[0], status: row.status } : { value: 0, status: answer.statusOfZero };
}

/** What a reader sees of each element: its text without what is said to those who do not see. */
export const texts = (locator) => locator.evaluateAll((all) => all.map((one) => {
  const copy = one.cloneNode(true);
  copy.querySelectorAll('.sr').forEach((hidden) => hidden.remove());
  return copy.textContent.trim();
}));

/** Opens a view and waits until all of its parts are there. */
export async function view(context, base, query) {
  const tab = await context.newPage();
  const heard = listen(tab, base);
  await tab.goto(`${base}/portal?${query}`);
  await settled(tab);
  return { tab, heard };
}

/** Looks at each part, so that it asks for its figures, and waits until none is busy. */
export async function settled(tab) {
  for (const id of ['tiles', 'chart', 'map', 'compare', 'table']) {
    await tab.locator(`#${id}`).scrollIntoViewIfNeeded();
    await tab.locator(`#${id}:not([aria-busy]) .body > :not(.loading)`).first().waitFor();
  }
  await tab.waitForFunction(() => !document.querySelector('[aria-busy]'));
}

/** Rows of a table of the page as texts. */
export async function rowsOf(tab, selector) {
  const rows = await tab.locator(`${selector} tbody tr`).all();
  return Promise.all(rows.map((row) => texts(row.locator('th, td'))));
}

async function judgeTiles(base, tab, lang) {
  const wanted = {
    centres: 'datasets/centres/data?centreStatus=operating', learners: 'datasets/learners/data',
    staff: 'datasets/staff/data?staffStatus=working',
    enrolments_now: 'datasets/enrolments/data?schoolYear=latest&period=live',
    classes: 'datasets/classes/data?schoolYear=latest&measures=classes',
    capacity: 'datasets/classes/data?schoolYear=latest&measures=capacity',
    recognitions: 'datasets/recognitions/data?recognitionState=granted', women_share: 'indicators/women_share/data',
  };
  must('tiles', await tab.locator('.fact').count(), Object.keys(wanted).length);
  for (const [id, path] of Object.entries(wanted)) {
    const [seen] = await texts(tab.locator(`.fact[data-figure="${id}"] data`));
    must(`the tile of ${id}`, seen, written(await asked(base, path), lang));
  }
}

/** The map: a value on each tile, and the same beside it. */
export async function judgeMap(base, tab, path) {
  const answer = await json(`${base}/v1/statistics/${path}`);
  const rows = new Map(answer.rows.map((row) => [row.members[0], row.values?.[0] ?? row.value]));
  const absent = answer.indicator ? '' : '0';
  const tiles = await tab.locator('.tile[data-place]').evaluateAll((all) => all.map((tile) => [tile.dataset.place, tile.querySelector('data').value]));
  must('tiles of provinces', tiles.length, 34);
  for (const [place, seen] of tiles) must(`the tile of ${place} in ${path}`, seen, String(rows.get(place) ?? absent));
  const listed = await tab.locator('#map table data').evaluateAll((all) => all.map((one) => one.value));
  must(`the table of ${path}`, listed.sort(), tiles.map(([, value]) => value).sort());
  const shades = await tab.locator('.tile[data-place]:not(.shade-0)').count();
  must(`coloured tiles of ${path}`, shades, [...rows.values()].filter((value) => value > 0).length);
}

/** A chart has a point for each year and line, as high as the figure; `cell` gives it by the numbers of line and year. */
async function judgePoints(tab, selector, { years, lines, cell }) {
  if (years.length < 2 || lines.length < 2) throw new Error(`${years.length} years and ${lines.length} lines to judge`);
  const drawn = await tab.locator(`${selector} canvas`).evaluate((canvas) => {
    const chart = globalThis.Chart.getChart(canvas);
    const heights = (nth) => chart.getDatasetMeta(nth).data.map(({ y }) => chart.scales.y.getValueForPixel(y));
    return { years: chart.data.labels, lines: chart.data.datasets.map(({ label }, nth) => ({ label, heights: heights(nth) })) };
  });
  must(`years of ${selector}`, drawn.years, years.map(({ code }) => code));
  must(`lines of ${selector}`, drawn.lines.map(({ label }) => label), lines);
  const values = drawn.lines.map(({ heights }) => heights.map((height) => Math.round(height)));
  must(`points of ${selector}`, values, lines.map((_, line) => years.map((_, year) => cell(line, year).values[0])));
}

/** Where the figures of a data set are asked for: those of today, or of its release among `releases`. */
export const dataOf = (set, releases = {}) => `datasets/${set}/${releases[set] ? `releases/${releases[set]}/` : ''}data`;

export async function judgeChart(base, tab, lang, releases) {
  const answer = await json(`${base}/v1/statistics/${dataOf('enrolments', releases)}?groupBy=schoolYear,gender&period=start&lang=${lang}`);
  const [years, genders] = answer.dimensions.map(({ members }) => members);
  const cell = (...members) => answer.rows.find((row) => String(row.members) === String(members)) ?? { values: [0], status: answer.statusOfZero };
  const wanted = years.map(({ code }) => [code, ...genders.map((gender) => cell(code, gender.code))
    .map(({ values, status }) => written({ value: values[0], status }, lang))]);
  await judgePoints(tab, '#chart', { years, lines: genders.map(({ label }) => label), cell: (line, year) => cell(years[year].code, genders[line].code) });
  must('the table of the chart', await rowsOf(tab, '#chart table'), wanted);
  must('the heads of the chart', (await texts(tab.locator('#chart thead th'))).slice(1), genders.map(({ label }) => label));
  const painted = await tab.locator('#chart canvas').evaluate((canvas) =>
    canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte !== 0));
  must('something is drawn', painted, true);
}

/** Two provinces in a school year: each figure is that of the API, and so is each point of the chart beside. */
export async function judgeCompare(base, tab, lang, year, releases) {
  const [enrolments, classes] = ['enrolments', 'classes'].map((set) => dataOf(set, releases));
  const paths = [
    `${enrolments}?schoolYear=${year}&period=start`, `${dataOf('centres', releases)}?centreStatus=operating`, 'datasets/learners/data?',
    `${enrolments}?schoolYear=${year}&period=live`, `${classes}?schoolYear=${year}&measures=classes`,
    `${classes}?schoolYear=${year}&measures=capacity`, 'datasets/staff/data?staffStatus=working',
    'datasets/recognitions/data?recognitionState=granted', `indicators/women_share/data?groupBy=province&schoolYear=${year}`,
  ];
  const rows = await rowsOf(tab, '#compare .body > .frame');
  must('rows compared', rows.length, paths.length);
  for (const [nth, path] of paths.entries()) {
    const [one, other] = await Promise.all([PROVINCE, OTHER].map((place) => asked(base, `${path}&province=${place}`)));
    if (nth === 0 && !(one.value > 0 && other.value > 0 && one.value !== other.value)) throw new Error(`nothing to tell apart in ${path}`);
    const less = one.value === null || other.value === null ? null : Math.round((one.value - other.value) * 100) / 100;
    const figures = [one, other, { value: less, status: less === null ? null : one.status ?? other.status }];
    must(`the comparison by ${path}`, rows[nth].slice(1), figures.map((figure) => written(figure, lang)));
  }
  const over = await json(`${base}/v1/statistics/${enrolments}?groupBy=schoolYear,province&period=start&province=${PROVINCE},${OTHER}`);
  const [{ members: years }] = over.dimensions;
  const cell = (line, at) => over.rows.find(({ members }) => String(members) === String([years[at].code, [PROVINCE, OTHER][line]])) ?? { values: [0] };
  await judgePoints(tab, '#compare', { years, lines: (await texts(tab.locator('#compare .body > .frame thead th'))).slice(1, 3), cell });
}

/** The table of the page, by the address of its figures. */
export async function judgeTable(base, tab, lang, path) {
  const answer = await json(`${base}/v1/statistics/${path}&lang=${lang}`);
  const label = (code, at) => (code === '_T' ? { vi: 'Tổng', en: 'Total' }[lang]
    : answer.dimensions[at].members.find((member) => member.code === code).label);
  const wanted = answer.rows.map(({ members, values, status }) =>
    [...members.map(label), ...values.map((value) => written({ value, status }, lang))]);
  if (wanted.length === 0) throw new Error(`no figures of ${path} to judge`);
  must(`the table of ${path}`, await rowsOf(tab, '#cells'), wanted.slice(0, 500));
  const at = await tab.locator('#table .note').innerText();
  if (!at.replace(/[.,]/g, '').includes(String(answer.position))) throw new Error(`${path}: its position is not told: ${at}`);
  for (const note of answer.notes) if (!at.includes(note)) throw new Error(`${path}: not told: ${note}`);
}

/** Every data set in the table, over what does not add up and one dimension more, with totals. */
async function judgeTables(base, context, lang) {
  const { items } = await json(`${base}/v1/statistics/datasets`);
  for (const { id } of items) {
    const set = await json(`${base}/v1/statistics/datasets/${id}`);
    const needed = set.dimensions.filter(({ addsUp }) => !addsUp).map(({ code }) => code);
    const groupBy = [...new Set([...needed, set.dimensions.find(({ addsUp }) => addsUp).code])];
    const query = `groupBy=${groupBy}&totals=true`;
    const { tab, heard } = await view(context, base, `set=${id}&${query}&lang=${lang}`);
    await judgeTable(base, tab, lang, `${dataOf(id)}?${query}`);
    must(`faults of ${id}`, heard, []);
    await tab.close();
  }
}

/** axe-core on all that there is, also inside of what is folded. */
export async function judgeAccess(tab) {
  await tab.locator('details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
  await tab.evaluate(AXE);
  const { violations, passes } = await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`);
  if (told.length > 0 || passes.length < 20) throw new Error(`${passes.length} rules hold; ${told.join('\n')}`);
}

async function judgeLook(browser, base, lang, { colorScheme, viewport }) {
  const context = await browser.newContext({ locale: LANGUAGES[lang], viewport, colorScheme });
  try {
    const { tab, heard } = await view(context, base, 'split=gender&a=31&b=01');
    must('language', await tab.locator('html').getAttribute('lang'), lang);
    await judgeTiles(base, tab, lang);
    await judgeMap(base, tab, 'datasets/enrolments/data?groupBy=province&schoolYear=latest&period=start');
    await judgeChart(base, tab, lang);
    await judgeCompare(base, tab, lang, 'latest');
    const wider = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    must('pixels wider than the screen', wider, 0);
    await screenshot(tab, `portal_${lang}_${colorScheme}_${viewport.width}`);
    await judgeAccess(tab);
    must('faults', heard, []);
    const before = await view(context, base, `time=${BEFORE}&a=31&b=01`);
    await judgeMap(base, before.tab, `datasets/enrolments/data?groupBy=province&schoolYear=${BEFORE}&period=start`);
    await judgeCompare(base, before.tab, lang, BEFORE);
    must('faults of the year before', before.heard, []);
  } finally {
    await context.close();
  }
}

async function judgeOthers(browser, base) {
  const context = await browser.newContext({ viewport: WIDE });
  for (const [figure, path] of [['women_share', 'indicators/women_share/data?groupBy=province'], ['centres', 'datasets/centres/data?groupBy=province&centreStatus=operating'],
    ['communes_with_learning_centre', 'indicators/communes_with_learning_centre/data?groupBy=province'],
    ['recognitions', 'datasets/recognitions/data?groupBy=province&recognitionState=granted']]) {
    const { tab, heard } = await view(context, base, `lang=en&figure=${figure}`);
    await judgeMap(base, tab, path);
    must(`faults of ${figure}`, heard, []);
    await tab.close();
  }
  await context.close();
}

/** The first view asks little, and as anybody may. */
async function judgeFirstView(browser, base) {
  const context = await browser.newContext({ viewport: WIDE });
  const tab = await context.newPage();
  const calls = [];
  tab.on('request', (request) => { if (request.url().includes('/v1/')) calls.push(request); });
  await tab.goto(`${base}/portal`, { waitUntil: 'networkidle' });
  if (calls.length === 0 || calls.length > FIRST_VIEW_AT_MOST) throw new Error(`${calls.length} calls: ${calls.map((one) => one.url()).join('\n')}`);
  for (const call of calls) {
    const { authorization, cookie } = await call.allHeaders();
    if (authorization || cookie) throw new Error(`${call.url()} says who asks`);
  }
  await context.close();
}

/** Without a record there is a page all the same, and what was rounded away is no zero. */
async function judgeEmpty(browser) {
  const service = await startService({ settings: UNHURRIED });
  try {
    const context = await browser.newContext({ viewport: NARROW });
    const { tab, heard } = await view(context, service.base, 'lang=en');
    const value = (id) => texts(tab.locator(`.fact[data-figure="${id}"] data`));
    must('figures of nothing', (await Promise.all(['centres', 'learners', 'women_share'].map(value))).flat(), ['0', '≈ 0', '–']);
    must('texts of nothing', await texts(tab.locator('#chart .empty, #map .empty')), Array(2).fill('There are no figures yet.'));
    must('text of the table', await texts(tab.locator('#table .empty')), ['No figures are shown: there are few or no people of this choice.']);
    await judgeAccess(tab);
    must('faults', heard, []);
  } finally {
    await service.stop();
  }
}

export async function judgePortal(report) {
  const vendor = (province) => ['--role', 'vendor', '--province', province];
  const clients = { vendor: vendor(PROVINCE), other: vendor(OTHER), ministry: ['--role', 'ministry', '--country'] };
  const service = await startService({ demo: true, settings: UNHURRIED, clients });
  const { base } = service;
  const browser = await launch();
  try {
    await fill(service);
    await counted(service);
    await report.check('the first view of the portal asks little and says nothing of who asks', () => judgeFirstView(browser, base));
    for (const lang of Object.keys(LANGUAGES)) {
      for (const colorScheme of ['light', 'dark']) {
        for (const viewport of [WIDE, NARROW]) {
          await report.check(`the portal in ${lang}, ${colorScheme}, ${viewport.width} px shows the figures of the API to everybody`, () =>
            judgeLook(browser, base, lang, { colorScheme, viewport }));
        }
      }
      await report.check(`its table shows every data set in ${lang}`, async () => {
        const context = await browser.newContext({ viewport: WIDE });
        await judgeTables(base, context, lang).finally(() => context.close());
      });
    }
    await report.check('its map shows counts and indicators', () => judgeOthers(browser, base));
    await judgeUse(report, browser, base);
    await judgeShared(report, browser, base);
    await judgeReleased(report, browser, service);
    await report.check('an empty service has a portal too', () => judgeEmpty(browser));
  } finally {
    await browser.close();
    await service.stop();
  }
}
