"""Whose month is looked at, and why: `python -m benchmarks.visits --scenario japan-sample --months 120`.

Thinning lets most of a month pass unseen. Of the month after the given number of months, this tells how many were
looked at all the same, for which cause (luck low enough on a slot, or an event that is due; a visit may have several),
and what share of these visits was useful: changed the migrant (beyond making up for months of belonging) or a counter.
`alone`: visits for this cause only. The month is lived by the interpreted rules, so that a country takes long.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import pandas as pd

from local_citizenship.agents.chance import SLOTS, is_below, random_bytes
from local_citizenship.agents.event import GOES_ON
from local_citizenship.agents.here import Here
from local_citizenship.agents.life import EVENTS, WORDS, live_through_month, slots_of, slots_used
from local_citizenship.agents.rows import Row
from local_citizenship.agents.rule import interpreted
from local_citizenship.model import LocalCitizenship, schedule
from local_citizenship.model.living import is_eventful
from local_citizenship.scenarios import load_scenario

MADE_UP_FOR = ("belonging", "belonging_at", "language")  # whenever a rule asks for them


def causes_of(migrant: Any, world: Any, random: tuple[int, ...], slots: tuple[int, ...]) -> list[str]:
    """Why this migrant is looked at."""
    found = []
    for slot, events in slots_used().items():
        if interpreted(is_below)(slots[slot // SLOTS], slot):
            found.append(f"luck: {events[0].name}" + (" ..." if events[1:] else ""))
    for event in EVENTS:
        if event.when is not None:
            given = (migrant, world, random) if event.due else (migrant, world)
            due = interpreted(event.due or event.when)(*given)
            if due:
                found.append(f"due: {event.name}")
    return found


def visits(scenario: str, months: int, seed: int | None = None) -> tuple[int, pd.DataFrame]:
    """Migrants present, and the visits of one month: row, cause, useful; one line for each cause of a visit."""
    model = LocalCitizenship(load_scenario(scenario, months=months + 1, seed=seed))
    for _ in range(months):
        model.step()
    state = model.state
    state.set_month_luck()
    state.counters[0].carry_over()
    for step in schedule.THE_MONTH[: schedule.THE_MONTH.index(schedule.migrants_live)]:
        step(state)
    world, counters, found = Row(state.world, 0), state.counters[0], []
    compared = [name for name in state.migrants.dtype.names or () if name not in MADE_UP_FOR]
    present = np.flatnonzero(state.migrants["present"][: state.used])
    for row in present:
        migrant = Row(state.migrants, int(row))
        random = tuple(
            interpreted(random_bytes)(world.luck_now, migrant.identity, word) for word in range(WORDS)
        )
        slots = interpreted(slots_of)(migrant, int(state.cities["zone"][migrant.home]), world, random)
        if not interpreted(is_eventful)(migrant, world, random, slots):
            continue
        home = migrant.home
        region = int(state.cities["region"][home])
        rows = [(counters.places, home), (counters.regions, region), (counters.nations, 0)]
        place, of_region, nation = (Row(*at) for at in rows)
        here = Here(world, Row(state.cities, home), place, of_region, nation, Row(counters.logs, 0))
        causes = causes_of(migrant, world, random, slots)
        before = [state.migrants[compared][row].item(), *(array[at].tobytes() for array, at in rows)]
        outcome = interpreted(live_through_month)(migrant, here, random, slots)
        after = [state.migrants[compared][row].item(), *(array[at].tobytes() for array, at in rows)]
        useful = outcome > GOES_ON or before != after
        found += [(int(row), cause, useful) for cause in causes]
        counters.logs["count"] = 0
    return len(present), pd.DataFrame(found, columns=["row", "cause", "useful"])


def report(present: int, found: pd.DataFrame) -> pd.DataFrame:
    """By cause: `share` of all migrants, `useful` of these, and the same of visits for this cause `alone`."""
    single = found[~found["row"].duplicated(keep=False)]
    by_cause = found.groupby("cause")["useful"].agg(["size", "mean"])
    alone = single.groupby("cause")["useful"].agg(["size", "mean"])
    table = pd.DataFrame(
        {
            "share": by_cause["size"] / present,
            "useful": by_cause["mean"],
            "alone": alone["size"] / present,
            "useful alone": alone["mean"],
        }
    ).sort_values("share", ascending=False)
    every = found.drop_duplicates("row")["useful"]
    table.loc["any"] = [len(every) / present, every.mean(), np.nan, np.nan]
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--scenario", default="japan-sample")
    parser.add_argument("--months", type=int, default=120)
    parser.add_argument("--seed", type=int)
    options = parser.parse_args()
    with np.errstate(over="ignore"):
        present, found = visits(options.scenario, options.months, options.seed)
    print(f"{options.scenario}, month {options.months}: {present} migrants")
    print(report(present, found).to_string(float_format=lambda share: f"{share:.3f}", na_rep=""))


if __name__ == "__main__":
    main()
