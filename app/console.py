"""Where the command line prints, and how a user's mistake is told: one sentence, never a traceback."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, NoReturn, TextIO

import typer
from rich.console import Console
from typer import Option
from typer.core import TyperGroup

from ..outcomes.interruption import STOPPED
from ..outcomes.invocation import as_typed

PIPED_WIDTH = 110
LONGEST_LINE = 900  # of a message, in characters
COLD = "Compiling the rules, once (about half a minute) ..."
NO_MEMORY = (
    "There is not enough memory for this: let one record stand for more people (scale.persons_per_record), take fewer "
    "processes (--workers), or close other programs."
)
# What a disk or a system refuses, which whoever uses it can mend.
_REFUSALS = {
    getattr(errno, name)
    for name in (
        "EACCES", "EDQUOT", "EFBIG", "EIO", "ELOOP", "EMFILE", "ENAMETOOLONG", "ENFILE", "ENOMEM", "ENOSPC", "EPERM",
        "EROFS", "ESTALE",
    )
    if hasattr(errno, name)
}  # fmt: skip
_NAMES_OF_MISTAKES = {"MeasureError", "OutputError", "ScenarioError", "StoryError"}


# Exit statuses, besides 0: all went well. (1 is Python's own, of an error in the program.)
MISTAKE, INCOMPLETE = 2, 3  # and STOPPED

Strict = Annotated[
    bool, Option("--strict", help=f"Exit status {INCOMPLETE} if something could not be drawn or measured.")
]


class UsageMistake(Exception):
    """The user asked the command line for something impossible; the message says what and what would do."""


def with_home(arguments: Sequence[str]) -> list[str]:
    """Arguments in which `~/` is the home folder also where the shell has left it, as in quotes and in `--out=~/x`."""

    def told(argument: str) -> str:
        option, equals, value = argument.rpartition("=") if argument.startswith("--") else ("", "", argument)
        return f"{option}{equals}{os.path.expanduser(value)}" if value.startswith("~/") else argument

    return [told(argument) for argument in arguments]


class Screen(Console):
    """A console that leaves what juts out to the terminal, rather than cutting it off."""

    def print(self, *objects: Any, **how: Any) -> None:
        super().print(*objects, **{"crop": False, **how})


def out() -> Console:
    """Standard output: what was asked for. Made anew, so that it follows a redirected stream."""
    return Screen(highlight=False, emoji=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)


def err() -> Console:
    """Standard error: progress and mistakes."""
    return Console(stderr=True, highlight=False, emoji=False)


def say(*lines: object, to: Console | None = None) -> None:
    """Print lines as they stand, each on one line however long."""
    for line in lines:
        (to or out()).print(str(line), markup=False, soft_wrap=True)


def fitting(text: str) -> str:
    """A message whose lines can be read: what was typed may be as long as one likes, and is repeated in it."""

    def cut(line: str) -> str:
        half = LONGEST_LINE // 2
        return f"{line[:half]} ... ({len(line) - 2 * half:,} more characters) ... {line[-half:]}"

    return "\n".join(cut(line) if len(line) > LONGEST_LINE else line for line in text.split("\n"))


def complain(line: str) -> None:
    """Print a line in red on standard error."""
    with contextlib.suppress(OSError):  # of a terminal that has been closed
        err().print(fitting(as_typed(line)), style="red", markup=False, soft_wrap=True)


def let_go(stream: TextIO) -> str:
    """Write out what a stream still holds; what nobody reads any more is dropped, without a word at the exit.

    What the system refuses besides is returned in a sentence.
    """
    told = ""
    try:
        stream.flush()
    except (OSError, ValueError) as error:
        told = refusal(error)
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return told


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


@contextlib.contextmanager
def every_mistake() -> Iterator[None]:
    """Of a file with several mistakes, all are told, each on a line of its own."""
    from ..scenarios.errors import MOST_MISTAKES, ScenarioError

    try:
        yield
    except ScenarioError as error:
        if not error.others:
            raise
        told = [each.sentence for each in (error, *error.others)]
        if len(told) >= MOST_MISTAKES:
            told.append(f"{len(told)} mistakes were found, and no more were looked for.")
        fail("\n".join(told), 2)


def is_users_mistake(error: BaseException) -> bool:
    """Whether `error` is one of the package's errors that blame the input; anything else is a bug.

    Told by name and package, since importing their modules would make every command slow to start.
    """
    package = __name__.partition(".")[0]
    return isinstance(error, UsageMistake) or any(
        kind.__name__ in _NAMES_OF_MISTAKES and kind.__module__.partition(".")[0] == package
        for kind in type(error).__mro__
    )


def conclude(lacking: Sequence[str], strict: bool) -> None:
    """Tell what a result lacks, a sentence each; the result itself is kept. Errors: typer.Exit if `strict`."""
    for sentence in lacking:
        complain(sentence)
    if lacking and strict:
        raise typer.Exit(INCOMPLETE)


def _nowhere() -> bool:
    """Whether the working directory has been removed."""
    try:
        os.getcwd()
    except OSError:
        return True
    return False


def refusal(error: Exception) -> str:
    """In a sentence what the system refuses; "" if `error` is something else."""
    if isinstance(error, MemoryError):
        return NO_MEMORY
    if isinstance(error, FileNotFoundError) and _nowhere():
        return "The folder in which this was started is gone: change into one that there is."
    if isinstance(error, OSError) and error.errno in _REFUSALS:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{'the disk is full' if full else error.strerror or error}"
    return ""


def fail(message: str, code: int) -> NoReturn:
    """Print the message in red on standard error and leave with `code`."""
    complain(message)
    raise typer.Exit(code)


class PlainErrors(TyperGroup):
    """The group of all commands: a mistake ends in one sentence and code 2, as does what the system refuses; Ctrl-C
    in code 130."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            fail("Stopped. No half-written folder was left behind.", STOPPED)
        except Exception as error:
            if is_users_mistake(error):
                fail(str(error), MISTAKE)
            if told := refusal(error):
                fail(told, MISTAKE)
            raise
