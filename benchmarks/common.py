"""What all benchmarks share: timing, the machine, a small table against the bars, and the file of results."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).resolve().parent / "results.json"
PACKAGES = ("numpy", "numba", "mesa", "pandas")


@dataclass(frozen=True)
class Figure:
    """One measured figure. `bar` is the most allowed, or the least if `at_least`; None to inform only."""

    what: str
    measured: float
    unit: str
    bar: float | None = None
    at_least: bool = False
    note: str = ""  # spread, rounds, how it was taken

    @property
    def verdict(self) -> str:
        """met, missed, or nothing where there is no bar."""
        if self.bar is None:
            return ""
        met = self.measured >= self.bar if self.at_least else self.measured <= self.bar
        return "met" if met else "missed"

    @property
    def bar_text(self) -> str:
        """The bar in words."""
        if self.bar is None:
            return ""
        return f"{'at least' if self.at_least else 'at most'} {number(self.bar)} {self.unit}"


def number(value: float) -> str:
    """A figure as one reads it: three digits that count."""
    if value == 0.0 or abs(value) >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.3g}"


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of processor time of this process."""

    wall: float
    cpu: float


def timed(action: Callable[[], Any]) -> Spent:
    """Seconds that `action` takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    action()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


def median(values: Iterable[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def spread(values: Iterable[float], rounds_of: str = "rounds") -> str:
    """How far apart repeated measurements lay: `3 rounds, 5.1 to 5.4`."""
    ordered = sorted(values)
    if len(ordered) == 1:
        return f"1 {rounds_of.removesuffix('s')}"
    return f"{len(ordered)} {rounds_of}, {number(ordered[0])} to {number(ordered[-1])}"


def in_a_fresh_process(module: str, *arguments: object) -> Any:
    """What `python -m module arguments` prints as its last line, read as JSON.

    Errors: RuntimeError with the process's own words if it fails.
    """
    command = [sys.executable, "-m", module, *(str(argument) for argument in arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def peak_memory_mb() -> float:
    """The most memory this process has held so far, in MB (10^6 bytes)."""
    import resource

    return _mb(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _mb(peak: int) -> float:
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


@dataclass(frozen=True)
class Cost:
    """What a command cost: seconds by the clock, of processor time, and its peak memory in MB."""

    wall: float
    cpu: float
    memory: float


def cost_of(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> Cost:
    """Run a command in `folder` to its end. Errors: RuntimeError with its own words if it fails."""
    with tempfile.TemporaryFile("w+") as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **(environment or {})}, stdout=said, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)} failed:\n{said.read()}")
    return Cost(wall, used.ru_utime + used.ru_stime, _mb(used.ru_maxrss))


def machine() -> dict[str, str]:
    """Where the figures were taken."""
    about = {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
    for package in PACKAGES:
        try:
            about[package] = version(package)
        except PackageNotFoundError:
            about[package] = "not installed"
    about["load before"] = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return about


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def arguments(description: str | None, rounds: int) -> argparse.ArgumentParser:
    """The options that every benchmark has."""
    parser = argparse.ArgumentParser(description=(description or "").strip().splitlines()[0])
    parser.add_argument(
        "--rounds", type=int, default=rounds, help="how often to repeat (default %(default)s)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="put the figures into this file as well")
    return parser


def report(name: str, figures: list[Figure], about: dict[str, str], file: Path | None) -> None:
    """Print the figures against their bars; put them into `file`, beside those of other benchmarks."""
    print(f"\n{name}: {about['processor']}, {about['cores']} cores, load {about['load before']} before")
    width = max(len(figure.what) for figure in figures)
    for figure in figures:
        measured = f"{number(figure.measured)} {figure.unit}"
        print(
            f"  {figure.what:{width}}  {measured:>16}  {figure.bar_text:20} {figure.verdict:7} {figure.note}"
        )
    if file is None:
        return
    results = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    results[name] = {
        "taken": date.today().isoformat(),
        "machine": about,
        "figures": [{**asdict(figure), "verdict": figure.verdict} for figure in figures],
    }
    file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
