"""What is tried, and what came of it: the same for every kind of input.

A case holds all that it takes to repeat it: bytes and plain JSON. A trial lays its files into an empty folder and calls
what a user would call there, in this process. It finds fault with a traceback, an exit status that is not promised,
a refusal without a sentence, a warning of Python's, and with whatever takes too long.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from typer.testing import CliRunner

from local_citizenship.agents.rule import told_of_compiling
from local_citizenship.app.cli import app

STATUSES = (0, 2, 3, 130)  # those that are promised
SECONDS = 20.0  # of processor time, for each step, on a slow machine too: what hangs takes for ever
LONGEST_REFUSAL = 20, 1_000  # lines, and characters of each


@dataclass(frozen=True)
class Case:
    """`files`: name -> content; `does`: what the trial of its kind does with them; `made`: how it came about."""

    kind: str
    files: Mapping[str, bytes]
    does: Any
    made: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """A name of its own, by all that is tried."""
        content = [self.kind, sorted((name, data.hex()) for name, data in self.files.items()), self.does]
        return f"{self.kind}-{hashlib.sha256(json.dumps(content).encode()).hexdigest()[:10]}"

    @property
    def same_files(self) -> str:
        """What cases of the same files have in common."""
        return hashlib.sha256(repr(sorted(self.files.items())).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """As a file keeps it: text where a file is text."""
        files = {name: _shown(data) for name, data in self.files.items()}
        return {"kind": self.kind, "made": list(self.made), "does": self.does, "files": files}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Case:
        """The case that was kept."""
        files = {
            name: data.encode() if isinstance(data, str) else base64.b64decode(data["base64"])
            for name, data in content["files"].items()
        }
        return cls(content["kind"], files, content["does"], tuple(content["made"]))


def _shown(data: bytes) -> Any:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}
    return text


class Fault(Exception):
    """Something that must not be. `sign`: what it is known by, the same however often it comes; `details`: the rest."""

    def __init__(self, sign: str, details: str = "") -> None:
        super().__init__(sign)
        self.sign, self.details = sign, details


@dataclass
class Step:
    """One thing that was called: its status, processor seconds, and the first line it said."""

    what: str
    status: int
    seconds: float
    said: str


@dataclass
class Verdict:
    """What came of a case; `fault` is "" where there is nothing to complain of."""

    steps: list[Step] = field(default_factory=list)
    fault: str = ""
    details: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the log keeps it."""
        steps = [[each.what, each.status, round(each.seconds, 3), each.said] for each in self.steps]
        return {"steps": steps, **({"fault": self.fault} if self.fault else {})}


Trial = Callable[[Case, list[Step]], None]  # errors: Fault


def tried(case: Case, trial: Trial) -> Verdict:
    """What comes of a case in an empty folder, which is gone afterwards."""
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, contextlib.chdir(folder):
        lay_out(case, Path())
        try:
            trial(case, verdict.steps)
        except Fault as fault:
            verdict.fault, verdict.details = fault.sign, fault.details
        except Exception as error:
            verdict.fault, verdict.details = sign_of(error), "".join(traceback.format_exception(error))
    return verdict


def lay_out(case: Case, folder: Path) -> None:
    """Write the files of a case."""
    for name, data in case.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


@contextlib.contextmanager
def timed(what: str, steps: list[Step], most: float | None = None) -> Iterator[Step]:
    """Time a step, which is told of even if it fails. Errors: Fault if it took more than `most` seconds by itself:
    rules that had to be compiled for it first are no fault of the case."""
    step, compiled = Step(what, 0, 0.0, ""), []
    steps.append(step)
    began = time.process_time()
    try:
        with told_of_compiling(lambda ready, _: compiled.append(ready)):
            yield step
    finally:
        step.seconds = time.process_time() - began
    if step.seconds > (SECONDS if most is None else most) and not compiled:
        raise Fault(f"slow: {what.split()[0]}", f"{what}: {step.seconds:.1f} s of processor time")


def called(steps: list[Step], *arguments: object) -> Step:
    """Call the command line as a user does. Errors: Fault."""
    words = [str(each) for each in arguments]
    with timed(" ".join(words), steps) as step:
        result = CliRunner().invoke(app, words)
        step.status = result.exit_code
        step.said = (result.stderr or result.stdout).strip().partition("\n")[0][:300]
    error = result.exception
    if error is not None and not isinstance(error, SystemExit):
        raise Fault(f"traceback: {sign_of(error)}", "".join(traceback.format_exception(error)))
    if result.exit_code not in STATUSES:
        raise Fault(f"status {result.exit_code}: {words[0]}", result.output)
    if "Warning: " in result.stderr:
        raise Fault(f"warning: {words[0]}: {_line_with('Warning: ', result.stderr)}", result.stderr)
    if told := re.search(r"\(\w+Error: ", result.stderr):
        raise Fault(
            f"an exception as a sentence: {words[0]}: {result.stderr[told.start() :].splitlines()[0][:100]}",
            result.stderr,
        )
    if result.exit_code == 2:
        if not result.stderr.strip():
            raise Fault(f"refused without a word: {words[0]}", result.output)
        lines, most = result.stderr.splitlines(), LONGEST_REFUSAL
        if len(lines) > most[0] + 1 or max(map(len, lines)) > most[1]:
            raise Fault(f"long refusal: {words[0]}", result.stderr[:10_000])
    return step


def _line_with(sign: str, text: str) -> str:
    return next(line for line in text.splitlines() if sign in line).rpartition("/")[2][:160]


def sign_of(error: BaseException) -> str:
    """What an exception is known by: its type, and the innermost lines of the project that it came through."""
    project = [
        f"{Path(frame.filename).name}:{frame.name}"
        for frame in traceback.extract_tb(_without_this_folder(error.__traceback__))
        if "local_citizenship" in frame.filename
    ]
    return f"{type(error).__name__} in {' < '.join(project[:-4:-1]) or 'the trial'}"


def _without_this_folder(found: TracebackType | None) -> TracebackType | None:
    here = os.path.dirname(__file__)
    while found is not None and found.tb_frame.f_code.co_filename.startswith(here):
        found = found.tb_next
    return found
