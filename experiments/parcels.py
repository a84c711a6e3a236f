"""What is too large for a pipe to a process travels as a file.

Whoever writes into a pipe whose reader was killed waits for ever, if what is written does not fit into the pipe at
once and somebody else holds its reading end: with processes of `multiprocessing`, the writer holds it itself.
"""

from __future__ import annotations

import contextlib
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

# bytes: the smallest pipes hold 4,096, and a process is told more than this at its start
LARGEST_BY_PIPE = 2_048

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class Parcels:
    """A folder of calls on their way to processes, made when the first is too large for a pipe."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._number = 0

    def sendable(self, call: Call) -> Call:
        """The same call, if it is small; else one that reads it from a file. Errors: whatever pickling raises."""
        content = pickle.dumps(call)
        if len(content) <= LARGEST_BY_PIPE:
            return call
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(
                prefix="local-citizenship-", ignore_cleanup_errors=True
            )
        self._number += 1
        path = Path(self._folder.name, f"{self._number}.pickle")
        path.write_bytes(content)
        return call_from_file, (path,), {}

    def drop(self, call: Call) -> None:
        """What `sendable` gave is not needed any more."""
        function, arguments, _ = call
        if function is call_from_file:
            with contextlib.suppress(OSError):
                arguments[0].unlink()

    def close(self) -> None:
        """Leave nothing behind."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def call_from_file(path: Path) -> Any:
    """In the process: do the call that came by file."""
    function, arguments, keywords = pickle.loads(path.read_bytes())
    return function(*arguments, **keywords)
