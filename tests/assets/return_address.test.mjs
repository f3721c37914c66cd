// The way back after signing in leads to no other site.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { returnAddress } from "../../assets/return_address.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/return_addresses.json", import.meta.url)));
const HERE = "https://tasks.example.org";

test("a path of ours is where one goes, and what a URL makes of it is here", () => {
  for (const address of vectors.own) {
    assert.equal(returnAddress(address), address);
    const { origin, pathname } = new URL(address, HERE);
    assert.equal(origin, HERE);
    assert.ok(!pathname.startsWith("//"), address);
  }
});

test("anything else leads to the dashboard, or to the page where the person begins", () => {
  for (const address of [...vectors.not_own, "/a\ud800b", `/${"x".repeat(5000)}`, null, undefined])
    assert.equal(returnAddress(address), "/dashboard", JSON.stringify(address));
  assert.equal(returnAddress("//elsewhere.example", "today"), "/today");
});
