// Puts the page together: controls write the address, and each part shows what the address says.

import { Refusal } from './api.js';
import * as chart from './chart.js';
import * as compare from './compare.js';
import { TOTAL, all, find, ofCountry, released, releasesOf, splitOf, timeName, timeOf } from './figures.js';
import * as filters from './filters.js';
import * as map from './map.js';
import { announcement, el } from './show.js';
import { address, change, onChange, read } from './state.js';
import * as table from './table.js';
import * as tiles from './tiles.js';
import { lang, say } from './words.js';

const node = (id) => document.getElementById(id);
const PARTS = Object.entries({ tiles, chart, map, compare, table }).map(([name, part]) => ({ ...part, name, section: node(name) }));

/** Whether the link to the view is near, or was. */
let isLinkSeen = false;

/** Told to those who do not see the page change. */
const tell = (text) => { node('live').textContent = text; };

function failed(body, name, reason, again) {
  const isTold = reason instanceof Refusal;
  if (!isTold) console.error(reason);
  const button = el('button', { type: 'button', onclick: again }, say('again'));
  const why = el('p', {}, isTold ? reason.message : say('failed', { name }));
  body.replaceChildren(el('div', { class: 'failure', role: 'alert' }, why, button));
}

/** Shows a part as a view says, unless it is shown so already or another view has come meanwhile. */
async function refresh(part, state, isFirst) {
  const wanted = JSON.stringify(part.key(state));
  if (!part.isSeen || part.wanted === wanted) return;
  part.wanted = wanted;
  const body = part.section.querySelector('.body');
  const name = part.section.querySelector('h2').textContent;
  part.section.setAttribute('aria-busy', 'true');
  try {
    const found = await part.load(state);
    if (part.wanted !== wanted) return;
    part.show(body, found);
    if (!isFirst) tell(say('updated', { name }));
  } catch (reason) {
    if (part.wanted !== wanted) return;
    failed(body, name, reason, () => { part.wanted = undefined; refreshAll(read(), false); });
  }
  part.section.removeAttribute('aria-busy');
}

// The choices of a view are written as their answers come, unless another view has come meanwhile.

async function figureChoices({ figure, split }) {
  const at = location.search;
  const [figures, chosen] = await Promise.all([all(), find(figure)]);
  if (location.search !== at) return;
  const group = (label, test) => el('optgroup', { label }, figures.filter(test).map(({ id, label: name }) => el('option', { value: id }, name)));
  if (node('figure').options.length === 0) {
    node('figure').replaceChildren(group(say('counts'), (one) => !one.isIndicator), group(say('indicators'), (one) => one.isIndicator));
  }
  node('figure').value = chosen.id;
  filters.options(node('split'), ['', ...chosen.splits].map((code) => ({ code, label: say(`split.${code || 'none'}`) })), splitOf(chosen, split));
  node('split').disabled = chosen.splits.length === 0 || !chosen.time;
}

async function editionChoices({ figure, release }) {
  const at = location.search;
  const [chosen, inView] = await Promise.all([find(figure, release), released(release)]);
  const releases = chosen.isIndicator ? [] : await releasesOf(chosen.set);
  if (location.search !== at) return;
  filters.editions(node('figure-edition'), releases, chosen.release, (other) => change({ release: inView.names(chosen.set, other) }));
  node('announced').replaceChildren(chosen.release ? announcement(chosen.release) : '');
  node('missing').textContent = inView.isMissing ? say('missing') : '';
}

async function timeChoices({ figure, time, release }) {
  const at = location.search;
  const found = await find(figure, release).then(ofCountry);
  if (location.search !== at) return;
  const times = [...(found.figure.addsUp ? [TOTAL] : []), ...found.times.toReversed()];
  const label = (code) => timeName(code, found.figure.release);
  filters.options(node('time'), (times.length > 0 ? times : ['']).map((code) => ({ code, label: label(code) })), timeOf(found, time));
  node('time').disabled = times.length < 2;
}

/** What is shown, with nothing left to the page: not the language, and not what is the largest or the latest. */
async function pinned(state) {
  const [figure, inView] = await Promise.all([find(state.figure), released(state.release)]);
  const [view, chosen] = await Promise.all([compare.pinned(state), table.pinned(state)]);
  return { lang, figure: figure.id, split: splitOf(figure, state.split) || 'none', release: inView.names(), ...view, table: chosen };
}

/** The link shows others the same view. What it tells is asked for when it is near. */
async function links(state) {
  for (const language of document.querySelectorAll('.langs a')) language.href = address({ lang: language.lang });
  node('link').href = address({ lang });
  const at = location.search;
  const told = isLinkSeen ? await pinned(state).catch(() => ({ lang })) : { lang };
  if (location.search === at) node('link').href = address(told);
}

function refreshAll(state, isFirst) {
  links(state);
  // What cannot be asked is told by the parts that ask the same.
  for (const choices of [figureChoices, editionChoices, timeChoices]) choices(state).catch(() => undefined);
  for (const part of PARTS) refresh(part, state, isFirst);
}

/** What lies below is asked for when it is near. */
function see() {
  const near = new IntersectionObserver((entries) => {
    for (const { target } of entries.filter(({ isIntersecting }) => isIntersecting)) {
      const part = PARTS.find(({ section }) => section === target);
      near.unobserve(target);
      if (part) {
        part.isSeen = true;
        refresh(part, read(), true);
      } else {
        isLinkSeen = true;
        links(read());
      }
    }
  }, { rootMargin: '200px' });
  for (const target of [...PARTS.map(({ section }) => section), node('link')]) near.observe(target);
}

node('figure').onchange = ({ target }) => change({ figure: target.value, time: '', split: '' });
node('time').onchange = ({ target }) => change({ time: target.value });
node('split').onchange = ({ target }) => change({ split: target.value });
node('place-a').onchange = ({ target }) => change({ a: target.value });
node('place-b').onchange = ({ target }) => change({ b: target.value });
node('set').onchange = ({ target }) => change({ table: { set: target.value } });

onChange((state) => refreshAll(state, false));
refreshAll(read(), true);
see();
