// The peer plane over REST, and the door for the hook program (section Delivery; peer.proto).

import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { join } from "node:path";

import { deliver } from "./deliver.js";
import { sweep } from "./erase.js";
import { payloadOf, verifyToken } from "./jose.js";
import { read } from "./json.js";
import { writeDurably } from "./keyring.js";
import { call } from "./local.js";
import { answerResync, Resync } from "./resync.js";
import { check } from "./schema.js";
import { reasons, Refused, VERSION } from "./spec.js";
import { Sender } from "./send.js";

const LONGEST = 4 * 1024 * 1024;

// Routes of peer.proto: the message that is asked with, and what answers.
const ROUTES = {
  "/v1/exchange:deliver": ["DeliverRequest", (node, { envelopes }) => // DLV-001
    ({ results: envelopes.map((envelope) => deliver(node, envelope)) })],
  "/v1/exchange:getNode": ["GetNodeRequest", (node, { request }) => {
    question(node, "get_node", request);
    return { agencies: [node.agency], versions: [VERSION], environment: node.environment,
      trustList: node.trust.seq };
  }],
  "/v1/exchange:getTrustList": ["GetTrustListRequest", (node, { request }) => {
    question(node, "get_trust_list", request);
    return node.trust.signed;
  }],
  "/v1/exchange:getServices": ["GetServicesRequest", (node, { request }) => {
    const { iss } = question(node, "get_services", request);
    if (node.trust.agency(iss).status === "suspended") throw new Refused("PEER_SUSPENDED"); // SRVL-020
    return {}; // this agency publishes none
  }],
  "/v1/exchange:resync": ["ResyncRequest", (node, { request }) =>
    answerResync(node, question(node, "resync", request))],
  "/v1/exchange:collect": ["CollectRequest", () => {
    throw new Refused("UNIMPLEMENTED"); // it is no mailbox (MBOX-037)
  }],
};

/** Verifies a signed question (DLV-070, DLV-071, RST-010). */
function question(node, method, token) {
  const now = node.clock();
  const { trust } = node;
  const claims = check(read(payloadOf(token)), "PeerRequest");
  if ((trust.agency(claims.iss)?.status ?? "removed") === "removed")
    throw new Refused("AGENCY_UNKNOWN");
  verifyToken("onward-request+jws", token, trust.signingKeys(claims.iss, now));
  if (claims.aud !== node.agency) throw new Refused("WRONG_RECIPIENT");
  const age = now - Date.parse(claims.iat);
  if (claims.method !== method || age > 300_000 || age < -60_000)
    throw new Refused("SIGNATURE_INVALID");
  if (method === "resync") {
    for (const [nonce, at] of node.nonces) if (now - at > 400_000) node.nonces.delete(nonce);
    const nonce = `${claims.iss} ${claims.nonce}`;
    if (node.nonces.has(nonce)) throw new Refused("SIGNATURE_INVALID");
    node.nonces.set(nonce, now);
  }
  return claims;
}

async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LONGEST) throw new Refused("TOO_LARGE", { pointer: "" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reply(response, status, type, body) {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

// Problem details (ERR-001, ERR-002, ERR-004). Nothing of the request stands in them (ERR-005).
function problem(response, error) {
  if (!(error instanceof Refused)) console.error(`a call failed: ${error.stack}`); // ERR-007
  const { reason, pointer, heads } = error instanceof Refused ? error : new Refused("INTERNAL");
  const { http, text } = reasons.get(reason);
  reply(response, http, "application/problem+json", {
    type: `https://onward.example/errors/${reason.toLowerCase().replaceAll("_", "-")}`,
    title: text, status: http, reason, ...(pointer && { pointer }), ...(heads && { heads }),
  });
}

async function peerCall(node, request, response) {
  try {
    const [path, query] = request.url.split("?");
    if (!Object.hasOwn(ROUTES, path)) throw new Refused("NOT_FOUND");
    if (request.method !== "POST") throw new Refused("UNIMPLEMENTED");
    if (query !== undefined) throw new Refused("UNKNOWN_FIELD", { pointer: "" }); // LOC-041
    const [message, answer] = ROUTES[path];
    if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? ""))
      throw new Refused("INVALID_JSON", { pointer: "" }); // LOC-040
    const body = check(read(await bodyOf(request)), message);
    reply(response, 200, "application/json", answer(node, body));
  } catch (error) {
    problem(response, error);
  }
}

// The hook's door: on this machine alone, and only with the token that stands in a file.
async function hookCall(node, token, request, response) {
  const given = Buffer.from(request.headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    return reply(response, 401, "application/json", { reason: "TOKEN_INVALID" });
  try {
    const { call: name, request: message } = read(await bodyOf(request));
    reply(response, 200, "application/json", call(node, name, message));
  } catch (error) {
    reply(response, 200, "application/json", { reason: error.reason ?? "INTERNAL" });
  }
}

const listening = (server, port, host) =>
  new Promise((done, failed) => server.once("error", failed).listen(port, host, done));

/** Serves until `stop` is called. */
export async function serve(node) {
  const sender = new Sender(node);
  const resync = new Resync(node, sender);
  const peers = createServer((request, response) => peerCall(node, request, response));
  const token = randomBytes(32).toString("base64url");
  const hook = createServer((request, response) => hookCall(node, token, request, response));
  await listening(peers, node.settings.listen.port, node.settings.listen.host);
  await listening(hook, 0, "127.0.0.1");
  writeDurably(join(node.folder, "hook.json"),
    JSON.stringify({ port: hook.address().port, token }));
  const every = () => {
    sweep(node);
    resync.ask().catch((error) => console.error(`resync failed: ${error.message}`));
  };
  const timer = setInterval(every, node.settings.sweepSeconds * 1000);
  sender.start();
  every();
  return function stop() {
    clearInterval(timer);
    sender.stop();
    peers.close();
    hook.close();
  };
}
