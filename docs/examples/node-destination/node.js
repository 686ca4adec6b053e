// The node: its agency, its keys, its trust list, and the referrals that its store tells of.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { takenBack } from "./acts.js";
import { digest, payloadOf } from "./jose.js";
import { read } from "./json.js";
import { Keyring } from "./keyring.js";
import { Referral } from "./referral.js";
import { Refused } from "./spec.js";
import { Store } from "./store.js";
import { TrustList } from "./trust.js";

export class Node {
  constructor(folder, { clock = Date.now } = {}) {
    this.folder = folder;
    this.clock = clock;
    this.settings = readJson(join(folder, "node.json"));
    this.agency = this.settings.agency;
    this.environment = this.settings.environment;
    this.keys = readJson(join(folder, "keys", "agency.json")); // {sign: [...], seal: [...]}
    this.keyring = new Keyring(join(folder, "keys", "content"));
    this.store = new Store(folder, join(folder, "keys"));
    this.referrals = new Map();
    this.envelopes = new Map(); // "iss mid" to {header, receipt}
    this.nonces = new Map();
    this.newest = { seq: 0 };
    this.behind = false;
    for (const record of this.store.records()) this.#apply(record);
    if (this.store.restored) // RST-002
      this.commit([{ is: "behind", value: true }, ...[...this.referrals.keys()].map((referral) =>
        ({ is: "restored", referral, value: true }))]);
  }

  get signingKey() {
    return this.keys.sign.at(-1);
  }

  /** Stores records in one transaction, and then lets them count (ACT-008). */
  commit(records) {
    this.store.commit(records);
    for (const record of records) this.#apply(record);
  }

  referral(id) {
    if (!this.referrals.has(id)) this.referrals.set(id, new Referral(id, this));
    return this.referrals.get(id);
  }

  #apply(record) {
    const referral = record.referral && this.referral(record.referral);
    switch (record.is) {
      case "entry": {
        const entry = read(payloadOf(record.jws));
        const side = entry.author === this.agency ? "destination" : "origin";
        referral.addEntry(side, digest(record.jws), record.jws, entry, record.at);
        break;
      }
      case "part":
        referral.parts.set(record.digest, { outcome: "taken", used: record.at, ...record });
        break;
      case "refused":
        referral.parts.set(record.digest, { outcome: "refused", ...record });
        break;
      case "envelope":
        this.envelopes.set(`${record.iss} ${record.mid}`, record);
        break;
      case "seal": {
        const entry = read(payloadOf(record.jws));
        referral.seals.push({ hash: digest(record.jws), scope: takenBack(entry) });
        break;
      }
      case "sent":
        referral.receipts.push(record);
        referral.delivered = Math.max(referral.delivered, record.seq);
        break;
      case "again": // the other agency has less than its receipts say
        referral.delivered = record.seq;
        break;
      case "forked":
        referral.forked = true;
        break;
      case "journal":
        referral.journal.push(record.entry);
        referral.folded = undefined;
        break;
      case "eraseNow":
        referral.eraseNow.add(record.withdrawal);
        break;
      case "restored":
        referral.restored = record.value;
        break;
      case "behind": // the store was restored, and younger referrals are not known yet
        this.behind = record.value;
        break;
      case "opened":
        for (const one of record.parts) referral.parts.get(one).used = record.at;
        break;
      case "trust":
        this.newest = record;
        break;
      default:
        throw new Error(`the store holds a record that this version does not know: ${record.is}`);
    }
  }

  /** The trust list in force. The file is looked at again whenever it has changed. */
  get trust() {
    const path = join(this.folder, "trust-list.json");
    if (!existsSync(path)) throw new Refused("UNAVAILABLE"); // DLV-003
    const { mtimeMs, size } = statSync(path);
    const version = `${mtimeMs} ${size}`;
    if (this.listVersion !== version) {
      try {
        const list = new TrustList(readJson(path), readJson(join(this.folder, "anchors.json")));
        const older = list.seq < this.newest.seq; // TRST-004
        const changed = list.seq === this.newest.seq && list.digest !== this.newest.digest; // TRST-005
        if (older || changed || list.list.environment !== this.environment)
          throw new Refused("TRUST_LIST_INVALID");
        if (list.seq !== this.newest.seq)
          this.commit([{ is: "trust", seq: list.seq, digest: list.digest }]);
        this.list = list;
      } catch (error) {
        console.error(`trust-list.json is not taken: ${error.message}`); // the last one stands
      }
      this.listVersion = version;
    }
    if (!this.list) throw new Refused("UNAVAILABLE");
    return this.list;
  }

  /** Agencies that this node accepts as partners (TRST-020). */
  accepts(agency) {
    return readJson(join(this.folder, "node.json")).partners.includes(agency);
  }

  /** Why nothing but withdrawals and certificates goes to or comes from an agency, if so. */
  standing(agency) {
    const status = this.trust.agency(agency)?.status ?? "removed";
    if (status === "removed") return "AGENCY_UNKNOWN"; // DLV-037
    if (status === "suspended") return "PEER_SUSPENDED"; // DLV-031
    if (!this.accepts(agency)) return "PEER_NOT_ACCEPTED"; // DLV-030
    return this.trust.stale(this.clock()) ? "TRUST_LIST_STALE" : undefined; // DLV-032
  }
}

export const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
