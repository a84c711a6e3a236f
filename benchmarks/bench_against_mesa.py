"""The engine against the same rules as idiomatic Mesa agents, at about 10,000 migrants, interleaved.

The scenario is `japan` at a fiftieth of its size and one municipality a prefecture. Each round builds all
models anew, lets two months pass unmeasured, and times the months that follow, one thread each; the order is
reversed every other round. What counts is the quickest of the Mesa models (mesa_chance.py tells their kinds
of chance).
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from typing import Any

import numpy as np

from benchmarks.common import Figure, arguments, machine, median, report, spread, timed
from benchmarks.mesa_chance import CHANCES
from benchmarks.mesa_twin import MesaTwin
from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios import Places, Scenario, load_scenario

UNMEASURED = 2
SHARE = 0.02
BAR = 100.0


def one_place_a_region(places: Places) -> Places:
    """The most populous municipality of each region."""
    rows = [
        int(np.flatnonzero(places.region == region)[np.argmax(places.population[places.region == region])])
        for region in range(len(places.regions))
    ]
    everywhere = len(places.code)
    chosen: dict[str, Any] = {}
    for field in fields(places):
        value = getattr(places, field.name)
        if field.name in ("regions", "region_codes"):
            continue
        if isinstance(value, np.ndarray) and len(value) == everywhere:
            chosen[field.name] = value[rows]
        elif isinstance(value, (list, tuple)) and len(value) == everywhere:
            chosen[field.name] = type(value)(value[row] for row in rows)
    return replace(places, **chosen)


def ten_thousand(months: int) -> Scenario:
    """Japan's flows at a small share, in one municipality a prefecture; no diaries (the twin keeps none)."""
    scenario = load_scenario("japan", months=months, sets=[f"scale.share={SHARE}", "stories.share=0"])
    return replace(scenario, places=one_place_a_region(scenario.places))


def one_round(scenario: Scenario, make: Callable[[Scenario], Any]) -> tuple[float, float, int]:
    """Migrant-months a second by processor time and by the clock, and migrants at the end."""
    model = make(scenario)
    for _ in range(UNMEASURED):
        model.step()
    done = [0]

    def the_rest() -> None:
        for _ in range(scenario.months - UNMEASURED):
            model.step()
            done[0] += population(model)

    spent = timed(the_rest)
    people = population(model)
    model.release()  # Mesa before 3.4.2 keeps every model alive, to the cost of those that follow
    gc.collect()
    return done[0] / spent.cpu, done[0] / spent.wall, people


def population(model: Any) -> int:
    """Migrants present, without a walk through them."""
    if isinstance(model, LocalCitizenship):
        return model.state.people_living()
    return len(model.migrants)


def main() -> None:
    parser = arguments(__doc__, rounds=5)
    parser.add_argument("--months", type=int, default=26, help="months a round, two of them unmeasured")
    options = parser.parse_args()
    about = machine()
    scenario = ten_thousand(options.months)
    makers: dict[str, Callable[[Scenario], Any]] = {"engine": LocalCitizenship}
    for chance in CHANCES:
        makers[chance] = partial(MesaTwin, chance=chance)
    one_round(scenario, LocalCitizenship)  # compiles, or loads the machine code
    rates: dict[str, list[float]] = {name: [] for name in makers}
    walls: dict[str, list[float]] = {name: [] for name in makers}
    people: dict[str, int] = {}
    for number in range(options.rounds):
        order = list(makers) if number % 2 == 0 else list(reversed(makers))
        for name in order:
            rate, wall, people[name] = one_round(scenario, makers[name])
            rates[name].append(rate)
            walls[name].append(wall)
    quickest = max(CHANCES, key=lambda chance: median(rates[chance]))
    figures = [Figure("migrants at the end", people["engine"], "migrants")]
    for name, found in rates.items():
        what = "engine" if name == "engine" else f"Mesa agents, chance: {name}"
        figures.append(Figure(what, median(found) / 1e6, "M migrant-months/s", note=_millions(found)))
    for name in CHANCES:
        ratios = _ratios(rates, name)
        bar = BAR if name == quickest else None
        figures.append(
            Figure(f"engine / Mesa, chance: {name}", median(ratios), "times", bar, True, spread(ratios))
        )
    by_clock = _ratios(walls, quickest)
    figures.append(
        Figure(f"engine / {quickest}, by the clock", median(by_clock), "times", note=spread(by_clock))
    )
    report("against_mesa", figures, about, options.json)


def _ratios(rates: dict[str, list[float]], name: str) -> list[float]:
    """How many times the engine is quicker, round by round."""
    return [ours / theirs for ours, theirs in zip(rates["engine"], rates[name], strict=True)]


def _millions(rates: list[float]) -> str:
    return spread(rate / 1e6 for rate in rates)


if __name__ == "__main__":
    main()
