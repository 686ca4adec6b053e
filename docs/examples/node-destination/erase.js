// Destroying what a person has taken back, and certifying it (sections Withdrawal and
// Certificates). The content is unreadable from the moment the withdrawal is stored; this is the
// rest: its keys are destroyed when the delay is over.

import { moment } from "./envelope.js";
import { draft, write } from "./local.js";
import { named } from "./referral.js";

const DAY = 86_400_000;
const MOST = 512; // ERAS-004

/** Destroys and certifies whatever is due at this node. One that fails holds up no other (ERAS-037). */
export function sweep(node) {
  for (const referral of node.referrals.values())
    try {
      if (!referral.logs.origin.length) continue;
      certify(node, referral);
      destroyUnused(node, referral);
    } catch (error) {
      console.error(`a sweep failed, and goes on with the next referral: ${error.stack}`);
    }
}

function certify(node, referral) {
  if (referral.restored) return; // ask first: the certificate may have been given (RST-004)
  const now = node.clock();
  const delay = node.settings.destroyAfterSeconds * 1000;
  const due = referral.uncertified()
    .filter((one) => referral.eraseNow.has(one.hash) || one.at + delay <= now);
  const gone = new Set(due.flatMap((one) => referral.held(one.hash)));
  for (const one of referral.uncertified()) {
    const held = referral.held(one.hash);
    const with_ = gone.size && held.every((digest) => gone.has(digest)); // ERAS-041
    if (!due.some((other) => other.hash === one.hash) && !with_) continue;
    for (const digest of held) node.keyring.destroy(referral.keyName(digest)); // ERAS-003
    const destroyedAt = node.clock();
    write(node, referral, draft(referral, "erased", { certificate: {
      withdrawal: one.hash,
      ...(held.length && { destroyed: held.slice(0, MOST) }),
      destroyedAt: moment(destroyedAt), // ERAS-005
      copiesUntil: moment(destroyedAt + node.settings.backupsKeptDays * DAY), // ERAS-006
    } }));
  }
}

/** What was not opened for as long as its grant allows is destroyed, and no entry tells of it
 *  (ERAS-032 to ERAS-035). Grants stay. */
function destroyUnused(node, referral) {
  const grants = new Map(referral.grants().map(({ digest, grant }) => [digest, grant]));
  const entries = new Map(referral.logs.origin.map(({ hash, entry }) => [hash, entry]));
  for (const part of referral.state.parts.values()) {
    const entry = entries.get(part.entry);
    const grant = entry && grants.get(named(referral.logs.origin, entry));
    if (!grant || part.category === "grant" || !referral.readable(part.digest)) continue;
    if (referral.parts.get(part.digest).used + grant.retentionDays * DAY <= node.clock())
      node.keyring.destroy(referral.keyName(part.digest));
  }
}
