// Asks the public API without a token, each question once, and turns refusals and failures into text.

import { lang, say } from './words.js';

const known = new Map();

/** What is told in the language of the page when there is no answer. */
export class Refusal extends Error {}

/** The address of a question, relative to the page; empty parameters are left out. */
export function address(path, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  return `v1/statistics/${path}?${new URLSearchParams([...given, ['lang', lang]])}`;
}

function told(problem, status) {
  const own = (problem.errors ?? []).map((error) => error.detail).filter(Boolean);
  return [problem.title, ...(own.length > 0 ? own : [problem.detail])].filter(Boolean).join(': ') || `${say('unreachable')} (HTTP ${status})`;
}

async function fetched(url) {
  const away = () => { throw new Refusal(say('unreachable')); };
  const answer = await fetch(url, { headers: { Accept: 'application/json' }, credentials: 'omit' }).catch(away);
  if (!answer.ok) throw new Refusal(told(await answer.json().catch(() => ({})), answer.status));
  return answer.json().catch(away);
}

/** The JSON at an address, fetched once. A failure is forgotten, so that it can be fetched again. */
export function once(url) {
  if (!known.has(url)) {
    const asked = fetched(url);
    asked.catch(() => known.delete(url));
    known.set(url, asked);
  }
  return known.get(url);
}

/** The answer to a question. */
export const ask = (path, parameters) => once(address(path, parameters));
