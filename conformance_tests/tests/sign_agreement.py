"""The reference node's signature under an agreement."""

from __future__ import annotations

import json
from pathlib import Path

from joserfc.jwk import ECKey

from onward.core import agreements
from onward.core.parse import parse, to_json
from onward.v1.agreements_pb2 import SignedAgreement
from onward_conformance.network import Json
from onward_server.adapters.keys import load_key
from onward_server.app import settings


def signed(agreement: Json, agency: str, key: ECKey) -> Json:
    """The agreement with this agency's signature, too."""
    draft = parse(SignedAgreement, json.dumps(agreement).encode())
    found: Json = json.loads(to_json(agreements.sign(draft, agency, key)))
    return found


def by_node(agreement: Json, folder: Path) -> Json:
    """The same, by the key in a node's folder."""
    found = settings.load(folder)
    return signed(agreement, found.agency, load_key(found.keys / "sign.jwk"))
