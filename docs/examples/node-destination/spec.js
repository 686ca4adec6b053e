// The facts of the specification: which categories, acts, reasons and schemas there are.
//
// They are read from `proto/` and `schemas/`, where each stands once. An implementation that is
// shipped without these folders would write them into a file when it is built.

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT =
  process.env.ONWARD_SPECIFICATION ?? join(dirname(fileURLToPath(import.meta.url)), "../../..");
export const VERSION = "1.0";

const PROTO = join(ROOT, "proto/onward/v1");
const texts = readdirSync(PROTO)
  .filter((name) => name.endsWith(".proto"))
  .map((name) => readFileSync(join(PROTO, name), "utf8").replace(/^\s*\/\/.*$/gm, ""));
const all = texts.join("\n");

// Schemas of all messages, by name: {"Entry": {...}, "codes.wish": {...}, ...}.
export const schemas = JSON.parse(readFileSync(join(ROOT, "schemas/bundle.json"), "utf8")).$defs;

// Categories, by code: their message, and the marks of `CategoryRule` in options.proto.
export const categories = new Map();
for (const [, message, rule] of all.matchAll(
  /message (\w+) \{\s*option \(category\) = \{([^}]*)\}/g,
)) {
  const flag = (name) => new RegExp(`\\b${name}: true`).test(rule);
  categories.set(/\bid: "(\w+)"/.exec(rule)[1], {
    message,
    field: message[0].toLowerCase() + message.slice(1),
    sensitivity: Number(/sensitivity: (\d)/.exec(rule)[1]),
    offer: flag("offer"),
    protocol: flag("protocol"),
    freeText: flag("free_text"),
    touches: [...rule.matchAll(/touches: "(\w+)"/g)].map((found) => found[1]),
  });
}

// What a category's text touches (section Consent): free text that names none touches every
// category of sensitivity 4.
export function touched(category) {
  const rule = categories.get(category);
  if (!rule) return [];
  if (rule.freeText && rule.touches.length === 0)
    return [...categories].filter(([, other]) => other.sensitivity === 4).map(([id]) => id);
  return rule.touches;
}

// Acts, by kind: the call that records it, and the marks of `RpcRule` in options.proto.
// `binds` says whether an entry of it can bind parts: its request has a record (PART-003).
export const acts = new Map();
for (const [, name, request, body] of all.matchAll(
  /rpc (\w+)\((\w+)\) returns \([\w ]+\) \{([\s\S]*?)\n  \}/g,
)) {
  const kind = /kind: "(\w+)"/.exec(body);
  if (!kind) continue;
  const flag = (option) => new RegExp(`\\b${option}: true`).test(body);
  acts.set(kind[1], {
    call: `Referrals.${name}`,
    request,
    author: /author: AUTHOR_(\w+)/.exec(body)[1].toLowerCase(),
    binds: "record" in (schemas[request]?.properties ?? {}),
    always: flag("always"),
    urgent: flag("urgent"),
    passes: flag("passes"),
    needsFeedback: flag("needs_feedback"),
  });
}

// Reasons, by name: HTTP status and the fixed sentence (ERR-004).
export const reasons = new Map();
for (const [, name, rule] of all.matchAll(/REASON_(\w+) = \d+ \[\(reason\) = \{([\s\S]*?)\}\]/g))
  reasons.set(name, {
    http: Number(/http: (\d+)/.exec(rule)[1]),
    text: JSON.parse(/text: (".*")/.exec(rule)[1]),
  });

// Codes that are known so that they can be refused, by registry (CODE-002). The schemas do not
// list them.
export const forbidden = new Map();
for (const [, name, body] of all.matchAll(
  /registry\) = \{\s*name: "(\w+)"([\s\S]*?)\n\};/g,
)) {
  const codes = [...body.matchAll(/code: \{\s*id: "(\w+)"[^}]*?\bforbidden:/g)];
  forbidden.set(name, new Set(codes.map((found) => found[1])));
}

// A refusal that the other side is told: `reason` is a value of `Reason` without its prefix.
export class Refused extends Error {
  constructor(reason, { pointer, heads } = {}) {
    super(reason);
    this.reason = reason;
    this.pointer = pointer;
    this.heads = heads;
  }
}
