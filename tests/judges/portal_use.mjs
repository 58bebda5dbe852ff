// How the portal is used: with a keyboard, by links, back and forward, refusals, and files to take away.

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
  const link = await tab.locator('#link').evaluate((one) => one.href);
  must('the link of the view', link, tab.url());
  const other = await browser.newContext({ viewport: NARROW });
  const copy = await other.newPage();
  await copy.goto(link);
  must('the view by its link', await seen(copy), views.at(-1));
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
async function tabTo(tab, selector) {
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
  const places = JSONstat(map).toTable({ type: 'arrobj' }).map(({ value }) => value).filter((value) => value > 0);
  const tiles = await tab.locator('.tile data').evaluateAll((all) => all.map((one) => Number(one.value)).filter((value) => value > 0));
  must('the map as JSON-stat', places, tiles);
  await context.close();
}

export async function judgeUse(report, browser, base) {
  await report.check('a link reproduces a view of the portal, back and forward move between views', () => judgeLinks(browser, base));
  await report.check('Tab meets every control of the portal', () => judgeTabs(browser, base));
  await report.check('the portal is changed by keyboard, which is told', () => judgeKeys(browser, base));
  await report.check('the portal tells refusals in words', () => judgeRefusals(browser, base));
  await report.check('files of the portal hold what is shown', () => judgeFiles(browser, base));
}
