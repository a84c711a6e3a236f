"""Where the command line prints, and how a user's mistake is told: one sentence, never a traceback."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

import typer
from rich.console import Console
from typer.core import TyperGroup

PIPED_WIDTH = 110
COLD = "Compiling the rules, once (about half a minute) ..."
_NAMES_OF_MISTAKES = {"MeasureError", "OutputError", "ScenarioError", "StoryError"}


class UsageMistake(Exception):
    """The user asked the command line for something impossible; the message says what and what would do."""


def out() -> Console:
    """Standard output: what was asked for. Made anew, so that it follows a redirected stream."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)


def err() -> Console:
    """Standard error: progress and mistakes."""
    return Console(stderr=True, highlight=False)


def say(*lines: object, to: Console | None = None) -> None:
    """Print lines as they stand, each on one line however long."""
    for line in lines:
        (to or out()).print(str(line), markup=False, soft_wrap=True)


def complain(line: str) -> None:
    """Print a line in red on standard error."""
    err().print(line, style="red", markup=False, soft_wrap=True)


def say_if_cold() -> None:
    """Tell, on standard error, why the first run takes its time."""
    from ..agents.code_cache import cache_is_cold

    if cache_is_cold():
        say(COLD, to=err())


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


@contextlib.contextmanager
def relaxed_gc() -> Iterator[None]:
    """Garbage is looked for less often while one run is made: to search all that it imports took an eighth of its time.

    Not for many runs in a row, whose leavings would gather.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def is_users_mistake(error: BaseException) -> bool:
    """Whether `error` is one of the package's errors that blame the input; anything else is a bug.

    Told by name and package, since importing their modules would make every command slow to start.
    """
    package = __name__.partition(".")[0]
    return isinstance(error, UsageMistake) or any(
        kind.__name__ in _NAMES_OF_MISTAKES and kind.__module__.partition(".")[0] == package
        for kind in type(error).__mro__
    )


def fail(message: str, code: int) -> NoReturn:
    """Print the message in red on standard error and leave with `code`."""
    complain(message)
    raise typer.Exit(code)


class PlainErrors(TyperGroup):
    """The group of all commands: a mistake ends in one sentence and code 2, Ctrl-C in code 130."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            fail("Stopped. No half-written folder was left behind.", 130)
        except Exception as error:
            if is_users_mistake(error):
                fail(str(error), 2)
            raise
