"""Finished runs on disk: a line of JSON each, with a checksum, appended as they finish.

A killed process costs at most the line it was at; a torn or damaged line is known as such, and its run done again.
"""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import re
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...outcomes.outcome_spec import Values
from ...outcomes.whole_folder import OutputError
from ...scenarios.bounded import UnreadableError, refuse_other_kinds

_CHECK = re.compile(rb',"check":"([0-9a-f]{8})"\}$')
_SYNC_EVERY = 1.0  # seconds between two flushes to the disk: against a power cut, not a killed process


Identity = tuple[str, int, int]  # of a run: its point's key, replicate, seed


class StudyError(OutputError):
    """A study can't be run, gone on with or read, for a reason that one sentence can tell."""


@dataclass(frozen=True)
class Record:
    """One finished run: `values` by outcome, or the `error` it ended in. `seconds`, `memory` (MB) and `process` tell
    how it was made.
    """

    point: int
    replicate: int
    seed: int
    key: str  # of the design point, see Point
    values: Values | None
    error: str = ""
    seconds: float = 0.0
    memory: float = 0.0
    process: int = 0
    rules: str = ""

    @property
    def failed(self) -> bool:
        """Whether it ended in an error."""
        return bool(self.error)

    @property
    def identity(self) -> Identity:
        """What tells it from all other runs of the study: point's key, replicate, seed."""
        return self.key, self.replicate, self.seed


def as_line(record: Record) -> bytes:
    """The record as it is kept, with its line end."""
    content = {**vars(record), "values": _each(record.values, lambda v: None if math.isnan(v) else v)}
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    return text[:-1] + b',"check":"%08x"}\n' % zlib.crc32(text)


def from_line(line: bytes) -> Record | None:
    """The record of a line, None if it is damaged."""
    found = _CHECK.search(line)
    if found is None or zlib.crc32(line[: found.start()] + b"}") != int(found[1], 16):
        return None
    try:
        content: dict[str, Any] = json.loads(line)
        del content["check"]
        content["values"] = _each(content["values"], lambda v: math.nan if v is None else v)
        return Record(**content)
    except (
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ):  # of another release, or a stranger
        return None


def _each(values: Any, change: Callable[[Any], Any]) -> Any:
    """All values changed: JSON has no NaN, and null stands for it."""
    if values is None:
        return None
    return {name: [(year, change(value)) for year, value in series] for name, series in values.items()}


@dataclass
class Found:
    """What a file of records holds: the sound ones, the numbers of damaged lines (from 1), and whether it ends in
    the middle of one.
    """

    records: list[Record] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)
    torn: bool = False


def read_records(file: Path) -> Found:
    """All records of a file; none if there is no such file. Errors: StudyError if it can't be read."""
    try:
        refuse_other_kinds(file)
        data = file.read_bytes()
    except FileNotFoundError:
        return Found()
    except UnreadableError as error:
        raise StudyError(f"{file} {error}: move it away, and resume") from error
    except OSError as error:
        raise StudyError(f"{file} can't be read: {error.strerror or error}") from error
    *lines, rest = data.split(b"\n")
    read = [from_line(line) for line in lines]
    damaged = [number for number, record in enumerate(read, start=1) if record is None]
    return Found([record for record in read if record is not None], damaged, rest != b"")


class Journal(contextlib.AbstractContextManager["Journal"]):
    """A file of records, open to append to; a torn last line is cut off when it is opened."""

    def __init__(self, file: Path) -> None:
        self.file = file
        with in_a_sentence(file):
            self._handle = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
            self._end = _end_of_last_line(self._handle)
            os.ftruncate(self._handle, self._end)
            os.lseek(self._handle, self._end, os.SEEK_SET)
        self._synced = time.monotonic()

    def append(self, record: Record) -> None:
        """Keep a record, which survives the death of this process from now on. Errors: StudyError."""
        line = memoryview(as_line(record))
        length = len(line)
        with in_a_sentence(self.file):
            try:
                while line:
                    line = line[os.write(self._handle, line) :]
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(self._handle, self._end)
                raise
            self._end += length
            if time.monotonic() - self._synced > _SYNC_EVERY:
                os.fsync(self._handle)
                self._synced = time.monotonic()

    def close(self) -> None:
        """Have everything on the disk."""
        with in_a_sentence(self.file):
            try:
                os.fsync(self._handle)
            finally:
                os.close(self._handle)

    def __exit__(self, *_: object) -> None:
        self.close()


def _end_of_last_line(handle: int) -> int:
    position = os.lseek(handle, 0, os.SEEK_END)
    while position:
        start = max(0, position - 65_536)
        os.lseek(handle, start, os.SEEK_SET)
        place = os.read(handle, position - start).rfind(b"\n")
        if place >= 0:
            return start + place + 1
        position = start
    return 0


@contextlib.contextmanager
def in_a_sentence(file: Path) -> Iterator[None]:
    """What the disk refuses, in a sentence. Errors: StudyError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StudyError(
                f"the disk is full: {file} can't be written; all runs finished before are kept: "
                "make room, and resume"
            ) from error
        raise StudyError(f"{file} can't be written: {error.strerror or error}") from error
