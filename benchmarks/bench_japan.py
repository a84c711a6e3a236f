"""Japan at full size: 240 months, one record each; seconds, rate, peak memory, and where the time goes.

Every round is a fresh process: it loads the scenario, runs it, makes the tables and saves them (no figures).
Model seconds are those inside `model.step()`, after compilation. The whole job is the command that people type,
from the shell to the figures on disk, once a round; memory is the most that its process ever held.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.common import (
    Cost,
    Figure,
    arguments,
    cost_of,
    in_a_fresh_process,
    machine,
    median,
    peak_memory_mb,
    report,
    spread,
)

BAR_SECONDS, BAR_MEMORY = 10.0, 600.0
STEPS_SHOWN = 7


def child(scenario_name: str, months: int | None, threads: int) -> dict[str, Any]:
    """One run in this process: what it took, step by step."""
    from local_citizenship.model import LocalCitizenship, schedule
    from local_citizenship.outcomes.run import Run
    from local_citizenship.outcomes.run_folder import save_run
    from local_citizenship.scenarios import load_scenario

    LocalCitizenship(load_scenario("two-towns", months=13), threads=threads).run()  # compiles, or loads
    by_step: dict[str, float] = {}

    def watched(step: schedule.Step) -> schedule.Step:
        def call(state: Any) -> None:
            started = time.process_time()
            step(state)
            by_step[step.__name__] = by_step.get(step.__name__, 0.0) + time.process_time() - started

        return call

    schedule.THE_MONTH = tuple(watched(step) for step in schedule.THE_MONTH)
    model = LocalCitizenship(load_scenario(scenario_name, months=months), threads=threads)
    started = time.process_time()
    model.run()
    cpu = time.process_time() - started
    after_run = peak_memory_mb()
    with tempfile.TemporaryDirectory() as folder:
        started_saving = time.perf_counter()
        save_run(Run.from_model(model), Path(folder) / "run")
        saving = time.perf_counter() - started_saving
    return {
        "seconds": model.timing["model_seconds"],
        "cpu": cpu,
        "migrant_months": model.timing["migrant_months"],
        "saving": saving,
        "memory_run": after_run,
        "memory": peak_memory_mb(),
        "steps": by_step,
    }


def main() -> None:
    parser = arguments(__doc__, rounds=3)
    parser.add_argument("--scenario", default="japan")
    parser.add_argument("--months", type=int, default=None)
    parser.add_argument("--child", type=int, metavar="THREADS", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(child(options.scenario, options.months, options.child)))
        return
    about = machine()
    again = ["--scenario", options.scenario]
    again += ["--months", str(options.months)] if options.months else []
    runs: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
    whole: list[Cost] = []
    for number in range(options.rounds):
        for threads in (1, 2) if number % 2 == 0 else (2, 1):
            runs[threads].append(in_a_fresh_process("benchmarks.bench_japan", "--child", threads, *again))
        whole.append(whole_job(options.scenario, options.months))
    report(options.scenario, figures(runs, whole), about, options.json)


def whole_job(scenario: str, months: int | None) -> Cost:
    """The command `local-citizenship run`, figures and all."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "local_citizenship.app", "run", scenario, "--out", "run", "--quiet"]
        return cost_of(command + (["--months", str(months)] if months else []), Path(folder))


def figures(runs: dict[int, list[dict[str, Any]]], whole: list[Cost]) -> list[Figure]:
    """The figures of all rounds, by number of threads."""
    one, two = runs[1], runs[2]

    def taken(of: list[dict[str, Any]], name: str) -> list[float]:
        return [run[name] for run in of]

    million = one[0]["migrant_months"] / 1e6
    rates = [million / seconds for seconds in taken(one, "seconds")]
    found = [
        Figure("million migrant-months", million, "M"),
        Figure(
            "model seconds, one thread", median(taken(one, "seconds")), "s", BAR_SECONDS,
            note=spread(taken(one, "seconds")),
        ),
        Figure("the same, processor time", median(taken(one, "cpu")), "s", note=spread(taken(one, "cpu"))),
        Figure("rate, one thread", median(rates), "M migrant-months/s", note=spread(rates)),
        Figure(
            "model seconds, two threads", median(taken(two, "seconds")), "s",
            note=spread(taken(two, "seconds")),
        ),
        Figure("tables and saving", median(taken(one, "saving")), "s", note=spread(taken(one, "saving"))),
        Figure(
            "whole job with its figures, processor time", median(cost.cpu for cost in whole), "s",
            note=spread(cost.cpu for cost in whole),
        ),
        Figure(
            "peak memory, whole job with its figures", median(cost.memory for cost in whole), "MB", BAR_MEMORY,
            note=spread(cost.memory for cost in whole),
        ),
        Figure("peak memory, tables saved", median(taken(one, "memory")), "MB"),
        Figure("peak memory, before tables", median(taken(one, "memory_run")), "MB"),
    ]  # fmt: skip
    steps = {name: median(run["steps"][name] for run in one) for name in one[0]["steps"]}
    for name in sorted(steps, key=lambda name: -steps[name])[:STEPS_SHOWN]:
        found.append(Figure(f"step: {name.replace('_', ' ')}", steps[name], "s", note="processor time"))
    return found


if __name__ == "__main__":
    main()
