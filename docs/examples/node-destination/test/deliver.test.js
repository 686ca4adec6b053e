// What becomes of envelopes that are right, and of those that are wrong.

import assert from "node:assert/strict";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { moment, partDigest } from "../envelope.js";
import { sweep } from "../erase.js";
import { newKey, payloadOf, randomId, signToken } from "../jose.js";
import { call } from "../local.js";
import { answerResync } from "../resync.js";
import { pick } from "../send.js";
import { DESTINATION, ORIGIN, World } from "./peer.js";

const world = new World();
const DAY = 86_400_000;
const name = { firstName: "Synthetic" };
const ok = (answer) => {
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.ok;
};
const local = (referral, name, request = {}) =>
  call(world.node, `Referrals.${name}`, { referralId: referral.id, ...request });
const accepted = () => {
  const referral = world.referral();
  referral.offer();
  referral.send();
  ok(local(referral, "Acknowledge"));
  ok(local(referral, "Decide", { items: [{ number: 1, state: "accepted" }] }));
  return referral;
};
const reasons = (receipt) => (receipt.refused ?? []).map((one) => one.reason);

test("an offer is stored and receipted; the same bytes get the same receipt (DLV-013)", () => {
  const referral = world.referral();
  referral.offer();
  const envelope = world.envelope({ referralId: referral.id, entries: referral.entries, parts: referral.parts });
  const first = world.send(envelope);
  assert.equal(first.heads.origin.seq, 1);
  assert.equal(first.refused, undefined);
  assert.equal(world.send(envelope).jws, first.jws);
  world.restart();
  assert.equal(world.send(envelope).jws, first.jws);
  const again = referral.send(); // sealed anew: another receipt, and nothing twice
  assert.notEqual(again.jws, first.jws);
  assert.equal(world.node.referrals.get(referral.id).logs.origin.length, 1);
  const { mid } = JSON.parse(payloadOf(envelope.header));
  assert.equal(referral.send({ change: { mid } }).reason, "MESSAGE_ID_REUSED"); // DLV-014
});

for (const [reason, change] of [
  ["AGENCY_UNKNOWN", { iss: "nobody.example", aud: "other.example", environment: "live" }],
  ["UNKNOWN_FIELD", { more: 1, version: "9.9" }],
  ["UNKNOWN_VERSION", { version: "1.1", aud: "other.example" }],
  ["WRONG_RECIPIENT", { aud: "other.example", environment: "live" }],
  ["WRONG_ENVIRONMENT", { environment: "live", exp: "2020-01-01T00:00:00Z" }],
  ["ENVELOPE_EXPIRED", { exp: "2020-01-01T00:00:00Z", digest: "A".repeat(43) }],
  ["SEAL_INVALID", { digest: "A".repeat(43) }],
  ["INVALID_FIELD", { iss: 7 }],
])
  test(`the first check that fails is answered: ${reason}`, () => {
    const referral = world.referral();
    referral.offer();
    assert.equal(referral.send({ change }).reason, reason);
    assert.equal(world.node.referrals.get(referral.id), undefined); // DLV-051
  });

test("gaps and forks are answered with the heads (DLV-040 to DLV-052)", () => {
  const stranger = world.referral();
  stranger.offer();
  stranger.write("remind");
  assert.deepEqual(stranger.send({ from: 1, parts: [] }),
    { reason: "GAP", heads: { origin: {}, destination: {} } });
  stranger.entries = [];
  stranger.write("remind");
  assert.equal(stranger.send({ parts: [] }).reason, "ENTRY_INVALID"); // DLV-035

  const referral = accepted();
  const { heads } = referral.held;
  referral.write("remind");
  referral.write("remind");
  assert.deepEqual(referral.send({ from: 2, parts: [] }), { reason: "GAP", heads });
  const [, second] = referral.entries.splice(1, 2);
  referral.write("close");
  assert.equal(referral.send().heads.origin.seq, 2);
  assert.equal(referral.send({ entries: [second] }).reason, "FORK");
  referral.write("remind", { seen: { seq: 2, hash: "A".repeat(43) } });
  assert.equal(referral.send({ from: 2 }).reason, "FORK"); // DLV-045
  referral.entries.pop();
  referral.write("remind", { seen: {} });
  assert.equal(referral.send({ from: 2 }).reason, "ENTRY_INVALID"); // DLV-043
  referral.entries.pop();
  referral.write("remind", { author: "nobody.example" });
  assert.equal(referral.send({ from: 2 }).reason, "ENTRY_INVALID"); // DLV-023
});

test("an act that its author was not allowed to write is stored, and its parts refused", () => {
  const referral = world.referral();
  referral.offer();
  referral.write("disclose", {}, { grant: referral.grant(["name"]), parts: [referral.part("name", name)] });
  const receipt = referral.send();
  assert.equal(receipt.heads.origin.seq, 2); // DLV-046
  assert.deepEqual(reasons(receipt), ["disallowed", "disallowed"]);
  assert.equal(ok(local(referral, "GetReferral")).needsHuman[0].code, "disallowed_entry");
});

test("an entry that names an item that there is not is disallowed, and stops nothing", () => {
  const referral = accepted();
  for (const [kind, fields] of [["choice", { items: [{ number: 9, wish: "now" }] }],
    ["correct", { items: [{ number: 9, state: "scheduled" }], corrects: ["A".repeat(43)] }],
    ["decide", { items: [{ number: 9, state: "accepted" }] }],
    ["progress", { items: [{ number: 9, state: "scheduled" }] }],
    ["opened", { opened: ["A".repeat(43)] }],
    ["answer", { answers: "A".repeat(43) }],
    ["handover", { confirms: "A".repeat(43) }],
    ["erased", { certificate: { withdrawal: "A".repeat(43), destroyedAt: moment(world.now),
      copiesUntil: moment(world.now) } }],
    ["expire", {}], ["reopen", { items: [{ number: 9, wish: "now", togetherWith: 8 }] }],
    ["milestone", { milestone: { code: "travel_plan", state: "done" } }]]) {
    referral.write(kind, fields);
    assert.equal(referral.send({ from: 1 }).heads?.origin.seq, referral.entries.length, kind);
  }
  const outcomes = referral.held.state.outcomes.filter((one) => one.side === "origin");
  assert.deepEqual(new Set(outcomes.slice(1).map((one) => one.outcome)), new Set(["disallowed"]));
});

test("parts are judged by the grant that the receiver holds (GRNT-010)", () => {
  const referral = world.referral();
  const late = referral.part("language", { primary: "bn" });
  const early = referral.part("name", name);
  const broken = referral.part("age_band", { band: "no such band" });
  const fine = referral.part("sex", { sex: "female" });
  const beyond = referral.part("literacy", { reading: "reads_well" });
  referral.write("offer", { items: [{ number: 1, wish: "now" }] },
    { grant: referral.grant(["sex", "age_band", "name", "language"]), parts: [fine, beyond, early, broken, late] });
  const unbound = referral.part("sex", { sex: "male" });
  const receipt = referral.send({ parts: [...referral.parts.filter((one) => one !== late), unbound] });
  const by = new Map(receipt.refused.map((one) => [one.digest, one.reason]));
  assert.deepEqual([beyond, early, broken, unbound, fine].map((one) => by.get(partDigest(one))),
    ["beyond_grant", "before_acceptance", "invalid", "invalid", undefined]);
  const stored = readFileSync(join(world.folder, "log.jsonl"), "utf8");
  for (const part of [beyond, fine]) // DLV-063, STOR-002
    assert.ok(!stored.includes(part.salt) && !stored.includes(part.content));

  const later = referral.send({ parts: [late, beyond] }); // DLV-060, DLV-061, RCPT-004
  assert.deepEqual(later.refused, [{ digest: partDigest(beyond), reason: "beyond_grant" }]);
  assert.ok(referral.held.readable(partDigest(late)));

  ok(local(referral, "Acknowledge")); // DLV-065: the next entry names them
  const { refused } = referral.held.logs.destination[0].entry;
  assert.deepEqual(new Set(refused.map((one) => one.digest)),
    new Set([beyond, early, broken].map(partDigest)));
});

test("a part without a grant, or under one that has ended, is refused", () => {
  const referral = accepted();
  referral.write("disclose", { grantId: randomId() }, { parts: [referral.part("name", name)] });
  assert.deepEqual(reasons(referral.send()), ["no_grant"]);
  referral.write("disclose", {}, { grant: referral.grant(["name"], { validUntil: moment(world.now) }),
    parts: [referral.part("name", name)] });
  assert.deepEqual(reasons(referral.send({ parts: referral.parts.slice(-2) })), ["grant_expired"]);
});

test("an id stands for the first grant that the log lists under it (GRNT-016)", () => {
  for (const order of [[0, 1], [1, 0]]) {
    const referral = accepted();
    const narrow = referral.grant(["language"]);
    const both = [[narrow, referral.part("language", { primary: "bn" })],
      [{ ...narrow, categories: ["name"] }, referral.part("name", name)]]
      .map(([grant, part]) => referral.write("disclose", {}, { grant, parts: [part] }));
    assert.deepEqual(reasons(referral.send({ parts: [] })), []);
    const said = order.map((one) => reasons(referral.send({ parts: both[one] })));
    assert.deepEqual(said[order.indexOf(0)], []);
    assert.deepEqual(said[order.indexOf(1)], ["invalid", order[0] ? "no_grant" : "beyond_grant"]);
  }
});

test("a grant of another id than its entry names is none", () => {
  const referral = accepted();
  referral.write("disclose", { grantId: randomId() },
    { grant: referral.grant(["name"]), parts: [referral.part("name", name)] });
  assert.deepEqual(reasons(referral.send()), ["invalid", "no_grant"]);
});

test("a category that was withdrawn comes back under a new grant only (GRNT-014)", () => {
  const referral = accepted();
  const old = referral.grant(["name"]);
  referral.write("disclose", {}, { grant: old, parts: [referral.part("name", name)] });
  referral.write("withdraw", { withdrawal: { categories: ["name"] } });
  assert.deepEqual(reasons(referral.send()), ["withdrawn"]);
  referral.write("disclose", { grantId: old.grantId }, { parts: [referral.part("name", name)] });
  assert.deepEqual(reasons(referral.send({ parts: referral.parts.slice(-1) })), ["withdrawn"]);
  referral.write("disclose", {}, { grant: referral.grant(["name"]), parts: [referral.part("name", name)] });
  assert.deepEqual(reasons(referral.send({ parts: referral.parts.slice(-2) })), []);
  assert.deepEqual(ok(local(referral, "Open")).record.name, name);
});

test("a withdrawal behind a gap, or beside an entry that can't be read, seals at once (WDRW-012)", () => {
  for (const broken of [[], ["e30.e30.e30"]]) {
    const referral = accepted();
    const sex = partDigest(referral.parts[1]);
    if (!broken.length) referral.write("remind");
    referral.write("withdraw", { withdrawal: { everything: true } });
    assert.ok(referral.held.readable(sex));
    const answer = referral.send({ entries: [...broken, referral.entries.at(-1)], parts: [] });
    assert.equal(answer.reason, broken.length ? "SIGNATURE_INVALID" : "GAP");
    world.restart();
    assert.ok(!referral.held.readable(sex));
    assert.equal(local(referral, "Open").reason, "PART_GONE");
    assert.equal(ok(local(referral, "GetReferral")).phase, "accepted");
    assert.equal(referral.send({ parts: [] }).heads.origin.seq, referral.entries.length);
    assert.equal(ok(local(referral, "GetReferral")).restReason, "withdrawn");
  }
});

test("a withdrawal passes whatever the sender's standing is (DLV-033)", () => {
  const referral = accepted();
  const stranger = world.referral();
  stranger.offer();
  referral.write("remind");
  for (const [reason, how] of [["PEER_SUSPENDED", { status: "suspended" }],
    ["AGENCY_UNKNOWN", { status: "removed" }], ["TRUST_LIST_STALE", { stamped: false }]]) {
    world.list(how);
    assert.equal(stranger.send().reason, reason);
    assert.equal(referral.send({ from: 1 }).reason, reason);
    assert.deepEqual(pick(world.node, referral.held), []); // TRST-023
  }
  referral.write("withdraw", { withdrawal: { everything: true } });
  assert.equal(referral.send({ from: 1, parts: [] }).heads.origin.seq, 3);
  world.now += DAY + 1000;
  sweep(world.node);
  assert.equal(pick(world.node, referral.held).at(-1).entry.kind, "erased");
  world.list();
});

test("what was taken back is destroyed when the delay is over, and certified (ERAS-003)", () => {
  const referral = accepted();
  referral.write("withdraw", { withdrawal: { categories: ["sex"] } });
  referral.send();
  sweep(world.node);
  assert.equal(referral.held.uncertified().length, 1);
  const keys = () => readdirSync(join(world.folder, "keys", "content")).filter((one) => !one.includes("."));
  const before = keys().length;
  world.now += DAY;
  sweep(world.node);
  assert.equal(keys().length, before - 1);
  const { kind, certificate } = referral.held.logs.destination.at(-1).entry;
  assert.equal(kind, "erased");
  assert.deepEqual(certificate.destroyed, [partDigest(referral.parts[1])]);
  sweep(world.node);
  assert.equal(referral.held.logs.destination.at(-1).entry.certificate, certificate);
});

test("a person has destroyed at once what waits, and nothing else (ERAS-010)", () => {
  const referral = accepted();
  assert.equal(local(referral, "Erase").reason, "STATE_CONFLICT");
  referral.write("withdraw", { withdrawal: { categories: ["sex"] } });
  referral.send();
  const { referral: before, entry } = ok(local(referral, "Erase"));
  assert.deepEqual([before.heads, entry], [undefined, undefined]); // WDRW-047
  assert.equal(referral.held.logs.destination.at(-1).entry.kind, "erased");
  assert.equal(local(referral, "Erase").reason, "STATE_CONFLICT");
});

test("what the level of feedback does not let cross stays in the journal (FDBK-001)", () => {
  const referral = world.referral();
  referral.write("offer", { items: [{ number: 1, wish: "now" }] },
    { grant: referral.grant(["sex"], { feedback: "nothing" }), parts: [referral.part("sex", { sex: "female" })] });
  referral.send();
  ok(local(referral, "Acknowledge"));
  ok(local(referral, "Decide", { items: [{ number: 1, state: "accepted" }] }));
  const item = (state) => ({ items: [{ number: 1, state }] });
  assert.deepEqual(ok(local(referral, "Progress", item("in_delivery"))).journaled, true);
  assert.equal(local(referral, "Progress", item("in_delivery")).reason, "ITEM_UNKNOWN"); // FDBK-003
  assert.equal(ok(local(referral, "Progress", item("completed"))).journaled, true);
  assert.equal(referral.held.logs.destination.length, 2);
  const question = { question: { codes: ["who_comes_along"] } };
  assert.equal(local(referral, "Clarify", question).reason, "CONSENT_SCOPE"); // FDBK-010
});

test("an act is refused as the specification says, and nothing is written", () => {
  const referral = accepted();
  const before = referral.held.heads;
  for (const [reason, name, request] of [
    ["NOT_FOUND", "Acknowledge", { referralId: randomId() }],
    ["STATE_CONFLICT", "Acknowledge", {}],
    ["STATE_CONFLICT", "Close", {}],
    ["ITEM_UNKNOWN", "Decide", { items: [{ number: 2, state: "accepted" }] }],
    ["REASON_REQUIRED", "Decide", { items: [{ number: 1, state: "declined_by_agency" }] }],
    ["UNKNOWN_CODE", "Decide", { items: [{ number: 1, state: "perhaps" }] }],
    ["INVALID_FIELD", "Decide", {}],
    ["UNKNOWN_FIELD", "Decide", { items: [{ number: 1, state: "accepted" }], more: 1 }],
    ["PURPOSE_NOT_GRANTED", "Open", { write: { purpose: "research" } }],
    ["HEADS_CHANGED", "Progress", { items: [{ number: 1, state: "in_delivery" }],
      write: { expectedHeads: { origin: {}, destination: {} } } }],
  ]) assert.equal(local(referral, name, request).reason, reason, `${name} ${reason}`);
  assert.deepEqual(referral.held.heads, before);
});

test("what is read, and what for, is written down before (GRNT-021)", () => {
  const referral = accepted();
  const lines = () => readFileSync(join(world.folder, "log.jsonl"), "utf8").trim().split("\n");
  const before = lines().length;
  ok(local(referral, "Open", { write: { purpose: "service_delivery" } }));
  const [[first], [second]] = lines().slice(before).map((line) => JSON.parse(line));
  assert.deepEqual([first.is, first.purpose, first.parts],
    ["opened", "service_delivery", [partDigest(referral.parts[1])]]);
  assert.equal(second.is, "entry");
  const { commit } = world.node;
  world.node.commit = () => { throw new Error("the disk is full"); };
  assert.equal(local(referral, "Open").reason, "INTERNAL"); // GRNT-023
  world.node.commit = commit;
});

test("a store that was restored asks before it writes again (RST-002, RST-004)", () => {
  const referral = world.referral();
  referral.offer();
  referral.send();
  copyFileSync(join(world.folder, "log.jsonl"), join(world.folder, "backup"));
  ok(local(referral, "Acknowledge"));
  copyFileSync(join(world.folder, "backup"), join(world.folder, "log.jsonl"));
  world.restart();
  assert.equal(ok(local(referral, "GetReferral")).restored, true);
  assert.equal(local(referral, "Acknowledge").reason, "RESTORED");
  assert.equal(local(referral, "Open").reason, "RESTORED");
  world.restart(); // it does not forget
  assert.equal(local(referral, "Acknowledge").reason, "RESTORED");
});

test("a line that a power cut has torn is not there", () => {
  const other = new World();
  const referral = other.referral();
  referral.offer();
  referral.send();
  const path = join(other.folder, "log.jsonl");
  const text = readFileSync(path, "utf8");
  writeFileSync(path, `${text}[{"is":"entry","ref`);
  other.restart();
  assert.equal(other.node.store.restored, false);
  assert.equal(readFileSync(path, "utf8"), text);
  assert.ok(referral.held.readable(partDigest(referral.parts[1])));
});

test("Resync gives the origin back what it has lost, and no more (RST-011 to RST-014)", () => {
  const referral = accepted();
  const ask = (more) => {
    const { answer, lost } = answerResync(world.node, { iss: ORIGIN, nonce: randomId(), ...more });
    return { claims: JSON.parse(payloadOf(answer)), lost };
  };
  const all = ask({ referralId: referral.id, heads: { origin: {}, destination: {} } });
  assert.deepEqual(all.claims.heads, referral.held.heads);
  assert.ok(all.lost);
  assert.equal(ask({ referralId: referral.id, heads: referral.held.heads }).lost, undefined);
  const unknown = ask({ referralId: randomId(), heads: referral.held.heads }).claims;
  assert.deepEqual(unknown.heads, { origin: {}, destination: {} });
  assert.ok(ask({}).claims.referrals.includes(referral.id));
});

test("a signature by a stranger's key is refused", () => {
  const referral = world.referral();
  referral.offer();
  const envelope = world.envelope({ referralId: referral.id, entries: referral.entries, parts: [] });
  const claims = JSON.parse(payloadOf(envelope.header));
  const header = signToken("onward-envelope+jws", claims, newKey());
  assert.equal(world.send({ ...envelope, header }).reason, "SIGNATURE_INVALID");
  assert.equal(claims.aud, DESTINATION);
});
