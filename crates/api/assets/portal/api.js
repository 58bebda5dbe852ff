// Asks the public API without a token, each question once, and turns its refusals into text.

import { lang, say } from './words.js';

const known = new Map();

/** What the API says in the language of the page when it refuses. */
export class Refusal extends Error {}

/** The address of a question, relative to the page; empty parameters are left out. */
export function address(path, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  return `v1/statistics/${path}?${new URLSearchParams([...given, ['lang', lang]])}`;
}

function told(problem, status) {
  const own = (problem.errors ?? []).map((error) => error.detail).filter(Boolean);
  return [problem.title, ...(own.length > 0 ? own : [problem.detail])].filter(Boolean).join(': ') || `HTTP ${status}`;
}

async function fetched(url) {
  let answer;
  try {
    answer = await fetch(url, { headers: { Accept: 'application/json' }, credentials: 'omit' });
  } catch {
    throw new Refusal(say('unreachable'));
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(told(body, answer.status));
  return body;
}

/** The answer to a question. A refusal is forgotten, so that it can be asked again. */
export function ask(path, parameters) {
  const url = address(path, parameters);
  if (!known.has(url)) {
    const asked = fetched(url);
    asked.catch(() => known.delete(url));
    known.set(url, asked);
  }
  return known.get(url);
}
