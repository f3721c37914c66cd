// The queue of gestures without an answer: kept per person, left by a tab that is gone to the next one, in order and once.
import assert from "node:assert/strict";
import test from "node:test";

class Storage {
  setItem(key, value) {
    if (this.isFull) throw new Error("full");
    this[key] = value;
  }
  getItem = (key) => this[key] ?? null;
  removeItem = (key) => delete this[key];
}
for (const name of ["getItem", "removeItem", "isFull"]) Object.defineProperty(Storage.prototype, name, { value: undefined, writable: true });

let held, storage;

/** A browser with nothing in it. */
function browser({ hasLocks = true } = {}) {
  held = new Set();
  storage = new Storage();
  for (const name of ["getItem", "removeItem", "isFull"]) Object.defineProperty(storage, name, { enumerable: false, writable: true });
  const locks = {
    request: async (name, ...more) => {
      held.add(name);
      const result = await more.at(-1)();
      held.delete(name);
      return result;
    },
    query: async () => ({ held: [...held].map((name) => ({ name })) }),
  };
  Object.defineProperty(globalThis, "navigator", { value: hasLocks ? { locks } : {}, configurable: true });
  Object.assign(globalThis, { Storage, localStorage: storage });
}

let tabs = 0;

async function openTab(person) {
  const before = new Set(held);
  const queue = await import(`../../assets/queue.js?tab=${(tabs += 1)}`);
  queue.begin(person);
  const [lock] = [...held].filter((name) => !before.has(name));
  const ops = [];
  const accept = (gestures) => (ops.push(...gestures), ops);
  return { queue, ops, takeOver: () => queue.takeOver(accept), die: () => held.delete(lock) };
}

const gesture = (made) => ({ nonce: `nonce-${made}`, made });
const moments = (ops) => ops.map(({ made }) => made).sort();

test("what a closed tab left is the next one's, and nobody's after that", async () => {
  browser();
  const [first, second] = [await openTab("ana"), await openTab("ana")];
  first.queue.keep([gesture(1), gesture(4)]);
  second.queue.keep([gesture(2), gesture(3)]);
  first.die();
  second.die();
  const [third, fourth] = [await openTab("ana"), await openTab("ana")];
  await third.takeOver();
  await fourth.takeOver();
  assert.deepEqual(moments(third.ops), [1, 2, 3, 4]);
  assert.deepEqual(fourth.ops, []);
  third.die();
  await fourth.takeOver();
  assert.deepEqual(moments(fourth.ops), [1, 2, 3, 4], "what had no answer is left once more");
});

test("an open tab keeps its own, and another person's stays where it is", async () => {
  browser();
  const [open, bobs] = [await openTab("ana"), await openTab("bob")];
  open.queue.keep([gesture(1)]);
  bobs.queue.keep([gesture(2)]);
  bobs.die();
  const next = await openTab("ana");
  await next.takeOver();
  assert.deepEqual(next.ops, []);
  next.queue.discard();
  const bob = await openTab("bob");
  await bob.takeOver();
  assert.deepEqual(moments(bob.ops), [2]);
});

test("answered gestures are forgotten", async () => {
  browser();
  const tab = await openTab("ana");
  tab.queue.keep([gesture(1)]);
  assert.equal(tab.queue.isWaiting(), true);
  tab.queue.keep([]);
  assert.deepEqual([tab.queue.isWaiting(), Object.keys(storage)], [false, []]);
});

test("without locks, a tab counts as open until it says goodbye or has been silent for long", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  browser({ hasLocks: false });
  const [silent, leaving] = [await openTab("ana"), await openTab("ana")];
  silent.queue.keep([gesture(1)]);
  leaving.queue.keep([gesture(2)]);
  leaving.queue.leave();
  const next = await openTab("ana");
  await next.takeOver();
  assert.deepEqual(moments(next.ops), [2]);
  t.mock.timers.tick(200_000);
  await next.takeOver();
  assert.deepEqual(moments(next.ops), [1, 2]);
});

test("a browser that keeps nothing says that closing would lose gestures", async () => {
  browser();
  const tab = await openTab("ana");
  assert.equal(tab.queue.keep([gesture(1)]), true);
  assert.equal(tab.queue.wouldLose(), false);
  storage.isFull = true;
  assert.equal(tab.queue.keep([gesture(1), gesture(2)]), false);
  assert.equal(tab.queue.wouldLose(), true);
  storage.isFull = false;
  assert.equal(tab.queue.keep([]), true);
  assert.equal(tab.queue.wouldLose(), false);
});
