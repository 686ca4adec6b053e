// The fold: from the two logs of a referral to its state (section "The fold" of docs/spec.md).
// It reads nothing but the entries, so both agencies come to the same state (FOLD-001).

import { adds, DONE, isMove, NOT_TAKEN, other, refusal, seenSeq, takenBack } from "./acts.js";
import { choose, end } from "./choices.js";
import { acts, Refused, touched } from "./spec.js";

/** Entries in the order in which they count (FOLD-003). `logs.origin` and `logs.destination` are
 *  lists of `{hash, entry}`; only the first `counts.origin`, `counts.destination` are taken. */
export function order(logs, counts) {
  let o = 0;
  let d = 0;
  const result = [];
  while (o < counts.origin || d < counts.destination)
    if (o < counts.origin && seenSeq(logs.origin[o].entry) <= d)
      result.push({ side: "origin", ...logs.origin[o++] });
    else if (d < counts.destination && seenSeq(logs.destination[d].entry) <= o)
      result.push({ side: "destination", ...logs.destination[d++] });
    else throw new Refused("ENTRY_INVALID"); // FOLD-004
  return result;
}

/** The state of a referral. `views` keeps what was judged before: the view of an entry never
 *  changes, so it is judged once. */
export function fold(logs, views = new Map(), counts) {
  counts ??= { origin: logs.origin.length, destination: logs.destination.length };
  const state = empty();
  for (const { side, hash, entry } of order(logs, counts)) {
    if (!views.has(hash)) {
      const view = { [side]: entry.seq - 1, [other(side)]: seenSeq(entry) };
      const seen = fold(logs, views, view);
      views.set(hash, { // FOLD-005
        refusal: refusal(seen, side, entry),
        disclosable: ["accepted", "active"].includes(seen.phase) || seen.rest === "completed",
      });
    }
    turn(state, side, hash, entry, views.get(hash).refusal);
  }
  return state;
}

const empty = () => ({
  phase: "", rest: "", round: 1, closed: false, cancelPending: false, paused: "",
  items: new Map(), parts: new Map(), withdrawals: new Map(), outcomes: [],
  handover: {}, milestones: new Map(), decision: {}, decisionSeq: {}, raised: [], followUps: 0,
  acknowledgedInRound: false, acceptedInRound: false, read: false, reminded: false,
});

function turn(state, side, hash, entry, refusedInView) {
  for (const { digest, reason } of entry.refused ?? []) {
    const part = state.parts.get(digest);
    if (part && part.side !== side && ["sent", "opened"].includes(part.state))
      Object.assign(part, { state: "refused", refusal: reason });
  }
  const outcome = refusedInView ? "disallowed"
    : isMove(entry.kind) && refusal(state, side, entry) ? "overtaken" : "counted";
  bind(state, side, hash, entry, outcome);
  if (outcome === "counted") effect(state, side, hash, entry);
  state.outcomes.push({ hash, outcome, side, kind: entry.kind });
}

/** Whether a withdrawal takes back a category, also one whose text touches it (WDRW-013). */
export const covers = (withdrawal, category) =>
  Boolean(withdrawal.everything) ||
  [category, ...touched(category)].some((one) => (withdrawal.categories ?? []).includes(one));

function bind(state, side, hash, entry, outcome) {
  for (const { category, digest } of entry.parts ?? []) {
    if (state.parts.has(digest)) continue; // PART-005
    const part = { digest, category, side, entry: hash, grantId: entry.grantId, state: "sent",
      refusal: "", voidedBy: [] };
    state.parts.set(digest, part);
    if (outcome === "disallowed" || !acts.get(entry.kind).binds) { // PART-004
      Object.assign(part, { state: "refused", refusal: "disallowed" });
      continue;
    }
    for (const [withdrawal, one] of state.withdrawals) // FOLD-009
      if (one.side !== side && covers(one.scope, category) && seenSeq(entry) < one.seq) {
        part.voidedBy.push(withdrawal);
        part.state = "withdrawn";
      }
  }
}

function effect(state, side, hash, entry) {
  EFFECTS[entry.kind]?.(state, entry, { side, hash });
  const acted = ["acknowledge", "decide", "clarify", "propose_forward", "pause", "progress"];
  if (acted.includes(entry.kind)) state.reminded = false;
  if (!["opened", "erased"].includes(entry.kind))
    for (const one of state.raised)
      if (one.side !== side && seenSeq(entry) >= one.seq) one.answered = true;
}

function rest(state, reason) {
  state.phase = "resting";
  state.rest = reason;
  state.cancelPending = false;
  state.paused = "";
  state.reminded = false;
  state.question = undefined;
  if (!["declined", "deferred", "expired", "completed"].includes(reason)) state.forward = undefined;
}

// --- Settling ----------------------------------------------------------------------------------

const left = (state) =>
  [...state.items.values()].filter((item) => !DONE.has(item.state) && !NOT_TAKEN.has(item.state));
const stoppedByHer = (state) => [...state.items.values()].some((item) =>
  item.state === "declined_by_survivor" || item.state === "stopped_by_survivor");
const delivering = (items) =>
  items.some((item) => item.state === "in_delivery" || item.state === "paused");

function settle(state, entry) {
  const open = left(state);
  const allLater = open.length > 0 && open.every((item) => item.wish === "later");
  if (state.phase === "resting") return wake(state, entry, open, allLater);
  if (state.phase === "invalidated") return;
  const ended = ["accepted", "active"].includes(state.phase) &&
    [...state.items.values()].some((item) => DONE.has(item.state));
  const undecided = open.some((item) => ["requested", "waitlisted"].includes(item.state));
  if (!ended && open.length === 0) rest(state, stoppedByHer(state) ? "not_wanted" : "declined");
  else if (!ended && allLater && !delivering(open) && (entry.kind === "choice" || !undecided))
    rest(state, "deferred");
  else if (state.phase === "acknowledged" && entry.kind === "decide" &&
    entry.items.some((item) => item.state === "accepted")) state.phase = "accepted";
}

function wake(state, entry, open, allLater) {
  if (entry.kind !== "choice" || !["deferred", "not_wanted"].includes(state.rest)) return;
  if (allLater) return rest(state, "deferred");
  if (open.length === 0) return stoppedByHer(state) ? rest(state, "not_wanted") : undefined;
  const decided = open.some((item) => !["requested", "waitlisted"].includes(item.state));
  state.rest = "";
  if (state.acceptedInRound && delivering(open)) state.phase = "active";
  else if (state.acceptedInRound && decided) state.phase = "accepted";
  else state.phase = state.acknowledgedInRound ? "acknowledged" : "offered";
}

// --- Effects -----------------------------------------------------------------------------------

function ask(state, entry, asked) {
  const item = state.items.get(asked.number) ?? { number: asked.number, choices: {} };
  Object.assign(item, { state: "requested", reason: "", waiting: undefined });
  if (asked.togetherWith) item.togetherWith = asked.togetherWith;
  state.items.set(asked.number, item);
  choose(item, "origin", entry, asked); // CHOI-005
}

function report(state, entry) {
  for (const to of entry.items ?? []) {
    const item = state.items.get(to.number);
    item.state = to.state;
    item.reason = "";
    if (item.wish === "never") end(item); // the act crossed with her choice
  }
  if (state.phase === "accepted" &&
    [...state.items.values()].some((item) => item.state === "in_delivery")) state.phase = "active";
}

function takeBack(state, entry, { side, hash }) {
  const scope = takenBack(entry);
  for (const part of state.parts.values()) {
    if (!covers(scope, part.category)) continue;
    part.voidedBy.push(hash);
    if (["sent", "opened", "corrected"].includes(part.state)) part.state = "withdrawn";
  }
  state.withdrawals.set(hash, { scope, side, seq: entry.seq,
    certificates: { origin: [], destination: [] } });
  if (entry.kind !== "withdraw") {
    rest(state, "");
    state.phase = "invalidated";
  } else if (scope.everything && state.phase !== "invalidated") rest(state, "withdrawn");
}

const without = (state, item) =>
  item.state === "accepted" && item.togetherWith !== undefined &&
  ["requested", "waitlisted", "declined_by_agency", "unavailable"]
    .includes(state.items.get(item.togetherWith)?.state);

const EFFECTS = {
  offer(state, entry) {
    state.phase = "offered";
    state.respondBy = entry.respondBy;
    state.resumes = entry.resumes;
    for (const item of entry.items) ask(state, entry, item);
  },
  amend(state, entry) {
    for (const item of entry.items ?? []) ask(state, entry, item);
    state.respondBy = entry.respondBy ?? state.respondBy;
  },
  acknowledge(state) {
    state.phase = "acknowledged";
    state.acknowledgedInRound = true;
  },
  clarify(state, entry, { hash }) { state.question = { entry: hash, question: entry.question }; },
  answer(state) { state.question = undefined; },
  remind(state, entry) {
    state.reminded = true;
    state.respondBy = entry.respondBy ?? state.respondBy;
  },
  decide(state, entry) {
    const named = new Set(entry.items.map((item) => item.number));
    for (const { number, state: decided, reason = "" } of entry.items)
      Object.assign(state.items.get(number), { state: decided, reason });
    if (entry.items.some((item) => item.state === "accepted")) state.acceptedInRound = true;
    for (const item of state.items.values())
      if (named.has(item.number) || named.has(item.togetherWith))
        item.waiting = without(state, item) ? entry.seq : undefined;
    if (![...state.items.values()].some((item) => item.state === "requested"))
      state.respondBy = undefined;
    settle(state, entry);
  },
  opened(state, entry) {
    state.read = true;
    for (const digest of entry.opened) {
      const part = state.parts.get(digest);
      if (part.state === "sent") part.state = "opened";
    }
  },
  progress: report,
  choice(state, entry, { side }) {
    for (const said of entry.items) {
      const item = state.items.get(said.number);
      const seen = side === "destination" || seenSeq(entry) >= item.waiting;
      if (item.waiting && seen) item.waiting = undefined; // CHOI-009
      choose(item, side, entry, said);
    }
    settle(state, entry);
  },
  pause(state, entry) { state.paused = entry.pauseReason; },
  resume(state) { state.paused = ""; },
  propose_forward(state, entry) { state.forward = entry.forwardTo; },
  milestone(state, { seq, milestone, ...entry }, { side, hash }) {
    state.milestones.set(milestone.code, { ...milestone, since: entry.time, author: entry.author, hash });
    if (milestone.code !== "return_decision") return;
    if (seenSeq(entry) >= (state.decisionSeq[other(side)] ?? Infinity))
      delete state.decision[other(side)]; // MILE-002
    state.decision[side] = milestone.decision ?? "none"; // MILE-008
    state.decisionSeq[side] = seq;
  },
  handover(state, entry, { side, hash }) { state.handover[side] = hash; },
  follow_up(state) { state.followUps += 1; },
  correct(state, entry) {
    for (const digest of entry.corrects ?? []) {
      const part = state.parts.get(digest);
      if (["sent", "opened"].includes(part.state)) part.state = "corrected";
    }
    report(state, entry);
  },
  alert(state, entry, { side, hash }) {
    state.raised.push({ alert: entry.alert, side, seq: entry.seq, entry: hash, answered: false });
  },
  complaint(state, entry, { side, hash }) {
    state.raised.push({ complaint: entry.complaint, side, seq: entry.seq, entry: hash, answered: false });
  },
  complete(state, entry) {
    report(state, entry);
    rest(state, "completed");
  },
  cancel(state) { state.cancelPending = true; },
  confirm_cancel(state) { rest(state, "cancelled"); },
  expire(state) { rest(state, "expired"); },
  close(state) {
    state.closed = true;
    state.cancelPending = false;
  },
  reopen(state, entry) {
    Object.assign(state, { phase: "offered", rest: "", round: state.round + 1, closed: false,
      forward: undefined, respondBy: entry.respondBy, acknowledgedInRound: false,
      acceptedInRound: false });
    const named = new Set(entry.items.map((item) => item.number));
    for (const item of left(state))
      if (!named.has(item.number))
        Object.assign(item, { state: "requested", reason: "", waiting: undefined });
    for (const item of entry.items) ask(state, entry, item);
  },
  recall: takeBack,
  invalidate: takeBack,
  withdraw: takeBack,
  erased(state, { certificate }, { side }) {
    const withdrawal = state.withdrawals.get(certificate.withdrawal);
    const counted = withdrawal.certificates[side];
    if (!adds(counted, certificate)) return;
    counted.push(certificate);
    const newest = [withdrawal.certificates.origin.at(-1), withdrawal.certificates.destination.at(-1)];
    if (newest.some((one) => !one || one.awaits?.length)) return; // ERAS-022
    for (const part of state.parts.values())
      if (part.state === "withdrawn" && part.voidedBy.includes(certificate.withdrawal) &&
        !newest.some((one) => one.kept?.some((kept) => kept.category === part.category)))
        part.state = "erased";
  },
};
