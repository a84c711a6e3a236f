"""Settings and parameters of a scenario as the page's sliders: made from the schema, the levers of a lesson first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from ...scenarios import list_scenarios, load_scenario
from ...scenarios.checks import all_parameters, get
from ...scenarios.settings import HIGHEST_SEED, MOST_MONTHS

if TYPE_CHECKING:
    from ...scenarios.schema import ParameterInfo


@dataclass(frozen=True)
class Lever:
    """A parameter a teacher would reach for: in plain words, and over the range in which it shows."""

    path: str
    label: str
    low: float | None = None
    high: float | None = None


# Chosen from docs/effects.md: each moves something that can be seen even in two towns (a test holds it to that;
# the national standard moves cities only where they decide: city.pace), and together they touch all who act.
LEVERS: tuple[Lever, ...] = (
    Lever("fear.weight", "How much risk of deportation frightens", 0.0, 20.0),
    Lever("enforcement.apprehension", "How hard the state looks for the unauthorised", 0.0, 0.03),
    Lever("policy.guidance", "A national standard for cities' services", 0.0, 1.0),
    Lever("status.amnesty", "Regularisation of the unauthorised", 0.0, 0.05),
    Lever("city.pace", "How often cities decide anew", 0.0, 1.0),
    Lever("city.budget", "What cities can spend on migrants", 0.0, 2_000.0),
    Lever("city.firewall", "Cities with a firewall to immigration control", 0.0, 1.0),
    Lever("ngos.enabled", "NGOs"),
    Lever("ngos.cases_per_staff", "Cases an NGO worker can take on", 0.0, 40.0),
    Lever("awareness.outreach", "How well cities tell of their services", 0.0, 0.06),
    Lever("awareness.orientation", "Orientation for all on arrival", 0.0, 1.0),
    Lever("language.barrier", "How much language stands in the way", 0.0, 1.0),
    Lever("settling.drift", "How readily people decide to settle", 0.0, 0.01),
    Lever("doors.coethnic.arrivals", "Arrivals through the co-ethnic door", 0.0, 15_000.0),
)
_STEPS = 100  # of a slider, about
# A parameter whose range ends further off than so many times its value has a slider that goes by the logarithm.
_LOGARITHMIC_FROM = 30.0
_SPAN = 30.0  # such a slider goes from the value over this to the value times this


def scenarios_shown(references: Mapping[str, str], first: str, seed: str) -> dict[str, Any]:
    """The scenarios there are to choose from, and what to begin with."""
    about = dict(_shipped())
    rows = []
    for name, reference in references.items():
        if name not in about or reference != name:  # a file of the user's
            own = load_scenario(reference)
            about[name] = (own.title, own.question)
        rows.append({"name": name, "title": about[name][0], "question": about[name][1]})
    return {"scenarios": rows, "first": first, "seed": seed}


@cache
def _shipped() -> dict[str, tuple[str, str]]:
    return {name: (title, question) for name, title, question in list_scenarios()}


@lru_cache(maxsize=64)
def scenario_shown(name: str, reference: str, edited: int = 0) -> dict[str, Any]:
    """What the page needs to make sliders for a scenario.

    `reference`: what it is loaded by; `edited`: when its file was last changed, so that it is read again.
    Errors: ScenarioError.
    """
    scenario = load_scenario(reference)
    values = scenario.parameters.model_dump()
    dated: dict[str, list[dict[str, Any]]] = {}
    for change in scenario.timeline:
        if change.month > 0:
            dated.setdefault(change.path, []).append(
                {"date": scenario.date(change.month), "value": change.value}
            )
    parameters = [
        {
            **slider(info, get(values, path)),
            "source": scenario.sources[path],
            "changes": dated.get(path, []),
        }
        for path, info in all_parameters().items()
        if not (info.trait or info.presentation)
    ]
    return {
        "name": name,
        "title": scenario.title,
        "question": scenario.question,
        "start": scenario.start,
        "settings": {
            "seed": {"value": str(scenario.seed), "low": "0", "high": str(HIGHEST_SEED)},
            "months": {"value": scenario.months, "low": 1, "high": MOST_MONTHS},
        },
        "levers": [
            {"path": lever.path, "label": lever.label, "low": lever.low, "high": lever.high}
            for lever in LEVERS
        ],
        "parameters": parameters,
    }


def slider(info: ParameterInfo, value: Any) -> dict[str, Any]:
    """One parameter: what it is, and the slider for it.

    `kind`: "switch", "choice" (one of `choices`) or "number"; of a number, `whole` or not, `least` and `most`
    (the schema's bounds), and the slider's `low`, `high` and `step`, `scale` "linear" or "log". On a log scale
    the left end stands for 0 if `zero` is true.
    """
    about = {
        "path": info.path,
        "section": info.path.partition(".")[0],
        "label": " ".join(info.path.split(".")[1:]).replace("_", " "),
        "unit": info.unit,
        "meaning": info.meaning,
        "mechanism": info.mechanism,
        "value": value,
        "default": info.default,
        "choices": info.choices,
    }
    if info.type is bool:
        return {**about, "kind": "switch"}
    if info.choices is not None:
        return {**about, "kind": "choice"}
    return {**about, "kind": "number", "whole": info.type is int, **_range(info, float(value))}


def _range(info: ParameterInfo, value: float) -> dict[str, Any]:
    least = info.low if info.low is not None else min(0.0, 4 * value)
    most = info.high if info.high is not None else max(1.0, 4 * abs(value))
    bounds = {"least": info.low, "most": info.high}
    usual = value or float(info.default)
    if least >= 0 and usual > 0 and most / usual > _LOGARITHMIC_FROM:
        low, high = max(least, _rounded(usual / _SPAN)), min(most, _rounded(usual * _SPAN))
        if info.type is int:
            low = max(1.0, round(low))
        return {**bounds, "low": low, "high": high, "step": None, "scale": "log", "zero": least == 0}
    step = _rounded((most - least) / _STEPS)
    if info.type is int:
        step = max(1.0, round(step))
    return {**bounds, "low": least, "high": most, "step": step, "scale": "linear", "zero": False}


def _rounded(number: float) -> float:
    """The number to the nearest of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(number))
    nearest = min((1.0, 2.0, 5.0, 10.0), key=lambda each: abs(math.log(number / power / each)))
    return float(f"{nearest * power:.12g}")
