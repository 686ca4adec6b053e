#!/usr/bin/env node
// The command line: makes a node's folder, takes partners and lists, and serves.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { moment } from "./envelope.js";
import { newKey } from "./jose.js";
import { writeDurably } from "./keyring.js";
import { Node, readJson } from "./node.js";
import { check } from "./schema.js";
import { serve } from "./server.js";
import { VERSION } from "./spec.js";

const USAGE = `usage:
  node cli.js init FOLDER --agency ID --country CC --kind KIND --listen HOST:PORT [--address URL]
      [--destroy-after SECONDS] [--sweep-every SECONDS]
      makes keys and settings, and writes agency.json: the agency's entry for the trust list
  node cli.js accept FOLDER AGENCY
      accepts an agency of the trust list as a partner
  node cli.js take FOLDER FROM
      takes trust-list.json and partners.json from the folder FROM: partners by agency, and no others
  node cli.js serve FOLDER
      serves; FOLDER has to hold trust-list.json (the signed list) and anchors.json`;

const YEARS = 2 * 365 * 86_400_000;

function init(folder, options) {
  const { agency, country, kind, listen, address = `http://${listen}` } = options;
  const [host, port] = listen.split(":");
  const made = { sign: [newKey()], seal: [newKey()] }; // KEY-006: one for each use
  const now = Date.now();
  const entry = check({
    agency, country, kind, status: "active", versions: [VERSION], rest: address,
    purposes: ["service_delivery", "eligibility_check", "case_coordination", "follow_up_contact"],
    keys: Object.entries(made).map(([use, [{ kid, x, y }]]) => ({ kid, use, x, y,
      notBefore: moment(now - 60_000), notAfter: moment(now + YEARS) })),
  }, "Agency");
  mkdirSync(join(folder, "keys"), { recursive: true, mode: 0o700 });
  const save = (name, value) =>
    writeDurably(join(folder, name), `${JSON.stringify(value, null, 1)}\n`);
  save("keys/agency.json", made);
  save("agency.json", entry);
  save("node.json", {
    agency, environment: "test", listen: { host, port: Number(port) }, partners: [],
    destroyAfterSeconds: Number(options["destroy-after"] ?? 86_400), // WDRW-006
    backupsKeptDays: 30, sweepSeconds: Number(options["sweep-every"] ?? 60),
  });
  console.log(JSON.stringify(entry));
}

function accept(folder, agency) {
  const settings = readJson(join(folder, "node.json"));
  settings.partners = [...new Set([...settings.partners, agency])];
  writeDurably(join(folder, "node.json"), `${JSON.stringify(settings, null, 1)}\n`);
}

function take(folder, from) {
  const settings = readJson(join(folder, "node.json"));
  settings.partners = readJson(join(from, "partners.json"))[settings.agency];
  writeDurably(join(folder, "node.json"), `${JSON.stringify(settings, null, 1)}\n`);
  writeDurably(join(folder, "trust-list.json"), readFileSync(join(from, "trust-list.json")));
}

async function run(folder) {
  const stop = await serve(new Node(folder));
  console.log(`serving ${folder}`);
  for (const signal of ["SIGINT", "SIGTERM"])
    process.on(signal, () => {
      stop();
      process.exit(0);
    });
}

const text = { type: "string" };
const { positionals: [command, folder, more], values } = parseArgs({
  allowPositionals: true,
  options: { agency: text, country: text, kind: text, listen: text, address: text,
    "destroy-after": text, "sweep-every": text },
});
try {
  if (command === "init" && folder && values.agency && values.listen) init(folder, values);
  else if (command === "accept" && folder && more) accept(folder, more);
  else if (command === "take" && folder && more) take(folder, more);
  else if (command === "serve" && folder) await run(folder);
  else {
    console.error(USAGE);
    process.exit(2);
  }
} catch (error) {
  console.error(`${error.reason ?? error.message}${error.pointer ? ` at ${error.pointer}` : ""}`);
  process.exit(1);
}
