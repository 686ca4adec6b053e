// The vectors of the folders fold and certificate.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { adds } from "../acts.js";
import { fold } from "../fold.js";
import { ROOT } from "../spec.js";

const VECTORS = join(ROOT, "conformance_tests/onward_conformance/vectors");
const vectors = (folder) => readdirSync(join(VECTORS, folder)).map((file) =>
  [file, JSON.parse(readFileSync(join(VECTORS, folder, file), "utf8"))]);

function shown(state, agencies) {
  const uncertified = (side) => [...state.withdrawals]
    .filter(([, one]) => !one.certificates[side].length).map(([hash]) => hash);
  return {
    phase: state.phase, restReason: state.rest, round: state.round, closed: state.closed,
    items: [...state.items.values()].map(({ number, state: now, reason, wish }) =>
      ({ number, state: now, reason, wish })),
    parts: [...state.parts.values()].map((part) => ({ digest: part.digest,
      category: part.category, author: agencies[part.side], state: part.state,
      refusal: part.refusal })),
    handoverOrigin: Boolean(state.handover.origin),
    handoverDestination: Boolean(state.handover.destination),
    uncertified: { origin: uncertified("origin"), destination: uncertified("destination") },
    outcomes: state.outcomes.map(({ hash, outcome }) => ({ hash, outcome })),
  };
}

for (const [file, vector] of vectors("fold"))
  test(`fold: ${file}: ${vector.why}`, () => {
    if (vector.expect.error) return assert.throws(() => fold(vector));
    const offer = vector.origin[0]?.entry;
    const agencies = { origin: offer?.author, destination: offer?.recipient };
    assert.deepEqual(shown(fold(vector), agencies), vector.expect);
  });

for (const [file, vector] of vectors("certificate"))
  test(`certificate: ${file}: ${vector.why}`, () => {
    const counted = [];
    const counts = vector.certificates.map((one) => {
      const counting = adds(counted, one);
      if (counting) counted.push(one);
      return counting;
    });
    assert.deepEqual(counts, vector.expect.counts);
  });
