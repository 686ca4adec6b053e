// Holds a JSON value to the schema of a message, and answers the one fault that the
// specification wants to be answered (JSON-010 to JSON-023).
//
// Only the keywords that schemas/ uses are known here; another one is an error of this program.

import { forbidden, Refused, schemas } from "./spec.js";

const ORDER = ["UNKNOWN_FIELD", "FORBIDDEN_CODE", "UNKNOWN_CODE", "INVALID_FIELD"]; // JSON-020
const SILENT = ["$schema", "$id", "$defs", "description", "x-onward-codes", "x-onward-category",
  "x-htcds", "title", "then"];
const patterns = new Map();

/** Throws `Refused` if `value` is not a message of the type `name`. */
export function check(value, name) {
  const faults = [];
  hold(value, schemas[name], "", faults, name);
  if (!faults.length) return value;
  faults.sort(
    (a, b) =>
      ORDER.indexOf(a.reason) - ORDER.indexOf(b.reason) || // JSON-020
      (a.pointer < b.pointer ? -1 : a.pointer > b.pointer ? 1 : 0), // JSON-021
  );
  throw new Refused(faults[0].reason, { pointer: faults[0].pointer });
}

function matches(value, schema) {
  const faults = [];
  hold(value, schema, "", faults, "");
  return faults.length === 0;
}

function hold(value, schema, pointer, faults, name) {
  const fault = (reason = "INVALID_FIELD", where = pointer) =>
    faults.push({ reason, pointer: where });
  if (schema === false) return void fault();
  if (schema === true) return;
  if (schema.type && !ofType(value, schema.type)) return void fault();
  const object = value !== null && typeof value === "object" && !Array.isArray(value);
  for (const [keyword, rule] of Object.entries(schema)) {
    if (keyword === "$ref") {
      const target = rule.replace("#/$defs/", "");
      hold(value, schemas[target], pointer, faults, target);
    } else if (keyword === "type") continue;
    else if (keyword === "enum") {
      if (rule.includes(value)) continue;
      const codes = schema["x-onward-codes"];
      if (value === "") fault();
      else if (codes && forbidden.get(codes)?.has(value)) fault("FORBIDDEN_CODE"); // CODE-002
      else if (codes || name.startsWith("format.")) fault("UNKNOWN_CODE"); // CODE-001
      else fault();
    } else if (keyword === "const") value === rule || fault();
    else if (keyword === "pattern") matching(value, rule) || fault();
    else if (keyword === "not") matches(value, rule) && fault();
    else if (keyword === "minLength") [...value].length >= rule || fault();
    else if (keyword === "maxLength") [...value].length <= rule || fault();
    else if (keyword === "minimum") value >= rule || fault();
    else if (keyword === "maximum") value <= rule || fault();
    else if (keyword === "minItems") value.length >= rule || fault();
    else if (keyword === "maxItems") value.length <= rule || fault();
    else if (keyword === "format") rule !== "date-time" || onCalendar(value) || fault();
    else if (keyword === "items") {
      if (Array.isArray(value))
        value.forEach((one, index) => hold(one, rule, `${pointer}/${index}`, faults, ""));
    } else if (keyword === "properties") {
      if (!object) continue;
      for (const [field, inner] of Object.entries(rule))
        if (Object.hasOwn(value, field))
          hold(value[field], inner, `${pointer}/${field}`, faults, "");
    } else if (keyword === "required") {
      if (!object) continue;
      for (const field of rule) Object.hasOwn(value, field) || fault(undefined, `${pointer}/${field}`);
    } else if (keyword === "additionalProperties") {
      if (!object || rule !== false) continue;
      if (Object.keys(value).some((field) => !Object.hasOwn(schema.properties ?? {}, field)))
        fault("UNKNOWN_FIELD"); // JSON-010, JSON-023
    } else if (keyword === "allOf")
      for (const inner of rule) hold(value, inner, pointer, faults, "");
    else if (keyword === "if") {
      if (matches(value, rule)) hold(value, schema.then, pointer, faults, "");
    } else if (!SILENT.includes(keyword)) throw new Error(`unknown keyword ${keyword}`);
  }
}

function ofType(value, type) {
  if (type === "object") return value !== null && typeof value === "object" && !Array.isArray(value);
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value); // 1.0 and 1e2 are integers: JSON-019
  return typeof value === type;
}

function matching(value, pattern) {
  if (typeof value !== "string") return false;
  if (!patterns.has(pattern)) patterns.set(pattern, new RegExp(pattern, "u"));
  return patterns.get(pattern).test(value);
}

// The pattern has the form; this says whether there is such a day (JSON-015).
function onCalendar(value) {
  const date = new Date(`${value.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value.slice(0, 10));
}
