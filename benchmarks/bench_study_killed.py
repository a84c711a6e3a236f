"""Runner, worker and the scheduler of a cluster killed (kill -9) at random moments: is the study's table the same?

An undisturbed study is run first. Then each victim is killed as often as asked, each time in a fresh study, at a
moment drawn from its whole length, start and end included; what is left is gone on with by `study resume`. Linux only
(it finds processes by /proc).
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.common import Figure, arguments, machine, report

STUDY = """\
scenarios: two-towns
months: {months}
factors: {{fear.weight: {{low: 1, high: 10}}, ngos.enabled: [true, false]}}
design: {{lhs: {{points: 10}}}}
replicates: {replicates}
luck: own
outcomes: [needs_met, take_up, E3.served_of_needs]
"""
APP = [sys.executable, "-m", "local_citizenship.app", "study"]
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Trial:
    """One study in a folder of its own, with what is done to it."""

    def __init__(self, folder: Path, text: str) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "study.yaml").write_text(text, encoding="utf-8")

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        """`study run`, under way."""
        return subprocess.Popen(
            [*APP, "run", "study.yaml", "--out", "out", *options], cwd=self.folder, **QUIET
        )  # type: ignore[call-overload]

    def finish(self, *options: str) -> None:
        """`study run` if nothing is there yet, else `study resume`. Errors: CalledProcessError."""
        there = (self.folder / "out").is_dir()
        command = ["resume", "out"] if there else ["run", "study.yaml", "--out", "out"]
        subprocess.run(
            [*APP, *command, "--quiet", *options], cwd=self.folder, check=True, stdout=subprocess.DEVNULL
        )

    def tables(self) -> dict[str, bytes]:
        """Bytes of the final tables."""
        return {file.name: file.read_bytes() for file in (self.folder / "out" / "tables").iterdir()}

    def runs(self) -> int:
        """Runs on disk."""
        file = self.folder / "out" / "records" / "runs.jsonl"
        return file.read_bytes().count(b"\n") if file.exists() else 0


def workers_of(pid: int) -> list[int]:
    """The processes a runner has spawned to do runs."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == pid and "spawn_main" in (entry / "cmdline").read_text():
                    found.append(int(entry.name))
    return found


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A Dask scheduler on loopback with two workers, and its address."""
    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    python, where = [sys.executable, "-m"], ["--host", "127.0.0.1", "--no-dashboard"]
    scheduler = subprocess.Popen(
        [*python, "distributed.cli.dask_scheduler", *where, "--port", "0", "--scheduler-file", str(file)],
        cwd=folder,
        **QUIET,
    )  # type: ignore[call-overload]
    address = None
    while address is None:
        if scheduler.poll() is not None:
            raise RuntimeError("the scheduler did not start")
        time.sleep(0.05)
        with contextlib.suppress(OSError, ValueError):  # not there yet, or half written
            address = json.loads(file.read_text(encoding="utf-8"))["address"]
    options = [
        "--nworkers",
        "2",
        "--nthreads",
        "1",
        "--local-directory",
        str(folder),
        "--death-timeout",
        "300",  # a busy machine may let them wait
    ]
    workers = subprocess.Popen(
        [*python, "distributed.cli.dask_worker", address, *where, *options], cwd=folder, **QUIET
    )  # type: ignore[call-overload]
    try:
        yield scheduler, address
    finally:
        for process in (workers, scheduler):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            process.kill()


def kill_runner(trial: Trial, after: float) -> None:
    """Kill the runner, and go on."""
    runner = trial.start("--workers", "2")
    time.sleep(after)
    runner.kill()
    runner.wait()
    trial.finish("--workers", "2")


def kill_worker(trial: Trial, after: float) -> None:
    """Kill a worker; the runner has to see to the rest."""
    runner = trial.start("--workers", "2")
    time.sleep(after)
    while runner.poll() is None and not (found := workers_of(runner.pid)):
        time.sleep(0.01)
    if runner.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(random.Random(after).choice(found), signal.SIGKILL)
    if runner.wait():
        raise RuntimeError("the runner did not survive the death of a worker")


def kill_scheduler(trial: Trial, after: float) -> None:
    """Kill the scheduler of a cluster, and go on with another."""
    with cluster(trial.folder) as (scheduler, address):
        runner = trial.start("--cluster", address)
        time.sleep(after)
        scheduler.kill()
        runner.wait()
    with cluster(trial.folder) as (_, address):
        trial.finish("--cluster", address)


VICTIMS = {"runner": kill_runner, "worker": kill_worker, "scheduler": kill_scheduler}


def main() -> None:
    parser = arguments(__doc__, rounds=10)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument(
        "--replicates", type=int, default=10, help="of ten design points (default %(default)s)"
    )
    options = parser.parse_args()
    about = machine()
    text = STUDY.format(months=options.months, replicates=options.replicates)
    moments = random.Random(1)
    figures = []
    with tempfile.TemporaryDirectory() as name:
        undisturbed = Trial(Path(name) / "undisturbed", text)
        started = time.monotonic()
        undisturbed.finish("--workers", "2")
        length, expected, runs = time.monotonic() - started, undisturbed.tables(), undisturbed.runs()
        for victim, kill in VICTIMS.items():
            same, again = 0, 0
            for number in range(options.rounds):
                trial = Trial(Path(name) / f"{victim}-{number}", text)
                kill(trial, moments.uniform(0.0, length))
                same += trial.tables() == expected
                again = max(again, trial.runs() - runs)
            figures.append(
                Figure(
                    f"the same tables after kill -9 of the {victim}", same, f"of {options.rounds}", options.rounds,
                    at_least=True, note=f"{runs} runs, at random moments of {length:.1f} s; at most {again} done twice",
                )
            )  # fmt: skip
    report("study_killed", figures, about, options.json)


if __name__ == "__main__":
    main()
