"""Why each column of the database may be in clear: none says anything of a person.

A new column stands here with its reason, or is encrypted (docs/spec.md, STOR-002).
"""

from __future__ import annotations

RANDOM = "a random id that means nothing elsewhere"
ORDER = "a number that keeps an order, or counts"
AGENCY = "names an agency"
TIME = "a moment of the node's own work"
FLAG = "says how far something has come"
CODE = "a code of the specification, of which the log has the same"
KEYED = "a keyed digest: nobody guesses by it without the keys"
SALTED = "a digest over a random salt, or over what is signed and names nobody"
SIGNED = "signed, and names nobody: an entry, a receipt, a list"
THEIRS = "sealed to another agency: no key of this node opens it"
NAME = "the name of a key, made of random ids and codes"
OWN = "the agency's own software or staff, as its login calls them"

_WHY: dict[str, dict[str, str]] = {
    "agreements": {
        "agreement_id": RANDOM, "version": ORDER, "other": AGENCY, "signed": SIGNED,
        "proof": "a seal over the bytes beside it, with nothing in it", "ended_at": TIME,
    },
    "answers": {
        "client": OWN, "request_id": RANDOM,
        "asked": KEYED, "answer": "ids, codes and times of the act: content is read again",
    },
    "approval_uses": {"approval_id": RANDOM, "referral_id": RANDOM},
    "approvals": {
        "approval_id": RANDOM, "kind": FLAG, "version": ORDER, "stage": FLAG, "until": TIME,
        "subject": KEYED, "basis": CODE, "referral_id": RANDOM, "month": TIME, "uses": ORDER,
        "finding": CODE, "tell_next": TIME, "told_late": FLAG,
    },
    "assertions": {"client": OWN, "jti": RANDOM, "expires": TIME},
    "audit": {"seq": ORDER, "record": "who acted on which referral, by codes and random ids"},
    "basis_counts": {"month": TIME, "basis": CODE, "uses": ORDER},
    "commits": {"line": RANDOM, "number": ORDER, "restores": ORDER, "swept": FLAG},
    "consents": {"consent_id": RANDOM, "version": ORDER, "key_id": NAME, "subject": KEYED},
    "deliveries": {"iss": AGENCY, "mid": RANDOM, "header": SALTED, "receipt": SIGNED},
    "disclosures": {
        "n": ORDER, "referral_id": RANDOM, "entry_hash": SALTED, "subject": KEYED,
        "received_at": TIME,
    },
    "entries": {
        "referral_id": RANDOM, "side": CODE, "seq": ORDER, "hash": SALTED, "jws": SIGNED,
        "body": SIGNED, "delivered": FLAG,
    },
    "erasures": {"referral_id": RANDOM, "withdrawal": SALTED, "due_at": TIME, "done": FLAG},
    "events": {"n": ORDER, "referral_id": RANDOM, "kind": CODE},
    "guesses": {
        "agency": AGENCY, "serial": "three digits that many ways back share", "failures": ORDER,
        "last_at": TIME, "until": TIME,
    },
    "holds": {"hold_id": RANDOM, "referral_id": RANDOM, "until": TIME, "open": FLAG},
    "journal": {
        "n": ORDER, "referral_id": RANDOM, "note": "an act by codes, as an entry would have it",
    },
    "journal_content": {"n": ORDER, "note": ORDER, "key_id": NAME},
    "kept": {
        "referral_id": RANDOM, "withdrawal": SALTED, "category": CODE, "law": CODE,
        "country": CODE, "until": TIME,
    },
    "knock_posts": {
        "wire_id": RANDOM, "knock_id": RANDOM, "recipient": AGENCY, "passes": FLAG,
        "urgent": FLAG, "attempts": ORDER, "next_at": TIME, "expires_at": TIME, "reason": CODE,
        "state": FLAG,
    },
    "knocks": {
        "n": ORDER, "knock_id": RANDOM, "sender": AGENCY, "kind": CODE, "waits": FLAG,
        "made_at": TIME, "times": ORDER,
    },
    "links": {"referral_id": RANDOM, "target": KEYED},
    "mail": {
        "n": ORDER, "iss": AGENCY, "mid": RANDOM, "aud": AGENCY, "digest": SALTED,
        "header": SIGNED, "sealed": THEIRS, "until": TIME, "barred": FLAG, "receipt": SIGNED,
        "size": ORDER,
    },
    "nonces": {"iss": AGENCY, "nonce": RANDOM, "expires": TIME},
    "outbox": {
        "referral_id": RANDOM, "recipient": AGENCY, "urgent": FLAG, "attempts": ORDER,
        "next_at": TIME, "reason": CODE,
    },
    "parts": {
        "referral_id": RANDOM, "digest": SALTED, "category": CODE, "side": CODE,
        "entry_hash": SALTED, "outcome": FLAG, "reason": CODE, "key_id": NAME, "reported": FLAG,
        "delivered": FLAG, "keep_days": ORDER, "keep_until": TIME,
    },
    "passed": {"source": KEYED, "target": KEYED},
    "peers": {"agency": AGENCY},
    "posted": {
        "mid": RANDOM, "recipient": AGENCY, "header": SIGNED, "sealed": THEIRS, "since": TIME,
        "until": TIME, "referral_id": RANDOM, "wire_id": RANDOM, "upto": ORDER, "parts": SALTED,
        "tries": ORDER,
    },
    "previews": {"preview_id": RANDOM, "key_id": NAME},
    "receipts": {
        "n": ORDER, "referral_id": RANDOM, "mid": RANDOM, "header": SIGNED, "receipt": SIGNED,
    },
    "referrals": {
        "n": ORDER, "referral_id": RANDOM, "origin": AGENCY, "destination": AGENCY,
        "consent_id": RANDOM,
    },
    "relays": {
        "n": ORDER, "referral_id": RANDOM, "entry": SALTED, "at_once": FLAG, "done": FLAG,
    },
    "restored": {"other": AGENCY, "referral_id": RANDOM, "attempts": ORDER, "next_at": TIME},
    "service_lists": {
        "agency": AGENCY, "seq": ORDER, "jws": SIGNED, "confirmed_at": TIME, "failed": CODE,
    },
    "set_aside": {
        "n": ORDER, "referral_id": RANDOM, "jws": SIGNED, "body": SIGNED, "again": FLAG,
        "at_once": FLAG,
    },
    "spent_keys": {"referral_id": RANDOM, "key_id": NAME},
    "standing_offers": {
        "n": ORDER, "offer_id": RANDOM, "serial": "three digits that many ways back share",
    },
    "suspected": {"n": ORDER, "referral_id": RANDOM, "withdrawal": SALTED},
    "trust_lists": {"seq": ORDER, "signed": SIGNED},
}  # fmt: skip

CLEAR = {f"{table}.{column}": why for table, row in _WHY.items() for column, why in row.items()}
"""By table and column, why it may be in clear. `owner` is the agency, in every table."""
