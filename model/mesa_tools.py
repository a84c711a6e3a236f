"""What users of Mesa expect of a model: seeds as Mesa passes them, a data collector, sliders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
import pandas as pd

from ..agents.providers import PROVIDERS
from ..agents.tally import TALLIES
from ..scenarios.catalogue import STATUSES, UNAUTHORISED
from .ledger import MONTHLY_COLUMNS

if TYPE_CHECKING:
    from ..scenarios import Scenario
    from ..scenarios.schema import ParameterInfo
    from .citizenship import LocalCitizenship

_SERVED = {name.replace("served", "met_by"): name for name in MONTHLY_COLUMNS if name.startswith("served_")}
_CLAIMED_FROM = [
    f"served_{TALLIES[row]}" for row in sorted({each.tally for each in PROVIDERS if each.is_claim})
]
_READ = ("month", "status", "stock", "needs", "aware", "claimed", "eligible_any", *_SERVED.values(), "unmet")
_ARGUMENTS = ("seed", "rng", "engine", "threads")
HEADLINES = ("stock", "unauthorised", "needs", "needs_met", *_SERVED, "aware", "take_up", "unmet_rate")


def seed_from(seed: int | None, rng: Any) -> int | None:
    """The seed that `seed=` or Mesa's `rng=` asks for; None, that of the scenario, if both are None.

    A whole number is the seed itself. A `SeedSequence`, or a list of numbers, gives one and the same seed each
    time. A `Generator` gives the next number it draws: another model from it gets another seed.
    Errors: ValueError for both at once, and for what is no seed.
    """
    if seed is not None and rng is not None:
        raise ValueError("seed and rng are both given, and one says it all: leave one out")
    given = seed if rng is None else rng
    if given is None:
        return None
    if isinstance(given, int | np.integer) and not isinstance(given, bool):
        return int(given)
    try:
        if isinstance(given, str):  # what a page's field sends
            return int(given)
        if isinstance(given, np.random.SeedSequence):
            return int(given.generate_state(1, np.uint32)[0])
        return int(np.random.default_rng(given).integers(2**32))
    except (TypeError, ValueError):
        raise ValueError(
            f"the seed is {given!r}, but must be a whole number, or a Generator or SeedSequence of NumPy"
        ) from None


def scenario_from(scenario: Any, seed: int | None, settings: dict[str, Any]) -> Scenario:
    """The scenario that a model's arguments ask for; see `LocalCitizenship`. Errors: ScenarioError, ValueError."""
    from ..scenarios import Scenario, ScenarioError, load_scenario
    from ..scenarios.errors import did_you_mean

    if not isinstance(scenario, Scenario):
        try:
            return load_scenario(scenario, seed=seed, sets=list(_assignments(settings)))
        except ScenarioError as error:  # nobody has typed the options that it speaks of
            if error.file and error.file.startswith("--"):
                error.file = error.file.removeprefix("--set ").removeprefix("--")
                error.hint = error.hint or did_you_mean(error.file.partition("=")[0], _ARGUMENTS)
            raise
    given = [*settings, *(["seed"] if seed is not None else [])]
    if given:
        raise ValueError(
            f"this scenario is loaded already, and takes no {' or '.join(given)}: give that when loading it, or "
            "give the model the scenario's name"
        )
    return scenario


def _assignments(settings: dict[str, Any]) -> Iterator[str]:
    """`{"fear__weight": 0}` -> "fear.weight=0", as on the command line."""
    for name, value in settings.items():
        plain = value.item() if isinstance(value, np.generic) else value
        yield f"{name.replace('__', '.')}={plain if isinstance(plain, str) else json.dumps(plain)}"


class HeadlineCollector(mesa.DataCollector):
    """The headline outcomes of each month, read from the ledger when somebody asks: a run pays nothing for it.

    `stock` and `unauthorised` are persons at the month's end and `needs` those that ended in it; the others are
    shares of these needs (`needs_met`: met by somebody on whom a claim is made, not by one's own; `take_up`: claimed,
    of those for which some provider was open), and `unmet_rate` is per 1,000 person-years. Missing
    where nothing was counted.
    """

    def __init__(self) -> None:
        super().__init__(model_reporters=dict.fromkeys(HEADLINES, "month"))
        self._pieces = 0

    def collect(self, model: LocalCitizenship) -> None:
        """Read the months that have passed since it was last called."""
        first = len(self.model_vars["stock"])
        pieces = list(model.ledger.by_place().pieces())
        fresh = [_by_month(piece[list(_READ)]) for piece in pieces[self._pieces :]]
        self._pieces = len(pieces)
        if not fresh:
            return
        values = pd.concat(fresh).reindex(range(first, model.month))  # a month with nobody in it has no rows
        values = values.fillna({"stock": 0, "unauthorised": 0, "needs": 0})
        for name in HEADLINES:
            self.model_vars[name] += values[name].tolist()
        if hasattr(self, "_collection_steps"):  # Mesa 3.5 asks when; 3.3 takes it that it was each step
            self._collection_steps += range(first + 1, model.month + 1)


def _by_month(counts: pd.DataFrame) -> pd.DataFrame:
    """The headlines of some months. Columns: HEADLINES; the index is the month."""
    sums = counts.drop(columns="status").groupby("month").sum()
    outside = counts[counts["status"].isin([STATUSES[i] for i in UNAUTHORISED])]
    found = sums[["stock", "needs"]].copy()
    found["unauthorised"] = outside.groupby("month")["stock"].sum().reindex(sums.index, fill_value=0)
    needs = sums["needs"].where(sums["needs"] > 0)
    found["needs_met"] = sums[_CLAIMED_FROM].sum(axis=1) / needs
    for name, column in _SERVED.items():
        found[name] = sums[column] / needs
    found["aware"] = sums["aware"] / needs
    found["take_up"] = sums["claimed"] / sums["eligible_any"].where(sums["eligible_any"] > 0)
    found["unmet_rate"] = sums["unmet"] / sums["stock"].where(sums["stock"] > 0) * 12_000
    return found[list(HEADLINES)]


def sliders(scenario: str, paths: tuple[str, ...]) -> dict[str, Any]:
    """`model_params` for Mesa's SolaraViz; see `LocalCitizenship.model_params`. Errors: ScenarioError."""
    from ..scenarios import ScenarioError, load_scenario
    from ..scenarios.schema import full_label

    values = load_scenario(scenario)
    params: dict[str, Any] = {
        "scenario": scenario,
        "seed": {"type": "InputText", "value": values.seed, "label": "Seed"},
    }
    for path in paths:
        info = values.index.parameters.get(path)
        if info is None:
            raise ScenarioError(f"unknown parameter {path!r}", hint=values.index.unknown(path))
        value = values.parameters
        for name in path.split("."):
            value = getattr(value, name)
        params[path] = {"label": full_label(info, values.parameters), "value": value, **_input(info, value)}
    return params


def _input(info: ParameterInfo, value: Any) -> dict[str, Any]:
    """The kind of input that suits a parameter; a range without an end goes to twice the value."""
    if info.choices is not None:
        return {"type": "Select", "values": list(info.choices)}
    if info.type is bool:
        return {"type": "Checkbox"}
    low = info.low if info.low is not None else 0.0
    end = info.slider_end
    high = max(2.0 * float(value), low + 1.0) if end is None else max(end, float(value))
    if info.type is int:
        return {
            "type": "SliderInt",
            "min": int(low),
            "max": int(high),
            "step": max(1, int(high - low) // 100),
        }
    return {"type": "SliderFloat", "min": low, "max": high, "step": (high - low) / 100}
