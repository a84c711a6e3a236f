"""A study of many runs of two-towns: seconds, what its runner costs beside the runs, and the memory of its workers.

The study is run by the command that people type, from the shell to the tables on disk. Beside it, the same runs are
done straight: as many plain processes, each a loop over its part, that loads, runs, measures and forgets. The
overhead is the one's seconds over the other's, taken in turns. Memory is what each worker held after its 50th run and
after its last.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.common import ROOT, Figure, arguments, cost_of, machine, median, report, spread

BAR_SECONDS, BAR_OVERHEAD, BAR_MEMORY = 60.0, 10.0, 10.0
EARLY = 50  # runs of a worker after which its memory is first looked at
REPLICATES = 20
STUDY = """\
scenarios: two-towns
months: {months}
factors: {{fear.weight: {{low: 1, high: 10}}}}
design: {{lhs: {{points: {points}}}}}
replicates: {replicates}
"""


def straight(file: Path, part: int, parts: int) -> None:
    """Every `parts`-th run of the study, one after the other, in this process."""
    import gc
    from dataclasses import replace

    from local_citizenship.experiments.studies.points import points_of, scenario_at, seed_for
    from local_citizenship.experiments.studies.read_study import read_study
    from local_citizenship.model import LocalCitizenship
    from local_citizenship.outcomes.outcome_spec import values_of
    from local_citizenship.outcomes.run import Run

    study = read_study(file)
    for point in points_of(study):
        scenario = scenario_at(study, point)
        for replicate in range(study.replicates.least):
            if (point.number + replicate) % parts == part:
                seed = seed_for(study, point.number, replicate)
                model = LocalCitizenship(replace(scenario, seed=seed))
                model.run()
                values_of(Run.from_model(model), study.outcomes)
                model.release()
                del model
                gc.collect()
                if point.number == 0 and replicate < parts:
                    gc.freeze()  # as the workers do, so that the two can be compared


def straight_seconds(file: Path, workers: int) -> float:
    """Seconds until plain processes have done all runs."""
    from local_citizenship.experiments.workers import ONE_THREAD

    started = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "benchmarks.bench_study",
        "--straight",
        str(file),
        "--workers",
        str(workers),
    ]
    environment = {**os.environ, **ONE_THREAD}
    processes = [
        subprocess.Popen([*command, "--part", str(part)], cwd=ROOT, env=environment)
        for part in range(workers)
    ]
    if any(process.wait() for process in processes):
        raise RuntimeError("a straight run failed")
    return time.perf_counter() - started


def memory_growth(folder: Path) -> tuple[float, float]:
    """MB of a worker after its 50th run, and after its last over that, in percent: of the one that grew most."""
    held: dict[int, list[float]] = defaultdict(list)
    for line in (folder / "records" / "runs.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        held[record["process"]].append(record["memory"])
    early = {process: each[min(EARLY, len(each)) - 1] for process, each in held.items()}
    growth = {process: 100.0 * (each[-1] / early[process] - 1.0) for process, each in held.items()}
    most = max(growth, key=lambda process: growth[process])
    return early[most], growth[most]


def main() -> None:
    parser = arguments(__doc__, rounds=3)
    parser.add_argument("--runs", type=int, default=1_000, help="runs of the study (default %(default)s)")
    parser.add_argument("--months", type=int, default=240)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--straight", type=Path, metavar="STUDY", help=argparse.SUPPRESS)
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.straight:
        straight(options.straight, options.part, options.workers)
        return
    about = machine()
    whole, plain, growth, early = [], [], [], 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        points = max(2, options.runs // REPLICATES)
        file = folder / "study.yaml"
        file.write_text(
            STUDY.format(months=options.months, points=points, replicates=REPLICATES), encoding="utf-8"
        )
        for number in range(options.rounds):
            command = [sys.executable, "-m", "local_citizenship.app", "study", "run", str(file), "--quiet"]
            command += ["--out", str(folder / f"out-{number}"), "--workers", str(options.workers)]
            for of_study in (True, False) if number % 2 == 0 else (False, True):
                if of_study:
                    whole.append(cost_of(command, folder).wall)
                else:
                    plain.append(straight_seconds(file, options.workers))
            early, more = memory_growth(folder / f"out-{number}")
            growth.append(more)
    runs = points * REPLICATES
    overhead = [100.0 * (one / other - 1.0) for one, other in zip(whole, plain, strict=True)]
    bar = BAR_SECONDS if (runs, options.months, options.workers) == (1_000, 240, 2) else None
    figures = [
        Figure(f"{runs:,} runs, {options.workers} workers", median(whole), "s", bar, note=spread(whole)),
        Figure("the same runs done straight", median(plain), "s", note=spread(plain)),
        Figure("overhead of the runner", median(overhead), "%", BAR_OVERHEAD, note=spread(overhead)),
        Figure(f"memory of a worker after {EARLY} runs", early, "MB"),
        Figure("growth of its memory by the last run", max(growth), "%", BAR_MEMORY, note=spread(growth)),
    ]
    report("study", figures, about, options.json)


if __name__ == "__main__":
    main()
