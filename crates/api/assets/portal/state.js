// What is looked at, kept in the address: back and forward move between views, and what the address leaves open the page chooses.

/** Parameters of the page; all others are dimensions that the table is filtered by, as the API names them. */
const OWN = ['lang', 'figure', 'time', 'split', 'a', 'b', 'release', 'set', 'groupBy', 'totals'];

const listeners = [];

const list = (text) => (text ? text.split(',').filter(Boolean) : []);

/** What the address says. `groupBy` is null when the table is to be shown as its data set suggests. */
export function read() {
  const query = new URLSearchParams(location.search);
  const filter = {};
  for (const [name, value] of query) {
    if (!OWN.includes(name) && /^[A-Za-z]+$/.test(name)) filter[name] = list(value);
  }
  return {
    figure: query.get('figure') ?? '',
    time: query.get('time') ?? '',
    split: query.get('split') ?? '',
    a: query.get('a') ?? '',
    b: query.get('b') ?? '',
    release: query.get('release') ?? '',
    table: {
      set: query.get('set') ?? '',
      groupBy: query.has('groupBy') ? list(query.get('groupBy')) : null,
      totals: query.get('totals') === 'true',
      filter,
    },
  };
}

/** The address of another view: `changes` over the present one, the table as a whole if it is among them. */
export function address({ table, ...changes }) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value); else query.delete(name);
  }
  if (table) {
    for (const name of [...query.keys()]) {
      if (['set', 'groupBy', 'totals'].includes(name) || !OWN.includes(name)) query.delete(name);
    }
    query.set('set', table.set);
    if (table.groupBy) query.set('groupBy', table.groupBy.join(','));
    if (table.totals) query.set('totals', 'true');
    for (const [name, members] of Object.entries(table.filter ?? {})) {
      if (members.length > 0) query.set(name, members.join(','));
    }
  }
  return `?${query.toString().replaceAll('%2C', ',').replaceAll('%40', '@')}`;
}

function tell() {
  const state = read();
  for (const listener of listeners) listener(state);
}

/** Goes to another view. */
export function change(changes) {
  history.pushState(null, '', address(changes));
  tell();
}

/** Calls `listener(state)` at each change of view, also by back and forward. */
export function onChange(listener) {
  listeners.push(listener);
}

addEventListener('popstate', tell);
