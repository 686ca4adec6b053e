// What the vectors of the fold do not show, and two readers of the text can take for two things.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fold } from "../fold.js";

/** Two logs from lines such as ["d", "decide", {items: [...]}], each having seen all before it. */
function play(...lines) {
  const logs = { origin: [], destination: [] };
  for (const [short, kind, fields = {}] of lines) {
    const side = short === "o" ? "origin" : "destination";
    const other = side === "origin" ? "destination" : "origin";
    const hash = `${short}${logs[side].length + 1}`;
    logs[side].push({ hash, entry: { round: 1, seq: logs[side].length + 1,
      seen: { seq: logs[other].length, hash: logs[other].at(-1)?.hash }, kind,
      time: "2026-11-22T10:00:00Z", ...fields } });
  }
  return fold(logs);
}

const items = (...said) => ({ items: said.map(([number, more]) => ({ number, ...more })) });
const offer = (...wishes) => ["o", "offer", items(...wishes.map((wish, i) => [i + 1, { wish }]))];
const outcomes = (state) => state.outcomes.map((one) => one.outcome);
const acknowledged = ["d", "acknowledge"];

test("what she stopped is requested again by her next wish, also where progress said so (CHOI-007)", () => {
  const state = play(offer("now"), acknowledged,
    ["d", "decide", items([1, { state: "accepted" }])],
    ["d", "progress", items([1, { state: "stopped_by_survivor" }])],
    ["o", "choice", items([1, { wish: "undecided" }])]);
  assert.equal(state.items.get(1).state, "requested");
});

test("after an offer that was disallowed no offer can follow", () => {
  const state = play(offer("never"), offer("now"));
  assert.deepEqual(outcomes(state), ["disallowed", "disallowed"]);
  assert.equal(state.phase, "");
});

test("an item on a waiting list is not past the decision when a referral wakes", () => {
  const wake = (decided) => play(offer("now", "now"), acknowledged,
    ["d", "decide", items([1, { state: "accepted" }], [2, { state: decided }])],
    ["o", "choice", items([1, { wish: "never" }], [2, { wish: "later" }])],
    ["o", "choice", items([2, { wish: "now" }])]).phase;
  assert.equal(wake("waitlisted"), "acknowledged");
  assert.equal(wake("accepted"), "accepted");
});

test("a withdrawal of grants alone is disallowed; of everything it counts, whatever it names (WDRW-011)", () => {
  const withdraw = (withdrawal) => outcomes(play(offer("now"), ["o", "withdraw", { withdrawal }]))[1];
  assert.equal(withdraw({ categories: ["grant"] }), "disallowed");
  assert.equal(withdraw({ categories: ["grant"], everything: true }), "counted");
});
