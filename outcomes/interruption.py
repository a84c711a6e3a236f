"""Being stopped: Ctrl-C, and what means the same."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator

# Ctrl-C; a polite kill, also that of a batch system whose time is up; a terminal that is closed (not on Windows).
STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))

STOPPED = 130  # the exit status of a process that was stopped so


def stop_as_by_ctrl_c() -> None:
    """From now on each of them raises KeyboardInterrupt here, except those that this process was told to ignore."""
    for number in STOPPING:
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Whoever wants to stop this process waits until the block is over: for what must not be left half done."""
    if threading.current_thread() is not threading.main_thread():  # which alone is ever interrupted
        yield
        return
    heard: list[int] = []
    before = {number: signal.getsignal(number) for number in STOPPING}
    minded = {number: handler for number, handler in before.items() if callable(handler)}
    try:
        for number in minded:
            signal.signal(number, lambda number, _: heard.append(number))
        yield
    finally:
        for number, handler in minded.items():
            signal.signal(number, handler)
    if heard:
        signal.raise_signal(heard[0])
