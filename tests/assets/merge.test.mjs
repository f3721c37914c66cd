// Whatever happens in whatever order, the list on the screen ends as the server has it. A failure prints its seed:
// MERGE_SEED=123 node --test tests/assets/merge.test.mjs tries that one alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as optimistic from "../../assets/optimistic_list.js";
import { CLOCK, Server, Tab, drawn, gesture, randomness } from "./model.mjs";

const ORDERS = [{ sort: "", order: "" }, { sort: "title", order: "asc" }, { sort: "due", order: "desc" }, { sort: "created", order: "desc" }];

/** Run a story for many seeds; the first that fails is told by its shortest beginning that fails. */
function holds(name, { seeds, steps }, story) {
  test(name, () => {
    const asked = process.env.MERGE_SEED;
    for (const seed of asked ? [Number(asked)] : Array.from({ length: seeds }, (_, i) => i + 1)) {
      const failure = attempt(story, seed, steps);
      if (!failure) continue;
      let length = 0;
      while (!attempt(story, seed, length)) length += 1;
      const { error, told } = attempt(story, seed, length);
      throw new Error(`seed ${seed}, ${length} steps: ${error.stack}\nIt began with\n  ${told.join("\n  ")}`);
    }
  });
}

function attempt(story, seed, steps) {
  const told = [];
  try {
    story(randomness(seed), steps, (...words) => told.push(words.join(" ")));
    return null;
  } catch (error) {
    return { error, told };
  }
}

/** A server and some tabs of one person, connected. */
function household(random, statuses, aheadBy = 0) {
  const server = new Server(aheadBy);
  let now = 5_000_000;
  const clock = (passes = 1) => (now += passes);
  const tabs = statuses.map((status, i) => new Tab("abc"[i], server, clock, status));
  tabs.forEach((tab) => tab.connect());
  return { server, tabs };
}

function settle({ server, tabs }) {
  for (const tab of tabs) {
    while (tab.up.length) server.handle(tab, tab.up.shift());
    while (tab.down.length) (tab.take(), tab.render());
  }
}

const isBusy = ({ server, tabs }) => tabs.some((tab) => tab.up.length || tab.down.length || server.hasNews(tab));

/** Everything is delivered, and what failed is retried or discarded, until there is nothing left to do. */
function end(home, random) {
  home.server.refuses = () => "";
  for (const tab of home.tabs) if (!tab.isConnected) tab.connect();
  for (let round = 0; isBusy(home) || home.tabs.some((tab) => tab.store.ops.length); round += 1) {
    assert.ok(round < 60, "it never comes to rest");
    settle(home);
    home.tabs.forEach((tab) => home.server.hear(tab));
    settle(home);
    for (const tab of home.tabs) for (const op of tab.store.ops) if (tab.rows().get(op.id)?.error) random.chance(round < 20 ? 0.7 : 0.1) ? tab.retry(op.id) : tab.discard(op.id);
  }
}

function assertEqual({ server, tabs }) {
  for (const tab of tabs) {
    const listed = server.list(tab.status);
    const truth = listed.map(drawn).sort((a, b) => (a.id < b.id ? -1 : 1));
    const seen = [...tab.rows().values()];
    assert.deepEqual(seen.map(drawn).sort((a, b) => (a.id < b.id ? -1 : 1)), truth, `tab ${tab.name} shows the server's tasks`);
    assert.ok(seen.every((row) => !row.pending && !row.error), `tab ${tab.name} has nothing open`);
    assert.deepEqual(optimistic.countsOf(tab.store, CLOCK), server.counts(), `tab ${tab.name} counts what the server counts`);
    for (const order of ORDERS) {
      const lists = [optimistic.view(tab.store, order, CLOCK), optimistic.view({ ...tab.store, base: new Map(listed.map((task) => [task.id, task])) }, order, CLOCK)];
      const [shown, right] = lists.map((groups) => groups.map(({ key, tasks }) => [key, tasks.map(({ id }) => id)]));
      assert.deepEqual(shown, right, `tab ${tab.name} is in order`);
    }
  }
}

/** Of each tab's gestures on one task, those that never failed were carried out in the order in which they were made. */
function assertInOrder({ server, tabs }) {
  for (const tab of tabs) {
    const first = new Map();
    server.log.forEach(({ tab: by, nonce, id }) => {
      if (by !== tab || tab.failed.has(nonce) || server.refused.has(nonce) || first.has(nonce)) return;
      const number = tab.made.findIndex((op) => op.nonce === nonce);
      const before = Math.max(-1, ...[...first.values()].filter((done) => done.id === id).map((done) => done.number));
      assert.ok(number > before, `${nonce} was carried out after ${tab.made[before]?.nonce}`);
      first.set(nonce, { id, number });
    });
  }
}

function assertMadeOnce({ server, tabs }) {
  for (const tab of tabs) {
    for (const op of tab.made.filter(({ kind }) => kind === "create")) {
      const times = server.made.get(op.id) ?? 0;
      const erased = server.log.filter(({ kind, id }) => kind === "erase" && id === op.id).length;
      assert.ok(times === 0 ? tab.isGivenUp(op) : times <= 1 + erased, `${op.nonce} was made ${times} times`);
    }
  }
}

holds("any order of gestures, answers, news, losses and reconnections ends in the server's list", { seeds: 1000, steps: 100 }, (random, steps, tell) => {
  const home = household(random, random.pick([["all"], ["all", "all"], ["all", "all", "pending"], ["all", "deleted"]]), random.pick([0, 3_600_000_000]));
  const { server, tabs } = home;
  server.refuses = () => (random.chance(0.06) ? "No." : "");
  for (let step = 0; step < steps; step += 1) {
    const tab = random.pick(tabs);
    const what = random.below(100);
    if (what < 28) {
      gesture(tab, random);
      const { nonce, id, fields } = tab.made.at(-1) ?? {};
      tell(tab.name, "does", nonce, id, JSON.stringify(fields));
    } else if (what < 50) {
      if (!tab.up.length) continue;
      const [name, { nonce } = {}] = tab.up[0];
      tell(tab.name, "arrives", name, nonce ?? "");
      server.handle(tab, tab.up.shift());
    } else if (what < 74) {
      const count = Math.min(tab.down.length, random.pick([1, 1, 1, 2, 3]));
      if (!count) continue;
      tell(tab.name, "is told", JSON.stringify(tab.down.slice(0, count).map(({ load_id, changes }) => [load_id ?? "", ...changes.map((c) => [c.seq, c.nonce || c.id, c.error])])));
      for (let i = 0; i < count; i += 1) tab.take();
      tab.render();
    } else if (what < 82) {
      if (!server.hasNews(tab)) continue;
      tell(tab.name, "hears");
      server.hear(tab);
    } else if (what < 85) {
      tell(tab.name, "waits");
      tab.wait();
    } else if (what < 90) {
      const failed = tab.store.ops.find((op) => tab.rows().get(op.id)?.error);
      if (!failed) continue;
      const isRetried = random.chance(0.6);
      tell(tab.name, isRetried ? "retries" : "discards", failed.nonce);
      isRetried ? tab.retry(failed.id) : tab.discard(failed.id);
    } else if (what < 93) {
      if (!tab.isConnected) continue;
      tell(tab.name, "is cut");
      tab.cut();
    } else if (what < 95) {
      if (tab.isConnected) continue;
      tell(tab.name, "notices");
      tab.notice();
    } else if (what < 98) {
      if (tab.isConnected) continue;
      tell(tab.name, "reconnects");
      tab.connect();
    } else if (what < 99) {
      tell(tab.name, "reloads the page");
      tab.reload();
    } else {
      tell("the server restarts");
      tabs.forEach((each) => each.cut());
      server.restart();
    }
  }
  end(home, random);
  assertEqual(home);
  assertInOrder(home);
  assertMadeOnce(home);
});

holds("a yes changes nothing that is drawn", { seeds: 400, steps: 60 }, (random, steps, tell) => {
  const home = household(random, ["all"], random.pick([0, -3_600_000_000, 3_600_000_000]));
  const { server, tabs: [tab] } = home;
  settle(home);
  const lines = (order) => optimistic.view(tab.store, order, CLOCK).map(({ key, tasks }) => `${key}: ${tasks.map((row) => Object.values(drawn(row)).join(" ")).join(", ")}`);
  const picture = () => ORDERS.map((order) => `by ${order.sort || "agenda"}: ${lines(order).join(" | ")}`).join("\n");
  for (let step = 0; step < steps; step += 1) {
    if (random.chance(0.45)) {
      // What is put back has the place that it had when it went, which was a guess if it had no answer then.
      gesture(tab, random, ({ row }) => !row.pending);
      tell("gesture", JSON.stringify(tab.made.at(-1)));
    } else if (random.chance(0.5)) {
      if (tab.up.length) server.handle(tab, tab.up.shift());
    } else if (tab.down.length) {
      const before = picture();
      tab.take();
      tab.render();
      tell("an answer");
      assert.equal(picture(), before);
    }
  }
});

holds("whoever is overwritten by someone who had not seen their words is told", { seeds: 600, steps: 60 }, (random, steps, tell) => {
  const home = household(random, ["all", "all"]);
  const { server, tabs } = home;
  settle(home);
  tabs[0].perform("create", "task", { fields: { title: "Milk" } });
  settle(home);
  tabs.forEach((tab) => server.hear(tab));
  settle(home);
  for (let step = 0; step < steps; step += 1) {
    const tab = random.pick(tabs);
    const what = random.below(4);
    if (what === 0) {
      const fields = random.pick([{ title: `Words ${step}` }, { title: `Words ${step}` }, { priority: random.pick(["High", "Low"]) }, { is_completed: random.chance(0.5) }]);
      tab.perform("change", "task", { fields });
      tell(tab.name, "writes", JSON.stringify(fields), "having seen version", tab.made.at(-1).version ?? tab.store.ops.at(-1).version);
    } else if (what === 1 && tab.up.length) {
      tell(tab.name, "arrives", tab.up[0][1].nonce);
      server.handle(tab, tab.up.shift());
    } else if (what === 2 && tab.down.length) {
      tell(tab.name, "is told", JSON.stringify(tab.down[0].changes.map(({ nonce, based_on, row }) => [nonce, based_on, row.version])));
      tab.take();
      tab.render();
    } else if (what === 3 && server.hasNews(tab)) {
      tell(tab.name, "hears");
      server.hear(tab);
    }
  }
  end(home, random);
  for (const name of ["title", "priority"]) {
    const writes = server.log.filter(({ fields }) => name in fields);
    for (const tab of tabs) {
      const own = writes.findLast((write) => write.tab === tab);
      const last = writes.at(-1);
      const isLost = own && last.tab !== tab && last.based_on < own.version && last.fields[name] !== own.fields[name];
      const { lost = {} } = tab.store.edits.get("task") ?? {};
      if (isLost) assert.deepEqual(lost[name], { mine: own.fields[name], theirs: last.fields[name] }, `${tab.name} is told of its ${name}`);
    }
  }
});
