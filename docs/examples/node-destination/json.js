// JSON as Onward reads it: strictly (section JSON of docs/spec.md).
//
// `JSON.parse` takes the last of two members with one name, and half surrogate pairs. A signed
// message must not mean one thing to one reader and another to the next, so this is a reader of
// its own. It answers the first fault that it meets.

import { Refused } from "./spec.js";

const LONGEST = 4 * 1024 * 1024; // JSON-001
const DEEPEST = 32; // JSON-005
const NUMBER = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

const invalid = () => new Refused("INVALID_JSON", { pointer: "" });

/** Reads one JSON value from bytes, or throws `Refused`. */
export function read(bytes) {
  if (bytes.length > LONGEST) throw new Refused("TOO_LARGE", { pointer: "" });
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid(); // JSON-002
  }
  const reader = new Reader(text);
  reader.space();
  const value = reader.value(0);
  reader.space();
  if (reader.at !== text.length) throw invalid();
  // Depth and surrogates are judged when the whole text was read.
  if (reader.deepest > DEEPEST || !reader.wellFormed) throw invalid();
  return value;
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.deepest = 0;
    this.wellFormed = true;
  }

  space() {
    while (" \t\n\r".includes(this.text[this.at] || "x")) this.at += 1;
  }

  take(character) {
    if (this.text[this.at] !== character) throw invalid();
    this.at += 1;
  }

  value(depth) {
    const first = this.text[this.at];
    if (first === "{" || first === "[") {
      this.deepest = Math.max(this.deepest, depth + 1);
      if (depth > 1000) throw invalid(); // before the stack ends
      return first === "{" ? this.object(depth + 1) : this.array(depth + 1);
    }
    if (first === '"') return this.string();
    for (const [word, value] of [["true", true], ["false", false], ["null", null]])
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    return this.number();
  }

  number() {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (!found) throw invalid();
    this.at = NUMBER.lastIndex;
    const value = Number(found[0]);
    if (!Number.isFinite(value)) throw invalid(); // JSON-003
    return value;
  }

  string() {
    this.take('"');
    let result = "";
    for (;;) {
      PLAIN.lastIndex = this.at;
      result += PLAIN.exec(this.text)[0];
      this.at = PLAIN.lastIndex;
      const next = this.text[this.at];
      this.at += 1;
      if (next === '"') break;
      if (next !== "\\") throw invalid(); // a control character, or the end
      result += this.escape();
    }
    if (!result.isWellFormed()) this.wellFormed = false; // JSON-004
    return result;
  }

  escape() {
    const letter = this.text[this.at];
    this.at += 1;
    if (letter !== "u") {
      if (!Object.hasOwn(ESCAPES, letter ?? "")) throw invalid();
      return ESCAPES[letter];
    }
    const digits = this.text.slice(this.at, this.at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw invalid();
    this.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }

  array(depth) {
    this.take("[");
    this.space();
    const result = [];
    if (this.text[this.at] === "]") this.at += 1;
    else
      for (;;) {
        this.space();
        result.push(this.value(depth));
        this.space();
        if (this.text[this.at] === "]") break;
        this.take(",");
      }
    if (result.length) this.take("]");
    return result;
  }

  object(depth) {
    this.take("{");
    this.space();
    const result = {};
    if (this.text[this.at] === "}") this.at += 1;
    else
      for (;;) {
        this.space();
        const name = this.string();
        if (Object.hasOwn(result, name))
          throw new Refused("DUPLICATE_MEMBER", { pointer: "" }); // JSON-006
        this.space();
        this.take(":");
        this.space();
        // Not by assignment: a member can be called __proto__.
        Object.defineProperty(result, name, {
          value: this.value(depth),
          enumerable: true,
          configurable: true,
          writable: true,
        });
        this.space();
        if (this.text[this.at] === "}") break;
        this.take(",");
      }
    if (Object.keys(result).length) this.take("}");
    return result;
  }
}
