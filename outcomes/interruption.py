"""Being stopped: Ctrl-C, and what means the same."""

from __future__ import annotations

import contextlib
import math
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

# Ctrl-C; a polite kill, also that of a batch system whose time is up; a terminal that is closed (not on Windows).
STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))

STOPPED = 130  # the exit status of a process that was stopped so


_SAME_WISH = 1.0  # seconds: a terminal that is closed, or a batch system, may send several signals in a row
_MOMENT = 0.02  # seconds
_last = -math.inf  # when one was heard


def stop_as_by_ctrl_c() -> None:
    """From now on each of them raises KeyboardInterrupt here, except those that this process was told to ignore.

    One that follows within a second means the same: it does not stop what is tidied up after the first.
    """
    global _last
    _last = -math.inf
    if sys.unraisablehook is not _heard_again:
        _before.append(sys.unraisablehook)
        sys.unraisablehook = _heard_again
    for number in STOPPING:
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _stop)


_before: list[Callable[[sys.UnraisableHookArgs], Any]] = []


def _heard_again(about: sys.UnraisableHookArgs) -> None:
    """Where Python calls back, it can raise nothing: who wants to stop is heard a moment later."""
    global _last
    if about.exc_type is KeyboardInterrupt:
        _last = -math.inf
        again = threading.Timer(_MOMENT, _interrupt)
        again.daemon = True
        again.start()
    else:
        _before[-1](about)


def _interrupt() -> None:
    """The main thread, whatever it waits for."""
    for number in STOPPING:
        if signal.getsignal(number) is _stop:
            if hasattr(signal, "pthread_kill"):
                signal.pthread_kill(threading.main_thread().ident or 0, number)
            else:
                signal.raise_signal(number)
            return


def _stop(_: int, __: FrameType | None) -> None:
    _stop_as_of(time.monotonic())


def _stop_as_of(when: float) -> None:
    global _last
    before, _last = _last, when
    if when - before > _SAME_WISH:
        raise KeyboardInterrupt


def cannot_be_stopped() -> None:
    """From now on nothing stops this process, which is about to end by itself and has its exit status."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Whoever wants to stop this process waits until the block is over: for what must not be left half done."""
    if threading.current_thread() is not threading.main_thread():  # which alone is ever interrupted
        yield
        return
    heard: list[tuple[int, float]] = []
    before = {number: signal.getsignal(number) for number in STOPPING}
    minded = {number: handler for number, handler in before.items() if callable(handler)}
    try:
        for number in minded:
            signal.signal(number, lambda number, _: heard.append((number, time.monotonic())))
        yield
    finally:
        for number, handler in minded.items():
            signal.signal(number, handler)
    if heard:
        number, when = heard[0]
        if minded[number] is _stop:
            _stop_as_of(when)
        else:
            signal.raise_signal(number)
