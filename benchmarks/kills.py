"""Runs, studies and calibrations stopped at random moments (Ctrl-C, TERM, HUP, kill -9): is anything lost, or left
lying about?

What is stopped is begun anew, or gone on with, by the next command, as its user would do. Then the tables must be
those of an undisturbed one, byte by byte, and no file with a name that begins with a dot may be left, neither
there nor among the temporary files. A run that is there after it was stopped must be a whole one. POSIX only.

A warm run is forked off this process, in which everything is loaded: most of the time of a short run goes by before its
first month, and a kill there proves little.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from benchmarks.bench_study_killed import STUDY
from benchmarks.common import Figure, arguments, machine, report
from local_citizenship.app import cli
from local_citizenship.outcomes.plots import draw_all
from local_citizenship.outcomes.simulate import simulate

APP = [sys.executable, "-P", "-m", "local_citizenship.app"]
CALIBRATION = """\
scenarios: two-towns
months: {months}
parameters: {{awareness.search: , fear.weight: {{low: 0, high: 10}}}}
targets: {{file: seen.csv}}
budget: {{waves: 2, points: 12, replicates: 2, posterior: 20, sets: 10}}
"""
TARGETS = "measure,value,tolerance\nneeds_met,0.2,0.2\naware,0.4,0.2\n"
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGKILL")
WAIT = 300.0  # seconds for whatever was told to stop


class Process(Protocol):
    """What is done with a process here."""

    pid: int

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int) -> None: ...


class Forked:
    """The command line in a process forked off this one."""

    def __init__(self, folder: Path, command: list[str], temporary: str, said: int) -> None:
        self.pid = os.fork()
        self._status: int | None = None
        if self.pid:
            return
        os.setsid()
        os.chdir(folder)
        os.dup2(said, 1)
        os.dup2(said, 2)
        tempfile.tempdir = temporary
        sys.argv = ["local-citizenship", *command]
        status = 1
        try:
            cli.main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def wait(self, timeout: float | None = None) -> int:
        """As `subprocess.Popen.wait`."""
        until = time.monotonic() + (WAIT if timeout is None else timeout)
        while self._status is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self._status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > until:
                raise subprocess.TimeoutExpired("local-citizenship", until)
            else:
                time.sleep(0.002)
        return self._status

    def send_signal(self, sig: int) -> None:
        """As `subprocess.Popen.send_signal`."""
        os.kill(self.pid, sig)


@dataclass
class Work:
    """What is done and stopped, in a folder of its own."""

    folder: Path
    first: list[str]
    next: Callable[[Path], list[str]]  # the command that a user gives after it was stopped
    tables: str
    warm: bool = False

    def process(self, command: list[str]) -> Process:
        """The command under way, as the head of a group that a terminal would send its signals to."""
        (self.folder / "tmp").mkdir(exist_ok=True)
        environment = {**os.environ, "TMPDIR": str(self.folder / "tmp")}
        with (self.folder / "said.txt").open("wb") as said:
            if self.warm:
                return Forked(self.folder, command, environment["TMPDIR"], said.fileno())
            return subprocess.Popen(
                [*APP, *command],
                cwd=self.folder,
                env=environment,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def found(self) -> dict[str, bytes]:
        """The tables that are there, by name."""
        top = self.folder / self.tables
        return {str(f.relative_to(top)): f.read_bytes() for f in sorted(top.rglob("*")) if f.is_file()}

    def left(self) -> list[str]:
        """What should not be there."""
        hidden = [path for path in self.folder.rglob(".*") if "__pycache__" not in path.parts]
        return [str(path.relative_to(self.folder)) for path in [*hidden, *(self.folder / "tmp").iterdir()]]


def a_run(folder: Path, months: int) -> Work:
    """A run with its figures."""
    command = ["run", "two-towns", "--months", str(months), "--out", "out", "--quiet"]
    return Work(folder, command, lambda _: [*command, "--overwrite"], "out/tables")


def a_warm_run(folder: Path, months: int) -> Work:
    """The same, in a process that needs to load nothing; it draws all figures by itself."""
    cold = a_run(folder, months)
    one = ["--threads", "1"]
    return Work(folder, [*cold.first, *one], lambda _: [*cold.next(folder), *one], cold.tables, warm=True)


def a_study(folder: Path, months: int) -> Work:
    """A study by two processes."""
    (folder / "study.yaml").write_text(STUDY.format(months=months, replicates=3), encoding="utf-8")
    command = ["study", "run", "study.yaml", "--out", "out", "--quiet", "--workers", "2"]

    def following(folder: Path) -> list[str]:
        there = (folder / "out").is_dir()
        return ["study", "resume", "out", "--quiet", "--workers", "2"] if there else command

    return Work(folder, command, following, "out/tables")


def a_calibration(folder: Path, months: int) -> Work:
    """A calibration by two processes; its ensemble is what must be the same, figures and medoid included."""
    (folder / "small.yaml").write_text(CALIBRATION.format(months=months), encoding="utf-8")
    (folder / "seen.csv").write_text(TARGETS, encoding="utf-8")
    how = ["--quiet", "--workers", "2"]
    command = ["calibrate", "run", "small.yaml", "--out", "out", *how]

    def following(folder: Path) -> list[str]:
        return ["calibrate", "resume", "out", *how] if (folder / "out").is_dir() else command

    return Work(folder, command, following, "out/ensemble")


KINDS = {"run": a_run, "warm run": a_warm_run, "study": a_study, "calibration": a_calibration}


@dataclass
class Found:
    """What came of the kills of one kind."""

    kills: int = 0
    same: int = 0
    clean: int = 0
    torn: int = 0  # tables that were there after the kill, and not those of the whole
    statuses: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)


def stopped(work: Work, name: str, after: float) -> int:
    """Begin, and stop it after so many seconds; the exit status. A terminal tells all processes, a kill one."""
    process = work.process(work.first)
    with contextlib.suppress(subprocess.TimeoutExpired):
        return process.wait(after)
    number = signal.Signals[name]
    if name in ("SIGINT", "SIGHUP"):
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    return process.wait(WAIT)


def one_kill(work: Work, name: str, after: float, expected: dict[str, bytes], found: Found) -> None:
    """Stop the work once, go on with it, and note what came of it."""
    status = stopped(work, name, after)
    found.kills += 1
    found.statuses[f"{name} {status}"] += 1
    found.torn += work.found() not in ({}, expected)
    if b"Traceback" in (text := (work.folder / "said.txt").read_bytes()):
        found.said.append(f"{name} after {after:.2f} s: {text.decode(errors='replace').splitlines()[-1]}")
    again = work.process(work.next(work.folder))
    if again.wait(WAIT):
        found.said.append(
            f"{name} after {after:.2f} s, then: {(work.folder / 'said.txt').read_text().strip()}"
        )
    found.same += work.found() == expected
    left = work.left()
    found.clean += not left
    if left:
        found.said.append(f"{name} after {after:.2f} s: left {', '.join(left)}")


def main() -> None:
    parser = arguments(__doc__, rounds=100)
    parser.add_argument("--months", type=int, default=6)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so many (default: never)")
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default %(default)s)")
    options = parser.parse_args()
    for each in (signal.SIGINT, signal.SIGHUP):  # a shell's background jobs inherit that they are ignored
        signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)
    about, moments, began = machine(), random.Random(options.seed), time.monotonic()
    kinds = {kind: KINDS[kind] for kind in options.kinds}
    all_found = {kind: Found() for kind in kinds}
    with tempfile.TemporaryDirectory() as name:
        draw_all(
            simulate("two-towns", months=13), Path(name) / "loaded"
        )  # what is loaded now, warm runs find loaded
        expected, length = {}, {}
        for kind, make in kinds.items():
            (folder := Path(name) / kind).mkdir()
            for part in ("warm", "undisturbed"):  # the first one may compile
                (folder / part).mkdir()
                work, started = make(folder / part, options.months), time.monotonic()
                if work.process(work.first).wait(WAIT):
                    raise RuntimeError((work.folder / "said.txt").read_text())
                length[kind], expected[kind] = time.monotonic() - started, work.found()
        with contextlib.suppress(KeyboardInterrupt):  # what was found until then is told
            for number in range(options.rounds):
                for kind, make in kinds.items():
                    if time.monotonic() - began > 60 * options.minutes:
                        break
                    (folder := Path(name) / kind / str(number)).mkdir()
                    name_of, after = SIGNALS[number % len(SIGNALS)], moments.uniform(0.0, length[kind])
                    one_kill(make(folder, options.months), name_of, after, expected[kind], all_found[kind])
    figures = []
    for kind, found in all_found.items():
        of, note = f"of {found.kills}", f"at random moments of {length[kind]:.1f} s"
        bar = float(found.kills)
        figures += [
            Figure(f"{kind}: the same tables after a kill", found.same, of, bar, at_least=True, note=note),
            Figure(f"{kind}: nothing left after the next command", found.clean, of, bar, at_least=True),
            Figure(f"{kind}: half-written tables under their own name", found.torn, of, 0.0),
            Figure(f"{kind}: tracebacks, and commands that failed", len(found.said), of, 0.0),
        ]
    report("kills", figures, about, options.json)
    for kind, found in all_found.items():
        print(
            f"  {kind}, exit statuses: {', '.join(f'{s} ({n})' for s, n in sorted(found.statuses.items()))}"
        )
        for line in found.said:
            print(f"  {kind}, {line}")


if __name__ == "__main__":
    main()
