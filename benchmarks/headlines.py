"""Do headlines hold? Each figure of some scenarios, as `run --seeds 5` draws it, from each of 20 seeds in turn: a word
that compares must be true in at least 19 of the 20 runs.

    python -m benchmarks.headlines two-towns japan-sample
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from local_citizenship.experiments.replicates import run_many
from local_citizenship.outcomes.deciding import LEAST_SEEDS
from local_citizenship.outcomes.kept_seeds import over_seeds, tables_of_figures
from local_citizenship.outcomes.plots import FIGURES, title_of
from local_citizenship.outcomes.run import Run
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.scenarios import load_scenario

SEEDS, LEAST = 20, 19
COMPARING = re.compile(
    r"\b(more|less|most|least|larg\w+|small\w+|few\w+|grew|fell|ros\w+|fall\w+|peak|high\w*|low\w*|first|last|best|worst|"
    r"better|worse|gain\w*|lost|lose\w*|even|uneven|twice|up|down)\b"
)
# Names of groups and of an index, which compare by what they are: places, or fifths of them, by service level.
NAMES = re.compile(
    r"(best|worst) served fifth|(better|worse) served place|Unevenness of|Where the middle|in the last year"
)


def headlines(name: str, months: int | None, seeds: int) -> list[str]:
    """What is wrong with the headlines of a scenario; prints each that was met, and how often."""
    scenario = load_scenario(name, months=months)
    numbers = range(1, seeds + 1)
    worlds = [replace(scenario, seed=seed) for seed in numbers]
    run = simulate(worlds[0])
    done = run_many(worlds, 1, tables_of_figures)
    tables: dict[int, Mapping[str, pd.DataFrame]] = {}
    for (each,) in done:
        if each.values is None:
            return [f"{name}, seed {each.seed}: {each.error}"]
        tables[each.seed] = each.values
    found = list[str]()
    for drawing in FIGURES.values():
        said: Counter[str] = Counter()
        for first in numbers:
            chosen = [(first - 1 + step) % seeds + 1 for step in range(LEAST_SEEDS)]
            titled, claims = _headline(run, drawing.name, first, {seed: tables[seed] for seed in chosen})
            plain = NAMES.sub("", titled)
            said[re.sub(r"[\d,.%]+", "#", titled)] += 1
            if COMPARING.search(plain) and not claims:
                found.append(
                    f"{name}, {drawing.name}, seed {first}: compares, though nothing is decided: {titled}"
                )
            for difference, sign in claims:
                true = sum(difference(tables[seed][drawing.name]) * sign > 0 for seed in numbers)
                if true < LEAST * seeds // SEEDS:
                    found.append(
                        f"{name}, {drawing.name}, seed {first}: true in {true} of {seeds} runs: {titled}"
                    )
        for words, times in said.most_common():
            print(f"{name:<14} {drawing.stem:<26} {times:>3}  {words}", flush=True)
    return found


def _headline(
    run: Run, figure: str, seed: int, tables: Mapping[int, Mapping[str, pd.DataFrame]]
) -> tuple[str, list]:
    """The title of a figure for one seed among several, and what it claims."""
    over = run.part(**{name: run.table(name) for name in run.tables})
    over.over_seeds = over_seeds(dict(tables))
    title = title_of(FIGURES[figure].draw(over, tables[seed][figure]))
    said = over.over_seeds.said.get(figure)
    return title, said.claims if said else []


def main() -> int:
    """Exit status 1 if a headline does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="+")
    parser.add_argument("--months", type=int)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    options = parser.parse_args()
    wrong = [line for name in options.scenarios for line in headlines(name, options.months, options.seeds)]
    print(*wrong, sep="\n")
    print(f"{len(wrong)} headlines do not hold.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
