// An origin for the tests: it signs, seals and sends whatever a test wants, also what is wrong.

import { mkdtempSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";

import { deliver } from "../deliver.js";
import { moment, partDigest, seal } from "../envelope.js";
import { digest, encode, newKey, payloadOf, randomId, sha256, signToken } from "../jose.js";
import { Node, readJson } from "../node.js";

export const ORIGIN = "origin.gov.example";
export const DESTINATION = "shelter.ngo.example";
const CLI = new URL("../cli.js", import.meta.url).pathname;
const DAY = 86_400_000;
const save = (path, value) => writeFileSync(path, JSON.stringify(value));

export class World {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "node-destination-"));
    this.authority = newKey();
    this.sign = newKey();
    this.seal = newKey();
    this.seq = 0;
    execFileSync(process.execPath, [CLI, "init", this.folder, "--agency", DESTINATION,
      "--country", "IN", "--kind", "ngo_local", "--listen", "127.0.0.1:1"]);
    execFileSync(process.execPath, [CLI, "accept", this.folder, ORIGIN]);
    const key = this.#key(this.authority, "sign");
    save(join(this.folder, "anchors.json"),
      { environment: "test", threshold: 1, authorities: [key], stampers: [key] });
    this.list();
    this.node = new Node(this.folder);
    this.now = Date.now();
    this.node.clock = () => this.now;
  }

  #key({ kid, x, y }, use) {
    return { kid, use, x, y, notBefore: moment(Date.now() - DAY), notAfter: moment(Date.now() + DAY * 900) };
  }

  /** Puts a new trust list in force. */
  list({ status = "active", stamped = true } = {}) {
    this.seq += 1;
    const list = {
      version: "1.0", environment: "test", seq: this.seq, issuedAt: moment(Date.now()),
      expiresAt: moment(Date.now() + DAY * 90),
      agencies: [readJson(join(this.folder, "agency.json")), {
        agency: ORIGIN, country: "BD", kind: "ngo_local", status, versions: ["1.0"],
        rest: "http://127.0.0.1:1",
        keys: [this.#key(this.sign, "sign"), this.#key(this.seal, "seal")] }],
    };
    const [protect, payload, signature] = signToken("onward-trust+jws", list, this.authority).split(".");
    const bytes = payloadOf(`${protect}.${payload}.x`);
    const stamp = signToken("onward-stamp+jws", { environment: "test", seq: this.seq,
      digest: sha256(bytes), issuedAt: moment(Date.now()), expiresAt: moment(Date.now() + DAY * 2) },
    this.authority);
    save(join(this.folder, "trust-list.json"), { payload, signatures: [{ protected: protect, signature }],
      ...(stamped && { stamp }) });
  }

  restart() {
    this.node.store.close();
    this.node = new Node(this.folder);
    this.node.clock = () => this.now;
  }

  /** A new referral's log, at the origin. */
  referral() {
    return new Log(this);
  }

  envelope(bundle, change = {}) {
    const [sealing] = readJson(join(this.folder, "agency.json")).keys.filter((key) => key.use === "seal");
    const made = seal({ bundle }, { iss: ORIGIN, aud: DESTINATION, environment: "test",
      key: this.sign, to: sealing, now: this.now });
    if (!Object.keys(change).length) return { header: made.header, sealed: made.sealed };
    const header = signToken("onward-envelope+jws", { ...made.claims, ...change }, this.sign);
    return { header, sealed: made.sealed };
  }

  send(envelope) {
    const result = deliver(this.node, envelope);
    if (result.problem) return { ...result.problem, reason: result.problem.reason.slice(7) };
    return { ...JSON.parse(payloadOf(result.receipt)), jws: result.receipt };
  }
}

class Log {
  constructor(world) {
    this.world = world;
    this.id = randomId();
    this.entries = [];
    this.parts = [];
  }

  get held() {
    return this.world.node.referrals.get(this.id);
  }

  part(category, content) {
    return { category, salt: encode(randomBytes(32)), content: JSON.stringify(content) };
  }

  grant(categories, change = {}) {
    return { grantId: randomId(), referralId: this.id, grantor: ORIGIN, grantee: DESTINATION,
      basis: "consent", purposes: ["service_delivery"], categories, onwardSharing: "none",
      feedback: "status_only", issuedAt: moment(this.world.now),
      validUntil: moment(this.world.now + DAY * 300), retentionDays: 30, ...change };
  }

  /** Writes the origin's next entry, with parts under a grant. Nothing is sent. */
  write(kind, fields = {}, { parts = [], grant } = {}) {
    const all = grant ? [this.part("grant", grant), ...parts] : parts;
    const seen = this.held?.head("destination") ?? {};
    const entry = { version: "1.0", referralId: this.id, author: ORIGIN, recipient: DESTINATION,
      round: 1, seq: this.entries.length + 1,
      ...(this.entries.length && { prev: digest(this.entries.at(-1)) }), seen, kind,
      time: moment(this.world.now), ...(grant && { grantId: grant.grantId }),
      ...(all.length && { parts: all.map((one) => ({ category: one.category, digest: partDigest(one) })) }),
      ...fields };
    this.entries.push(signToken("onward-entry+jws", entry, this.world.sign));
    this.parts.push(...all);
    return all;
  }

  offer(categories = ["sex", "age_band"], parts = [this.part("sex", { sex: "female" })]) {
    return this.write("offer", { items: [{ number: 1, wish: "now" }] },
      { grant: this.grant(categories), parts });
  }

  send({ from = 0, entries = this.entries.slice(from), parts = this.parts, change } = {}) {
    return this.world.send(this.world.envelope({ referralId: this.id, entries, parts }, change));
  }
}
