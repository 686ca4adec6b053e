// After a restore from a backup: what a node says of a referral of both, and how it asks
// (section "Restore from a backup" of docs/spec.md).

import { checkHeader, readEntry } from "./deliver.js";
import { contentOf, LARGEST_CONTENT, moment, seal, unseal } from "./envelope.js";
import { order } from "./fold.js";
import { payloadOf, randomId, signToken, verifyToken } from "./jose.js";
import { read } from "./json.js";
import { passes } from "./referral.js";
import { check } from "./schema.js";
import { post } from "./send.js";

const EMPTY = { origin: {}, destination: {} };
const PAGE = 256;

/** Answers a verified question. */
export function answerResync(node, { iss, nonce, referralId, heads = EMPTY, after = "" }) {
  const base = { iss: node.agency, aud: iss, nonce, time: moment(node.clock()) };
  const sign = (claims) => ({ answer: signToken("onward-resync+jws", claims, node.signingKey) });
  if (!referralId) { // the ids of both agencies' referrals, a page at a time
    const ids = [...node.referrals.values()]
      .filter((one) => one.logs.origin.length && one.origin === iss && one.id > after)
      .map((one) => one.id).sort().slice(0, PAGE);
    return sign({ ...base, ...(node.behind && { provisional: true }), referrals: ids });
  }
  const referral = node.referrals.get(referralId);
  if (!referral?.logs.origin.length || referral.origin !== iss) // RST-012
    return sign({ ...base, referralId, heads: EMPTY });
  const answer = sign({ ...base, referralId, heads: referral.heads,
    ...(referral.restored && { provisional: true }) }); // RST-011, RST-017
  const known = agrees(referral, heads) ? heads : EMPTY; // RST-014
  if ((known.destination.seq ?? 0) < referral.delivered) { // RST-016
    node.commit([{ is: "again", referral: referral.id, seq: known.destination.seq ?? 0 }]);
    node.onEntry?.(referral);
  }
  const bundle = lost(node, referral, known);
  const to = node.trust.sealingKey(iss, node.clock(), true);
  if (!bundle.entries.length || !to) return answer;
  const { header, sealed } = seal({ bundle }, { iss: node.agency, aud: iss,
    environment: node.environment, key: node.signingKey, to, now: node.clock() });
  return { ...answer, lost: { header, sealed } };
}

const agrees = (referral, heads) => ["origin", "destination"].every((side) => {
  const { seq = 0, hash } = heads[side];
  return seq === 0 || referral.logs[side][seq - 1]?.hash === hash;
});

// The next entries after the heads, and the asking agency's own parts of them (RST-013, RST-015).
function lost(node, referral, known) {
  const counts = { origin: referral.logs.origin.length, destination: referral.logs.destination.length };
  let next = order(referral.logs, counts)
    .filter(({ side, entry }) => entry.seq > (known[side].seq ?? 0));
  const content = !node.standing(referral.origin);
  if (!content)
    next = next.slice(0, 1 + next.findLastIndex(({ side, entry }) =>
      side === "origin" || passes(entry)));
  const bundle = { referralId: referral.id, entries: [], parts: [] };
  let size = 200;
  for (const { side, jws, entry } of next) {
    const parts = side === "destination" || !content ? [] : (entry.parts ?? [])
      .filter(({ digest }) => referral.readable(digest))
      .map(({ category, digest }) => ({ category, ...referral.content(digest) }));
    size += jws.length + 3 + JSON.stringify(parts).length;
    if (bundle.entries.length && (size > LARGEST_CONTENT || bundle.entries.length === 64 ||
      bundle.parts.length + parts.length > 128)) break;
    bundle.entries.push(jws);
    bundle.parts.push(...parts);
  }
  return bundle;
}

/** Asks for what a restore has lost, until each referral is whole again. */
export class Resync {
  constructor(node, sender) {
    this.node = node;
    this.sender = sender;
    this.asking = false;
  }

  async ask() {
    if (this.asking) return;
    this.asking = true;
    try {
      if (this.node.behind) await this.#list();
      for (const referral of this.node.referrals.values())
        if (referral.restored) await this.#one(referral.id, referral.origin);
    } finally {
      this.asking = false;
    }
  }

  // Which referrals there are: some can be younger than the backup (RST-007).
  async #list() {
    const { node } = this;
    let whole = true;
    for (const partner of node.trust.list.agencies.map((one) => one.agency)) {
      if (partner === node.agency || !node.accepts(partner)) continue;
      try {
        for (let after = "", page; page === undefined || page.length === PAGE; after = page.at(-1)) {
          const { claims } = await this.#question(partner, { ...(after && { after }) });
          page = claims.referrals ?? [];
          const ascend = page.every((id, index) => id > (index ? page[index - 1] : after));
          if (!ascend) throw new Error("a list of referrals does not ascend"); // RST-028
          for (const id of page) if (!node.referrals.has(id)) await this.#one(id, partner);
        }
      } catch (error) {
        whole = false;
        console.error(`a partner's referrals are not back yet: ${error.message}`);
      }
    }
    if (whole) node.commit([{ is: "behind", value: false }]);
  }

  async #question(aud, more) {
    const { node } = this;
    const nonce = randomId();
    const request = signToken("onward-request+jws", { iss: node.agency, aud, method: "resync",
      iat: moment(node.clock()), nonce, ...more }, node.signingKey);
    const { rest } = node.trust.agency(aud);
    const response = check(await post(`${rest}/v1/exchange:resync`, { request }), "ResyncResponse");
    verifyToken("onward-resync+jws", response.answer, node.trust.signingKeys(aud, node.clock()));
    const claims = check(read(payloadOf(response.answer)), "ResyncAnswer");
    const answers = claims.iss === aud && claims.aud === node.agency && claims.nonce === nonce &&
      claims.referralId === more.referralId; // RST-020
    if (!answers) throw new Error("an answer is to another question");
    return { claims, lost: response.lost };
  }

  async #one(id, aud) {
    const { node } = this;
    for (;;) {
      const referral = node.referrals.get(id);
      const own = referral?.logs.destination[referral.delivered - 1];
      const heads = { origin: referral?.head("origin") ?? {},
        destination: own ? { seq: own.entry.seq, hash: own.hash } : {} };
      const { claims, lost } = await this.#question(aud, { referralId: id, heads });
      const came = lost ? this.#take(id, aud, lost) : 0;
      const now = node.referrals.get(id);
      if (!now?.logs.origin.length) return;
      const reached = now.logs.destination.length >= (claims.heads?.destination.seq ?? 0);
      if (reached || came === 0) { // RST-023, RST-026
        if (!claims.provisional) node.commit([{ is: "restored", referral: id, value: false }]);
        return this.sender.wake(now);
      }
    }
  }

  // Entries of both logs, each believed by its author's own signature only (RST-021).
  #take(id, aud, envelope) {
    const { node } = this;
    const { trust } = node;
    const claims = checkHeader(envelope, { trust, agency: node.agency,
      environment: node.environment, now: node.clock() });
    if (claims.iss !== aud) throw new Error("what was lost comes from another agency");
    const { bundle } = contentOf(unseal(envelope.sealed, { ...claims, keys: node.keys.seal }));
    const at = node.clock();
    const records = [];
    const next = { [aud]: node.referrals.get(id)?.logs.origin.length ?? 0,
      [node.agency]: node.referrals.get(id)?.logs.destination.length ?? 0 };
    for (const jws of bundle.entries ?? []) {
      const { author, recipient } = read(payloadOf(jws));
      const one = readEntry(jws, { trust, claims: { iss: author, aud: recipient }, referralId: id });
      const parties = [author, recipient].sort().join() === [aud, node.agency].sort().join();
      if (!parties || one.entry.seq > next[author] + 1) throw new Error("an entry does not fit");
      if (one.entry.seq <= next[author]) continue; // held already, or a fork that a person settles
      next[author] += 1;
      records.push({ is: "entry", referral: id, jws, at });
    }
    if (!records.length) return 0;
    if (node.behind) records.push({ is: "restored", referral: id, value: true });
    node.commit(records);
    return records.length;
  }
}
