// The vectors of conformance_tests/onward_conformance/vectors/json.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { read } from "../json.js";
import { check } from "../schema.js";
import { ROOT } from "../spec.js";

const FOLDER = join(ROOT, "conformance_tests/onward_conformance/vectors/json");

for (const file of readdirSync(FOLDER)) {
  const vector = JSON.parse(readFileSync(join(FOLDER, file), "utf8"));
  test(`json: ${file}: ${vector.why}`, () => {
    const take = () => check(read(Buffer.from(vector.text, "utf8")), vector.message);
    if (vector.valid) return void take();
    assert.throws(take, (refused) => {
      assert.equal(refused.reason, vector.reason);
      if (vector.pointer !== undefined) assert.equal(refused.pointer, vector.pointer);
      return true;
    });
  });
}
