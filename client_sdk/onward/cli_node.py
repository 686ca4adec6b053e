"""How the commands say that the node could not be asked."""

from __future__ import annotations

from onward.errors import OnwardError, ScopeInsufficient, TokenRefused, TransportFailed


def failed(node: str, scope: str, error: Exception) -> str:
    """One line for a fault. The commands that use it only read, so an answer that did not come
    leaves nothing open. `scope` is what the command needs.
    """
    if isinstance(error, TransportFailed):
        error.read = True
    lacks = isinstance(error, ScopeInsufficient) or (
        isinstance(error, TokenRefused) and error.code == "invalid_scope"
    )
    more = f" The command needs {scope}." if lacks else ""
    return f"{node}: {error}{more}" if isinstance(error, OnwardError) else str(error)
