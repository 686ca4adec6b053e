#!/usr/bin/env node
// The hook program of the conformance suite: one JSON request for each line of standard input, one
// JSON answer for each line of standard output. It passes the line on to the running node.
//
//     node hook.js FOLDER

import { join } from "node:path";
import { createInterface } from "node:readline";

import { readJson } from "./node.js";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node hook.js FOLDER");
  process.exit(2);
}

for await (const line of createInterface({ input: process.stdin })) {
  if (!line.trim()) continue;
  let answer;
  try {
    const { port, token } = readJson(join(folder, "hook.json")); // a new one after each start
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: "POST", headers: { authorization: `Bearer ${token}` }, body: line,
    });
    answer = await response.text();
  } catch {
    answer = JSON.stringify({ reason: "UNAVAILABLE" });
  }
  process.stdout.write(`${answer}\n`);
}
