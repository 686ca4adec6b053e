"""An address of this machine that is not loopback: who connects to it does so over a network."""

from __future__ import annotations

import socket

from onward_conformance.hands import NoHands

ELSEWHERE = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737): asking for the way to it sends nothing."""


class Listener:
    """Listens, and answers nobody. Raises NoHands on a machine that has no network at all."""

    def __init__(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
            try:
                way.connect(ELSEWHERE)
                host = way.getsockname()[0]
            except OSError:
                raise NoHands("this machine has no address but loopback") from None
        self._socket = socket.create_server((host, 0))
        self._socket.settimeout(0.05)
        self.address = f"http://{host}:{self._socket.getsockname()[1]}"

    def called(self) -> bool:
        """Whether somebody has connected."""
        try:
            self._socket.accept()[0].close()
        except TimeoutError:
            return False
        return True

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
