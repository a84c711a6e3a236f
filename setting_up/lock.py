"""Two calls at once: one sets up, and the other waits for it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .telling import SetupError, in_the_way, say

PAUSE = 0.2  # seconds between two looks


@contextmanager
def alone(file: Path) -> Iterator[int]:
    """Hold the lock on `file` and give its descriptor; wait, and say so, while another process holds it.

    A step that is handed the descriptor holds the lock too: should its caller be killed, nobody sets up beside it.
    Errors: SetupError if there is something else than a file.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and not file.is_file():
        raise SetupError(in_the_way(file))
    with file.open("a") as held:
        if not _lock(held):
            say("Another start.py is setting up here: waiting for it ...")
            while not _lock(held):
                time.sleep(PAUSE)
        yield held.fileno()  # closing the file gives the lock back


if sys.platform == "win32":
    import msvcrt

    def _lock(held: IO[str]) -> bool:
        """Take the lock if it is free."""
        try:
            msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(held: IO[str]) -> bool:
        """Take the lock if it is free; on a file system that knows no locks it always is."""
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True
