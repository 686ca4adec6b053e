"""The files that a run leaves behind."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from onward_conformance import jose
from onward_conformance.report import badge, document, junit, page, signed
from onward_conformance.results import Run


class FilesError(Exception):
    """A report can't be written as it was asked for; the text says what to do."""


@dataclass(frozen=True)
class Files:
    """Where each report goes; None where it is not wanted. `spec` is for the links of the page."""

    json: Path | None = None
    junit: Path | None = None
    html: Path | None = None
    badge: Path | None = None
    key: jose.Key | None = None
    spec: str = ""

    def check(self) -> None:
        """Raises FilesError where writing would fail, while there is nothing yet to lose."""
        for path in (self.json, self.junit, self.html, self.badge):
            if path is not None and (path.is_dir() or not path.parent.is_dir()):
                raise FilesError(f"{path} can't be written: {path.parent} has to be a folder")
            if path is not None and not os.access(path if path.exists() else path.parent, os.W_OK):
                raise FilesError(f"{path} can't be written: there is no right to")
        if self.spec and not self.spec.startswith(page.PLACES):
            raise FilesError(f"--spec {self.spec} has to begin with {', '.join(page.PLACES)}")
        if self.key is not None and self.json is None:
            raise FilesError("--sign needs --json: it signs the bytes of that file")

    @property
    def jws(self) -> Path | None:
        """The signed report: the name of the JSON file, with .jws."""
        return self.json.with_suffix(".jws") if self.json and self.key else None

    def write(self, run: Run) -> list[Path]:
        """Write them, and give their paths."""
        text = document.write(run)
        makers: list[tuple[Path | None, Callable[[], str]]] = [
            (self.json, lambda: text),
            (self.jws, lambda: signed.sign(text.encode(), self.key) + "\n" if self.key else ""),
            (self.junit, lambda: junit.write(run)),
            (self.html, lambda: page.write(run, self.spec)),
            (self.badge, lambda: badge.write(run)),
        ]
        written = []
        for path, make in makers:
            if path is not None:
                path.write_bytes(make().encode())
                written.append(path)
        return written
