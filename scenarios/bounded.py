"""Reading a file that a stranger may have made: a regular one, and no more of it than can be read soon."""

from __future__ import annotations

import os
import stat
from pathlib import Path

MOST_YAML = 1_000_000  # bytes
MOST_TABLE = 64_000_000
# How many MB a table may have, where that is not enough; `--max-table` sets it, and processes of a study take it over.
MOST_TABLE_SET = "LOCAL_CITIZENSHIP_MAX_TABLE"
_NO_WAITING = getattr(os, "O_NONBLOCK", 0)  # a pipe would keep whoever opens it waiting
_BINARY = getattr(os, "O_BINARY", 0)


class UnreadableError(Exception):
    """A file is not read; the message says why, as it goes on after the name of the file."""


def refuse_other_kinds(path: str | os.PathLike[str]) -> None:
    """Whether a file may be opened without waiting for somebody at its other end. Errors: UnreadableError if it is a
    folder, a pipe or a device; OSError if it is not there."""
    _refuse_other_kinds(os.stat(path).st_mode)


def bounded_bytes(path: str | os.PathLike[str], most: int, hint: str = "") -> bytes:
    """What is in a file, if it has at most so many bytes. Errors: UnreadableError, with `hint` if it has more."""
    try:
        _refuse_other_kinds(os.stat(path).st_mode)
        handle = os.open(path, os.O_RDONLY | _NO_WAITING | _BINARY)
        with open(handle, "rb") as file:
            about = os.fstat(handle)
            _refuse_other_kinds(about.st_mode)
            # A file may grow, or (below /proc) say that it is empty: what counts is what comes.
            data = b"" if about.st_size > most else file.read(most + 1)
            if max(about.st_size, len(data)) > most:
                size = max(about.st_size, len(data)) / 1e6
                told = f"{size:,.0f}" if size >= 10 else f"{size:.3g}"
                raise UnreadableError(f"has {told} MB, and at most {most / 1e6:,g} MB are read{hint}")
            return data
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror or error}") from None


def _refuse_other_kinds(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise UnreadableError("is a folder, not a file")
    if not stat.S_ISREG(mode):
        raise UnreadableError("is a pipe or a device, not a file")


def yaml_bytes(path: Path) -> bytes:
    """A file of a scenario or a study. Errors: UnreadableError."""
    return bounded_bytes(path, MOST_YAML)


def table_bytes(path: Path) -> bytes:
    """A table of places. Errors: UnreadableError."""
    given = os.environ.get(MOST_TABLE_SET, "")
    most = int(given) * 1_000_000 if given.isdecimal() and len(given) < 10 else MOST_TABLE
    return bounded_bytes(path, most, f" (--max-table, or {MOST_TABLE_SET}, in MB, lets more be read)")
