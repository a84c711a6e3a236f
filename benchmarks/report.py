"""Make results.md, the table of all figures, from results.json; `--run` takes the figures first."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.common import RESULTS, ROOT, number

BENCHMARKS = (
    "bench_japan",
    "bench_against_mesa",
    "bench_start",
    "bench_costs",
    "bench_explore",
    "bench_page",
    "bench_paired",
    "bench_study",
    "bench_study_killed",
    "kills",
)


def as_markdown(results: dict[str, Any]) -> str:
    """A section a benchmark: where and when, and what against which bar."""
    lines = ["# Results", "", "Made by `python -m benchmarks.report` from `results.json`; do not edit.", ""]
    for name, result in results.items():
        where = ", ".join(f"{key} {value}" for key, value in result["machine"].items())
        lines += [f"## {name}", "", f"Taken {result['taken']}: {where}.", ""]
        lines += ["| what | bar | measured | | how |", "|---|---|---|---|---|"]
        for figure in result["figures"]:
            bar = ""
            if figure["bar"] is not None:
                least = "at least" if figure["at_least"] else "at most"
                bar = f"{least} {number(figure['bar'])} {figure['unit']}"
            measured = f"{number(figure['measured'])} {figure['unit']}".strip()
            lines.append(
                f"| {figure['what']} | {bar} | {measured} | {figure['verdict']} | {figure['note']} |"
            )
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", action="store_true", help="run all benchmarks first (several minutes)")
    parser.add_argument("--json", type=Path, default=RESULTS, help="the file of results")
    options = parser.parse_args()
    if options.run:
        for name in BENCHMARKS:
            command = [sys.executable, "-m", f"benchmarks.{name}", "--json", str(options.json.resolve())]
            subprocess.run(command, cwd=ROOT, check=True)
    results = json.loads(options.json.read_text(encoding="utf-8"))
    options.json.with_suffix(".md").write_text(as_markdown(results), encoding="utf-8")


if __name__ == "__main__":
    main()
