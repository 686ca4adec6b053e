"""Writes the vectors; --check only says whether they are current.

Inputs and expectations stand by hand in the modules vectors_*.py. Nothing of the code under test
is imported here: signing, sealing and hashing are done apart from it, in vector_jose.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

import vectors_agreements
import vectors_certificates
import vectors_consent
import vectors_envelope
import vectors_fold
import vectors_ground
import vectors_projection
import vectors_relays
import vectors_road
import vectors_trust
from vector_files import text

VECTORS = Path(__file__).parents[1] / "onward_conformance" / "vectors"
KINDS = {
    "agreement": vectors_agreements.CASES,
    "certificate": vectors_certificates.CASES,
    "consent": vectors_consent.CASES | vectors_ground.CASES,
    "envelope": vectors_envelope.CASES | vectors_trust.CASES,
    "fold": vectors_fold.CASES | vectors_road.CASES,
    "projection": vectors_projection.CASES,
    "relay": vectors_relays.CASES,
}


def main(check: bool) -> int:
    """Write every file, or compare it. Gives 1 if anything differs."""
    stale = []
    for kind, cases in KINDS.items():
        folder = VECTORS / kind
        wanted = {f"{name}.json": text(case) for name, case in cases.items()}
        for path in folder.glob("*.json"):
            if path.name not in wanted:
                stale.append(path)
                if not check:
                    path.unlink()
        for name, content in wanted.items():
            path = folder / name
            if not path.exists() or path.read_text(encoding="utf-8") != content:
                stale.append(path)
                if not check:
                    folder.mkdir(parents=True, exist_ok=True)
                    path.write_text(content, encoding="utf-8")
    for path in stale:
        sys.stdout.write(f"{'stale' if check else 'wrote'} {path.relative_to(VECTORS)}\n")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
