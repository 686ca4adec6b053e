// What this agency's own people do: the calls that the hook program passes on. Each act is checked
// against the fold, written as an entry, and delivered (sections Acts, Feedback, Withdrawal).

import { refusal } from "./acts.js";
import { moment } from "./envelope.js";
import { sweep } from "./erase.js";
import { digest, signToken } from "./jose.js";
import { check } from "./schema.js";
import { acts, categories, Refused, VERSION } from "./spec.js";

// Members of a request that are no state field of the entry.
const NOT_IN_ENTRY = ["write", "referralId", "destroyNow"];
const READING = {
  "Referrals.GetReferral": (node, { referralId }) => show(find(node, referralId)),
  "Referrals.ListReferrals": (node) =>
    ({ referrals: [...node.referrals.values()].filter((one) => one.logs.origin.length).map(show) }),
  "Referrals.ListEntries": (node, { referralId }) => listEntries(find(node, referralId)),
  "Referrals.ListNeedsHuman": (node) =>
    ({ items: [...node.referrals.values()].filter((one) => one.logs.origin.length).flatMap(needsHuman) }),
};
READING["Referrals.Get"] = READING["Referrals.GetReferral"];

/** Answers one call, as `{ok}` or `{reason}`. */
export function call(node, name, request = {}) {
  try {
    if (READING[name]) return { ok: READING[name](node, request) };
    const kind = [...acts].find(([, act]) => act.call === name)?.[0];
    if (!kind) throw new Refused("UNIMPLEMENTED");
    if (kind === "opened") return { ok: open(node, request) };
    return { ok: kind === "erased" ? erase(node, request) : record(node, kind, request) };
  } catch (error) {
    if (!(error instanceof Refused)) console.error(`${name} failed: ${error.stack}`);
    return error instanceof Refused
      ? { reason: error.reason, ...(error.pointer !== undefined && { pointer: error.pointer }) }
      : { reason: "INTERNAL" };
  }
}

function find(node, id) {
  const referral = node.referrals.get(id);
  if (!referral?.logs.origin.length) throw new Refused("NOT_FOUND");
  return referral;
}

// Holds a request to its schema. What every write carries was left out by the caller, who is
// this agency's own: this example has no login and no token (the local plane is its own matter).
function checkRequest(kind, { write, ...request }) {
  const { request: message, binds } = acts.get(kind);
  const example = { requestId: "00000000", purpose: "service_delivery", actor: "e30.e30.e30" };
  check({ ...request, write: example }, message);
  if (binds && request.record !== undefined) // it sends no parts of its own: see README.md
    throw new Refused("UNIMPLEMENTED");
}

/** Writes an act of this agency. */
export function record(node, kind, request) {
  checkRequest(kind, request);
  const referral = find(node, request.referralId);
  const { act } = guard(referral, kind, request);
  const fields = Object.fromEntries(
    Object.entries(request).filter(([name]) => !NOT_IN_ENTRY.includes(name) && name !== "record" &&
      name !== "suspectedPressure" && name !== "keep"));
  const entry = draft(referral, kind, fields);
  const reason = refusal(referral.stateWithJournal, "destination", entry);
  if (reason) throw new Refused(reason); // ACT-001
  if (kind === "correct" && !entry.corrects?.length)
    throw new Refused("INVALID_FIELD", { pointer: "/corrects" }); // ACT-017
  if (kind === "propose_forward" && !node.trust.agency(entry.forwardTo))
    throw new Refused("AGENCY_UNKNOWN"); // ACT-014
  if (!act.always && referral.feedback === "nothing") {
    if (act.needsFeedback) throw new Refused("CONSENT_SCOPE"); // FDBK-010
    node.commit([{ is: "journal", referral: referral.id, entry }]); // FDBK-001, FDBK-002
    return { referral: show(referral), journaled: true }; // FDBK-008
  }
  const written = write(node, referral, entry, (hash) =>
    request.destroyNow ? [{ is: "eraseNow", referral: referral.id, withdrawal: hash }] : []);
  return { referral: show(referral), entry: written };
}

function guard(referral, kind, request) {
  const act = acts.get(kind);
  if (referral.restored && !act.urgent) throw new Refused("RESTORED"); // RST-004
  if (referral.forked && kind !== "withdraw") throw new Refused("FORK"); // DLV-054
  const expected = request.write?.expectedHeads;
  if (expected && kind !== "withdraw" &&
    JSON.stringify(flat(expected)) !== JSON.stringify(flat(referral.heads)))
    throw new Refused("HEADS_CHANGED"); // LOC-014
  return { act };
}

const flat = ({ origin, destination }) =>
  [origin.seq ?? 0, origin.hash ?? "", destination.seq ?? 0, destination.hash ?? ""];

/** The next entry of this node's log, before it is signed. */
export function draft(referral, kind, fields) {
  const { node, state } = referral;
  const last = referral.head("destination");
  const refused = referral.refusalsToName();
  return {
    version: VERSION, referralId: referral.id, author: node.agency, recipient: referral.origin,
    round: state.round, seq: (last.seq ?? 0) + 1, ...(last.hash && { prev: last.hash }),
    seen: referral.head("origin"), // ENT-003
    kind, time: moment(node.clock()), // ENT-006
    ...(refused.length && { refused }), // DLV-065
    ...fields,
  };
}

/** Signs an entry and stores it. It is delivered afterwards, as long as it takes. */
export function write(node, referral, entry, also = () => []) {
  check(entry, "Entry"); // ENT-008
  const jws = signToken("onward-entry+jws", entry, node.signingKey);
  const hash = digest(jws);
  const at = node.clock();
  node.commit([{ is: "entry", referral: referral.id, jws, at }, ...also(hash)]);
  node.onEntry?.(referral);
  return hash;
}

/** Destroys and certifies now what waits for the end of its delay. This example keeps nothing. */
function erase(node, request) {
  checkRequest("erased", request);
  const referral = find(node, request.referralId);
  guard(referral, "erased", request);
  if (request.keep?.length) throw new Refused("UNIMPLEMENTED");
  const due = referral.uncertified();
  if (!due.length) throw new Refused("STATE_CONFLICT"); // ERAS-010
  const { heads: _, ...before } = show(referral); // WDRW-047
  node.commit(due.map(({ hash }) => ({ is: "eraseNow", referral: referral.id, withdrawal: hash })));
  sweep(node);
  return { referral: before };
}

/** Reads what may be read now, for a purpose, and tells the origin that it was opened. */
function open(node, request) {
  checkRequest("opened", request);
  const referral = find(node, request.referralId);
  guard(referral, "opened", request);
  const parts = [...referral.state.parts.values()].filter((part) =>
    part.side === "origin" && part.category !== "grant" && referral.readable(part.digest));
  const wanted = request.opened?.length
    ? request.opened.map((digest) => parts.find((part) => part.digest === digest)) : parts;
  if (!wanted.length || wanted.includes(undefined)) throw new Refused("PART_GONE"); // GRNT-022
  const purpose = request.write?.purpose ?? "service_delivery";
  if (!referral.grants().at(-1)?.grant.purposes.includes(purpose))
    throw new Refused("PURPOSE_NOT_GRANTED"); // GRNT-020
  const digests = wanted.map((part) => part.digest);
  node.commit([{ is: "opened", referral: referral.id, parts: digests, purpose, actor: "hook",
    at: node.clock() }]); // GRNT-021: the audit first, and nothing is decrypted without it
  const fresh = wanted.filter((part) => part.state === "sent").map((part) => part.digest);
  let entry;
  if (fresh.length && referral.feedback !== "nothing") {
    const next = draft(referral, "opened", { opened: fresh.slice(0, 256) });
    if (!refusal(referral.state, "destination", next)) entry = write(node, referral, next);
  }
  const content = {};
  for (const part of wanted)
    content[categories.get(part.category).field] = JSON.parse(referral.content(part.digest).content);
  return { recorded: { referral: show(referral), ...(entry ? { entry } : { journaled: true }) },
    record: content };
}

// --- What is shown -----------------------------------------------------------------------------

const clean = (message) => Object.fromEntries(Object.entries(message).filter(([, value]) =>
  ![undefined, "", false, 0].includes(value) && !(Array.isArray(value) && value.length === 0)));

/** A `Referral` as this node sees it. */
export function show(referral) {
  const { state } = referral;
  const agencies = { origin: referral.origin, destination: referral.node.agency };
  return clean({
    referralId: referral.id, ...agencies, phase: state.phase, restReason: state.rest,
    round: state.round, closed: state.closed,
    items: [...state.items.values()].map(({ number, state: now, reason, wish, notBefore,
      togetherWith }) => clean({ number, state: now, reason, wish, notBefore, togetherWith })),
    parts: [...state.parts.values()].map((part) => clean({ digest: part.digest,
      category: part.category, author: agencies[part.side], state: part.state,
      refusal: part.refusal, readable: referral.readable(part.digest) })),
    handoverOrigin: Boolean(state.handover.origin),
    handoverDestination: Boolean(state.handover.destination),
    withdrawals: [...state.withdrawals.values()].map((one) => one.scope),
    heads: referral.heads, needsHuman: needsHuman(referral),
    journal: referral.journal.map(({ kind, time, items, round }) => clean({ kind, time, items, round })),
    undelivered: referral.waiting.length, cancelPending: state.cancelPending,
    pauseReason: state.paused, question: state.question?.question,
    questionEntry: state.question?.entry, forwardTo: state.forward, respondBy: state.respondBy,
    choiceNeeded: [...state.items.values()].filter((item) => item.waiting).map((item) => item.number),
    followUps: state.followUps, resumes: state.resumes, restored: referral.restored,
  });
}

/** What waits for a person here (FOLD-030), as far as this example derives it. */
function needsHuman(referral) {
  const { state } = referral;
  const found = [];
  const add = (code, entry) => found.push(clean({ code, referralId: referral.id, entry }));
  for (const { hash, outcome, side, kind } of state.outcomes) {
    if (outcome === "disallowed" && side === "origin") add("disallowed_entry", hash);
    if (outcome === "overtaken" && kind === "decide") add("overtaken_acceptance", hash);
    if (outcome === "overtaken" && kind === "complete") add("overtaken_outcome", hash);
  }
  if (state.phase === "offered") add("acknowledge_offer");
  if (state.phase === "acknowledged") add("decide_offer");
  if (state.cancelPending) add("cancel_requested");
  if (state.reminded) add("reminded");
  for (const item of state.items.values()) if (item.waiting) add("choice_needed");
  for (const one of state.raised)
    if (one.side === "origin" && !one.answered) add(one.alert ? "alert" : "complaint", one.entry);
  for (const one of referral.uncertified()) add("erasure_due", one.hash);
  if (referral.seals.length) add("withdrawal_incomplete"); // WDRW-017
  if (referral.restored) add("restored");
  if (referral.forked) add("undelivered"); // a person has to look: DLV-054
  return found;
}

function listEntries(referral) {
  const all = [...referral.logs.origin, ...referral.logs.destination];
  return { entries: referral.state.outcomes.map(({ hash, outcome }) => {
    const { jws, entry } = all.find((one) => one.hash === hash);
    return { jws, hash, entry, outcome };
  }) };
}
