// The outbox: this node's own entries, on their way to the origin. Nothing is kept for it but the
// log and the receipts: what no receipt covers waits (RCPT-008), and each try is sealed anew
// (ENV-007).

import { LARGEST_CONTENT, seal } from "./envelope.js";
import { digest, payloadOf, verifyToken } from "./jose.js";
import { read } from "./json.js";
import { passes, takesBack } from "./referral.js";
import { check } from "./schema.js";
import { acts, Refused, VERSION } from "./spec.js";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15 * 60_000;
const LONGEST_URGENT_PAUSE = 60_000; // DLV-056

export class Sender {
  constructor(node) {
    this.node = node;
    this.timers = new Map();
    this.failures = new Map();
    this.busy = new Set();
    node.onEntry = (referral) => this.wake(referral);
  }

  start() {
    for (const referral of this.node.referrals.values()) this.wake(referral);
  }

  stop() {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  /** Something new waits: try at once. */
  wake(referral, pause = 0) {
    if (this.stopped) return;
    clearTimeout(this.timers.get(referral.id));
    this.timers.set(referral.id, setTimeout(() => this.#try(referral), pause));
  }

  async #try(referral) {
    if (this.busy.has(referral.id)) return this.wake(referral, FIRST_PAUSE);
    this.busy.add(referral.id);
    try {
      for (let batch; (batch = pick(this.node, referral)).length; ) {
        const outcome = await this.#send(referral, batch);
        if (outcome === "wait") return this.#again(referral);
        this.failures.delete(referral.id);
      }
    } catch (error) {
      if (!(error instanceof Refused)) console.error(`sending failed: ${error.message}`);
      this.#again(referral);
    } finally {
      this.busy.delete(referral.id);
    }
  }

  // Growing pauses with jitter (DLV-055).
  #again(referral) {
    const failures = (this.failures.get(referral.id) ?? 0) + 1;
    this.failures.set(referral.id, failures);
    const urgent = referral.waiting.some(({ entry }) => acts.get(entry.kind).urgent);
    const most = urgent ? LONGEST_URGENT_PAUSE : LONGEST_PAUSE;
    const pause = Math.min(FIRST_PAUSE * 2 ** Math.min(failures, 20), most);
    this.wake(referral, pause * (0.5 + Math.random() / 2));
  }

  async #send(referral, batch) {
    const { node } = this;
    const { trust } = node;
    const aud = referral.origin;
    const to = trust.sealingKey(aud, node.clock(), batch.some(({ entry }) => passes(entry)));
    if (!to) return "wait";
    const message = { bundle: { referralId: referral.id, entries: batch.map(({ jws }) => jws) } };
    const envelope = seal(message, { iss: node.agency, aud, environment: node.environment,
      key: node.signingKey, to, now: node.clock() });
    const { header, sealed } = envelope;
    const answer = await post(`${trust.agency(aud).rest}/v1/exchange:deliver`,
      { envelopes: [{ header, sealed }] });
    const [result] = check(answer, "DeliverResponse").results;
    if (result.receipt) return this.#receipted(referral, batch, envelope, result.receipt);
    return this.#refused(referral, batch, result.problem);
  }

  #receipted(referral, batch, envelope, receipt) {
    const { heads } = checkReceipt(receipt, envelope, { trust: this.node.trust,
      referralId: referral.id });
    const { seq = 0, hash } = heads.destination;
    const own = referral.logs.destination;
    if (seq > own.length) return this.#restored(referral); // RST-006
    if (seq < batch.at(-1).entry.seq || own[seq - 1].hash !== hash) return "wait"; // RCPT-007
    this.node.commit([{ is: "sent", referral: referral.id, seq, receipt,
      header: envelope.header }]); // RCPT-009
    return "sent";
  }

  #refused(referral, batch, { reason, heads }) {
    if (reason === "REASON_FORK" && !referral.forked)
      this.node.commit([{ is: "forked", referral: referral.id }]); // DLV-054
    if (reason !== "REASON_GAP" || !heads) return "wait";
    const { seq = 0, hash } = heads.destination;
    if (seq > referral.logs.destination.length) return this.#restored(referral);
    const fits = seq === 0 || referral.logs.destination[seq - 1].hash === hash;
    if (!fits || seq + 1 === batch[0].entry.seq) return "wait";
    this.node.commit([{ is: "again", referral: referral.id, seq }]); // DLV-053
    return "again";
  }

  #restored(referral) {
    if (!referral.restored)
      this.node.commit([{ is: "restored", referral: referral.id, value: true }]);
    return "wait";
  }
}

/** The entries of the next envelope, in order. */
export function pick(node, referral) {
  let waiting = referral.waiting;
  const only = (allowed) => {
    const last = waiting.findLastIndex(({ entry }) => allowed(entry));
    waiting = waiting.slice(0, last + 1);
  };
  if (node.standing(referral.origin)) only(passes); // TRST-023
  if (referral.restored) only(({ kind }) => takesBackOrWarns(kind)); // RST-005
  if (referral.forked) only(takesBack); // DLV-054
  const batch = [];
  let size = 200;
  for (const one of waiting) {
    size += one.jws.length + 3;
    if (size > LARGEST_CONTENT || batch.length === 64) break;
    batch.push(one);
  }
  const urgent = waiting.slice(batch.length).find(({ entry }) => takesBack(entry));
  return urgent && !referral.ahead?.has(urgent.hash) ? sendAhead(referral, urgent) : batch;
}

const takesBackOrWarns = (kind) => kind === "withdraw" || kind === "alert";

// A withdrawal that does not fit goes first, alone: the other side answers GAP and seals (DLV-067).
function sendAhead(referral, urgent) {
  referral.ahead ??= new Set();
  referral.ahead.add(urgent.hash);
  return [urgent];
}

/** Verifies a receipt for an envelope that was sent (RCPT-006, RCPT-010). */
export function checkReceipt(receipt, envelope, { trust, referralId }) {
  const claims = check(read(payloadOf(receipt)), "Receipt");
  verifyToken("onward-receipt+jws", receipt, trust.signingKeys(claims.iss));
  const { mid, iss, aud } = check(read(payloadOf(envelope.header)), "EnvelopeHeader");
  const answers = claims.mid === mid && claims.header === digest(envelope.header) &&
    claims.iss === aud && claims.aud === iss && claims.referralId === referralId && claims.heads;
  if (claims.version !== VERSION) throw new Refused("UNKNOWN_VERSION");
  if (!answers) throw new Refused("ENTRY_INVALID");
  return claims;
}

/** Posts JSON to another node and gives its answer, read strictly. */
export async function post(address, body) {
  const response = await fetch(address, {
    method: "POST", redirect: "error", signal: AbortSignal.timeout(20_000),
    headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  if (!response.ok) throw new Error(`the other node answered with status ${response.status}`);
  return read(bytes);
}
