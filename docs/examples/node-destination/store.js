// The store: one file to which transactions are appended, one line each.
//
// A line holds everything that happened together: entries, what became of the parts, and the
// receipt. It is on disk before anything of it leaves the node (RCPT-001, ENT-005). A line that a
// power cut has torn is not there: it has no line break yet.
//
// Beside the keys stands the number of commits, and the digest of all lines, where no backup of
// the store reaches (RST-001). A store that is behind it has been restored (RST-002).

import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from
  "node:fs";
import { join } from "node:path";

import { sha256 } from "./jose.js";
import { writeDurably } from "./keyring.js";

export class Store {
  constructor(folder, keys) {
    this.counter = join(keys, "commits.json");
    const path = join(folder, "log.jsonl");
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    this.file = openSync(path, "a+", 0o600);
    if (whole.length < text.length) ftruncateSync(this.file, Buffer.byteLength(whole));
    this.lines = whole.split("\n").slice(0, -1);
    this.count = 0;
    this.chain = "";
    const chains = [""];
    for (const line of this.lines) {
      this.#advance(line);
      chains.push(this.chain);
    }
    const kept = existsSync(this.counter)
      ? JSON.parse(readFileSync(this.counter, "utf8")) : { count: 0, chain: "" };
    this.restored = chains[kept.count] !== kept.chain; // RST-002
    if (!this.restored) this.#keepCount(); // RST-003
  }

  *records() {
    for (const line of this.lines) yield* JSON.parse(line);
  }

  /** Commits a list of records. They are on disk when this returns. */
  commit(records) {
    const line = JSON.stringify(records);
    writeSync(this.file, `${line}\n`);
    fsyncSync(this.file);
    this.#advance(line);
    this.#keepCount();
  }

  #advance(line) {
    this.count += 1;
    this.chain = sha256(this.chain + line);
  }

  #keepCount() {
    writeDurably(this.counter, JSON.stringify({ count: this.count, chain: this.chain }));
  }

  close() {
    closeSync(this.file);
  }
}
