"""One runner on one part of a study: a lock, and beside it a note of who holds it.

The system lets go of the lock when its holder ends, however it ends: a stale one is taken over without asking.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from .records import StudyError, in_a_sentence

ENDING, HOLDER = ".lock", ".holder"


@contextlib.contextmanager
def locked(file: Path, what: str, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock `file` for the time of the block, waiting so many seconds for it if need be.

    Errors: StudyError, which tells who comes second that `what` is at work, if another process holds the lock, or one
    of another computer that may still do so: a network's file system may not carry locks from one to another.
    """
    lock, note = FileLock(file, timeout=wait), file.with_suffix(HOLDER)
    with in_a_sentence(file):
        try:
            lock.acquire()
        except Timeout:
            raise StudyError(f"{what} is at work already ({_words(_holder(file))})") from None
    try:
        holder = _holder(file)
        if _is_elsewhere(holder):
            raise StudyError(
                f"{what} may be at work ({_words(holder)}); if it is not, remove {note} and try again"
            )
        with in_a_sentence(note):
            note.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}), encoding="utf-8")
        try:
            yield
        finally:
            note.unlink(missing_ok=True)
    finally:
        lock.release()


def is_held(file: Path) -> str:
    """Who holds a lock, in words; "" if nobody does."""
    holder = _holder(file)
    try:
        with FileLock(file, timeout=0):
            return _words(holder) if _is_elsewhere(holder) else ""
    except Timeout:
        return _words(holder)
    except OSError:
        return ""


def _holder(file: Path) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(file.with_suffix(HOLDER).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def _is_elsewhere(holder: dict[str, Any]) -> bool:
    return bool(holder) and holder.get("host") != socket.gethostname()


def _words(holder: dict[str, Any]) -> str:
    if not holder:
        return "a process that has just begun"
    return f"process {holder.get('pid')} on {holder.get('host')}"
