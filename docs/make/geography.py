"""docs/geography.md: who lives where and what is offered where at the end of 2004, in full-size Japan, with parts of
the rules left out.

`python docs/make/geography.py` makes the runs (some ten minutes on two cores) and writes the page. All variants have
the same luck; a difference from Japan as shipped is told with its interval over seeds, if there are several.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from local_citizenship.experiments.effects import dissimilarity
from local_citizenship.experiments.patterns.cities import DEPENDENT, SMALL_TOWN, ranks
from local_citizenship.experiments.patterns.observations import Floats, Municipalities, municipalities
from local_citizenship.experiments.replicates import run_many
from local_citizenship.outcomes.run import Run
from local_citizenship.scenarios.load import load_scenario

PAGE = Path(__file__).resolve().parents[1] / "geography.md"
YEAR, MONTHS = 2004, 180
VARIANTS = {
    "as shipped": [],
    "nobody follows compatriots": ["moving.coethnics=0"],
    "compatriots in proportion": ["moving.chain=1"],
    "jobs not sorted": ["moving.sorting=0"],
    "trades spread alike": ["trades.*.unevenness=0"],
    "no lasting will of cities": ["city.will=0"],
    "services spread by threshold": ["city.adoption=threshold"],
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A number of a run: its heading, what it is, and how it is found among the municipalities of December 2004."""

    name: str
    meaning: str
    of: Callable[[Municipalities], float]


def _of_places_with(least: int, cities: Municipalities) -> NDArray[np.bool_]:
    return cities.of("migrants") >= least


def _share_outside(cities: Municipalities) -> Floats:
    """The unauthorised share of each place with 200 migrants and more."""
    enough = _of_places_with(200, cities)
    return cities.of("unauthorised")[enough] / cities.of("migrants")[enough]


def _correlation(cities: Municipalities) -> float:
    """Of the logarithms of unauthorised and of other migrants, the same places."""
    enough = _of_places_with(200, cities)
    outside = cities.of("unauthorised")[enough]
    legal = cities.of("migrants")[enough] - outside
    return float(np.corrcoef(np.log(np.maximum(outside, 1.0)), np.log(np.maximum(legal, 1.0)))[0, 1])


def _explained_by_number(least: int) -> Callable[[Municipalities], float]:
    def r_squared(cities: Municipalities) -> float:
        enough = _of_places_with(least, cities)
        level, number = cities.of("service_level")[enough], np.log(cities.of("migrants")[enough])
        return float(np.corrcoef(level, number)[0, 1] ** 2)

    return r_squared


def _rank_off(cities: Municipalities) -> float:
    """Of the dependent towns (P40), the median of how far rank by service level is from rank by motivation."""
    population = cities.of("population")
    towns = (population >= SMALL_TOWN[0]) & (population <= SMALL_TOWN[1])
    towns &= cities.of("foreign_residents") >= DEPENDENT * population
    off = np.abs(ranks(cities.of("service_level")) - ranks(cities.of("motivation")))
    return float(np.median(off[towns]))


FIGURES = (
    Figure("outside, 5th", "unauthorised share of places with 200 migrants and more, 5th percentile",
           lambda cities: float(np.percentile(_share_outside(cities), 5))),
    Figure("outside, 95th", "the same, 95th percentile",
           lambda cities: float(np.percentile(_share_outside(cities), 95))),
    Figure("correlation", "of log unauthorised with log other migrants, the same places", _correlation),
    Figure("dissimilarity", "of co-ethnics (Brazilians and Peruvians) from other migrants, 0 to 1",
           lambda cities: dissimilarity(cities.state)),
    Figure("R², 100", "of service level on log migrants, places with 100 migrants and more",
           _explained_by_number(100)),
    Figure("R², 500", "the same, places with 500 and more", _explained_by_number(500)),
    Figure("ranks", "median difference of ranks by service level and by motivation (share of places) in dependent "
           "towns: those of pattern P40", _rank_off),
)  # fmt: skip


def observe(run: Run) -> dict[str, float]:
    """All figures of a run, by name."""
    cities = municipalities(run, YEAR)
    return {figure.name: figure.of(cities) for figure in FIGURES}


def told(values: Floats, sign: str = "") -> str:
    """Mean over seeds and its 95% t interval."""
    if len(values) < 2:
        return f"{values.mean():{sign}.3f}"
    reach = float(stats.t.ppf(0.975, len(values) - 1)) * values.std(ddof=1) / np.sqrt(len(values))
    return (
        f"{values.mean():{sign}.3f} ({values.mean() - reach:{sign}.3f} to {values.mean() + reach:{sign}.3f})"
    )


def page(found: dict[str, dict[str, Floats]], scenario: str, seeds: int) -> str:
    """The page. `found`: variant -> figure -> values over seeds, (seeds,)."""
    shipped, *others = found
    rows = [[shipped, *(told(found[shipped][figure.name]) for figure in FIGURES)]]
    rows += [
        [name, *(told(found[name][figure.name] - found[shipped][figure.name], "+") for figure in FIGURES)]
        for name in others
    ]
    parts = [
        "# The geography of rights in figures",
        f"Made by `python docs/make/geography.py --scenario {scenario} --seeds {seeds}`: December {YEAR} of "
        f"`{scenario}`, seeds 1 to {seeds}. The first row is the mean over seeds with its 95% interval; the "
        "others are differences from it, seed by seed. All people are simulated: no number is an estimate for a town.",
        "\n".join(
            "| " + " | ".join(row) + " |"
            for row in (["", *(each.name for each in FIGURES)], ["---"] * (len(FIGURES) + 1), *rows)
        ),
        "\n".join(f"- **{figure.name}**: {figure.meaning}" for figure in FIGURES),
        "\n".join(
            f"- *{name}*: {', '.join(f'`{each}`' for each in sets)}"
            for name, sets in VARIANTS.items()
            if sets
        ),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="japan")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--page", type=Path, default=PAGE)
    given = parser.parse_args()
    scenarios = [load_scenario(given.scenario, sets=sets, months=MONTHS) for sets in VARIANTS.values()]
    done = run_many(scenarios, given.seeds, observe, workers=given.workers)
    found = {
        name: {
            figure.name: np.array([(replicate.values or {})[figure.name] for replicate in runs])
            for figure in FIGURES
        }
        for name, runs in zip(VARIANTS, done, strict=True)
    }
    given.page.write_text(page(found, given.scenario, given.seeds), encoding="utf-8")


if __name__ == "__main__":
    main()
