"""Two ways to run the same kernels: compiled, over arrays of records; interpreted, over plain Python rows."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from ..agents.rows import Rows
from ..agents.rule import interpreted

ENGINES = ("compiled", "interpreted")


def compiled_engine(kernel: Callable[..., Any], *arguments: Any) -> Any:
    """Call the machine code of a kernel."""
    return kernel(*arguments)


def interpreted_engine(kernel: Callable[..., Any], *arguments: Any) -> Any:
    """Call the plain Python twin of a kernel; structured arrays are seen as rows of Python numbers."""
    seen = [Rows(a) if isinstance(a, np.ndarray) and a.dtype.names else a for a in arguments]
    with np.errstate(over="ignore"):  # the hash of `chance` is meant to wrap around
        return interpreted(kernel)(*seen)


def engine_called(name: str) -> Callable[..., Any]:
    """The engine of that name; where Numba is told to compile nothing (NUMBA_DISABLE_JIT), the interpreted one.

    Errors: ValueError for any other than `ENGINES`.
    """
    if name not in ENGINES:
        raise ValueError(f"engine is {name!r}, but must be one of {', '.join(ENGINES)}")
    compiles = name == "compiled" and os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0")
    return compiled_engine if compiles else interpreted_engine
