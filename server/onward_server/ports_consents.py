"""What a transaction does for consents, and for what people were shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # ports.py builds its transaction from this.
    from onward_server.ports import Encrypted


class ConsentTx(Protocol):
    """Consents are found by their id, or by a keyed digest of the person."""

    def consent(self, consent_id: str) -> tuple[int, Encrypted] | None: ...
    def consent_versions(self, consent_id: str) -> list[tuple[int, Encrypted]]: ...
    def consents_of(self, subject: str) -> list[str]: ...
    def add_consent(
        self, consent_id: str, version: int, subject: str, record: Encrypted
    ) -> None: ...

    def preview(self, preview_id: str) -> Encrypted | None: ...
    def add_preview(self, preview_id: str, content: Encrypted) -> None: ...
