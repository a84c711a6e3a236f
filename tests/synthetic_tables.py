"""A made-up small country that the model has run, to try measures and figures on."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from small import FLOWS, small_places, small_scenario

from local_citizenship.outcomes.run import Run
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.scenarios.schema import iter_parameters

# What is counted of needs: the order in which tests write a cell.
CASCADE = (
    "needs",
    "aware",
    "willing",
    "eligible",
    "claimed",
    "served_city",
    "served_ngo",
    "served_nation",
    "unmet",
)
COMING = ("initial", "arrivals")  # people, who are as many a town however many towns there are


def make_run(seed: int = 1, places: int = 60, regions: int = 5, months: int = 48) -> Run:
    """The made-up country as a finished run; its crackdown of 1992 stands in the timeline."""
    doors = {
        door: {name: flows[name] * places / 3 for name in COMING} for door, flows in FLOWS["doors"].items()
    }
    settings = {"doors": doors, "stories": {"share": 0.03}, "ngos": {"initial": max(2, places // 6)}}
    crackdown = (min(24, months - 1), "enforcement.apprehension", 0.02)
    scenario = small_scenario(
        settings, months=months, seed=seed, places=small_places(places, regions), changes=[crackdown]
    )
    parameters = list(iter_parameters(scenario.parameters))
    run = simulate(
        replace(
            scenario,
            name="made-up",
            title="A made-up country",
            layers={info.path: "default" for info in parameters},
            sources={info.path: info.source for info in parameters},
        )
    )
    tables = {name: run.table(name) for name in run.tables}
    for name in ("census", "places_yearly", "ngos"):  # without a December, nothing is known of a year
        tables[name] = tables[name][tables[name]["year"] < 1990 + months // 12]
    return Run(replace(run.scenario, resolved=None), tables, run.manifest)


def make_tables(
    seed: int = 1, places: int = 60, regions: int = 5, months: int = 48
) -> dict[str, pd.DataFrame]:
    """All its tables."""
    return dict(make_run(seed, places, regions, months).tables)
