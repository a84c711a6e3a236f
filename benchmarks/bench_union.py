"""A union of countries: 95,000 municipalities in 1,300 regions and 20 million migrants, made up; what it takes.

Every round is a fresh process for each number of threads: it writes and loads the table of places, makes the model,
lives through the months and makes the headline table. Model seconds are those inside `model.step()`, after
compilation; the first month, in which everybody present is put in a place, counts apart.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import (
    Figure,
    arguments,
    in_a_fresh_process,
    machine,
    median,
    peak_memory_mb,
    report,
    spread,
)

MUNICIPALITIES, REGIONS = 95_000, 1_300
MONTHS = 6
# Shares of those present at the start, and of those who arrive each month, a hundred and fiftieth of them.
DOORS = {"skilled": 0.15, "coethnic": 0.2, "trainee": 0.15, "student": 0.2, "visitor": 0.2, "smuggled": 0.1}
SCENARIO = """\
extends: japan
title: A union of countries
places: union.csv
start: 2000-01
months: {months}
timeline_replaces: true
ngos: {{initial: {ngos}}}
doors:
{doors}"""


def write_union(folder: Path, municipalities: int, migrants: float, months: int) -> Path:
    """The table of places and the scenario beside it; the same whenever they are written."""
    rng = np.random.default_rng(27)
    region = np.sort(np.arange(municipalities) % REGIONS)
    center = rng.uniform((36.0, -10.0), (68.0, 30.0), (REGIONS, 2))
    spot = np.round(center[region] + rng.normal(0.0, 0.4, (municipalities, 2)), 2)  # some share one
    population = np.round(np.exp(rng.normal(7.5, 1.3, municipalities))) + 50
    foreign = np.round(population * np.exp(rng.normal(-3.5, 0.8, municipalities)))
    strength = np.round(np.exp(rng.normal(-0.5, 0.3, municipalities)), 3)
    with (folder / "union.csv").open("w", encoding="utf-8") as file:
        file.write("code,region,name,latitude,longitude,population,foreign_residents,fiscal_strength\n")
        for row, (north, east) in enumerate(spot):
            numbers = f"{north:.2f},{east:.2f},{population[row]:.0f},{foreign[row]:.0f},{strength[row]}"
            file.write(f"{row:06d},R{region[row]:04d},Town {row},{numbers}\n")
    doors = "".join(
        f"  {door}: {{initial: {share * migrants:.1f}, arrivals: {share * migrants / 150:.1f}}}\n"
        for door, share in DOORS.items()
    )
    path = folder / "union.yaml"
    ngos = min(2_000, int(migrants / 2_000))  # as many as a scenario may begin with
    path.write_text(SCENARIO.format(months=months, ngos=ngos, doors=doors), encoding="utf-8")
    return path


def child(municipalities: int, migrants: float, months: int, threads: int) -> dict[str, Any]:
    """One run in this process: what it took."""
    from local_citizenship.model import LocalCitizenship
    from local_citizenship.scenarios import load_scenario

    with tempfile.TemporaryDirectory() as folder:
        few = load_scenario(write_union(Path(folder), municipalities, 3_000.0, 1))
        LocalCitizenship(few, threads=threads).run()  # compiles, or loads
        path = write_union(Path(folder), municipalities, migrants, months)
        started = time.perf_counter()
        scenario = load_scenario(path)
        loading = time.perf_counter() - started
    started = time.perf_counter()
    model = LocalCitizenship(scenario, threads=threads)
    making = time.perf_counter() - started
    model.step()
    first, lived = model.timing["model_seconds"], model.timing["migrant_months"]
    model.run()
    stock = model.ledger.sources()["doors"].frame(["month", "stock"])
    return {
        "loading": loading,
        "making": making,
        "first": first,
        "seconds": model.timing["model_seconds"] - first,
        "migrant_months": model.timing["migrant_months"] - lived,
        "migrants": int(stock.loc[stock["month"] == months - 1, "stock"].sum()),
        "ngos": len(model.ngos),
        "memory": peak_memory_mb(),
    }


def main() -> None:
    parser = arguments(__doc__, rounds=1)
    parser.add_argument("--municipalities", type=int, default=MUNICIPALITIES)
    parser.add_argument("--migrants", type=float, default=20e6)
    parser.add_argument("--months", type=int, default=MONTHS)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, min(8, os.cpu_count() or 1)])
    parser.add_argument("--child", type=int, metavar="THREADS", help=argparse.SUPPRESS)
    options = parser.parse_args()
    size = options.municipalities, options.migrants, options.months
    if options.child:
        print(json.dumps(child(*size, options.child)))
        return
    about = machine()
    again = ["--municipalities", size[0], "--migrants", size[1], "--months", size[2]]
    figures = []
    for threads in options.threads:
        runs = [
            in_a_fresh_process("benchmarks.bench_union", "--child", threads, *again)
            for _ in range(options.rounds)
        ]
        figures += figures_of(runs, f"{threads} thread{'s' * (threads > 1)}")
    report("union", figures, about, options.json)


def figures_of(runs: list[dict[str, Any]], how: str) -> list[Figure]:
    """The figures of some runs with the same number of threads."""

    def figure(what: str, name: str, unit: str, scale: float = 1.0) -> Figure:
        values = [run[name] * scale for run in runs]
        return Figure(f"{how}: {what}", median(values), unit, note=spread(values))

    rates = [run["migrant_months"] / run["seconds"] / 1e6 for run in runs]
    return [
        figure("migrants at the end", "migrants", "M", 1e-6),
        figure("NGOs at the end", "ngos", "NGOs"),
        figure("the scenario and its places loaded", "loading", "s"),
        figure("the model made", "making", "s"),
        figure("first month, everybody put in a place", "first", "s"),
        figure("the other months", "seconds", "s"),
        Figure(f"{how}: rate", median(rates), "M migrant-months/s", note=spread(rates)),
        figure("peak memory", "memory", "MB"),
    ]


if __name__ == "__main__":
    main()
