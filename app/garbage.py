"""How often Python looks for garbage."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def seldom_collected() -> Iterator[None]:
    """While one run is made: what it imports stays, and to search it all over and over took an eighth of its time.

    Not for many runs in a row, whose leavings would gather.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
