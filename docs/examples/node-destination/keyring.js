// Keys of content, apart from what they open (KEY-008, ERAS-008): one file for each part.
//
// To destroy a part is to destroy its key. What stands in the store is then noise, in each of its
// copies. A key that was destroyed leaves a tombstone, and its name is never used again (ERAS-030).

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync }
  from "node:fs";
import { join } from "node:path";

import { encode, sha256 } from "./jose.js";
import { Refused } from "./spec.js";

export class Keyring {
  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  #path(name) {
    return join(this.folder, sha256(name));
  }

  /** Encrypts under a new key. `name` says whose content it is, and binds it to its place
   *  (ERAS-001, STOR-004). The key is on disk when this returns. */
  seal(name, text) {
    if (this.destroyed(name)) throw new Refused("PART_GONE");
    const key = existsSync(this.#path(name)) ? readFileSync(this.#path(name)) : this.#make(name);
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, iv);
    cipher.setAAD(Buffer.from(name));
    return encode(Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]));
  }

  open(name, sealed) {
    if (this.destroyed(name)) throw new Refused("PART_GONE");
    const bytes = Buffer.from(sealed, "base64url");
    const decipher = createDecipheriv("aes-256-gcm", readFileSync(this.#path(name)),
      bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(name));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString("utf8");
  }

  destroyed(name) {
    return existsSync(`${this.#path(name)}.gone`);
  }

  /** Destroys a key for good: overwritten, then turned into a tombstone. Nothing happens twice. */
  destroy(name) {
    const path = this.#path(name);
    if (this.destroyed(name)) return;
    const file = openSync(path, existsSync(path) ? "r+" : "w", 0o600);
    writeSync(file, randomBytes(32), 0, 32, 0);
    fsyncSync(file);
    closeSync(file);
    renameSync(path, `${path}.gone`);
    syncFolder(this.folder);
  }

  #make(name) {
    const key = randomBytes(32);
    writeDurably(this.#path(name), key);
    return key;
  }
}

/** Writes a whole file so that it is there, or not, after a power cut. */
export function writeDurably(path, bytes) {
  const file = openSync(`${path}.new`, "w", 0o600);
  writeSync(file, bytes);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
  syncFolder(join(path, ".."));
}

function syncFolder(folder) {
  const directory = openSync(folder, "r");
  fsyncSync(directory);
  closeSync(directory);
}
