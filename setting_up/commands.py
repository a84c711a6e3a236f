"""The commands of start.py: its own, and those of `local-citizenship`, which it hands over to."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from .copying import copied
from .environment import Environment
from .guide import COMMANDS, guide
from .links import lay_out_links
from .outside import own_text
from .telling import SetupError, say, trouble

TYPED = "LOCAL_CITIZENSHIP_TYPED"  # by which the command tells how to call it again (outcomes/invocation.py)
ROOT = Path(__file__).resolve().parent.parent
EXTRAS = {
    "test": "dev",
    "types": "dev",
    "notebook": "notebook",
    "explore": "classroom",
    "calibrate": "calibrate",
    "site": "docs",
}


def main(arguments: list[str]) -> int:
    """Do what the command line asks for; the exit status. Trouble is one sentence and 2, Ctrl-C is 130."""
    try:
        status = _main(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python complains as it ends
        return 0
    except SetupError as error:
        say(str(error))
    except OSError as error:
        if not isinstance(error.__context__, KeyboardInterrupt):  # else what was stopped stumbled as it ended
            say(trouble(error))
            return 2
        return _stopped()
    except KeyboardInterrupt:
        return _stopped()
    return 2


def _stopped() -> int:
    say("Stopped. The next call mends what was left unfinished.")
    return 130


def _main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(guide())
        return 0
    command, *others = arguments
    if command == "--version":
        print(_version())
        return 0
    if not command.startswith("-") and command not in COMMANDS:
        near = difflib.get_close_matches(command, COMMANDS, 1)
        hint = f"did you mean {near[0]}?" if near else "`python3 start.py` tells them all."
        raise SetupError(f"There is no command {command}: {hint}")
    environment = Environment(ROOT)
    extra = EXTRAS.get(command, "")
    if not environment.is_ready(extra) and not os.access(ROOT, os.W_OK):
        copy = copied(ROOT)
        say(f"{ROOT} may not be written: going on in a copy of it, {copy}")
        return hand_over([sys.executable, str(copy / "start.py"), *arguments])
    with _stopped_by_any_signal():
        environment.ensure(extra)
    if command == "types":
        return check_types(environment)
    if command == "test":
        return check(environment, others)
    with contextlib.suppress(OSError):  # only editors miss them
        lay_out_links(ROOT)
    if command == "notebook":
        return hand_over([str(environment.python), "-m", "jupyterlab", str(ROOT / "notebooks"), *others])
    if command == "site":
        builder = ROOT / "docs" / "make" / "web" / "build.py"
        return hand_over([str(environment.python), "-P", str(builder), *others])
    return hand_over([str(environment.command), *arguments])


def _version() -> str:
    """As `local-citizenship --version` has it, before anything is installed."""
    file = ROOT / "package" / "__init__.py"
    found = re.search(r'^__version__ = "(.+)"$', own_text(file), re.MULTILINE)
    if found is None:
        raise SetupError(f"{file} says no version: get it again, or a new copy of all.")
    return found[1]


@contextlib.contextmanager
def _stopped_by_any_signal() -> Iterator[None]:
    """Within, a closed terminal and a plain `kill` do as Ctrl-C does, unless they are ignored (nohup)."""

    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in (getattr(signal, name) for name in names)}
    for number, handler in before.items():
        if handler is signal.SIG_DFL:
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def hand_over(command: list[str]) -> int:
    """Run the command in place of this one: its output, Ctrl-C and exit code are its own."""
    if sys.stdout is not None:
        sys.stdout.flush()
    os.environ[TYPED] = f"{'python' if os.name == 'nt' else 'python3'} {shlex.quote(sys.argv[0])}"
    if os.name != "nt":
        os.execv(command[0], command)
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                pass  # the command has seen it too, and decides


def check_types(environment: Environment) -> int:
    """Run mypy on the rooms, start.py, benchmarks and docs/make; messages name the files where they really are."""
    package = lay_out_links(environment.root)
    say("mypy ...")
    command = [str(environment.python), "-m", "mypy", str(package), "start.py", "benchmarks", "docs/make"]
    done = subprocess.run(
        command,
        cwd=str(environment.root),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    prefix = str(package.relative_to(environment.root)) + os.sep
    print(done.stdout.replace(prefix, "").strip(), flush=True)
    return done.returncode


def check(environment: Environment, arguments: list[str]) -> int:
    """Style, types and tests; every check runs, so that one failure does not hide another."""
    python, root = str(environment.python), str(environment.root)
    failed = []
    for name, command in (
        ("ruff check", ["-m", "ruff", "check", "--quiet", "."]),
        ("ruff format", ["-m", "ruff", "format", "--check", "--quiet", "."]),
    ):
        say(f"{name} ...")
        if subprocess.call([python, *command], cwd=root) != 0:
            failed.append(name)
    if check_types(environment) != 0:
        failed.append("mypy")
    if failed:
        say(f"Failed: {', '.join(failed)} (see above). Going on to the tests ...")
    # One process more than there are cores: tests of commands and of pages wait as often as they work. Tests stay in
    # their order, so that those of a file share its runs; who has done with his takes over from another. -P keeps the
    # checkout's folders from passing for top-level packages of the same names.
    processes = ["-n", str((os.cpu_count() or 1) + 1), "--dist", "worksteal"]
    # Hundreds of them start a process, which would compile all modules anew where Python is told to keep none.
    kept = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    tests = subprocess.call([python, "-P", "-m", "pytest", *processes, *arguments], cwd=root, env=kept)
    return tests or (1 if failed else 0)
