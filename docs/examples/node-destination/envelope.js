// The envelope: padding, the seal (JWE: ECDH-ES and A256GCM on P-256) and the digest of a part
// (sections Envelopes and Parts of docs/spec.md).

import { createCipheriv, createDecipheriv, createHash, diffieHellman, randomBytes } from "node:crypto";

import { decode, encode, newKey, privateKey, publicKey, randomId, sha256, signToken } from "./jose.js";
import { read } from "./json.js";
import { check } from "./schema.js";
import { Refused, VERSION } from "./spec.js";

export const LONGEST = 262_144; // ENV-006
export const LARGEST_CONTENT = 192_512 - 4;
const BUCKETS = [3072, 12_288, 49_152, 192_512];
const DAYS = 86_400_000;

/** A moment as the protocol writes it, to the second (ENT-006). */
export const moment = (milliseconds) => new Date(milliseconds).toISOString().replace(/\.\d+Z/, "Z");

export function partDigest({ category, salt, content }) {
  const zero = Buffer.of(0);
  return sha256(Buffer.concat([
    Buffer.from("onward-part"), zero, Buffer.from(category, "ascii"), zero,
    Buffer.from(salt, "base64url"), Buffer.from(content, "utf8"),
  ]));
}

export function pad(content) {
  const size = BUCKETS.find((bucket) => content.length + 4 <= bucket); // ENV-010
  if (!size) throw new Refused("TOO_LARGE");
  const padded = Buffer.alloc(size);
  padded.writeUInt32BE(content.length);
  content.copy(padded, 4);
  return padded;
}

export function unpad(padded) { // ENV-011
  const length = BUCKETS.includes(padded.length) ? padded.readUInt32BE() : Infinity;
  if (length > padded.length - 4 || padded.subarray(4 + length).some((byte) => byte !== 0))
    throw new Refused("SEAL_INVALID");
  return padded.subarray(4, 4 + length);
}

// Concat KDF of RFC 7518, section 4.6.2: one round of SHA-256 is as long as the key.
function contentKey(secret, apu, apv) {
  const number = (value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const field = (bytes) => Buffer.concat([number(bytes.length), bytes]);
  return createHash("sha256")
    .update(Buffer.concat([number(1), secret, field(Buffer.from("A256GCM")),
      field(apu), field(apv), number(256)]))
    .digest();
}

/** Seals `message`, a `Sealed`, and signs the header. `to` is the recipient's key (ENV-016). */
export function seal(message, { iss, aud, environment, key, to, now }) {
  const ephemeral = newKey();
  const apu = Buffer.from(iss);
  const apv = Buffer.from(aud);
  const header = encode(JSON.stringify({
    alg: "ECDH-ES", enc: "A256GCM", typ: "onward-sealed+jwe", kid: to.kid,
    apu: encode(apu), apv: encode(apv), // ENV-013
    epk: { kty: "EC", crv: "P-256", x: ephemeral.x, y: ephemeral.y },
  }));
  const secret = diffieHellman({ privateKey: privateKey(ephemeral), publicKey: publicKey(to) });
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", contentKey(secret, apu, apv), iv);
  cipher.setAAD(Buffer.from(header, "ascii"));
  const text = Buffer.concat([cipher.update(pad(Buffer.from(JSON.stringify(message)))), cipher.final()]);
  const sealed = [header, "", encode(iv), encode(text), encode(cipher.getAuthTag())].join(".");
  const claims = {
    version: VERSION, mid: randomId(), iss, aud, iat: moment(now), exp: moment(now + 14 * DAYS),
    environment, digest: sha256(Buffer.from(sealed, "ascii")),
  };
  return { claims, header: signToken("onward-envelope+jws", claims, key), sealed };
}

/** Opens a seal and gives the padded plaintext. Every fault is `SEAL_INVALID` (ENV-015). */
export function unseal(sealed, { iss, aud, keys }) {
  try {
    const [header, encryptedKey, iv, text, tag, ...more] = sealed.split(".");
    const claims = read(decode(header));
    const { alg, enc, typ, kid, apu, apv, epk } = claims;
    const key = keys.find((one) => one.kid === kid);
    const exact =
      more.length === 0 && encryptedKey === "" && key &&
      Object.keys(claims).sort().join() === "alg,apu,apv,enc,epk,kid,typ" && // ENV-012
      alg === "ECDH-ES" && enc === "A256GCM" && typ === "onward-sealed+jwe" &&
      apu === encode(iss) && apv === encode(aud) &&
      Object.keys(epk).sort().join() === "crv,kty,x,y" && // ENV-014
      epk.kty === "EC" && epk.crv === "P-256" &&
      decode(iv).length === 12 && decode(tag).length === 16;
    if (!exact) throw new Refused("SEAL_INVALID");
    const secret = diffieHellman({ privateKey: privateKey(key), publicKey: publicKey(epk) });
    const secretKey = contentKey(secret, decode(apu), decode(apv));
    const decipher = createDecipheriv("aes-256-gcm", secretKey, decode(iv));
    decipher.setAAD(Buffer.from(header, "ascii"));
    decipher.setAuthTag(decode(tag));
    return Buffer.concat([decipher.update(decode(text)), decipher.final()]);
  } catch {
    throw new Refused("SEAL_INVALID");
  }
}

/** The `Sealed` message in a padded plaintext. */
export function contentOf(padded) {
  const message = check(read(unpad(padded)), "Sealed");
  if (!message.bundle && !message.knock) throw new Refused("INVALID_FIELD", { pointer: "" }); // ENV-017
  for (const [index, part] of (message.bundle?.parts ?? []).entries())
    if (Buffer.from(part.salt, "base64url").toString("base64url") !== part.salt) // PART-008
      throw new Refused("INVALID_FIELD", { pointer: `/bundle/parts/${index}/salt` });
  return message;
}
