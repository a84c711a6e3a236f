"""What the notebooks of the lessons use, so that their cells stay short."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pandas as pd

from ... import agents
from ...agents.rule import interpreted
from ...model import LocalCitizenship
from ...outcomes.run import Run
from ...scenarios import Scenario, load_scenario
from ...scenarios.catalogue import DOORS
from ...scenarios.errors import ScenarioError, nearest
from ..replicates import release
from .mistake import Mistake


def simulate(scenario: str | Scenario, *sets: str, seed: int | None = None, months: int | None = None) -> Run:
    """Run a scenario to its end and return what came of it.

    `sets`: changes of parameters, as "fear.weight=0". A Scenario is run as it is, `sets`, `seed` and `months` then
    not being allowed. Errors: Mistake.
    """
    if isinstance(scenario, Scenario):
        if sets or seed is not None or months is not None:
            raise Mistake(
                "a scenario that is loaded already is run as it is: give its changes when loading it"
            )
        loaded = scenario
    else:
        try:
            loaded = load_scenario(scenario, sets=list(sets), seed=seed, months=months)
        except ScenarioError as error:
            raise Mistake(str(error)) from None
    model = LocalCitizenship(loaded)
    model.run()
    run = Run.from_model(model)
    release(model)
    return run


def rule_named(name: str) -> Any:
    """A rule of the agents, as its plain function. Errors: Mistake naming the nearest."""
    rules = dict(_rules())
    if name not in rules:
        close = nearest(name, list(rules))
        hint = f"did you mean {close!r}?" if close else "`local-citizenship mechanisms` lists them."
        raise Mistake(f"there is no rule {name!r}; {hint}")
    return rules[name]


def show_rule(name: str) -> None:
    """Print the source of a rule as the model runs it. Errors: Mistake naming the nearest."""
    rule = rule_named(name)
    print(f"# agents/{rule.__module__.rpartition('.')[2]}.py\n{inspect.getsource(rule).rstrip()}")


def _rules() -> Iterator[tuple[str, Any]]:
    for module in pkgutil.iter_modules(agents.__path__):
        members = vars(importlib.import_module(f"{agents.__name__}.{module.name}"))
        for name, member in members.items():
            try:
                plain = interpreted(member)
            except KeyError:  # no rule
                continue
            if plain.__name__ == name:
                yield name, plain


def lives_that_differ(before: Run, after: Run) -> pd.DataFrame:
    """The recorded lives that two runs of the same people share, and in which a different number of needs was met.

    Columns: migrant, door, events (recorded in `before`), met_before, met_after, gained (needs met more after); those
    with the fewest events first, being the quickest to read. Errors: Mistake if the runs do not share their seed.
    """
    if before.seed != after.seed:
        raise Mistake(f"the runs have seeds {before.seed} and {after.seed}: their people are not the same")
    both = _recorded(before).merge(
        _recorded(after), left_index=True, right_index=True, suffixes=("_before", "_after")
    )
    both["gained"] = both["met_after"] - both["met_before"]
    changed = both[both["gained"] != 0].rename(columns={"door_before": "door", "events_before": "events"})
    shown = changed.reset_index().sort_values(["events", "migrant"], ignore_index=True)
    return shown[["migrant", "door", "events", "met_before", "met_after", "gained"]]


def _recorded(run: Run) -> pd.DataFrame:
    """By migrant: door, events (number), met (needs)."""
    events = run.columns_of("events", ["migrant", "event", "detail"])
    by_migrant = pd.DataFrame({"events": events.groupby("migrant").size()})
    by_migrant["met"] = events[events["event"] == "served"].groupby("migrant").size()
    by_migrant["met"] = by_migrant["met"].fillna(0).astype(int)
    doors = events[events["event"].isin(["arrived", "present"])].set_index("migrant")["detail"]
    by_migrant["door"] = doors.map(dict(enumerate(DOORS)))
    return by_migrant
