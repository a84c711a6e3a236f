"""Throw made-up input at the project, for as long as one likes: what must not happen is a traceback.

    python -m benchmarks.fuzz --minutes 30
    python -m benchmarks.fuzz --minutes 5 --kind scenario --seed 7
    python -m benchmarks.fuzz --repeat build/fuzz/scenario-0123456789.json

Five kinds of input: scenario files, study files, tables of places, requests to the classroom's server, damaged
folders of runs and studies (benchmarks/fuzzing/, a file each). Hypothesis makes the cases from a seed; what fails is
made as small as can be and kept beside the log, from where `--repeat` does it again. A fault is a traceback, an exit
status but 0, 2, 3 and 130, a warning of Python's, a refusal without a sentence, accounts that do not balance, a
scenario that passes `check` and can't be run, and whatever takes more than 5 seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import math
import multiprocessing
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.database import InMemoryExampleDatabase
from hypothesis.errors import FlakyFailure

from benchmarks.fuzzing.case import Case, Step, Verdict, tried
from local_citizenship.outcomes.simulate import simulate

KINDS = ("scenario", "study", "places", "http", "folder")
BYTES = 50_000  # of luck for a case, more than it takes
BATCH = 40  # cases from one seed, before the next kind has its turn
TURNS = (
    4  # that each kind has at least, however slow the machine: a turn ends when its share of the time is over
)
PATIENCE = (
    60.0  # seconds of processor time for a whole case, or ten times as many by the clock: then it is ended
)
QUICK = 2.0  # seconds: what takes longer is kept as it is
SHRINKS_AT_MOST = 60.0  # seconds to make a failing case smaller


def module_of(kind: str) -> Any:
    """What makes and tries the cases of a kind."""
    return importlib.import_module(f"benchmarks.fuzzing.{kind}")


# A process of its own ------------------------------------------------------------------------------------


def serve(connection: Connection) -> None:
    """Try the cases that come by the pipe, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that asks
    simulate("two-towns", months=1)  # the rules may have to be compiled, for which no case is to blame
    connection.send("ready")
    while True:
        try:
            case = Case.from_json(connection.recv())
        except EOFError:
            return
        connection.send(tried(case, module_of(case.kind).trial))


def _processor_seconds(process: int) -> float:
    """What a process has used so far; 0 where that can't be told so simply."""
    try:
        fields = (
            Path(f"/proc/{process}/stat")
            .read_text(encoding="ascii", errors="replace")
            .rpartition(")")[2]
            .split()
        )
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Tester:
    """A process that tries cases, and another one in its place where one died or was ended."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._process: Any = None

    def verdict(self, case: Case) -> Verdict:
        """What comes of a case."""
        if self._process is None or not self._process.is_alive():
            self._pipe, theirs = self._context.Pipe()
            self._process = self._context.Process(target=serve, args=(theirs,))
            self._process.start()
            theirs.close()
            assert self._pipe.recv() == "ready"
        began, spent = time.monotonic(), _processor_seconds(self._process.pid)
        try:
            self._pipe.send(case.to_json())
            while not self._pipe.poll(1.0):
                used = _processor_seconds(self._process.pid) - spent
                if used > PATIENCE or time.monotonic() - began > 10 * PATIENCE:
                    break
            else:
                return self._pipe.recv()
            fault = f"no end: {case.kind}"
        except (EOFError, OSError):
            fault = f"process died: {case.kind}"
        self.close()
        return Verdict([Step(case.kind, -1, PATIENCE, "")], fault, "the process was ended")

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None


# The campaign ---------------------------------------------------------------------------------------------


class _Found(Exception):
    """A fault that was not known before."""


@dataclass
class Campaign:
    """What was tried and found. `folder`: for the log, a line a case, and for the cases that failed."""

    folder: Path
    tester: Tester = field(default_factory=Tester)
    faults: dict[str, Case] = field(default_factory=dict)  # by their sign, each as small as it was made
    again: Counter[str] = field(default_factory=Counter)
    cases: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    slowest: dict[str, Step] = field(default_factory=dict)
    refusals: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)  # files that are not worth another try

    def batch(self, kind: str, number: int, until: float = math.inf, cases: int = BATCH) -> None:
        """Try cases of a kind from one seed; those that fail are kept."""
        luck = random.Random(number)  # Hypothesis's own search would try many that are nearly the same
        for _ in range(cases):
            if time.monotonic() > until:
                return
            self._try(kind, number, luck.randbytes(BYTES), until)

    def _try(self, kind: str, number: int, luck: bytes, until: float) -> None:
        """Try the case that comes of these bytes; if its fault is a new one, make it small and keep it."""
        found: tuple[Case, Verdict] | None = None

        @settings(deadline=None, database=InMemoryExampleDatabase(), phases=(Phase.reuse, Phase.shrink),
                  suppress_health_check=list(HealthCheck), print_blob=False, report_multiple_bugs=False)  # fmt: skip
        @given(module_of(kind).cases())
        def attempt(case: Case) -> None:
            nonlocal found, until
            if time.monotonic() > until or case.same_files in self.refused:
                return
            verdict = self.tester.verdict(case)
            self._note(case, verdict, number)
            if not verdict.fault:
                return
            if verdict.fault in self.faults:
                self.again[verdict.fault] += 1
            elif found is not None and verdict.fault != found[1].fault:  # another one, come upon on the way
                self._keep(case, verdict, number)
            else:
                if found is None:
                    until = min(until, time.monotonic() + SHRINKS_AT_MOST)
                if found is None or _size(case) <= _size(found[0]):
                    found = case, verdict
                raise _Found(verdict.fault)

        with contextlib.suppress(_Found, FlakyFailure):
            attempt.hypothesis.fuzz_one_input(luck)
        if found is not None and sum(step.seconds for step in found[1].steps) < QUICK:
            with contextlib.suppress(_Found, FlakyFailure):
                attempt()  # which makes it smaller
        if found is not None:
            self._keep(*found, number)

    def _note(self, case: Case, verdict: Verdict, number: int) -> None:
        self.cases[case.kind] += 1
        if case.files and len(verdict.steps) == 1 and verdict.steps[0].status == 2:
            self.refused.add(case.same_files)
        for step in verdict.steps:
            self.statuses[step.status] += 1
            if step.status == 2:
                self.refusals.add(_without_numbers(step.said))
            if step.seconds > self.slowest.get(case.kind, step).seconds or case.kind not in self.slowest:
                self.slowest[case.kind] = step
        line = {"seed": number, "case": case.name, "made": case.made, **verdict.to_json()}
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=True) + "\n")

    def _keep(self, case: Case, verdict: Verdict, number: int) -> None:
        self.faults[verdict.fault] = case
        file = self.folder / f"{case.name}.json"
        content = {
            **case.to_json(),
            "seed": number,
            "fault": verdict.fault,
            "details": verdict.details[-4000:],
        }
        file.write_text(json.dumps(content, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
        print(
            f"  {verdict.fault}\n    {' '.join(case.made)[:200]}\n    python -m benchmarks.fuzz --repeat {file}",
            flush=True,
        )

    def summary(self, minutes: float) -> Iterator[str]:
        """What was tried and what came of it."""
        yield f"{sum(self.cases.values()):,} cases in {minutes:.1f} minutes: " + ", ".join(
            f"{kind} {self.cases[kind]:,}" for kind in KINDS if self.cases[kind]
        )
        yield "statuses: " + ", ".join(
            f"{status} {count:,} times" for status, count in sorted(self.statuses.items())
        )
        yield f"different refusals: {len(self.refusals):,}"
        for kind, step in sorted(self.slowest.items()):
            yield f"slowest {kind}: {step.seconds:.2f} s of processor time, {step.what[:90]}"
        yield f"faults: {len(self.faults)}" + "".join(
            f"\n  {fault} ({1 + self.again[fault]} times)" for fault in self.faults
        )


def _size(case: Case) -> int:
    return len(json.dumps(case.to_json()))


def _without_numbers(text: str) -> str:
    return "".join("0" if each.isdigit() else each for each in text)[:120]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=5.0, help="how long (default %(default)s)")
    parser.add_argument("--kind", action="append", choices=KINDS, help="of which kinds; may be given again")
    parser.add_argument(
        "--seed", type=int, help="where to begin; told if left out, so that all can be done again"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("build/fuzz"), help="for log and failing cases (default %(default)s)"
    )
    parser.add_argument("--repeat", type=Path, metavar="CASE", help="try this one again, and nothing else")
    options = parser.parse_args()
    if options.repeat is not None:
        return repeated(options.repeat)
    first = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    options.out.mkdir(parents=True, exist_ok=True)
    campaign, began = Campaign(options.out), time.monotonic()
    kinds, until = options.kind or KINDS, began + 60 * options.minutes
    print(f"seed {first}, log: {options.out / 'log.jsonl'}", flush=True)
    try:
        turn = 0
        while time.monotonic() < until:
            share = 60 * options.minutes / TURNS / len(kinds)
            campaign.batch(kinds[turn % len(kinds)], first + turn, min(until, time.monotonic() + share))
            turn += 1
    except KeyboardInterrupt:
        print("Stopped.")
    finally:
        campaign.tester.close()
    print(*campaign.summary((time.monotonic() - began) / 60), sep="\n")
    return 1 if campaign.faults else 0


def repeated(file: Path) -> int:
    """Try a case that was kept, in a process of its own."""
    case, tester = Case.from_json(json.loads(file.read_text(encoding="utf-8"))), Tester()
    try:
        verdict = tester.verdict(case)
    finally:
        tester.close()
    for step in verdict.steps:
        print(f"{step.status:4} {step.seconds:6.2f} s  {step.what}\n             {step.said}")
    print(verdict.details, verdict.fault or "nothing to complain of", sep="\n")
    return 1 if verdict.fault else 0


if __name__ == "__main__":
    sys.exit(main())
