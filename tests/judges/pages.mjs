// A real browser opens every page in both languages and listens for what goes wrong.

import { LANGUAGES, NARROW, WIDE, launch, listen, screenshot } from './browser.mjs';

/** `shown` is there only when the page has really drawn itself; `own` pages are of our making. */
const PAGES = [
  { path: '/', shown: 'main h1', own: true },
  { path: '/portal', shown: '#tiles .fact', own: true },
  { path: '/docs', shown: '.swagger-ui .opblock' },
  { path: '/graphiql', shown: '.graphiql-query-editor .CodeMirror-code' },
  { path: '/problems/not_found', shown: 'main h1', own: true },
];

async function open(browser, base, lang, page, judge) {
  const context = await browser.newContext({ locale: LANGUAGES[lang], viewport: WIDE });
  try {
    const tab = await context.newPage();
    const heard = listen(tab, base);
    await tab.goto(`${base}${page.path}?lang=${lang}`, { waitUntil: 'networkidle' });
    await tab.locator(page.shown).first().waitFor();
    if ((await tab.locator('body').innerText()).trim() === '') heard.push('the body is empty');
    try {
      await judge(tab, heard);
    } finally {
      await screenshot(tab, `${page.path.replace(/\W+/g, '_')}_${lang}${judge === judgeExplorer ? '_answer' : ''}`);
    }
    if (heard.length > 0) throw new Error([...new Set(heard)].join('\n'));
  } finally {
    await context.close();
  }
}

/** Our own pages have no text cut off on a telephone, and every link on them leads somewhere. */
async function judgeOwnPage(tab, heard, base) {
  await tab.setViewportSize(NARROW);
  const wider = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wider > 0) heard.push(`${wider}px wider than a telephone`);
  await tab.setViewportSize(WIDE);
  const links = await tab.locator('a[href]').evaluateAll((all) => all.map((link) => link.href.split('#')[0]));
  for (const link of new Set(links.filter((href) => href.startsWith(base)))) {
    const response = await tab.request.get(link);
    if (!response.ok()) heard.push(`the link ${link} answers ${response.status()}`);
  }
}

/** Types a query as a person does, and reads the answer beside it. */
async function judgeExplorer(tab, heard) {
  await tab.locator('.graphiql-query-editor .CodeMirror').click();
  await tab.keyboard.press('ControlOrMeta+A');
  await tab.keyboard.type('{ asked: __typename }');
  await tab.keyboard.press('Escape');
  await tab.locator('.graphiql-execute-button').click();
  const answer = tab.locator('.result-window .CodeMirror-code', { hasText: '"asked"' });
  await answer.waitFor();
  if ((await answer.innerText()).includes('"errors"')) heard.push(`the query was refused: ${await answer.innerText()}`);
}

/** The start page speaks the language asked for, and says something else in the other one. */
async function judgeLanguages(browser, base) {
  const titles = [];
  for (const lang of Object.keys(LANGUAGES)) {
    const tab = await browser.newPage();
    await tab.goto(`${base}/?lang=${lang}`);
    const shown = await tab.locator('html').getAttribute('lang');
    if (shown !== lang) throw new Error(`/?lang=${lang} is written in ${shown}`);
    titles.push(await tab.locator('h1').innerText());
    await tab.close();
  }
  if (titles[0] === titles[1]) throw new Error(`one title for both languages: ${titles[0]}`);
}

export async function judgePages(report, base) {
  const browser = await launch();
  try {
    for (const lang of Object.keys(LANGUAGES)) {
      for (const page of PAGES) {
        await report.check(`${page.path} in ${lang} opens without a fault`, () =>
          open(browser, base, lang, page, async (tab, heard) => {
            if (page.own) await judgeOwnPage(tab, heard, base);
          }));
      }
      const explorer = PAGES.find(({ path }) => path === '/graphiql');
      await report.check(`a typed query is answered in /graphiql in ${lang}`, () => open(browser, base, lang, explorer, judgeExplorer));
    }
    await report.check('the start page is written in the language asked for', () => judgeLanguages(browser, base));
  } finally {
    await browser.close();
  }
}
