// A real browser opens every page in both languages and listens for what goes wrong.

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
// Without these the browser looks for its maker's hosts at every start.
const QUIET = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const LANGUAGES = { vi: 'vi-VN', en: 'en-US' };
const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1280, height: 860 };

/** `shown` is there only when the page has really drawn itself; `own` pages are of our making. */
const PAGES = [
  { path: '/', shown: 'main h1', own: true },
  { path: '/docs', shown: '.swagger-ui .opblock' },
  { path: '/graphiql', shown: '.graphiql-query-editor .CodeMirror-code' },
  { path: '/problems/not_found', shown: 'main h1', own: true },
];

function browserPath() {
  const found = [process.env.CHROMIUM, ...BROWSERS].find((path) => path && existsSync(path));
  if (!found) throw new Error('no Chromium found; install the Debian package chromium or set CHROMIUM to its path');
  return found;
}

/** Writes down errors on the console, failed requests and requests that leave the service. */
function listen(page, base) {
  const heard = [];
  page.on('console', (message) => { if (message.type() === 'error') heard.push(`console: ${message.text()}`); });
  page.on('pageerror', (failure) => heard.push(`uncaught: ${failure.message}`));
  page.on('requestfailed', (request) => heard.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  page.on('response', (response) => { if (response.status() >= 400) heard.push(`status ${response.status()}: ${response.url()}`); });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== base) heard.push(`foreign host: ${url.href}`);
  });
  return heard;
}

async function screenshot(page, name) {
  if (!process.env.SHOTS) return;
  await mkdir(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true });
}

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
  const browser = await chromium.launch({ executablePath: browserPath(), args: QUIET });
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
