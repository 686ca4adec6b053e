// What a node does with an envelope that comes: the checks in the order of section Delivery of
// docs/spec.md, then the entries, then the parts, then the receipt.

import { takenBack } from "./acts.js";
import { contentOf, LONGEST, moment, partDigest, unseal } from "./envelope.js";
import { covers, fold } from "./fold.js";
import { digest, payloadOf, sha256, signToken, verifyToken } from "./jose.js";
import { read } from "./json.js";
import { named } from "./referral.js";
import { check } from "./schema.js";
import { acts, categories, Refused, VERSION } from "./spec.js";

const AHEAD = 60_000; // DLV-011
const NOTHING = { origin: {}, destination: {} };

/** Takes one envelope, and gives its `DeliverResult`. */
export function deliver(node, envelope) {
  try {
    const trust = node.trust; // DLV-003
    const claims = checkHeader(envelope, { trust, agency: node.agency,
      environment: node.environment, now: node.clock() });
    const before = node.envelopes.get(`${claims.iss} ${claims.mid}`);
    if (before) { // DLV-013, DLV-014
      if (before.header !== digest(envelope.header)) throw new Refused("MESSAGE_ID_REUSED");
      return { receipt: before.receipt };
    }
    return { receipt: take(node, trust, envelope, claims) };
  } catch (error) {
    if (!(error instanceof Refused)) console.error(`deliver failed: ${error.stack}`); // ERR-007
    const { reason, pointer, heads } = error instanceof Refused ? error : new Refused("INTERNAL");
    return { problem: { reason: `REASON_${reason}`, ...(pointer && { pointer }),
      ...(heads && { heads }) } };
  }
}

/** Checks of the header, before anything is decrypted (DLV-004 to DLV-012). */
export function checkHeader({ header, sealed }, { trust, agency, environment, now }) {
  // What does not match the schema can't be read as a header, so it names no agency: DLV-007 first.
  const claims = check(read(payloadOf(header)), "EnvelopeHeader");
  if (!trust.agency(claims.iss)) throw new Refused("AGENCY_UNKNOWN"); // DLV-004
  if (header.length + sealed.length > LONGEST) throw new Refused("TOO_LARGE"); // DLV-005
  verifyToken("onward-envelope+jws", header, trust.signingKeys(claims.iss, now)); // DLV-006
  if (claims.version !== VERSION) throw new Refused("UNKNOWN_VERSION"); // DLV-008
  if (claims.aud !== agency) throw new Refused("WRONG_RECIPIENT"); // DLV-009
  if (claims.environment !== environment) throw new Refused("WRONG_ENVIRONMENT"); // DLV-010
  if (Date.parse(claims.exp) <= now || Date.parse(claims.iat) > now + AHEAD)
    throw new Refused("ENVELOPE_EXPIRED"); // DLV-011
  if (claims.digest !== sha256(Buffer.from(sealed, "ascii"))) throw new Refused("SEAL_INVALID");
  return claims;
}

/** One entry of a bundle, verified by any key that its author ever had (DLV-021). */
export function readEntry(jws, { trust, claims, referralId }) {
  verifyToken("onward-entry+jws", jws, trust.signingKeys(claims.iss));
  const entry = check(read(payloadOf(jws)), "Entry");
  if (entry.version !== VERSION) throw new Refused("UNKNOWN_VERSION"); // DLV-022
  if (entry.author !== claims.iss || entry.recipient !== claims.aud ||
    entry.referralId !== referralId) throw new Refused("ENTRY_INVALID"); // DLV-023
  return { jws, hash: digest(jws), entry };
}

function take(node, trust, envelope, claims) {
  const message = contentOf(unseal(envelope.sealed, { ...claims, keys: node.keys.seal })); // DLV-020
  if (!message.bundle) return refuseKnock(node, claims);
  const { referralId, entries: tokens = [], parts = [] } = message.bundle;
  const inside = { trust, claims, referralId };
  try {
    const entries = tokens.map((jws) => readEntry(jws, inside));
    return store(node, { claims, header: digest(envelope.header), referralId, entries, parts });
  } catch (error) {
    sealWithdrawals(node, tokens, inside);
    throw error;
  }
}

// This destination has no desk for ways back and complaints. It says so to members in standing.
function refuseKnock(node, claims) {
  const standing = node.standing(claims.iss);
  if (standing && standing !== "PEER_NOT_ACCEPTED") throw new Refused(standing); // KNCK-002, 003
  throw new Refused("UNIMPLEMENTED");
}

/** A genuine withdrawal that can't be stored yet makes what it names unreadable all the same
 *  (WDRW-012, WDRW-016, WDRW-041). */
function sealWithdrawals(node, tokens, inside) {
  const referral = node.referrals.get(inside.referralId);
  if (referral?.logs.origin.length === 0 || referral?.origin !== inside.claims.iss) return;
  const records = [];
  for (const jws of tokens)
    try {
      const { hash, entry } = readEntry(jws, inside);
      const known = referral.known.has(hash) || referral.seals.some((seal) => seal.hash === hash);
      if (takenBack(entry) && !known)
        records.push({ is: "seal", referral: referral.id, jws });
    } catch {
      // The next one may be readable.
    }
  if (records.length) node.commit(records);
}

/** Checks of standing and of the logs; then everything in one transaction. */
function store(node, { claims, header, referralId, entries, parts }) {
  const referral = node.referrals.get(referralId);
  const standing = node.standing(claims.iss);
  const passing = standing && referral && entries.some(({ entry }) => acts.get(entry.kind).passes);
  if (standing && !passing) throw new Refused(standing);
  if (referral && referral.origin !== claims.iss)
    throw new Refused("GAP", { heads: NOTHING }); // DLV-036
  if (!referral) { // DLV-034, DLV-035
    if (entries[0]?.entry.seq !== 1) throw new Refused("GAP", { heads: NOTHING });
    if (entries[0].entry.kind !== "offer") throw new Refused("ENTRY_INVALID");
  }
  const at = node.clock();
  const next = checkEntries(node, referral, entries, at);
  const records = next.map(({ jws }) => ({ is: "entry", referral: referralId, jws, at }));
  const logs = {
    origin: [...(referral?.logs.origin ?? []), ...next],
    destination: referral?.logs.destination ?? [],
  };
  const views = referral?.views ?? new Map();
  const outcome = passing ? { records: [], refused: [] } // DLV-033
    : judgeParts({ node, referralId, referral, logs, views, state: fold(logs, views), parts, at });
  const last = (log) => log.length ? { seq: log.at(-1).entry.seq, hash: log.at(-1).hash } : {};
  const receipt = signToken("onward-receipt+jws", {
    version: VERSION, mid: claims.mid, header, iss: node.agency, aud: claims.iss, referralId,
    heads: { origin: last(logs.origin), destination: last(logs.destination) }, // RCPT-003
    ...(outcome.refused.length && { refused: outcome.refused }), // RCPT-004
    trustList: node.trust.seq, time: moment(at),
  }, node.signingKey);
  records.push(...outcome.records,
    { is: "envelope", iss: claims.iss, mid: claims.mid, header, receipt });
  node.commit(records); // RCPT-001
  destroyCorrected(node.referral(referralId));
  return receipt;
}

/** Each entry as the next of its log (DLV-040 to DLV-046). Gives those that are new. */
function checkEntries(node, referral, entries, at) {
  const log = [...(referral?.logs.origin ?? [])];
  const own = referral?.logs.destination ?? [];
  const heads = referral?.heads ?? NOTHING; // DLV-052
  const next = [];
  for (const one of entries) {
    const { seq, prev, seen } = one.entry;
    const seenSeq = seen.seq ?? 0;
    if (log.some((held) => held.hash === one.hash)) continue; // DLV-040
    if (seq <= log.length) throw new Refused("FORK", { heads }); // DLV-041
    if (seq === log.length + 1 && log.length && prev !== log.at(-1).hash)
      throw new Refused("FORK", { heads });
    if (seq > log.length + 1) throw new Refused("GAP", { heads }); // DLV-042
    if ((seq === 1 && prev) || seenSeq < (log.at(-1)?.entry.seen.seq ?? 0))
      throw new Refused("ENTRY_INVALID"); // DLV-043
    if (seenSeq > own.length) { // DLV-044; the other agency knows more of this log than we: RST-006
      if (referral && !referral.restored)
        node.commit([{ is: "restored", referral: referral.id, value: true, at }]);
      throw new Refused("GAP", { heads });
    }
    if (seenSeq && own[seenSeq - 1].hash !== seen.hash) throw new Refused("FORK", { heads }); // DLV-045
    log.push(one);
    next.push(one);
  }
  return next;
}

/** What becomes of the parts (section "Grants and the receiver's check"). Grants come first. */
function judgeParts(context) {
  const { node, referralId, referral, parts, state, at } = context;
  const result = { records: [], refused: [] };
  const grants = referral?.grants() ?? [];
  const outcomes = new Map();
  const isGrant = (part) => part.category === "grant";
  for (const part of [...parts.filter(isGrant), ...parts.filter((one) => !isGrant(one))]) {
    const name = partDigest(part);
    const before = referral?.parts.get(name) ?? outcomes.get(name);
    if (before) { // DLV-060
      if (before.outcome === "refused") result.refused.push({ digest: name, reason: before.reason });
      continue;
    }
    const bound = state.parts.get(name);
    if (!bound || bound.side !== "origin") { // DLV-064
      result.refused.push({ digest: name, reason: "invalid" });
      continue;
    }
    const reason = judge(part, bound, grants, context);
    outcomes.set(name, { outcome: reason ? "refused" : "taken", reason });
    if (reason) {
      const said = ["withdrawn", "erased"].includes(bound.state); // GRNT-013
      result.refused.push({ digest: name, reason });
      result.records.push({ is: "refused", referral: referralId, digest: name, reason, name: !said });
      continue;
    }
    if (isGrant(part)) grants.push({ digest: name, grant: JSON.parse(part.content), entry: bound.entry });
    const key = `${referralId}/${bound.category}/${name}`;
    if (node.keyring.destroyed(key)) continue; // RST-031
    const sealed = node.keyring.seal(key, JSON.stringify({ salt: part.salt, content: part.content }));
    result.records.push({ is: "part", referral: referralId, digest: name, sealed, at });
  }
  const unique = new Map(result.refused.map((one) => [one.digest, one]));
  result.refused = [...unique.values()];
  return result;
}

// The steps of GRNT-010 in their order: the first that fits is the refusal.
function judge(part, bound, grants, { node, referralId, referral, logs, views, state, at }) {
  if (part.category !== bound.category) return "invalid"; // 1
  if (["withdrawn", "erased"].includes(bound.state)) return "withdrawn"; // 2
  if (bound.state === "corrected") return "corrected";
  const author = logs.origin.find((one) => one.hash === bound.entry);
  const outcome = state.outcomes.find((one) => one.hash === bound.entry).outcome;
  if (outcome === "disallowed" || !acts.get(author.entry.kind).binds) return "disallowed"; // 3
  const category = categories.get(part.category);
  if (!category) return "unknown_category"; // 4
  const own = named(logs.origin, author.entry);
  if (part.category === "grant") {
    if (partDigest(part) !== own) return "invalid"; // 4a
  } else {
    const found = grants.find(({ digest, grant }) =>
      digest === own && grant.grantId === bound.grantId && grant.grantor === author.entry.author &&
      grant.grantee === node.agency && grant.referralId === referralId);
    if (!found) return "no_grant"; // 5
    if (!(found.grant.categories ?? []).includes(part.category)) return "beyond_grant"; // 6
    if (Date.parse(found.grant.validUntil) <= at) return "grant_expired"; // 7
    // 7a: this destination holds no agreements, and live content needs one (AGRE-010).
    if (node.environment === "live" || found.grant.agreementId) return "no_agreement";
    if (!views.get(bound.entry).disclosable && !category.offer) return "before_acceptance"; // 8
    const place = (hash) => state.outcomes.findIndex((one) => one.hash === hash);
    const withdrawn = [...state.withdrawals].some(([hash, one]) => // 10
      covers(one.scope, part.category) && place(hash) > place(found.entry));
    const sealed = referral?.seals.some((seal) => covers(seal.scope, part.category));
    if (withdrawn || sealed) return "withdrawn";
  }
  try { // 11
    const said = read(Buffer.from(part.content, "utf8"));
    check(said, category.message);
    if (part.category === "grant" && said.grantId !== bound.grantId) return "invalid"; // 4a
  } catch {
    return "invalid";
  }
  return undefined;
}

/** What the author has corrected can't be read any more, not even from a backup (ERAS-031). */
function destroyCorrected(referral) {
  for (const part of referral.state.parts.values())
    if (part.state === "corrected" && referral.parts.get(part.digest)?.outcome === "taken")
      referral.node.keyring.destroy(referral.keyName(part.digest));
}
