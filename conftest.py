"""Where tests write: in memory, where there is such a place.

Nodes wait for the disk with each act that they answer, and the tests make some ten thousand. What
they show of a crash is that of a process that is killed, which loses nothing that it has written.
`PYTEST_DEBUG_TEMPROOT=/tmp` has them write to the disk.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
LEAST = 2 * 1024**3
"""So many bytes have to be free there. A whole run needs less than half of it."""

if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > LEAST:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
