// What the person says of an item, and what follows for it (section Choices of docs/spec.md).

import { DONE, NOT_TAKEN, other, seenSeq } from "./acts.js";

const careful = ["never", "later", "undecided", "now"]; // CHOI-003
const laterRank = (one) => one.notBefore ?? "9999-99-99"; // CHOI-004

function moreCareful(a, b) {
  const rank = careful.indexOf(a.wish) - careful.indexOf(b.wish);
  if (rank !== 0) return rank < 0 ? a : b;
  return a.wish === "later" && laterRank(b) > laterRank(a) ? b : a;
}

// Records what one side says that she wants; what the author had seen of the other side's gives
// way (CHOI-002).
export function choose(item, side, entry, said) {
  const theirs = item.choices[other(side)];
  if (theirs && seenSeq(entry) >= theirs.seq) delete item.choices[other(side)];
  item.choices[side] = { wish: said.wish, notBefore: said.notBefore, seq: entry.seq };
  const stands = Object.values(item.choices).reduce(moreCareful);
  item.wish = stands.wish;
  item.notBefore = stands.notBefore;
  if (item.wish === "never") end(item); // CHOI-006
  else if (["declined_by_survivor", "stopped_by_survivor"].includes(item.state))
    item.state = "requested"; // CHOI-007, also where progress had reported that she stopped
}

// An item that she never wants ends: stopped by her where delivery had begun, else declined.
export function end(item) {
  if (DONE.has(item.state) || NOT_TAKEN.has(item.state)) return;
  const begun = item.state === "in_delivery" || item.state === "paused";
  item.state = begun ? "stopped_by_survivor" : "declined_by_survivor";
  item.reason = "";
  item.waiting = undefined;
}
