"""Is it faster than an earlier release? `python -m benchmarks.bench_ratio 0.1.0` measures both in turn, by ratio.

Each release takes its own benchmarks, in its own folder and with its own machine code, one after the other in every
round, so that both meet the same machine. Figures of the same name are compared: the ratio is this checkout's over the
other's, the middle one of the rounds, with the lowest and the highest. What only one of them has is left out.

`--of commands` are a few commands at the prompt, processor time from start to end. The model of today may do more in a
run than that of then (more seeds and figures, more rules, more people): a ratio says what a user waits for, and
`migrant-months/s` what the engine does.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import ROOT, cost_of, machine, median, number
from benchmarks.same_tables import RELEASES, Release

COMMANDS = "commands"
OF = (COMMANDS, "bench_japan", "bench_start", "bench_explore", "bench_study", "bench_against_mesa")
PROMPT = (
    "--help",
    "list",
    "explain fear.weight",
    "run two-towns --seed 1 --overwrite --out run",
    "run two-towns --seed 1 --no-figures --overwrite --out run",
)

Measured = dict[str, tuple[float, str]]  # what -> how much, and its unit


@dataclass(frozen=True)
class Ratio:
    """One figure of both releases, over the rounds."""

    what: str
    unit: str
    before: float
    now: float
    ratios: tuple[float, ...]  # a round each

    def __str__(self) -> str:
        low, high = min(self.ratios), max(self.ratios)
        return (
            f"{self.what:52} {number(self.before):>9} -> {number(self.now):>9} {self.unit:20}"
            f"{median(self.ratios):6.2f}  ({low:.2f} to {high:.2f})"
        )


def environment_of(release: Release) -> dict[str, str]:
    """In which its modules are found, with machine code of its own; modules are kept compiled, as users have them."""
    kept = {
        "PYTHONPATH": str(release.links),
        "PYTHONPYCACHEPREFIX": str(release.home / "pycache"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    return {"LOCAL_CITIZENSHIP_CACHE": str(release.home / "rules"), **kept}


def measured(release: Release, name: str) -> Measured:
    """The figures of one of the release's own benchmarks, or of the commands. Errors: RuntimeError if it fails."""
    environment = environment_of(release)
    with tempfile.TemporaryDirectory() as folder:
        if name == COMMANDS:
            begin = [sys.executable, "-m", "local_citizenship.app"]
            costs = {words: cost_of([*begin, *words.split()], Path(folder), environment) for words in PROMPT}
            found = {f"{words}: processor time": (cost.cpu, "s") for words, cost in costs.items()}
            return found | {f"{words}: by the clock": (cost.wall, "s") for words, cost in costs.items()}
        file = Path(folder, "figures.json")
        command = [sys.executable, "-m", f"benchmarks.{name}", "--rounds", "1", "--json", str(file)]
        done = subprocess.run(
            command, cwd=release.tree, env={**os.environ, **environment}, capture_output=True, text=True
        )
        if not file.exists():
            raise RuntimeError(f"{' '.join(command)} in {release.name} failed:\n{done.stdout}{done.stderr}")
        (result,) = json.loads(file.read_text(encoding="utf-8")).values()
    return {each["what"]: (each["measured"], each["unit"]) for each in result["figures"]}


def ratios(before: list[Measured], now: list[Measured]) -> list[Ratio]:
    """Of every figure that both have in all rounds and that is above 0."""
    found = []
    for what, (_, unit) in now[0].items():
        if all(one.get(what, (0.0, ""))[0] > 0.0 for one in [*before, *now]):
            old, new = [one[what][0] for one in before], [one[what][0] for one in now]
            each = tuple(after / first for first, after in zip(old, new, strict=True))
            found.append(Ratio(what, unit, median(old), median(new), each))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("before", help=f"a revision of git, or a release: {', '.join(RELEASES)}")
    parser.add_argument("--of", nargs="+", choices=OF, default=OF, metavar="BENCHMARK", help=", ".join(OF))
    parser.add_argument("--rounds", type=int, default=3, help="of each (default %(default)s)")
    parser.add_argument(
        "--keep", type=Path, default=ROOT / "build" / "ratio", help="a folder for the other release"
    )
    options = parser.parse_args()
    keep = options.keep.resolve()
    both = [Release(options.before, keep), Release(str(ROOT), keep)]
    about = machine()
    print(f"{options.before} -> this checkout; {about['processor']}, {about['cores']} cores")
    for release in both:
        measured(release, COMMANDS)  # compiles, or loads
    for name in options.of:
        found: dict[str, list[Measured]] = defaultdict(list)
        for turn in range(options.rounds):
            for release in both if turn % 2 == 0 else reversed(both):
                found[release.name].append(measured(release, name))
        print(f"\n{name}: before -> now, ratio (lowest to highest of {options.rounds} rounds)")
        for each in ratios(*(found[release.name] for release in both)):
            print(f"  {each}", flush=True)


if __name__ == "__main__":
    main()
