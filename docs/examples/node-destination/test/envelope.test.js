// The vectors of the folder envelope: envelopes, receipts and trust lists as they travel.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { checkHeader, readEntry } from "../deliver.js";
import { contentOf, partDigest, unseal } from "../envelope.js";
import { digest, thumbprint } from "../jose.js";
import { checkReceipt } from "../send.js";
import { ROOT } from "../spec.js";
import { TrustList } from "../trust.js";

const FOLDER = join(ROOT, "conformance_tests/onward_conformance/vectors/envelope");
const named = (key) => ({ ...key, kid: thumbprint(key) });

const members = ({ keys }) => ({ // what stands for a trust list in these vectors
  agency: (id) => keys.signing[id],
  signingKeys: (id) => (keys.signing[id] ?? []).map(named),
});

const RUN = {
  envelope(vector) {
    const trust = members(vector);
    const claims = checkHeader(vector.envelope, { trust, agency: vector.recipient,
      environment: vector.environment, now: Date.parse(vector.now) });
    const padded = unseal(vector.envelope.sealed,
      { ...claims, keys: vector.keys.sealing.map(named) });
    const { referralId, entries = [], parts = [] } = contentOf(padded).bundle;
    return {
      mid: claims.mid, paddedSize: padded.length,
      entries: entries.map((jws) => readEntry(jws, { trust, claims, referralId }).hash),
      parts: parts.map(partDigest),
    };
  },
  receipt(vector) {
    const referralId = "ref-00000001";
    checkReceipt(vector.receipt, vector.envelope, { trust: members(vector), referralId });
    return { header: digest(vector.envelope.header) };
  },
  trust(vector) {
    const list = new TrustList(vector.signedTrustList, vector.anchors);
    return { seq: list.seq, stale: list.stale(Date.parse(vector.now)) };
  },
};

for (const file of readdirSync(FOLDER)) {
  const vector = JSON.parse(readFileSync(join(FOLDER, file), "utf8"));
  test(`envelope: ${file}: ${vector.why}`, () => {
    const run = () => RUN[vector.kind](vector);
    if (vector.expect.reason)
      assert.throws(run, (refused) => {
        assert.equal(refused.reason, vector.expect.reason);
        if (vector.expect.pointer !== undefined) assert.equal(refused.pointer, vector.expect.pointer);
        return true;
      });
    else assert.deepEqual(run(), vector.expect);
  });
}
