"""What grows how: seconds, memory and disk of the whole command `run`, for countries from a town's size to a union's.

Every country is made up as in `bench_union`. One thing at a time is made larger: people, places or months. A case is
one command in a process of its own, figures and saving included; its memory is that of all its processes together
(pages they share counted once), looked at again and again. `--table FILE` puts the figures into a CSV: of
docs/growth.csv, docs/make/growth.py makes the page.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

import psutil

from benchmarks.bench_union import write_union
from benchmarks.common import machine, number

BEAT = 0.1  # seconds between looks at the memory
SHARE = 0.02  # of the time, at most, that looks may take: they are the slower the more memory there is


@dataclass(frozen=True)
class Case:
    """One country: how many places, migrants at the start, and months."""

    municipalities: int
    migrants: float
    months: int


PEOPLE = [Case(2_000, migrants, 12) for migrants in (2e5, 2e6, 2e7, 1e8)]
PLACES = [Case(places, 2e6, 12) for places in (200, 2_000, 20_000, 95_000)]
MONTHS = [Case(2_000, 2e6, months) for months in (12, 60, 240)]
UNION = [Case(95_000, 2e7, 12)]


@dataclass(frozen=True)
class Grown:
    """What one case took; times by the clock."""

    municipalities: int
    migrants: int  # at the start
    months: int
    threads: int
    migrant_months: int
    model_seconds: float
    command_seconds: float
    peak_mb: float
    folder_mb: float
    processor: str
    taken: str  # on what day


def cases(largest: float) -> Iterator[Case]:
    """Every case once, from the smallest on; none with more migrants than `largest`."""
    every = dict.fromkeys([*PEOPLE, *PLACES, *MONTHS, *UNION])
    yield from sorted(
        (case for case in every if case.migrants <= largest),
        key=lambda case: (case.migrants * case.months, case.municipalities),
    )


def held_by(process: psutil.Process) -> float:
    """Memory (MB) of a process and of those it started; what they share counts once."""
    held = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            info = one.memory_full_info()
            held += getattr(info, "pss", info.uss)  # only Linux tells the first
        except psutil.Error:  # it has ended meanwhile
            continue
    return held / 1e6


def grown(case: Case, threads: int) -> Grown:
    """Run the command for this country. Errors: RuntimeError with the command's own words if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        write_union(Path(folder), case.municipalities, case.migrants, case.months)
        command = [sys.executable, "-m", "local_citizenship.app", "run", "union.yaml", "--out", "run"]
        command += ["--quiet", "--threads", str(threads)]
        with tempfile.TemporaryFile("w+") as said:
            started = time.perf_counter()
            process = psutil.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
            peak = 0.0
            while process.poll() is None:
                begun = time.perf_counter()
                try:
                    peak = max(peak, held_by(process))
                except psutil.Error:
                    break
                time.sleep(max(BEAT, (time.perf_counter() - begun) / SHARE))
            status, seconds = process.wait(), time.perf_counter() - started
            if status != 0:
                said.seek(0)
                raise RuntimeError(f"{' '.join(command)} ended with {status}:\n{said.read()}")
        run = Path(folder, "run")
        timing = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["timing"]
        written = sum(file.stat().st_size for file in run.rglob("*") if file.is_file()) / 1e6
    return Grown(
        case.municipalities, int(case.migrants), case.months, threads,
        timing["migrant_months"], timing["model_seconds"], seconds, peak, written,
        machine()["processor"], date.today().isoformat(),
    )  # fmt: skip


def warm_up(largest: float) -> None:
    """Have the rules compiled, so that no case pays for it: records are of another kind where places are many."""
    for municipalities in {case.municipalities for case in cases(largest)}:
        grown(Case(municipalities, 3_000.0, 1), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument(
        "--largest", type=float, default=2e7, help="no country with more migrants (1e8 takes 8 GB)"
    )
    parser.add_argument("--threads", type=int, default=min(8, os.cpu_count() or 1))
    parser.add_argument("--table", type=Path, metavar="FILE", help="put the figures into this CSV")
    options = parser.parse_args()
    warm_up(options.largest)
    found = []
    for case in cases(options.largest):
        found.append(took := grown(case, options.threads))
        print(
            f"{case.municipalities:6} places, {number(case.migrants / 1e6):>5} M migrants, {case.months:3} months: "
            f"model {number(took.model_seconds)} s, command {number(took.command_seconds)} s, "
            f"{took.peak_mb:.0f} MB, folder {number(took.folder_mb)} MB",
            flush=True,
        )
        if options.table:  # after each case: the large ones take long
            write_table(found, options.table)


def write_table(found: list[Grown], file: Path) -> None:
    """One line a case."""
    with file.open("w", encoding="utf-8", newline="") as into:
        writer = csv.DictWriter(into, [field.name for field in fields(Grown)], lineterminator="\n")
        writer.writeheader()
        for took in found:
            writer.writerow(
                {
                    name: round(value, 2) if isinstance(value, float) else value
                    for name, value in asdict(took).items()
                }
            )


if __name__ == "__main__":
    main()
