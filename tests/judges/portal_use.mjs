// How the portal is used: with a keyboard, back and forward, by refusals and failures, and files to take away.

import { readFile } from 'node:fs/promises';
import JSONstat from 'jsonstat-toolkit';
import { NARROW, WIDE, screenshot } from './browser.mjs';
import { here, run, succeeded } from './command.mjs';
import { judgeAccess, must, rowsOf, settled, texts, view } from './portal.mjs';
import { json } from './statistics.mjs';

/** More stops than the page has. */
const STOPS_AT_MOST = 400;
const CONTROLS = 'a[href], button:enabled, input:enabled, select:enabled, summary, [tabindex="0"]';

/** All that a view shows. */
async function seen(tab) {
  await settled(tab);
  const chosen = await tab.locator('select').evaluateAll((all) => all.map((one) => [one.id, one.value]));
  const ticked = await tab.locator('input:checked').evaluateAll((all) => all.map((one) => one.id));
  return { chosen, ticked, figures: await texts(tab.locator('data')), tables: await rowsOf(tab, '#cells'), heads: await texts(tab.locator('figcaption, #cells thead th')) };
}

/** Changes the view by its controls, as a person would, and tells what each view showed. */
async function wander(tab) {
  const views = [await seen(tab)];
  const step = async (act) => {
    const before = tab.url();
    await act();
    await tab.waitForFunction((url) => location.href !== url, before);
    views.push(await seen(tab));
  };
  await step(() => tab.locator('#figure').selectOption('women_share'));
  await step(() => tab.locator('#split').selectOption('programmeGroup'));
  await step(() => tab.locator('#place-b').selectOption('79'));
  await step(() => tab.locator('#set').selectOption('classes'));
  await step(() => tab.locator('#g-programmeGroup').check());
  await tab.locator('.filter[data-dimension="centreKind"] summary').click();
  await step(() => tab.locator('.filter[data-dimension="centreKind"] input').first().check());
  await step(() => tab.locator('#totals').check());
  return views;
}

async function judgeLinks(browser, base) {
  const context = await browser.newContext({ viewport: WIDE });
  const { tab, heard } = await view(context, base, 'lang=vi');
  const views = await wander(tab);
  for (const [nth, one] of views.entries()) {
    if (nth > 0 && JSON.stringify(one) === JSON.stringify(views[nth - 1])) throw new Error(`step ${nth} changed nothing`);
  }
  const other = await browser.newContext({ viewport: NARROW });
  const copy = await other.newPage();
  await copy.goto(tab.url());
  must('the view by its address', await seen(copy), views.at(-1));
  await other.close();
  for (const wanted of views.slice(0, -1).reverse()) {
    await tab.goBack();
    must('the view before', await seen(tab), wanted);
  }
  await tab.goForward();
  must('the view after', await seen(tab), views[1]);
  await tab.locator('.langs a[lang="en"]').click();
  must('the same view in English', (await seen(tab)).chosen, views[1].chosen);
  must('faults', heard, []);
  await context.close();
}

/** Tabs from the top to the end: each control is met once in its order, and seen to be. */
async function judgeTabs(browser, base) {
  const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce' });
  const { tab } = await view(context, base, 'lang=en');
  const count = await tab.locator(CONTROLS).evaluateAll((all) => {
    const open = all.filter((one) => one.checkVisibility() && (one.tagName === 'SUMMARY' || !one.closest('details:not([open])')));
    open.forEach((one, nth) => { one.dataset.nth = nth; });
    return open.length;
  });
  await tab.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
  const met = [];
  for (let nth = 0; nth < STOPS_AT_MOST && met.length < count; nth += 1) {
    await tab.keyboard.press('Tab');
    const [at, outline] = await tab.evaluate(() => [document.activeElement.dataset.nth, getComputedStyle(document.activeElement).outlineStyle]);
    if (at === undefined) break;
    if (outline === 'none') throw new Error(`the focus on control ${at} is not seen`);
    met.push(Number(at));
  }
  must('controls met in their order', met, Array.from({ length: count }, (_, nth) => nth));
  must('motion', await tab.locator('#map .body').evaluate((one) => getComputedStyle(one).transitionDuration), '0s');
  await context.close();
}

/** Presses Tab until a control has the focus. */
export async function tabTo(tab, selector) {
  for (let nth = 0; nth < STOPS_AT_MOST; nth += 1) {
    await tab.keyboard.press('Tab');
    if (await tab.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  throw new Error(`the keyboard does not come to ${selector}`);
}

/** Chooses, ticks and unfolds without a mouse; what changed is told, and the focus stays. */
async function judgeKeys(browser, base) {
  const context = await browser.newContext({ viewport: WIDE });
  const { dimensions } = await json(`${base}/v1/statistics/datasets/centres`);
  const commune = dimensions.find(({ code }) => code === 'commune').members.at(-1);
  const { tab, heard } = await view(context, base, 'lang=en&set=centres');
  await tab.evaluate(() => scrollTo(0, 0));
  await tab.keyboard.press('Tab');
  must('the first stop', await tab.evaluate(() => document.activeElement.className), 'skip');
  await tab.keyboard.press('Enter');
  must('where it leads', await tab.evaluate(() => document.activeElement.id), 'main');
  await tabTo(tab, '#figure');
  await tab.keyboard.press('ArrowDown');
  await tab.waitForURL(/figure=enrolments_now/);
  await settled(tab);
  must('the figure after a key', (await texts(tab.locator('#map figcaption')))[0].startsWith('Enrolments now'), true);
  if (!(await tab.locator('#live').innerText()).startsWith('Updated:')) throw new Error('the change is not told');
  must('focus', await tab.evaluate(() => document.activeElement.id), 'figure');
  await tabTo(tab, '#chart summary');
  await tab.keyboard.press('Enter');
  await tab.locator('#chart details table').waitFor();
  await tabTo(tab, '#g-ownership');
  await tab.keyboard.press('Space');
  await tab.waitForURL(/groupBy=province,ownership/);
  await settled(tab);
  must('focus', await tab.evaluate(() => document.activeElement.id), 'g-ownership');
  must('columns', await tab.locator('#cells thead th').count(), 3);
  await tabTo(tab, '.filter[data-dimension="commune"] summary');
  await tab.keyboard.press('Enter');
  await tab.keyboard.press('Tab');
  // Whoever has no Vietnamese keys finds it all the same.
  await tab.keyboard.type(commune.label.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D'));
  await tab.locator('.filter[data-dimension="commune"] .hint:empty').waitFor({ state: 'attached' });
  await tabTo(tab, `#f-commune-${commune.code}`);
  await tab.keyboard.press('Space');
  await tab.waitForURL(new RegExp(`commune=${commune.code}`));
  await settled(tab);
  const found = await json(`${base}/v1/statistics/datasets/centres/data?groupBy=province,ownership&commune=${commune.code}`);
  must('rows of the commune', (await rowsOf(tab, '#cells')).length, found.rows.length);
  must('faults', heard, []);
  await context.close();
}

/** A refusal of the API is shown in its own words, in both languages, and is read by axe-core. */
async function judgeRefusals(browser, base) {
  for (const lang of ['vi', 'en']) {
    const query = 'groupBy=province&period=start';
    const refused = await (await fetch(`${base}/v1/statistics/datasets/enrolments/data?${query}&lang=${lang}`)).json();
    const context = await browser.newContext({ viewport: WIDE });
    const { tab } = await view(context, base, `set=enrolments&${query}&lang=${lang}`);
    const told = await tab.locator('#table .failure p').innerText();
    if (!told.includes(refused.errors[0].detail)) throw new Error(`${told} in place of ${refused.errors[0].detail}`);
    await judgeAccess(tab);
    await screenshot(tab, `portal_refused_${lang}`);
    await tab.locator('#f-schoolYear-latest').check();
    await tab.locator('#cells').waitFor();
    await context.close();
  }
}

/** What does not come is told in the language of the page, and comes when it is asked for again. */
async function judgeFailures(browser, base) {
  const gone = (route) => route.abort();
  const broken = (route) => route.fulfill({ status: 503, contentType: 'text/html', body: '<p>Service Unavailable' });
  const unreachable = { vi: 'Không kết nối được với máy chủ.', en: 'The server cannot be reached.' };
  for (const lang of ['vi', 'en']) {
    for (const [answer, more] of [[gone, ''], [broken, ' (HTTP 503)']]) {
      const context = await browser.newContext({ viewport: WIDE });
      await context.route('**/tiles.json', answer);
      const { tab } = await view(context, base, `lang=${lang}`);
      must('what is told', await texts(tab.locator('.failure p')), Array(2).fill(unreachable[lang] + more));
      await context.unroute('**/tiles.json');
      await tab.locator('#map .failure button').click();
      await tab.locator('#map .tile').first().waitFor();
      must('tiles when asked again', await tab.locator('.tile[data-place]').count(), 34);
      await tab.locator('#compare .failure button').click();
      await tab.locator('#compare .body > .frame').waitFor();
      must('places when asked again', await tab.locator('#place-a option').count(), 35);
      await context.close();
    }
  }
  const context = await browser.newContext({ viewport: WIDE });
  await context.route('**/v1/statistics/indicators?*', gone);
  const { tab } = await view(context, base, 'lang=vi');
  must('figures to choose from', await tab.locator('#figure option').count(), 0);
  await context.unroute('**/v1/statistics/indicators?*');
  await tab.locator('#tiles .failure button').click();
  await tab.locator('#figure option').first().waitFor({ state: 'attached' });
  await context.close();
}

/** The fields of a line of CSV that does not begin with an empty one. */
const fields = (line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);

/** A file that the page writes itself, as the browser saves it. */
export async function saved(tab, link) {
  const [file] = await Promise.all([tab.waitForEvent('download'), link.click()]);
  const [heads, ...lines] = (await readFile(await file.path(), 'utf8')).trim().split('\r\n').map(fields);
  return { name: file.suggestedFilename(), rows: lines.map((line) => Object.fromEntries(heads.map((head, nth) => [head, line[nth]]))) };
}

/** The files of the comparison are its table and its chart, and tell what they are true at. */
async function judgeComparison(browser, base) {
  for (const [lang, figure] of [['vi', 'enrolments'], ['en', 'women_share'], ['vi', 'recognitions']]) {
    const context = await browser.newContext({ viewport: WIDE });
    const { tab, heard } = await view(context, base, `lang=${lang}&figure=${figure}&a=01&b=_T`);
    const { position, countedAt } = await json(`${base}/v1/statistics/datasets/enrolments/data?schoolYear=latest&period=start`);
    const links = tab.locator('#compare .downloads a');
    const table = await saved(tab, links.first());
    must('name of the file', table.name, 'gdtx-01-_T.csv');
    const shown = await tab.locator('#compare .body > .frame tbody tr').evaluateAll((all) => all.map((row) => ({
      label: row.cells[0].textContent, values: [...row.querySelectorAll('data')].map((one) => one.value),
      rounded: [...row.querySelectorAll('data')].slice(0, 2).map((one) => one.textContent.startsWith('≈')),
    })));
    const when = (time) => (time === '_T' ? { vi: 'Tất cả các năm', en: 'All years' }[lang] : time);
    must('the file of the comparison', table.rows.map((row) => ({
      label: `${row.figureLabel}${row.time && `, ${when(row.time)}`} (${row.unit})`, values: [row.valueA, row.valueB, row.difference],
      rounded: [row.statusA, row.statusB].map((status) => status === 'rounded'),
    })), shown);
    const heads = (await texts(tab.locator('#compare .body > .frame thead th'))).slice(1, 3);
    for (const row of table.rows) {
      must('the places in the file', [row.placeA, row.placeALabel, row.placeB, row.placeBLabel], ['01', heads[0], '_T', heads[1]]);
      must('what it is true at', [row.position, row.countedAt], [String(position), countedAt]);
    }
    const chart = await saved(tab, links.nth(1));
    must('name of the file of the chart', chart.name, `gdtx-01-_T-${figure}.csv`);
    const points = await tab.locator('#compare details tbody tr').evaluateAll((all) => all.map((row) =>
      [row.cells[0].textContent, ...[...row.querySelectorAll('data')].map((one) => one.value)]));
    if (points.length < 2) throw new Error(`${points.length} years to judge`);
    must('the file of the chart', chart.rows.map(({ time, valueA, valueB }) => [time, valueA, valueB]), points);
    must('faults', heard, []);
    await context.close();
  }
}

/** What is taken away is what is shown. */
async function judgeFiles(browser, base) {
  const context = await browser.newContext({ viewport: WIDE });
  const { tab } = await view(context, base, 'lang=en&set=enrolments&groupBy=province,gender&schoolYear=latest&period=start&totals=true');
  const rows = await rowsOf(tab, '#cells');
  const figures = (await tab.locator('#cells data').evaluateAll((all) => all.map((one) => Number(one.value))));
  if (figures.length < 3) throw new Error(`only ${figures.length} figures`);
  const links = await tab.locator('#table .downloads a').evaluateAll((all) => Object.fromEntries(all.map((one) => [one.textContent, one.href])));
  must('forms', Object.keys(links), ['CSV', 'XLSX', 'JSON-stat']);
  const csv = (await (await fetch(links.CSV)).text()).trim().split(/\r?\n/).slice(1).map((line) => line.split(','));
  must('CSV', csv.map(([, place, , gender, value]) => [place || 'Total', gender || 'Total', Number(value)]),
    rows.map(([place, gender], nth) => [place, gender, figures[nth]]));
  const stat = JSONstat(await json(links['JSON-stat'])).toTable({ type: 'arrobj' }).map(({ value }) => value).filter((value) => value !== null && value !== 0);
  must('JSON-stat, which leaves totals to its readers', stat, figures.filter((_, nth) => !rows[nth].includes('Total')));
  const sheet = await run('python3', [`${here}/python/sheet.py`, links.XLSX]);
  succeeded(sheet);
  must('XLSX', JSON.parse(sheet.out), figures);
  const map = await json((await tab.locator('#map .downloads a', { hasText: 'JSON-stat' }).evaluate((one) => one.href)));
  const places = JSONstat(map).toTable({ type: 'arrobj' }).map(({ value }) => value).filter((value) => value > 0).sort();
  const tiles = await tab.locator('.tile data').evaluateAll((all) => all.map((one) => Number(one.value)).filter((value) => value > 0).sort());
  must('the map as JSON-stat', places, tiles);
  await context.close();
}

export async function judgeUse(report, browser, base) {
  await report.check('the address reproduces a view of the portal, back and forward move between views', () => judgeLinks(browser, base));
  await report.check('Tab meets every control of the portal', () => judgeTabs(browser, base));
  await report.check('the portal is changed by keyboard, which is told', () => judgeKeys(browser, base));
  await report.check('the portal tells refusals in words', () => judgeRefusals(browser, base));
  await report.check('the portal tells failures in words, and mends them when asked again', () => judgeFailures(browser, base));
  await report.check('files of the portal hold what is shown', () => judgeFiles(browser, base));
  await report.check('files of the comparison hold what is shown', () => judgeComparison(browser, base));
}
