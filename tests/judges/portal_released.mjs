// Releases on the portal: the figures of one are those that the API keeps of it, whatever has become of the figures of
// today, and no figure of one kind passes for the other.

import { LANGUAGES, NARROW, WIDE, screenshot } from './browser.mjs';
import { OTHER, PROVINCE, grow, release } from './portal_data.mjs';
import { dataOf, judgeAccess, judgeChart, judgeCompare, judgeMap, judgeTable, must, settled, texts, view } from './portal.mjs';
import { linkOf, shown } from './portal_shared.mjs';
import { saved, tabTo } from './portal_use.mjs';
import { counted, json } from './statistics.mjs';

const NOTES = { vi: 'Số liệu đầu năm học (thử nghiệm).', en: 'Figures of the start of the year (trial).' };
const REASON = 'Thiếu một lớp (thử nghiệm).';
const CONTENT = { kind: 'regular', notesVi: NOTES.vi, notesEn: NOTES.en };
const TODAY = { vi: 'Hiện tại', en: 'As of today' };
const OF_TODAY = { vi: 'Số liệu hiện tại, không thuộc bản phát hành nào.', en: 'Figures as of today, of no release.' };
const MISSING = { vi: 'Rất tiếc, không có bản phát hành mà liên kết nêu.', en: 'Sorry, there is no such release as the link names.' };
const BY_PLACE = 'groupBy=province&schoolYear=latest&period=start';
const ENROLMENTS = ['#chart', '#map', '#table'];

const day = (moment) => new Date(moment).toLocaleDateString('en-GB', { timeZone: 'Asia/Ho_Chi_Minh' });
const title = ({ release: number, kind }, lang) => ({
  vi: `Bản phát hành ${number}${kind === 'correction' ? ' (đính chính)' : ''}`, en: `Release ${number}${kind === 'correction' ? ' (correction)' : ''}`,
}[lang]);
const editions = (tab) => tab.locator('#figure-edition, #table-edition');
const editionsOf = (tab, parts) => texts(tab.locator(parts.map((part) => `${part} .body > .edition, ${part} .body > .announcement > .edition`).join()));

/** Before there is a release nothing offers one, but for the feed of those to come. */
async function judgeNone(browser, base) {
  const context = await browser.newContext({ viewport: WIDE });
  for (const lang of Object.keys(LANGUAGES)) {
    const { tab, heard } = await view(context, base, `lang=${lang}`);
    must('choices of releases', await editions(tab).evaluateAll((all) => all.map((one) => one.checkVisibility())), [false, false]);
    must('what is said of releases', await tab.locator('.edition').count(), 0);
    const links = await tab.locator('head link[type="application/atom+xml"], footer a[type="application/atom+xml"]').evaluateAll((all) => all.map(({ href }) => href));
    must('links to the feed', links, Array(2).fill(`${base}/v1/statistics/releases.atom?lang=${lang}`));
    const feed = await fetch(links[0]);
    must('the feed', [feed.status, feed.headers.get('content-type').split(';')[0]], [200, 'application/atom+xml']);
    must('faults', heard, []);
  }
  await context.close();
}

/** All that a view shows of a release; of the comparison the rows that are of it. */
async function ofRelease(tab) {
  const { compared: [, rows], ...seen } = await shown(tab);
  const chosen = await editions(tab).locator('select').evaluateAll((all) => all.map(({ value }) => value));
  const values = await tab.locator('#chart data, #map data').evaluateAll((all) => all.map(({ value }) => value));
  return { ...seen, release: chosen, values, rows: rows.filter(([head]) => !Object.values(TODAY).some((today) => head.endsWith(` ${today}`))) };
}

/** Releases of two data sets, the first corrected, each followed by other figures of today; and what a link to the first showed in time. */
async function prepared(browser, service) {
  const { base } = service;
  const first = await release(service, 'enrolments', CONTENT);
  const centres = await release(service, 'centres', CONTENT);
  const context = await browser.newContext({ locale: LANGUAGES.vi, viewport: WIDE });
  const { tab } = await view(context, base, `release=enrolments@${first.release}&split=gender`);
  const kept = { link: await linkOf(tab), seen: await ofRelease(tab) };
  await context.close();
  await grow(service, 'other', 2025);
  await counted(service);
  const correction = await release(service, 'enrolments', { ...CONTENT, kind: 'correction', reason: REASON });
  await grow(service, 'vendor', 2024);
  await counted(service);
  const answers = await Promise.all([first.release, correction.release, undefined].map((enrolments) =>
    json(`${base}/v1/statistics/${dataOf('enrolments', { enrolments })}?groupBy=schoolYear,province&period=live`)));
  must('different figures of two releases and today', new Set(answers.map(({ rows }) => JSON.stringify(rows))).size, 3);
  return { first, correction, centres, kept };
}

/** All parts that show the data set have the figures of its release and say so; the others say that they have not. */
async function judgeFigures(browser, base, one, lang, { viewport, colorScheme }) {
  const context = await browser.newContext({ locale: LANGUAGES[lang], viewport, colorScheme });
  const of = { enrolments: one.release };
  const { tab, heard } = await view(context, base, `release=enrolments@${one.release}&split=gender&a=${PROVINCE}&b=${OTHER}`);
  must('choices', await editions(tab).locator('select').evaluateAll((all) => all.map(({ value }) => value)), Array(2).fill(one.release));
  await judgeMap(base, tab, `${dataOf('enrolments', of)}?${BY_PLACE}`);
  await judgeChart(base, tab, lang, of);
  await judgeCompare(base, tab, lang, 'latest', of);
  await judgeTable(base, tab, lang, `${dataOf('enrolments', of)}?${BY_PLACE}`);
  const heads = await editionsOf(tab, ENROLMENTS);
  must('heads', heads.map((head) => head.startsWith(`${title(one, lang)}, `)), Array(ENROLMENTS.length).fill(true));
  must('the head of the main figures', await editionsOf(tab, ['#tiles']), [OF_TODAY[lang]]);
  const named = `${title(one, lang)} – ${day(one.createdAt)}`;
  const rows = Array.from({ length: 9 }, (_, nth) => ([0, 3].includes(nth) ? named : TODAY[lang]));
  must('what rows are of', await texts(tab.locator('#compare .body > .frame .of')), rows);
  for (const told of ['#announced', '#table .announcement']) {
    const said = (await texts(tab.locator(`${told} p`))).slice(-2).join('\n');
    const wanted = [NOTES[lang], ...(one.reason ? [one.reason] : [])];
    must(`what ${told} says of it`, wanted.filter((text) => !said.includes(text)), []);
  }
  must('pixels wider than the screen', await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  await screenshot(tab, `portal_release_${one.release}_${lang}_${colorScheme}_${viewport.width}`);
  await judgeAccess(tab);
  must('faults', heard, []);
  await context.close();
}

/** A release of another data set, two at once, and a figure that no release has. */
async function judgeOthers(browser, base, { first, correction, centres }) {
  const context = await browser.newContext({ viewport: WIDE });
  const name = `enrolments@${first.release}`;
  const figures = [
    ['centres', 'datasets/centres/data?groupBy=province&centreStatus=operating', true],
    ['women_share', 'indicators/women_share/data?groupBy=province', false],
  ];
  for (const [figure, path, hasReleases] of figures) {
    const { tab, heard } = await view(context, base, `lang=en&figure=${figure}&release=${name}`);
    await judgeMap(base, tab, path);
    must(`heads of ${figure}`, await editionsOf(tab, ['#chart', '#map']), Array(2).fill(OF_TODAY.en));
    must(`the choice for ${figure}`, await tab.locator('#figure-edition').isVisible(), hasReleases);
    must(`the choice of the table beside ${figure}`, await tab.locator('#table-release').inputValue(), first.release);
    must('faults', heard, []);
    await tab.close();
  }
  const of = { enrolments: first.release, centres: centres.release };
  const { tab, heard } = await view(context, base, `lang=en&figure=centres&release=${name},centres@${centres.release}`);
  const path = (releases) => `${dataOf('centres', releases)}?groupBy=province&centreStatus=operating`;
  const [then, now] = await Promise.all([of, {}].map((releases) => json(`${base}/v1/statistics/${path(releases)}`)));
  if (JSON.stringify(then.rows) === JSON.stringify(now.rows)) throw new Error('nothing to tell apart in centres');
  await judgeMap(base, tab, path(of));
  const [caption] = await texts(tab.locator('#map figcaption'));
  if (!caption.includes(day(centres.countedAt))) throw new Error(`not of the day of the release: ${caption}`);
  const rows = (await texts(tab.locator('#compare .body > .frame .of'))).map((of) => of !== TODAY.en);
  must('rows of releases', rows.filter(Boolean).length, 2);
  const kept = `centres@${centres.release}`;
  for (const [chosen, wanted] of [[correction.release, `${kept},enrolments@${correction.release}`], ['', kept]]) {
    await tab.locator('#table-release').selectOption(chosen);
    await settled(tab);
    must(`releases in view after choosing ${chosen}`, new URL(tab.url()).searchParams.get('release'), wanted);
  }
  must('faults', heard, []);
  await context.close();
}

/** What is taken away is of the release, too, and the file of the comparison tells of each row what it is of. */
async function judgeFiles(browser, base, { first }) {
  const context = await browser.newContext({ viewport: WIDE });
  const name = `enrolments@${first.release}`;
  const { tab } = await view(context, base, `lang=en&groupBy=province&schoolYear=latest&period=start&release=${name}`);
  const own = `${base}/v1/statistics/${dataOf('enrolments', { enrolments: first.release })}?`;
  const links = await tab.locator('#chart .downloads a, #map .downloads a, #table .downloads a').evaluateAll((all) => all.map(({ href }) => href));
  must('links to files', [links.length, links.filter((href) => !href.startsWith(own))], [9, []]);
  const rows = (await (await fetch(links.at(-3))).text()).trim().split(/\r?\n/).slice(1).map((line) => line.split(',').at(2));
  must('the file of the table', rows, await tab.locator('#cells data').evaluateAll((all) => all.map(({ value }) => value)));
  const files = tab.locator('#compare .downloads a');
  const [compared, years] = [await saved(tab, files.first()), await saved(tab, files.nth(1))];
  const wanted = compared.rows.map(({ figure }) => (figure.startsWith('enrolments') ? name : ''));
  must('the file of the comparison', compared.rows.map((row) => row.release), wanted);
  must('the file of its chart', [...new Set(years.rows.map((row) => row.release))], [name]);
  const { position } = await json(`${own}groupBy=province&schoolYear=latest&period=start`);
  must('what it is true at', compared.rows[0].position, String(position));
  await context.close();
}

/** The link, kept while the figures of today changed, shows others the same, and so does the page in another language. */
async function judgeLink(browser, base, { kept, first }) {
  const context = await browser.newContext({ locale: LANGUAGES.en, viewport: NARROW });
  const { tab, heard } = await view(context, base, kept.link.slice(kept.link.indexOf('?') + 1));
  must(`what ${kept.link} shows later`, await ofRelease(tab), kept.seen);
  if (kept.seen.values.length < 30 || kept.seen.rows.length !== 2) throw new Error(`little to judge: ${JSON.stringify(kept.seen)}`);
  await tab.locator('.langs a[lang="en"]').click();
  const english = await ofRelease(tab);
  must('language', english.lang, 'en');
  for (const same of ['chosen', 'groups', 'release', 'values']) must(`${same} in English`, english[same], kept.seen[same]);
  must('heads in English', (await editionsOf(tab, ENROLMENTS)).every((head) => head.startsWith(title(first, 'en'))), true);
  must('faults', heard, []);
  await context.close();
}

/** A release that is none gives way to today, which is told. */
async function judgeMissing(browser, base, { first }) {
  for (const [lang, name] of [['vi', 'enrolments@9.9.9'], ['en', 'nothing@1.0.0'], ['en', first.release], ['vi', 'enrolments@1.0.0/../x']]) {
    const context = await browser.newContext({ viewport: NARROW });
    const { tab, heard } = await view(context, base, `lang=${lang}&release=${name}`);
    const told = await tab.locator('#missing').innerText();
    if (!told.startsWith(MISSING[lang])) throw new Error(`${name}: told is ${told}`);
    must('choices', await editions(tab).locator('select').evaluateAll((all) => all.map(({ value }) => value)), ['', '']);
    await judgeMap(base, tab, `datasets/enrolments/data?${BY_PLACE}`);
    await judgeTable(base, tab, lang, `datasets/enrolments/data?${BY_PLACE}`);
    must('a release in the link', new URL(await linkOf(tab)).searchParams.has('release'), false);
    await judgeAccess(tab);
    await tab.locator('#table-release').selectOption(first.release);
    await settled(tab);
    must('what is told of a release that there is', await texts(tab.locator('#missing')), ['']);
    must('faults', heard, []);
    await context.close();
  }
}

/** Chosen without a mouse in either place, the focus stays and the other place follows; the table keeps it, and back leads to today. */
async function judgeKeys(browser, base, { first, correction }) {
  const context = await browser.newContext({ viewport: WIDE });
  // A list of many pages is read to its end.
  await context.route('**/releases?*', (route) => route.continue({ url: route.request().url().replace(/first=\d+/, 'first=1') }));
  const { tab, heard } = await view(context, base, 'lang=en');
  const offered = (one) => `${one.release} – ${day(one.createdAt)}${one.reason ? ' (correction)' : ''}`;
  must('what is offered', await texts(tab.locator('#table-release option')), [TODAY.en, offered(correction), offered(first)]);
  for (const [id, one] of [['figure-release', correction], ['table-release', first]]) {
    await tab.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
    await tabTo(tab, `#${id}`);
    await tab.keyboard.press('ArrowDown');
    await tab.waitForURL((url) => url.searchParams.get('release') === `enrolments@${one.release}`);
    await settled(tab);
    must('focus', await tab.evaluate(() => document.activeElement.id), id);
    must('both choices', await editions(tab).locator('select').evaluateAll((all) => all.map(({ value }) => value)), Array(2).fill(one.release));
    must('heads', (await editionsOf(tab, ENROLMENTS)).filter((head) => head.startsWith(`${title(one, 'en')}, `)).length, 3);
    if (!(await tab.locator('#live').innerText()).startsWith('Updated:')) throw new Error('the change is not told');
  }
  await tab.locator('#g-gender').check();
  await tab.waitForURL(/groupBy=province,gender/);
  await settled(tab);
  await judgeTable(base, tab, 'en', `${dataOf('enrolments', { enrolments: first.release })}?${BY_PLACE.replace('province', 'province,gender')}`);
  for (let nth = 0; nth < 3; nth += 1) await tab.goBack();
  await settled(tab);
  must('heads of today', await tab.locator('.edition').count(), 0);
  await judgeMap(base, tab, `datasets/enrolments/data?${BY_PLACE}`);
  must('faults', heard, []);
  await context.close();
}

/** Without the list of releases nothing of today is shown in the place of one. */
async function judgeFailures(browser, base, { first }) {
  const context = await browser.newContext({ viewport: WIDE });
  await context.route('**/releases?*', (route) => route.abort());
  const { tab } = await view(context, base, `lang=en&release=enrolments@${first.release}`);
  must('what is told', await texts(tab.locator('.failure p')), Array(5).fill('The server cannot be reached.'));
  must('the choice of figures', await tab.locator('#figure').inputValue(), 'enrolments');
  await context.unroute('**/releases?*');
  await tab.locator('#map .failure button').click();
  await tab.locator('#map .tile').first().waitFor();
  await settled(tab);
  must('heads', (await editionsOf(tab, ['#map']))[0].startsWith(title(first, 'en')), true);
  await context.close();
}

export async function judgeReleased(report, browser, service) {
  const { base } = service;
  await report.check('the portal offers no release where there is none', () => judgeNone(browser, base));
  const made = await prepared(browser, service);
  for (const lang of Object.keys(LANGUAGES)) {
    for (const [one, look] of [[made.first, { viewport: WIDE, colorScheme: 'dark' }], [made.correction, { viewport: NARROW, colorScheme: 'light' }]]) {
      await report.check(`the portal in ${lang}, ${look.colorScheme}, ${look.viewport.width} px shows release ${one.release} after today has changed`, () =>
        judgeFigures(browser, base, one, lang, look));
    }
  }
  await report.check('the portal says which of its figures are of no release', () => judgeOthers(browser, base, made));
  await report.check('files of a release on the portal hold what is shown', () => judgeFiles(browser, base, made));
  await report.check('the link to a release shows others the same later', () => judgeLink(browser, base, made));
  await report.check('the portal tells of a release that is none, and shows today', () => judgeMissing(browser, base, made));
  await report.check('a release of the portal is chosen by keyboard', () => judgeKeys(browser, base, made));
  await report.check('the portal shows nothing in the place of a release that does not come', () => judgeFailures(browser, base, made));
}
