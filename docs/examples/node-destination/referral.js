// One referral as this node holds it: two logs, what became of the parts, and what follows.

import { covers, fold } from "./fold.js";
import { takenBack } from "./acts.js";
import { acts } from "./spec.js";

/** Digest of the one grant for which the `grantId` of an entry stands in its author's log (GRNT-016). */
export function named(log, entry) {
  for (const { entry: one } of log.slice(0, entry.seq)) {
    const grant = one.parts?.find((part) => part.category === "grant");
    if (grant && one.grantId && one.grantId === entry.grantId) return grant.digest;
  }
  return undefined;
}

export class Referral {
  constructor(id, node) {
    this.id = id;
    this.node = node;
    this.logs = { origin: [], destination: [] };
    this.known = new Set(); // hashes of all entries
    this.parts = new Map(); // digest to {outcome, reason, name, sealed}
    this.seals = []; // withdrawals that can't be stored yet (WDRW-012)
    this.journal = []; // acts that do not flow back (FDBK-002)
    this.receipts = []; // {header, receipt} for what was sent (RCPT-009)
    this.arrived = new Map(); // hash of an entry to the moment at which it was stored
    this.eraseNow = new Set();
    this.delivered = 0;
    this.views = new Map();
    this.restored = false;
    this.forked = false;
  }

  get origin() {
    return this.logs.origin[0].entry.author;
  }

  addEntry(side, hash, jws, entry, at) {
    this.logs[side].push({ hash, jws, entry });
    this.known.add(hash);
    this.arrived.set(hash, at);
    this.seals = this.seals.filter((seal) => seal.hash !== hash);
    this.folded = undefined;
  }

  /** What the two logs say. */
  get state() {
    this.folded ??= fold(this.logs, this.views);
    return this.folded;
  }

  /** What the two logs say, with the acts that stayed here (FDBK-003). */
  get stateWithJournal() {
    if (!this.journal.length) return this.state;
    const notes = this.journal.map((entry, index) => ({ hash: `journal-${index}`, entry: {
      ...entry, seq: this.logs.destination.length + 1 + index } }));
    return fold({ origin: this.logs.origin,
      destination: [...this.logs.destination, ...notes] }, new Map(this.views));
  }

  head(side) {
    const last = this.logs[side].at(-1);
    return last ? { seq: last.entry.seq, hash: last.hash } : {};
  }

  get heads() {
    return { origin: this.head("origin"), destination: this.head("destination") };
  }

  keyName(digest) {
    return `${this.id}/${this.state.parts.get(digest).category}/${digest}`;
  }

  /** Whether the content of a part can be read at this node now (WDRW-003, GRNT-022). */
  readable(digest) {
    const part = this.state.parts.get(digest);
    return this.parts.get(digest)?.outcome === "taken" &&
      ["sent", "opened"].includes(part?.state) &&
      !this.seals.some((seal) => covers(seal.scope, part.category)) &&
      !this.node.keyring.destroyed(this.keyName(digest));
  }

  content(digest) {
    return JSON.parse(this.node.keyring.open(this.keyName(digest), this.parts.get(digest).sealed));
  }

  /** The origin's grants that can be read, oldest first, each with the place of its entry. */
  grants() {
    const place = new Map(this.state.outcomes.map(({ hash }, index) => [hash, index]));
    return [...this.state.parts.values()]
      .filter((part) => part.category === "grant" && this.readable(part.digest))
      .map((part) => ({ place: place.get(part.entry), entry: part.entry, digest: part.digest,
        grant: JSON.parse(this.content(part.digest).content) }))
      .sort((a, b) => a.place - b.place);
  }

  /** The feedback level: that of the newest grant that can still be read (section Feedback). */
  get feedback() {
    return this.grants().at(-1)?.grant.feedback ?? "nothing";
  }

  /** Entries of this node that no receipt covers yet. */
  get waiting() {
    return this.logs.destination.slice(this.delivered);
  }

  /** Withdrawals that this node has not certified, with the moment at which they came. */
  uncertified() {
    return [...this.state.withdrawals]
      .filter(([, one]) => !one.certificates.destination.length)
      .map(([hash]) => ({ hash, at: this.arrived.get(hash) }));
  }

  /** Parts that this node took and that a withdrawal has voided. */
  held(withdrawal) {
    return [...this.state.parts.values()].filter((part) =>
      part.voidedBy.includes(withdrawal) && this.parts.get(part.digest)?.outcome === "taken")
      .map((part) => part.digest);
  }

  /** Refusals that this node's next entry names (DLV-065, GRNT-013). */
  refusalsToName() {
    const named = new Set(this.logs.destination.flatMap(({ entry }) =>
      (entry.refused ?? []).map((one) => one.digest)));
    return [...this.parts]
      .filter(([digest, part]) => part.outcome === "refused" && part.name && !named.has(digest))
      .slice(0, 256)
      .map(([digest, part]) => ({ digest, reason: part.reason }));
  }
}

export const takesBack = (entry) => takenBack(entry) !== undefined;
export const passes = (entry) => acts.get(entry.kind).passes;
