"""One runner on one part of a study: a locked file that says who it is.

The system lets go of the lock when its holder ends, however it ends: a stale one is taken over without asking.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from .records import StudyError, told

ENDING = ".lock"


@contextlib.contextmanager
def locked(file: Path, what: str) -> Iterator[None]:
    """Hold the lock `file` for the time of the block; `what` it stands for is told to who comes second.

    Errors: StudyError if another process holds it, or one of another computer that may still be at work.
    """
    with told(file):
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        holder = _holder(file)
        if not _take(handle):
            raise StudyError(f"{what} is at work already ({_said(holder)})")
        if holder and holder.get("host") != socket.gethostname():
            # A network's file system may not carry locks from one computer to another.
            raise StudyError(
                f"{what} may be at work ({_said(holder)}); if it is not, remove {file} and try again"
            )
        with told(file):
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps({"pid": os.getpid(), "host": socket.gethostname()}).encode(), 0)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, 0)  # it stays, empty: to remove it would let two take it at once
    finally:
        os.close(handle)


def is_held(file: Path) -> str:
    """Who holds a lock, in words; "" if nobody does."""
    try:
        handle = os.open(file, os.O_RDWR)
    except OSError:
        return ""
    try:
        holder = _holder(file)
        if not _take(handle):
            return _said(holder)
        return _said(holder) if holder and holder.get("host") != socket.gethostname() else ""
    finally:
        os.close(handle)


def _holder(file: Path) -> dict[str, object]:
    try:
        found = json.loads(file.read_text(encoding="utf-8") or "{}")
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _said(holder: dict[str, object]) -> str:
    if not holder:
        return "a process that has just begun"
    return f"process {holder.get('pid')} on {holder.get('host')}"


def _take(handle: int) -> bool:
    """Lock an open file for this process alone; False if another has it."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            os.lseek(handle, 1_000_000, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
