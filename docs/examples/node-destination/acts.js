// Which act is allowed in which state: the table of docs/transitions.md and the conditions
// FOLD-010 to FOLD-038, MILE-001 to MILE-006. `refusal` is the whole of it.

import { acts } from "./spec.js";

export const other = (side) => (side === "origin" ? "destination" : "origin");
export const seenSeq = (entry) => entry.seen.seq ?? 0;

const ENDS = ["completed", "dropped_out", "partly_completed", "stopped_by_agency",
  "stopped_by_survivor"];
export const DONE = new Set(ENDS); // delivery has ended
export const NOT_TAKEN = new Set(["declined_by_agency", "declined_by_survivor", "unavailable"]);
const DECISIONS = new Set(["accepted", "declined_by_agency", "unavailable", "waitlisted"]);
const AHEAD = new Set(["offered", "scheduled", "in_delivery"]);

// Steps of an item (docs/transitions.md).
const STEPS = {
  accepted: [...ENDS, "in_delivery", "offered", "scheduled"],
  waitlisted: [...ENDS, "in_delivery", "offered", "scheduled"],
  offered: [...ENDS, "declined_by_survivor", "in_delivery", "scheduled"],
  scheduled: [...ENDS, "in_delivery", "no_show", "scheduled"],
  no_show: [...ENDS, "in_delivery", "scheduled"],
  in_delivery: [...ENDS, "paused"],
  paused: [...ENDS, "in_delivery"],
};
const REPORTABLE = new Set(Object.values(STEPS).flat());

const UNDER_WAY = ["offered", "acknowledged", "accepted", "active"];
const ANY = [...UNDER_WAY, "resting", "invalidated"];
const RUNNING = ["accepted", "active"];
const DECIDING = ["acknowledged", ...RUNNING];
const RUNNING_OR_REST = [...RUNNING, "resting"];
const NOT_INVALID = [...UNDER_WAY, "resting"];

// Phases in which an act is written, and its sort. What an act is not named with is a move.
const PHASES = {
  offer: [""], amend: UNDER_WAY, disclose: RUNNING, answer: DECIDING, remind: UNDER_WAY,
  cancel: UNDER_WAY, expire: ["offered", "acknowledged"], close: RUNNING_OR_REST,
  reopen: ["resting"], recall: ["offered", "acknowledged", "accepted"], invalidate: NOT_INVALID,
  acknowledge: ["offered"], opened: NOT_INVALID, clarify: DECIDING, decide: DECIDING,
  confirm_cancel: UNDER_WAY, progress: RUNNING_OR_REST, pause: RUNNING, resume: RUNNING,
  propose_forward: DECIDING, follow_up: RUNNING_OR_REST, complete: RUNNING, choice: NOT_INVALID,
  correct: RUNNING_OR_REST, withdraw: ANY, erased: ANY, handover: RUNNING_OR_REST,
  milestone: RUNNING_OR_REST, alert: ANY, complaint: ANY,
};
const FACTS = new Set(["opened", "progress", "follow_up", "choice", "correct", "erased", "handover",
  "milestone", "alert", "complaint"]);
export const isMove = (kind) => !FACTS.has(kind) && kind !== "withdraw";

// Acts that take back: `recall` and `invalidate` like a withdrawal of everything (WDRW-018).
export const takenBack = (entry) =>
  entry.kind === "withdraw" ? entry.withdrawal
    : ["recall", "invalidate"].includes(entry.kind) ? { everything: true } : undefined;

/** Why `side` must not write `entry` in `state`, as a reason of the local plane; else undefined. */
export function refusal(state, side, entry) {
  const { kind } = entry;
  const { author } = acts.get(kind);
  const allowed =
    (author === "either" || author === side) &&
    PHASES[kind].includes(state.phase) &&
    (kind === "withdraw" || entry.round === state.round);
  if (!allowed) return "STATE_CONFLICT";
  return CONDITIONS[kind]?.(state, entry, side);
}

const conflictIf = (condition) => (condition ? "STATE_CONFLICT" : undefined);
const unknownIf = (condition) => (condition ? "ITEM_UNKNOWN" : undefined);
const first = (...reasons) => reasons.find((reason) => reason);
const numbers = (entry) => (entry.items ?? []).map((item) => item.number);
const twice = (values) => new Set(values).size !== values.length;
const foreign = (state, values) => values.some((number) => !state.items.has(number));

// The items of an act are known and stand once; then each is judged, until one is refused.
function each(state, entry, judge = () => undefined) {
  if (foreign(state, numbers(entry)) || twice(numbers(entry))) return "ITEM_UNKNOWN";
  for (const to of entry.items ?? []) {
    const reason = judge(to, state.items.get(to.number));
    if (reason) return reason;
  }
  return undefined;
}

// FOLD-010, FOLD-025: what is asked for is numbered, wished for, and belongs to items that exist.
function asked(state, entry) {
  const all = new Set([...state.items.keys(), ...numbers(entry)]);
  return first(
    unknownIf(twice(numbers(entry))),
    ...entry.items?.map((item) =>
      first(
        item.wish === "never" ? "WISH_FORBIDS" : undefined,
        unknownIf(item.state || item.reason || !["now", "later", "undecided"].includes(item.wish)),
        unknownIf(item.togetherWith &&
          (item.togetherWith === item.number || !all.has(item.togetherWith))),
      )) ?? [],
  );
}

/** An item for later with a day is wanted from the beginning of that day (CHOI-008). */
function wantedNow(item, time) {
  if (item.wish !== "later" || !item.notBefore) return item.wish === "now";
  const [year, month = "01", day = "01"] = item.notBefore.split("-");
  return time >= `${year}-${month}-${day}`;
}

// FOLD-015 and FOLD-035: no step ahead that the person does not want or has to decide on.
function ahead(item, to, time) {
  if (!AHEAD.has(to)) return undefined;
  if (item.waiting) return "CHOICE_NEEDED";
  if (item.wish === "undecided") return to === "offered" ? undefined : "CHOICE_NEEDED";
  return wantedNow(item, time) ? undefined : "WISH_FORBIDS";
}

const atRest = (state) => conflictIf(state.phase === "resting" && state.rest !== "completed"); // FOLD-016

function progress(state, entry) {
  return first(
    atRest(state),
    each(state, entry, (to, item) => first(
      unknownIf(to.wish || to.reason || !STEPS[item.state]?.includes(to.state)), // FOLD-014
      conflictIf(state.paused && AHEAD.has(to.state)),
      ahead(item, to.state, entry.time))),
  );
}

/** The journey may begin: the risks are assessed, and the decision is to return (MILE-003). */
export function travelReady(state) {
  const words = Object.values(state.decision);
  const stands = words.some((word) => word !== "return") ? "no" : words[0];
  return state.milestones.get("risk_assessment")?.state === "done" && stands === "return";
}

function milestone(state, entry) {
  const { code, state: how, decision } = entry.milestone;
  const begun = how === "in_progress" || how === "done";
  const notReady = (condition) => (condition ? "TRAVEL_NOT_READY" : undefined);
  return first(
    atRest(state),
    conflictIf(Boolean(decision) !== (code === "return_decision" && how === "done")), // MILE-001
    notReady(begun && ["travel_plan", "handover", "arrival"].includes(code) && !travelReady(state)),
    conflictIf(code === "handover" && how === "done" &&
      !(state.handover.origin && state.handover.destination)), // MILE-005
    notReady(begun && code === "first_72_hours" &&
      state.milestones.get("arrival")?.state !== "done"), // MILE-006
  );
}

const CONDITIONS = {
  offer: (state, entry) =>
    first(conflictIf(state.outcomes.length), asked(state, entry)), // "no log yet"
  amend: (state, entry) => first(
    conflictIf(state.cancelPending), // FOLD-024
    unknownIf(numbers(entry).some((number) => state.items.has(number))), // FOLD-026
    asked(state, entry)),
  disclose: (state) => conflictIf(state.cancelPending),
  answer: (state, entry) =>
    conflictIf(state.cancelPending || !state.question || state.question.entry !== entry.answers),
  cancel: (state) => conflictIf(state.cancelPending), // FOLD-032
  expire: (state, entry) => conflictIf( // FOLD-028
    !state.respondBy || Date.parse(entry.time) < Date.parse(state.respondBy) ||
    ![...state.items.values()].some((item) => item.state === "requested")),
  reopen: (state, entry) => first(
    conflictIf(state.rest === "withdrawn" || state.round >= 1000), // FOLD-027, FOLD-037
    unknownIf(!entry.items?.length), // FOLD-034
    asked(state, entry)),
  recall: (state) => conflictIf(state.read), // FOLD-029
  opened: (state, entry, side) => conflictIf( // FOLD-019
    !entry.opened?.length ||
    entry.opened.some((digest) => (state.parts.get(digest)?.side ?? side) === side)),
  clarify: (state, entry) => unknownIf(foreign(state, entry.question.items ?? [])),
  decide: (state, entry) => each(state, entry, (to, item) => { // FOLD-011
    const declines = to.state === "declined_by_agency";
    const takes = to.state === "accepted" || to.state === "waitlisted";
    return first(
      unknownIf(!DECISIONS.has(to.state) || to.wish || DONE.has(item.state)), // FOLD-013
      Boolean(to.reason) !== declines ? "REASON_REQUIRED" : undefined, // FOLD-012
      item.wish === "never" ? "WISH_FORBIDS" : undefined,
      conflictIf(state.cancelPending && takes)); // FOLD-024
  }),
  confirm_cancel: (state) => conflictIf(!state.cancelPending),
  progress,
  pause: (state) => conflictIf(state.paused),
  resume: (state) => conflictIf(!state.paused),
  propose_forward: (state, entry) =>
    each(state, entry, (to) => unknownIf(to.state || to.wish || to.reason)),
  follow_up: atRest,
  complete: (state, entry) => {
    const ends = new Map((entry.items ?? []).map((item) => [item.number, item.state]));
    return first(
      progress(state, entry),
      unknownIf([...ends.values()].some((end) => !DONE.has(end))),
      conflictIf([...state.items.values()].some((item) => { // FOLD-017
        const end = ends.get(item.number) ?? item.state;
        return !DONE.has(end) && !NOT_TAKEN.has(end) && item.wish !== "later";
      })));
  },
  choice: (state, entry) =>
    each(state, entry, (to) => unknownIf(!to.wish || to.state || to.reason)),
  correct: (state, entry, side) => first(
    atRest(state),
    conflictIf(entry.corrects?.some((digest) => { // FOLD-033, FOLD-038
      const part = state.parts.get(digest);
      return part?.side !== side || part.category === "grant";
    })),
    conflictIf(entry.items?.length && side !== "destination"),
    each(state, entry, (to, item) => { // FOLD-036
      const takenOn = item.state !== "requested" && !NOT_TAKEN.has(item.state);
      return first(
        unknownIf(!takenOn || !REPORTABLE.has(to.state) || to.wish || to.reason),
        ahead(item, to.state, entry.time));
    })),
  withdraw: (state, { withdrawal }) =>
    conflictIf(!withdrawal?.everything && ( // FOLD-020, FOLD-023
      !withdrawal?.categories?.length || withdrawal.categories.includes("grant"))), // WDRW-011
  erased: (state, entry, side) => conflictIf(!certifies(state, entry.certificate, side)),
  handover: (state, entry, side) => first(
    atRest(state),
    conflictIf(state.handover[side] || // FOLD-018
      (entry.confirms ?? "") !== (state.handover[other(side)] ?? "")),
    state.milestones.size && !travelReady(state) ? "TRAVEL_NOT_READY" : undefined), // MILE-004
  milestone,
};

function certifies(state, certificate, side) { // FOLD-021
  const withdrawal = state.withdrawals.get(certificate.withdrawal);
  return withdrawal !== undefined && adds(withdrawal.certificates[side], certificate);
}

/** Whether a certificate counts after those of the same side that counted before (ERAS-020). */
export function adds(before, next) {
  if (!before.length) return true;
  const last = before.at(-1);
  const kept = (one) => (one.kept ?? []).map((item) => JSON.stringify(
    [item.category, item.law, item.country, item.until]));
  const keptCategories = (one) => new Set((one.kept ?? []).map((item) => item.category));
  const told = new Set(before.flatMap((one) => one.further ?? []));
  const tells = (next.further ?? []).some((entry) => !told.has(entry));
  const awaited = new Set(last.awaits ?? []);
  const awaits = next.awaits ?? [];
  const keepsFewer = keptCategories(next).size < keptCategories(last).size;
  const keepsNothingNew = kept(next).every((item) => kept(last).includes(item));
  const waitsAnew = awaits.some((agency) => !awaited.has(agency));
  const waitsForFewer = !waitsAnew && awaits.length < awaited.size;
  if (!keepsNothingNew || (waitsAnew && !tells)) return false;
  return keepsFewer || (before.length < 64 && (waitsForFewer || tells));
}
