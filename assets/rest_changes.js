// What is changed over REST and drawn before its answer: a person's lists, and the sections of lists. Knows neither React nor the network.

/** How long after its answer a change is drawn over loadings that do not hold it, in milliseconds: they may have begun before it. */
const PATIENCE = 5000;

/**
 * Things of one kind, as they were loaded and with the changes over them. `blank` is a thing in which all is as usual, which the server
 * leaves out; `ask(method, path, body)` asks it as `request` of forms.js does, and `draw` draws. A change is {id, fields} or {order}.
 */
export function restChanges(blank, ask, draw) {
  let changes = []; // oldest first, until a loading holds them
  let said; // what was loaded last
  let loaded = []; // the same, whole
  let now = []; // with the changes over it
  let answered = Promise.resolve(); // one is sent after the other, or two orders could overtake each other

  function applied(things, { id, fields, order }) {
    if (order) return [...things].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
    const changed = (thing) => (thing.id === id ? { ...thing, ...fields } : thing);
    return things.some((thing) => thing.id === id) ? things.map(changed) : [...things, { ...blank, ...fields, id }];
  }

  function keep(next) {
    changes = next;
    now = changes.reduce(applied, loaded);
  }

  const drop = (change) => keep(changes.filter((each) => each !== change));
  const asText = (things) => JSON.stringify(things.filter((thing) => !thing.is_deleted));
  const isHeld = (change) => asText(loaded) === asText(applied(loaded, change));

  function take(things) {
    said = things;
    loaded = (things ?? []).map((thing) => ({ ...blank, ...thing }));
    // What comes before a change that it holds, of the same thing, is over as well.
    const isOver = (change, i) => change.isOld || changes.some((other, at) => at >= i && other.id === change.id && isHeld(other));
    keep(changes.filter((change, i) => !isOver(change, i)));
    for (const change of changes) change.isPassed = true;
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
    /** Draw a change and send it; what is refused is taken back. */
    async send(change, method, path, body) {
      keep([...changes, change]);
      draw();
      answered = answered.then(() => ask(method, path, body));
      const { answer, problem } = await answered;
      if (problem) drop(change);
      else settle(change);
      draw();
      return { answer, problem };
    },
  };
}
