// The browser of the judges: Chromium of the system, silent about its maker's hosts, with ears for what goes wrong.

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
// Without these the browser looks for its maker's hosts at every start.
const QUIET = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export const LANGUAGES = { vi: 'vi-VN', en: 'en-US' };
export const NARROW = { width: 360, height: 740 };
export const WIDE = { width: 1280, height: 860 };

function browserPath() {
  const found = [process.env.CHROMIUM, ...BROWSERS].find((path) => path && existsSync(path));
  if (!found) throw new Error('no Chromium found; install the Debian package chromium or set CHROMIUM to its path');
  return found;
}

export const launch = () => chromium.launch({ executablePath: browserPath(), args: QUIET });

/** Writes down errors on the console, failed requests and requests that leave the service. */
export function listen(page, base) {
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

export async function screenshot(page, name) {
  if (!process.env.SHOTS) return;
  await mkdir(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true });
}
