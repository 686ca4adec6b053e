// Signed tokens: JWS in compact form, ES256, with exactly `alg`, `typ` and `kid` in the protected
// header (section "Keys and suite" of docs/spec.md). Node's `crypto` does the arithmetic.

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign,
  verify } from "node:crypto";

import { read } from "./json.js";
import { Refused } from "./spec.js";

const ALPHABET = /^[A-Za-z0-9_-]*$/;

export const encode = (bytes) => Buffer.from(bytes).toString("base64url");
export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("base64url");
export const randomId = () => encode(randomBytes(16)); // ENV-001, WORD-001

/** Bytes of a base64url text that has no padding and is the only one for its bytes (KEY-012). */
export function decode(text) {
  const bytes = Buffer.from(text, "base64url");
  if (!ALPHABET.test(text) || bytes.toString("base64url") !== text)
    throw new Refused("SIGNATURE_INVALID");
  return bytes;
}

/** RFC 7638 thumbprint of a P-256 key: its id. */
export const thumbprint = ({ x, y }) =>
  sha256(JSON.stringify({ crv: "P-256", kty: "EC", x, y }));

export const publicKey = ({ x, y }) =>
  createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });

export const privateKey = ({ x, y, d }) =>
  createPrivateKey({ key: { kty: "EC", crv: "P-256", x, y, d }, format: "jwk" });

export function newKey() {
  const { x, y, d } = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    format: "jwk",
  });
  return { kid: thumbprint({ x, y }), x, y, d };
}

/** The name of a token: the digest of its signing input (KEY-010). The signature is left out,
 *  since anyone can turn it into another one that is valid. */
export const digest = (token) => sha256(Buffer.from(token.slice(0, token.lastIndexOf(".")), "ascii"));

export function signToken(typ, payload, key) {
  const header = encode(JSON.stringify({ alg: "ES256", typ, kid: key.kid }));
  const input = `${header}.${encode(JSON.stringify(payload))}`;
  const signature = sign("sha256", Buffer.from(input, "ascii"), {
    key: privateKey(key),
    dsaEncoding: "ieee-p1363",
  });
  return `${input}.${encode(signature)}`;
}

/** The payload's bytes, before anything is verified. */
export const payloadOf = (token) => decode(token.split(".")[1] ?? "");

/** Verifies a token and gives its payload's bytes. `keys` are the public keys that count here;
 *  the token only says by `kid` which of them it is (KEY-004). Every fault is one and the same
 *  refusal (KEY-005). */
export function verifyToken(typ, token, keys) {
  const [header, payload, signature, ...more] = token.split(".");
  if (signature === undefined || more.length) throw new Refused("SIGNATURE_INVALID");
  return verifyDetached(typ, header, payload, signature, keys);
}

export function verifyDetached(typ, header, payload, signature, keys) {
  try {
    const claims = read(decode(header));
    const members = Object.keys(claims).sort().join();
    if (members !== "alg,kid,typ" || claims.alg !== "ES256" || claims.typ !== typ) // KEY-001..003
      throw new Refused("SIGNATURE_INVALID");
    const key = keys.find((one) => one.kid === claims.kid);
    const valid =
      key &&
      verify("sha256", Buffer.from(`${header}.${payload}`, "ascii"),
        { key: publicKey(key), dsaEncoding: "ieee-p1363" }, decode(signature));
    if (!valid) throw new Refused("SIGNATURE_INVALID");
    return decode(payload);
  } catch {
    throw new Refused("SIGNATURE_INVALID");
  }
}
