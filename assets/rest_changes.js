// What is changed over REST and drawn before its answer: a person's lists, labels and filters, and the sections of lists. Knows neither
// React nor the network.

/** How long after its answer a change is drawn over loadings that do not hold it, in milliseconds: they may have begun before it. */
const PATIENCE = 5000;

/**
 * Things of one kind, as they were loaded and with the changes over them. `blank` is a thing in which all is as usual, which the server
 * leaves out; `ask(method, path, body, headers)` asks it as `request` of forms.js does, and `draw` draws; `idOf(thing)` is the id of one
 * that was loaded. A change is {id, fields} or {order}; with `where`, {before} or {after}, what is new stands beside another thing.
 */
export function restChanges(blank, ask, draw, idOf = (thing) => thing.id) {
  let changes = []; // oldest first, until a loading holds them
  let said; // what was loaded last
  let loaded = []; // the same, whole
  let now = []; // with the changes over it
  let answered = Promise.resolve(); // one is sent after the other, or two orders could overtake each other

  function applied(things, { id, fields, order, where, isNew, isOfOne }) {
    if (order) return [...things].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
    const changed = (thing) => (thing.id === id ? { ...thing, ...fields } : thing);
    if (isOfOne || things.some((thing) => thing.id === id)) return things.map(changed);
    return placed(things, { ...blank, ...fields, id, ...(isNew && { is_new: true }) }, where);
  }

  function placed(things, thing, { before, after } = {}) {
    const beside = things.findIndex(({ id }) => id === (before ?? after));
    const at = beside < 0 ? things.length : beside + (before ? 0 : 1);
    return [...things.slice(0, at), thing, ...things.slice(at)];
  }

  function keep(next) {
    changes = next;
    now = changes.reduce(applied, loaded);
  }

  const drop = (change) => keep(changes.filter((each) => each !== change));
  const asText = (things) => JSON.stringify(things.filter((thing) => !thing.is_deleted));
  /** What was asked to be made is there under an id that is not known yet. */
  const isMade = ({ fields, known }) => loaded.some((thing) => !known.has(thing.id) && Object.entries(fields).every(([name, value]) => thing[name] === value));
  const isHeld = (change) => (change.isNew ? isMade(change) : asText(loaded) === asText(applied(loaded, change)));

  function take(things) {
    said = things;
    loaded = (things ?? []).map((thing) => ({ ...blank, ...thing, id: idOf(thing) }));
    // What comes before a change that it holds, of the same thing, is over as well.
    const isOver = (change, i) => change.isOld || changes.some((other, at) => at >= i && other.id === change.id && isHeld(other));
    keep(changes.filter((change, i) => !isOver(change, i)));
    for (const change of changes) change.isPassed = true;
  }

  /** What is new has an id of the server's now, in the orders that were made since as well. */
  function name(change, id) {
    for (const { order } of changes) if (order?.includes(change.id)) order[order.indexOf(change.id)] = id;
    Object.assign(change, { id, isNew: false });
    keep(changes);
  }

  /** Somebody else may have changed the same in the meantime: then no loading ever holds it. */
  function settle(change) {
    setTimeout(() => {
      change.isOld = true;
      if (change.isPassed) drop(change);
      draw();
    }, PATIENCE);
  }

  return {
    /** All of them; `things` is what the server said last, the same array until it says more. */
    over(things) {
      if (things !== said) take(things);
      return now;
    },
    /** Draw a new one that the server has made. */
    add(id, fields) {
      const change = { id, fields };
      if (loaded.some((thing) => thing.id === id)) return;
      keep([...changes, change]);
      settle(change);
      draw();
    },
    /** Draw a change and send it; what is refused is taken back. With `isOfOne` it changes nothing where its thing is gone. */
    async send(change, method, path, body, headers) {
      keep([...changes, change]);
      draw();
      answered = answered.then(() => ask(method, path, body, headers));
      const { answer, problem } = await answered;
      if (answer && change.isNew) name(change, answer.id);
      if (problem) drop(change);
      else settle(change);
      draw();
      return { answer, problem };
    },
    /** Draw a new one, with `is_new` and the id of its change, and have it made: then it has the id that the server gives it. */
    make(change, path, body, headers) {
      return this.send(Object.assign(change, { isNew: true, known: new Set(loaded.map(({ id }) => id)) }), "POST", path, body, headers);
    },
  };
}
