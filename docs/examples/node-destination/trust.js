// The trust list: who is a member, with which keys (section "Trust list" of docs/spec.md).

import { decode, payloadOf, sha256, thumbprint, verifyDetached, verifyToken } from "./jose.js";
import { read } from "./json.js";
import { check } from "./schema.js";
import { Refused } from "./spec.js";

const GRACE = 3 * 86_400_000; // TRST-011

const inUse = (key, now) => Date.parse(key.notBefore) <= now && now <= Date.parse(key.notAfter);

export class TrustList {
  /** Verifies a `SignedTrustList` by this node's own anchors, or throws TRUST_LIST_INVALID. */
  constructor(signed, anchors) {
    this.signed = signed;
    let payload;
    try {
      payload = decode(check(signed, "SignedTrustList").payload);
      this.list = check(read(payload), "TrustList"); // TRST-001
    } catch {
      throw new Refused("TRUST_LIST_INVALID");
    }
    const signers = new Set();
    for (const { protected: header, signature } of signed.signatures)
      for (const authority of anchors.authorities)
        if (verifies(() =>
          verifyDetached("onward-trust+jws", header, signed.payload, signature, [authority])))
          signers.add(authority.kid); // TRST-002: each key once
    const keys = this.list.agencies.flatMap((agency) => agency.keys);
    const sound =
      this.list.environment === anchors.environment &&
      signers.size >= Math.max(1, anchors.threshold) &&
      distinct(this.list.agencies.map((one) => one.agency)) && // TRST-003
      distinct(keys.map((key) => key.kid)) &&
      keys.every((key) => key.kid === thumbprint(key));
    if (!sound) throw new Refused("TRUST_LIST_INVALID");
    this.seq = this.list.seq;
    this.digest = sha256(payload);
    this.stamp = this.#readStamp(anchors);
  }

  #readStamp(anchors) { // TRST-010
    try {
      verifyToken("onward-stamp+jws", this.signed.stamp, anchors.stampers ?? []);
      const stamp = check(read(payloadOf(this.signed.stamp)), "Stamp");
      const fits = stamp.environment === this.list.environment && stamp.seq === this.seq &&
        stamp.digest === this.digest;
      return fits ? stamp : undefined;
    } catch {
      return undefined;
    }
  }

  stale(now) { // TRST-011
    return Date.parse(this.list.expiresAt) <= now || !this.stamp ||
      Date.parse(this.stamp.expiresAt) + GRACE <= now;
  }

  agency(id) {
    return this.list.agencies.find((one) => one.agency === id);
  }

  /** Signing keys of an agency: those in use now, or all that it ever had (TRST-024). */
  signingKeys(id, now) {
    const keys = (this.agency(id)?.keys ?? []).filter((key) => key.use === "sign");
    return now === undefined ? keys : keys.filter((key) => inUse(key, now));
  }

  /** The key to seal to: in use, with the latest `notBefore` (ENV-016). A withdrawal goes to the
   *  newest key where none is in use (WDRW-015). */
  sealingKey(id, now, anyAge) {
    const newest = (keys) =>
      keys.toSorted((a, b) => Date.parse(b.notBefore) - Date.parse(a.notBefore))[0];
    const keys = (this.agency(id)?.keys ?? []).filter((key) => key.use === "seal");
    return newest(keys.filter((key) => inUse(key, now))) ?? (anyAge ? newest(keys) : undefined);
  }
}

const distinct = (values) => new Set(values).size === values.length;

function verifies(action) {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
