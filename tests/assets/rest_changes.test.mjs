// What is changed over REST is drawn before its answer, and stays drawn until a loading holds it.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { restChanges } from "../../assets/rest_changes.js";

const BLANK = { id: "", name: "", is_folded: false, is_deleted: false };
const LOADED = [{ id: "one", name: "One" }, { id: "two", name: "Two" }];

mock.timers.enable({ apis: ["setTimeout"] });

/** Things with an answer to each change that is given by hand. */
function things() {
  const answers = [];
  const kept = restChanges(BLANK, () => new Promise((answer) => answers.push(answer)), () => {});
  const names = (loaded) => kept.over(loaded).filter((each) => !each.is_deleted).map((each) => each.name);
  const send = (change) => kept.send(change, "PATCH", "/");
  const answer = async (said) => {
    await Promise.resolve();
    answers.shift()(said);
    await new Promise(setImmediate);
  };
  return { kept, names, send, answer };
}

test("a loading that began before the answer takes nothing back", async () => {
  const { names, send, answer } = things();
  names(LOADED);
  send({ id: "one", fields: { name: "First" } });
  assert.deepEqual(names([...LOADED]), ["First", "Two"]);
  await answer({ answer: {} });
  assert.deepEqual(names([...LOADED]), ["First", "Two"]);
  const first = { id: "one", name: "First" };
  assert.deepEqual(names([first, LOADED[1]]), ["First", "Two"]);
  assert.deepEqual(names([...LOADED]), ["One", "Two"]);
});

test("a change and its way back are over together", async () => {
  const { names, send, answer } = things();
  names(LOADED);
  for (const name of ["First", "One"]) {
    send({ id: "one", fields: { name } });
    await answer({ answer: {} });
  }
  names([...LOADED]);
  assert.deepEqual(names([{ id: "one", name: "Theirs" }]), ["Theirs"]);
});

test("what somebody else changed at the same moment shows a few seconds after the answer", async () => {
  const { names, send, answer } = things();
  names(LOADED);
  send({ id: "one", fields: { name: "First" } });
  await answer({ answer: {} });
  const theirs = [{ id: "one", name: "Theirs" }];
  assert.deepEqual(names(theirs), ["First"]);
  mock.timers.tick(5000);
  assert.deepEqual(names(theirs), ["Theirs"]);
});

test("without a loading since, a change stays for as long as it takes", async () => {
  const { names, send, answer } = things();
  names(LOADED);
  send({ id: "one", fields: { name: "First" } });
  await answer({ answer: {} });
  mock.timers.tick(60_000);
  assert.deepEqual(names(LOADED), ["First", "Two"]);
  assert.deepEqual(names([...LOADED]), ["One", "Two"]);
});

test("what is new stays and is there once, an order stays, and what is deleted stays away", async () => {
  const { kept, names, send, answer } = things();
  names(LOADED);
  kept.add("new", { name: "New" });
  assert.deepEqual(names([...LOADED]), ["One", "Two", "New"]);
  send({ order: ["new", "two", "one"] });
  await answer({ answer: {} });
  send({ id: "two", fields: { is_deleted: true } });
  await answer({ answer: {} });
  const last = [{ id: "new", name: "New" }, ...LOADED.toReversed()];
  assert.deepEqual(names(last), ["New", "One"]);
  assert.deepEqual(names([last[0], LOADED[0]]), ["New", "One"]);
  kept.add("new", { name: "Not new any more" });
  assert.deepEqual(names([last[0]]), ["New"]);
});

test("what is refused is taken back, and what follows is sent all the same", async () => {
  const { names, send, answer } = things();
  names(LOADED);
  const refused = send({ id: "one", fields: { name: "First" } });
  const next = send({ id: "two", fields: { name: "Second" } });
  const problem = { status: 422, detail: "No." };
  await answer({ problem });
  assert.deepEqual((await refused).problem, problem);
  assert.deepEqual(names(LOADED), ["One", "Second"]);
  await answer({ answer: {} });
  assert.deepEqual((await next).answer, {});
});

test("a new one is drawn in its place before it is made, and once when a loading is faster than the answer", async () => {
  const { kept, names, answer } = things();
  names(LOADED);
  kept.make({ id: "new-1", fields: { name: "Between" }, where: { before: "two" } }, "/", {});
  assert.deepEqual(kept.over(LOADED).map(({ id, is_new }) => [id, Boolean(is_new)]), [["one", false], ["new-1", true], ["two", false]]);
  kept.send({ order: ["two", "new-1", "one"] }, "PUT", "/");
  await answer({ answer: { id: "made" } });
  assert.deepEqual(kept.over(LOADED).map(({ id, is_new }) => [id, Boolean(is_new)]), [["two", false], ["made", false], ["one", false]]);
  kept.make({ id: "new-2", fields: { name: "Last" } }, "/", {});
  const loaded = [LOADED[0], { id: "made", name: "Between" }, LOADED[1], { id: "last", name: "Last" }];
  assert.deepEqual(names(loaded).toSorted(), ["Between", "Last", "One", "Two"]);
});

test("a new one that is refused is not there, and a change of one that is gone adds nothing", async () => {
  const { kept, names, answer } = things();
  names(LOADED);
  const made = kept.make({ id: "new-1", fields: { name: "No" }, where: { after: "one" } }, "/", {});
  assert.deepEqual(names(LOADED), ["One", "No", "Two"]);
  await answer({ problem: { status: 422 } });
  assert.deepEqual((await made).problem, { status: 422 });
  assert.deepEqual(names(LOADED), ["One", "Two"]);
  kept.send({ id: "gone", fields: { name: "Other" }, isOfOne: true }, "PATCH", "/");
  assert.deepEqual(names(LOADED), ["One", "Two"]);
});
