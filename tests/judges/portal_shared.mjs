// The link to a view of the portal, opened by others: in another language, later, and when other places are the largest.

import { LANGUAGES, NARROW, WIDE } from './browser.mjs';
import { must, rowsOf, settled, texts, view } from './portal.mjs';

const LARGE = { place: '79', year: '2098-2099', value: 9_000_000 };
const VIEWS = [
  '', 'figure=classes&split=programmeGroup&set=recognitions', 'figure=centres', 'figure=recognitions&set=classes', 'figure=women_share&time=2024-2025',
  'set=enrolments_by_grade&groupBy=schoolYear,gender&schoolYear=latest,latest-1&period=live&totals=true',
];

/** The link of a view that leaves its first place open, once it leaves nothing open. */
export async function linkOf(tab) {
  await tab.locator('#link').scrollIntoViewIfNeeded();
  const link = await tab.waitForFunction(() => {
    const { href } = document.getElementById('link');
    return new URL(href).searchParams.has('a') && href;
  });
  return link.jsonValue();
}

/** What a view says that it shows, and its figures; of the map and the charts, which others see with more years and places, the captions. */
export async function shown(tab) {
  await settled(tab);
  const values = (selector) => tab.locator(selector).evaluateAll((all) => all.map((one) => one.value));
  return {
    lang: await tab.locator('html').getAttribute('lang'),
    chosen: await values('#figure, #time, #split, #place-a, #place-b, #set'),
    groups: await tab.locator('#groups input:checked, #totals:checked').evaluateAll((all) => all.map(({ id }) => id)),
    captions: await texts(tab.locator('#map figcaption, #compare .body > .frame caption, #cells caption')),
    compared: [await values('#compare .body > .frame data'), await rowsOf(tab, '#compare .body > .frame')],
    table: [await values('#cells data'), await rowsOf(tab, '#cells')],
  };
}

/** One more row for each: of a place or year that was not there, with the figures of `figures`. */
function added(rows, at, code, figures = () => ({})) {
  const more = rows.filter(({ members }) => members[at] !== '_T').map((row) => ({ ...row, members: row.members.with(at, code), ...figures(row) }));
  return [...rows, ...more];
}

const large = ({ values }) => ({ value: LARGE.value, values: values?.map(() => LARGE.value) });

/** The answers of a time to come: a school year has begun, and another place is the largest. The table is left as it is. */
async function grow(context) {
  await context.route(/\/v1\/statistics\/\w+\/\w+\/data\?(?!.*top=)/, async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    const [place, year] = ['province', 'schoolYear'].map((wanted) => body.dimensions.findIndex(({ code }) => code === wanted));
    if (place >= 0) body.rows = added(body.rows, place, LARGE.place, large);
    if (place >= 0 && year >= 0) {
      body.rows = added(body.rows, year, LARGE.year);
      body.dimensions[year].members.push({ code: LARGE.year, label: LARGE.year });
      body.countedAt = '2099-03-01T00:00:00Z';
    }
    await route.fulfill({ response: answer, json: body });
  });
}

async function judgeLink(browser, base, query) {
  const [mine, others] = await Promise.all([[LANGUAGES.vi, WIDE], [LANGUAGES.en, NARROW]].map(([locale, viewport]) => browser.newContext({ locale, viewport })));
  const { tab, heard } = await view(mine, base, query);
  const address = tab.url();
  const link = await linkOf(tab);
  must('the address of the page', tab.url(), address);
  const told = [...new URL(link).searchParams];
  const open = told.filter(([, value]) => value === '' || value.includes('latest'));
  must(`what ${link} leaves open`, open, []);
  const names = told.map(([name]) => name);
  must(`what ${link} does not tell`, ['lang', 'figure', 'split', 'time', 'a', 'b', 'set', 'groupBy'].filter((name) => !names.includes(name)), []);
  const wanted = await shown(tab);
  await grow(others);
  const left = await view(others, base, query);
  const alone = await shown(left.tab);
  // Lest the others see the same by chance.
  must('what others see without the link', [alone.lang, alone.chosen[3]], ['en', LARGE.place]);
  if (query === '') must('the time that others see without the link', alone.chosen[1], LARGE.year);
  const copy = await view(others, base, link.slice(link.indexOf('?') + 1));
  must(`what ${link} shows to others`, await shown(copy.tab), wanted);
  must('the link in the link', await linkOf(copy.tab), link);
  must('faults', [...heard, ...left.heard, ...copy.heard], []);
  await Promise.all([mine.close(), others.close()]);
}

export async function judgeShared(report, browser, base) {
  for (const query of VIEWS) {
    await report.check(`the link to the view ?${query} shows others the same`, () => judgeLink(browser, base, query));
  }
}
